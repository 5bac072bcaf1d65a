"""What every Solver keeps, run on the real one and on the simple one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

import pytest

from scheduler.check import Code, check
from scheduler.model import ModelError, Problem, Weights
from scheduler.solve import Limits, Progress, Solver
from scheduler.solve.cp_sat import CpSatSolver
from scheduler.solve.engine import EngineSolver
from tests.support.brute_force import best_cost
from tests.support.course_scenarios import (
    COURSES,
    gates,
    gates_of_a_hand_off,
    hours_of_one_day,
    short_stock,
    spaced,
)
from tests.support.fake_solver import GreedySolver
from tests.support.problems import at, shift, street, street_matrix, task, visit, window
from tests.support.solver_scenarios import SCENARIOS, overlapping_shifts, problem

QUICK = Limits(seconds=2, seed=0)


@pytest.fixture(params=[EngineSolver, CpSatSolver, GreedySolver], ids=["engine", "cp-sat", "greedy"])
def solver(request: pytest.FixtureRequest) -> Solver:
    made: Solver = request.param()
    return made


@pytest.fixture(params=SCENARIOS, ids=lambda scenario: scenario.__name__)
def scenario(request: pytest.FixtureRequest) -> Problem:
    made: Callable[[], Problem] = request.param
    return made()


@pytest.mark.parametrize("given", [*SCENARIOS, street, overlapping_shifts], ids=lambda given: given.__name__)
def test_the_plan_keeps_every_rule_and_costs_what_it_claims(
    solver: Solver, given: Callable[[], Problem]
) -> None:
    scenario = given()
    matrix = street_matrix(scenario)
    solution = solver.solve(scenario, matrix, QUICK).whole()
    verdict = check(scenario, matrix, solution.plan)
    assert verdict.violations == ()
    assert verdict.cost is not None
    assert verdict.cost.total == solution.cost


@pytest.mark.parametrize("given", COURSES, ids=lambda given: given.__name__)
@pytest.mark.parametrize("solver", [EngineSolver, GreedySolver], ids=["engine", "greedy"], indirect=True)
def test_a_course_keeps_every_rule_and_costs_what_it_claims(
    solver: Solver, given: Callable[[], Problem]
) -> None:
    course = given()
    matrix = street_matrix(course)
    solution = solver.solve(course, matrix, QUICK).whole()
    verdict = check(course, matrix, solution.plan)
    assert verdict.violations == ()
    assert verdict.cost is not None
    assert verdict.cost.total == solution.cost
    best = best_cost(course, matrix)
    assert best is not None
    assert solution.bound is None or solution.bound <= best
    assert solution.cost == best if isinstance(solver, EngineSolver) else solution.cost >= best


@pytest.mark.parametrize("given", [gates, gates_of_a_hand_off, hours_of_one_day, short_stock])
def test_gates_stock_and_hours_of_one_day_do_not_stop_a_proof(given: Callable[[], Problem]) -> None:
    course = given()
    for solver in (EngineSolver(), CpSatSolver()):
        solution = solver.solve(course, street_matrix(course), QUICK)
        assert solution.cost == solution.bound == best_cost(course, street_matrix(course))


def test_the_simpler_solver_refuses_a_course_by_name() -> None:
    course = spaced()
    with pytest.raises(ModelError, match="problem: spacings: this solver does not reckon with it"):
        CpSatSolver().solve(course, street_matrix(course), QUICK)


def test_no_plan_undercuts_the_bound(solver: Solver, scenario: Problem) -> None:
    matrix = street_matrix(scenario)
    solution = solver.solve(scenario, matrix, QUICK).whole()
    best = best_cost(scenario, matrix)
    assert best is not None
    assert solution.cost >= best
    assert solution.bound is None or solution.bound <= best


def test_the_real_solver_finds_the_best_plan(scenario: Problem) -> None:
    matrix = street_matrix(scenario)
    assert CpSatSolver().solve(scenario, matrix, QUICK).cost == best_cost(scenario, matrix)


def test_the_real_solver_proves_the_best_plan_early() -> None:
    """A proof ends the search; the street's bound is its cost."""
    solution = CpSatSolver().solve(street(), street_matrix(street()), Limits(seconds=30))
    assert solution.bound == solution.cost
    assert solution.seconds < 15


def test_one_impossible_visit_does_not_empty_the_plan(solver: Solver) -> None:
    """Not even when it must be served: it alone is missing, and the referee says so."""
    nobody_can = visit("v1", task("v1.1", "m10", 60, credentials=("acls",)), dollars=None)
    too_far_at_eight = visit("v2", task("v2.1", "m60", 60, window(at(8), at(8))))
    fine = visit("v3", task("v3.1", "m20", 60))
    given = problem((nobody_can, too_far_at_eight, fine), (shift("s1", "ana", "m0"),))
    solution = solver.solve(given, street_matrix(given), QUICK)
    verdict = check(given, street_matrix(given), solution.plan)
    assert sorted(solution.plan.unassigned) == ["v1", "v2"]
    assert [fault.code for fault in verdict.violations] == [Code.MANDATORY_UNASSIGNED]
    assert solution.bound is None


def test_progress_only_gets_better(solver: Solver) -> None:
    given = street()
    told: list[Progress] = []
    solution = solver.solve(given, street_matrix(given), QUICK, told.append)
    assert told
    assert [step.seconds for step in told] == sorted(step.seconds for step in told)
    costs = [step.cost for step in told if step.cost is not None]
    assert costs == sorted(costs, reverse=True)
    assert all(cost >= solution.cost for cost in costs)


def _busy_day(visits: int, nurses: int) -> Problem:
    """Too tight to be proven best within seconds."""
    booked = tuple(
        visit(
            f"v{n}",
            task(f"v{n}.1", f"m{10 * (n * 5 % 7)}", 20 + n % 5, window(at(8, n), at(13)), credentials=()),
        )
        for n in range(visits)
    )
    return problem(
        booked, tuple(shift(f"s{n}", f"n{n}", f"m{n * 10}", credentials=()) for n in range(nurses))
    )


def test_the_time_limit_is_kept() -> None:
    given = _busy_day(40, 6)
    begun = monotonic()
    CpSatSolver().solve(given, street_matrix(given), Limits(seconds=1.0))
    assert monotonic() - begun < 20


@pytest.mark.parametrize(("stage", "visits", "nurses"), [("prove", 18, 3), ("search", 40, 6)])
def test_cancelling_ends_the_work_with_the_plan_so_far(stage: str, visits: int, nurses: int) -> None:
    given = _busy_day(visits, nurses)
    matrix = street_matrix(given)
    cancel = threading.Event()
    stages = []

    def report(progress: Progress) -> None:
        stages.append(progress.stage)
        if progress.stage == stage:
            cancel.set()

    begun = monotonic()
    solution = CpSatSolver().solve(given, matrix, Limits(seconds=120), report, cancel.is_set)
    assert monotonic() - begun < 20
    assert stage in stages
    assert check(given, matrix, solution.plan).feasible


def test_a_problem_cancelled_at_once_still_gets_a_plan(solver: Solver) -> None:
    given = street().replace(visits=street().visits[1:])
    solution = solver.solve(given, street_matrix(given), QUICK, cancelled=lambda: True)
    assert check(given, street_matrix(given), solution.plan).feasible


def test_prices_that_overflow_are_refused_by_name() -> None:
    given = street().replace(weights=Weights(travel=10**12, lateness=10**12))
    with pytest.raises(ModelError, match="weights: a bad plan could cost"):
        CpSatSolver().solve(given, street_matrix(given), QUICK)
