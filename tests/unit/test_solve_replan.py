"""Plans that follow another one: what patients were told, and plans that break a rule."""

from __future__ import annotations

import pytest

from benchmarks import infusion
from scheduler.check import check
from scheduler.model import Plan, Problem, Route, Weights, promises_of
from scheduler.solve import Limits
from scheduler.solve.anneal import Annealed, Annealer
from scheduler.solve.day import Day
from scheduler.solve.engine import EngineSolver
from scheduler.solve.seam import never
from tests.support.problems import at, shift, stop, street_matrix, task, visit, window
from tests.support.solver_scenarios import infusion_day, problem

PRICES = Weights(travel=45, changed_nurse=60_000, moved_start=60_000)


def first_plan(given: Problem) -> Plan:
    day = Day.of(given, street_matrix(given))
    return day.plan_of(day.first_plan(never))


def told(given: Problem, plan: Plan, weights: Weights = PRICES) -> Problem:
    """The same problem after its patients were told of the plan."""
    return given.replace(promises=promises_of(plan, given, given), weights=weights)


def without_nurse(given: Problem, nurse: str) -> Problem:
    return given.replace(shifts=tuple(own for own in given.shifts if own.nurse != nurse))


def where(plan: Plan) -> dict[str, tuple[str, int]]:
    return {stop.task: (route.shift, stop.start) for route in plan.routes for stop in route.stops}


def test_a_first_plan_is_what_was_promised() -> None:
    plan = first_plan(infusion_day())
    assert where(first_plan(told(infusion_day(), plan))) == where(plan)


def test_a_nurse_who_falls_out_changes_nothing_for_the_others() -> None:
    before = where(first_plan(infusion_day()))
    gone = without_nurse(told(infusion_day(), first_plan(infusion_day())), "n3")
    after = where(first_plan(gone))
    kept = {name: place for name, place in before.items() if place[0] != "s3"}
    assert {name: after[name][0] for name in kept} == {name: place[0] for name, place in kept.items()}


def test_a_promise_that_cannot_be_kept_is_broken_where_that_is_cheaper_than_to_leave_the_visit_out() -> None:
    stay = visit("a", task("a.1", "m10", 60, window(at(9), at(12))))
    given = problem((stay,), (shift("s1", "ana", "m0", at(10), at(16)),), weights=PRICES)
    early = Plan(
        routes=(Route(shift="s1", departure=at(8), stops=(stop("a.1", at(9), at(9), 60),), finish=at(11)),)
    )
    assert where(first_plan(told(given, early))) == {"a.1": ("s1", at(10, 10))}


def test_when_nothing_has_happened_the_engine_keeps_every_promise() -> None:
    given = infusion_day()
    again = told(given, EngineSolver().solve(given, street_matrix(given), Limits(seconds=2)).plan)
    solution = EngineSolver().solve(again, street_matrix(again), Limits(seconds=1))
    verdict = check(again, street_matrix(again), solution.plan)
    assert verdict.feasible and verdict.cost is not None
    assert (verdict.cost.changed_nurse, verdict.cost.moved_start) == (0, 0)
    assert verdict.cost.total == solution.cost


def test_the_engine_serves_the_visits_of_a_nurse_who_fell_out() -> None:
    given = problem(
        tuple(visit(f"v{m}", task(f"v{m}.1", f"m{m}", 60, window(at(8), at(14)))) for m in (10, 30, 50)),
        (shift("s1", "ana", "m0"), shift("s2", "ben", "m60")),
    )
    plan = EngineSolver().solve(given, street_matrix(given), Limits(seconds=1)).plan
    gone = without_nurse(told(given, plan), "ben")
    solution = EngineSolver().solve(gone, street_matrix(gone), Limits(seconds=0.1))
    assert check(gone, street_matrix(gone), solution.plan).feasible
    assert solution.plan.unassigned == ()


def clashing() -> tuple[Problem, Plan]:
    """Three visits that one nurse is to do at the same time, the second of which must be served."""
    visits = (
        visit("a", task("a.1", "m10", 60, window(at(9), at(9)))),
        visit("b", task("b.1", "m20", 60, window(at(9), at(9))), dollars=None),
        visit("c", task("c.1", "m30", 60, window(at(9), at(11)))),
    )
    given = problem(visits, (shift("s1", "ana", "m0"),))
    stops = tuple(stop(f"{name}.1", at(9), at(9), 60) for name in "abc")
    return given, Plan(routes=(Route(shift="s1", departure=at(8), stops=stops, finish=at(12)),))


def test_in_a_rush_routes_are_priced_to_follow_what_was_promised() -> None:
    given = infusion.day(30, "suburbs", 4, visits_per_nurse=infusion.ROOMY)
    matrix = infusion.REGIONS["suburbs"].travel.matrix(given.places)
    before = EngineSolver().solve(given, matrix, Limits(seconds=2, seed=1)).plan
    gone = without_nurse(told(given, before, given.weights), given.shifts[0].nurse)
    stages: list[str] = []
    limits = Limits(seconds=0.04 * 30, seed=1)
    after = EngineSolver().solve(gone, matrix, limits, lambda progress: stages.append(progress.stage))
    assert "price" in stages
    assert "anneal" not in stages[: stages.index("price")]
    assert check(gone, matrix, after.plan).feasible


def test_a_plan_that_breaks_rules_is_repaired_by_leaving_visits_out() -> None:
    given, wrong = clashing()
    matrix = street_matrix(given)
    assert not check(given, matrix, wrong).feasible
    day = Day.of(given, matrix)
    mended = day.plan_of(day.repaired(wrong, never))
    assert check(given, matrix, mended).violations == ()
    assert mended.unassigned == ("a",)


def test_the_engine_returns_a_plan_without_fault_where_the_annealing_ends_with_one_that_has_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given, wrong = clashing()

    def fail(*_: object, **__: object) -> Annealed:
        return Annealed(plan=wrong, cost=0, feasible=False, moves=0)

    monkeypatch.setattr(Annealer, "improve", fail)
    solution = EngineSolver().solve(given, street_matrix(given), Limits(seconds=1))
    verdict = check(given, street_matrix(given), solution.plan)
    assert verdict.violations == ()
    assert verdict.cost is not None
    assert verdict.cost.total == solution.cost
