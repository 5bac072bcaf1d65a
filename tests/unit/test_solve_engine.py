"""How the engine puts its stages together."""

from __future__ import annotations

import pytest

from scheduler.check import check
from scheduler.model import Problem
from scheduler.solve import Limits, Progress
from scheduler.solve import price as pricing
from scheduler.solve.anneal import Annealer
from scheduler.solve.day import Day, without
from scheduler.solve.engine import EngineSolver, Stages
from scheduler.solve.plain import has_short_routes
from tests.support.problems import at, shift, street_matrix, task, visit, window
from tests.support.solver_scenarios import problem

HOPELESS = visit("v1", task("v1.1", "m10", 60, credentials=("acls",)))
FINE = visit("v2", task("v2.1", "m20", 60))


def day() -> Problem:
    return problem((HOPELESS, FINE), (shift("s1", "ana", "m0"),))


def test_a_visit_nobody_can_serve_is_set_aside_and_paid_for() -> None:
    given = day()
    matrix = street_matrix(given)
    assert Day.of(given, matrix).unservable == {"v1"}
    assert [each.id for each in without(given, frozenset({"v1"})).visits] == ["v2"]
    told: list[Progress] = []
    solution = EngineSolver().solve(given, matrix, Limits(seconds=2), told.append)
    verdict = check(given, matrix, solution.plan)
    assert verdict.feasible and verdict.cost is not None
    assert solution.plan.unassigned == ("v1",)
    assert solution.cost == solution.bound == verdict.cost.total
    assert told[-1].cost == solution.cost


def test_a_proof_ends_the_search() -> None:
    given = without(day(), frozenset({"v1"}))
    solution = EngineSolver().solve(given, street_matrix(given), Limits(seconds=60))
    assert solution.bound == solution.cost
    assert solution.seconds < 30


@pytest.mark.parametrize("long", ["soft windows", "a shift without an end"])
def test_small_days_of_long_routes_are_proved_without_pricing(long: str) -> None:
    soft = visit("v2", task("v2.1", "m20", 60, window(at(8), at(9), soft=long == "soft windows")))
    one = shift("s1", "ana", "m0")
    if long != "soft windows":
        one = one.replace(end=10**7)
    given = problem((soft,), (one,))
    assert not has_short_routes(given)
    told: list[Progress] = []
    solution = EngineSolver().solve(given, street_matrix(given), Limits(seconds=5), told.append)
    assert {progress.stage for progress in told} == {"construct", "anneal", "prove"}
    assert solution.bound == solution.cost


@pytest.mark.parametrize("failing", ["anneal", "price"])
def test_a_stage_that_fails_costs_its_gain_and_not_the_plan(
    failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError

    at_fault = (Annealer, "improve") if failing == "anneal" else (pricing, "price")
    monkeypatch.setattr(*at_fault, fail)
    given = without(day(), frozenset({"v1"}))
    matrix = street_matrix(given)
    solution = EngineSolver().solve(given, matrix, Limits(seconds=2))
    assert check(given, matrix, solution.plan).feasible
    assert {type(fault) for fault in solution.faults} == {ZeroDivisionError}
    with pytest.raises(ZeroDivisionError):
        solution.whole()
    assert (solution.bound is None) == (failing == "price")


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (Stages(anneal=False, price=False, anneal_again=False), {"construct"}),
        (Stages(price=False, anneal_again=False), {"construct", "anneal"}),
        (Stages(anneal=False, anneal_again=False), {"construct", "price"}),
    ],
)
def test_stages_can_be_left_out(stages: Stages, expected: set[str]) -> None:
    told: list[Progress] = []
    given = without(day(), frozenset({"v1"}))
    solution = EngineSolver(stages).solve(given, street_matrix(given), Limits(seconds=1), told.append)
    assert {progress.stage for progress in told} == expected
    assert (solution.bound is None) == (not stages.price)
