"""What it costs not to keep what patients were told, against sums done by hand."""

from __future__ import annotations

import pytest

from scheduler.check import Cost, check
from scheduler.model import Plan, Problem, Promise, promises_of
from tests.support.problems import MINUTE, STREET_PLAN_COST, at, stop, street, street_matrix, street_plan

CHANGED, MOVED = 70_000, 50_000


def promising(*promises: Promise) -> Problem:
    """The street, and what its patients were told."""
    problem = street()
    weights = problem.weights.replace(changed_nurse=CHANGED, moved_start=MOVED)
    return problem.replace(weights=weights, promises=promises)


def cost(problem: Problem, plan: Plan | None = None) -> Cost:
    report = check(problem, street_matrix(problem), plan or street_plan())
    assert report.cost is not None
    return report.cost


def told(task: str, nurse: str, start: int) -> Promise:
    return Promise(task=task, nurse=nurse, start=start)


def test_a_plan_keeps_its_own_promises() -> None:
    problem = promising(*promises_of(street_plan(), street(), street()))
    assert len(problem.promises) == 7
    assert cost(problem).total == STREET_PLAN_COST


def test_promises_of_tasks_that_are_gone_are_forgotten() -> None:
    fewer = street().replace(visits=street().visits[1:])
    assert "v1.1" not in {promise.task for promise in promises_of(street_plan(), street(), fewer)}


def test_another_nurse_has_a_price() -> None:
    found = cost(promising(told("v1.1", "ben", at(8, 30)), told("v3.2", "ben", at(12))))
    assert (found.changed_nurse, found.moved_start) == (CHANGED, 0)
    assert found.total == STREET_PLAN_COST + CHANGED


@pytest.mark.parametrize(("start", "moved"), [(-900, 0), (-901, MOVED), (900, 0), (901, MOVED)])
def test_another_time_has_a_price_beyond_the_tolerance(start: int, moved: int) -> None:
    found = cost(promising(told("v1.1", "ana", at(8, 30) + start)))
    assert (found.changed_nurse, found.moved_start) == (0, moved)


def test_the_tolerance_is_the_promises_own() -> None:
    strict = told("v1.1", "ana", at(8, 31)).replace(tolerance=59)
    assert cost(promising(strict)).moved_start == MOVED
    assert cost(promising(strict.replace(tolerance=60))).moved_start == 0


def test_a_mode_without_the_promised_task_breaks_both() -> None:
    found = cost(promising(told("v4.1", "ben", at(9))))
    assert (found.changed_nurse, found.moved_start) == (CHANGED, MOVED)


def test_a_visit_left_out_costs_no_more_than_its_drop() -> None:
    found = cost(promising(told("v6.1", "ben", at(9))))
    assert (found.changed_nurse, found.moved_start, found.total) == (0, 0, STREET_PLAN_COST)


def test_a_nurse_who_is_gone_can_have_promised() -> None:
    assert cost(promising(told("v1.1", "dora", at(8, 30)))).changed_nurse == CHANGED


def test_an_unpriced_promise_changes_nothing() -> None:
    problem = street().replace(promises=(told("v1.1", "ben", at(15)),))
    assert cost(problem).total == STREET_PLAN_COST


def test_every_promise_counts_once() -> None:
    ana, ben, cleo = street_plan().routes
    later = cleo.replace(stops=(cleo.stops[0], stop("v5.1", at(12, 25), at(14, 20), 60)), finish=at(15, 20))
    plan = street_plan().replace(routes=(ana, ben, later))
    problem = promising(*promises_of(street_plan(), street(), street()))
    assert cost(problem, plan).moved_start == MOVED
    assert later.stops[1].start - cleo.stops[1].start == 20 * MINUTE
