"""What waiting, idleness, uneven work and missed breaks cost, against sums done by hand on the street plan.

Ana drives 80 minutes, stays 255, rests 30 at the door of v3 and waits 30 there. Ben drives 40, stays 135 and
waits 80 for v3. Cleo, whose shift is 9:00 to 18:00, drives 40, stays 160 and waits 95 for v5. Ana's and Ben's
shifts are 8:00 to 16:00.
"""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.check import Code, Cost, check
from scheduler.model import Break, Plan, Problem, Route
from tests.support.problems import HOUR, MINUTE, at, shift, stop, street, street_matrix, street_plan


def priced(**weights: int) -> Problem:
    """The street with other prices as well."""
    return street().replace(weights=street().weights.replace(**weights))


def cost_of(problem: Problem, plan: Plan | None = None) -> Cost:
    cost = check(problem, street_matrix(problem), plan or street_plan()).cost
    assert cost is not None
    return cost


def with_shift(problem: Problem, name: str, **changes: Any) -> Problem:
    shifts = tuple(each.replace(**changes) if each.id == name else each for each in problem.shifts)
    return problem.replace(shifts=shifts)


def with_route(name: str, **changes: Any) -> Plan:
    routes = tuple(each.replace(**changes) if each.shift == name else each for each in street_plan().routes)
    return street_plan().replace(routes=routes)


def test_without_a_price_none_of_it_counts() -> None:
    cost = cost_of(street())
    assert (cost.waiting, cost.longest_idle, cost.imbalance, cost.missed_breaks) == (0, 0, 0, 0)


def test_waiting_is_what_is_neither_drive_nor_stay_nor_break() -> None:
    problem = priced(waiting=7)
    cost = cost_of(problem)
    assert cost.waiting == (30 + 80 + 95) * MINUTE * 7
    assert cost.total == cost_of(street()).total + cost.waiting


def test_who_leaves_too_early_waits_at_the_first_door() -> None:
    early = with_route("s-ben", departure=at(8, 40))
    assert cost_of(priced(waiting=1), early).waiting == (30 + 90 + 95) * MINUTE


def test_a_slow_drive_is_a_wait() -> None:
    slow = with_route("s-ben", finish=at(13, 15))
    assert cost_of(priced(waiting=1), slow).waiting == (30 + 90 + 95) * MINUTE


def test_waiting_at_home_for_the_break_counts() -> None:
    problem = with_shift(
        priced(waiting=1),
        "s-ana",
        break_=Break(duration=30 * MINUTE, earliest_start=at(15, 10), latest_end=at(16)),
    )
    at_home = with_route("s-ana", break_start=at(15, 10))
    assert cost_of(problem, at_home).waiting == (60 + 15 + 80 + 95) * MINUTE


def test_the_longest_idle_counts_once() -> None:
    """Ana 480 - 335 - 30, Ben 480 - 175, Cleo 540 - 200."""
    assert cost_of(priced(longest_idle=3)).longest_idle == 340 * MINUTE * 3


def test_overtime_lengthens_what_may_be_idle() -> None:
    """Cleo's shift ends at 14:30: 9:00 to her finish at 15:00, less 200; so Ben is the most idle."""
    problem = with_shift(priced(longest_idle=1), "s-cleo", end=at(14, 30), max_overtime=HOUR)
    assert cost_of(problem).longest_idle == 305 * MINUTE
    problem = with_shift(problem, "s-cleo", start=at(4))
    assert cost_of(problem).longest_idle == (11 * 60 - 200) * MINUTE


def test_a_shift_without_stops_is_idle_but_for_its_break() -> None:
    rest = Break(duration=HOUR, earliest_start=at(9), latest_end=at(14))
    problem = priced(longest_idle=1)
    for spare, idle in ((shift("s-dan", "dan", "p1"), 480), (shift("s-dan", "dan", "p1", break_=rest), 420)):
        more = problem.replace(shifts=(*problem.shifts, spare))
        assert cost_of(more).longest_idle == idle * MINUTE


def test_imbalance_counts_begun_minutes_from_the_mean() -> None:
    """335, 175 and 200 minutes of work: 98 1/3, 61 2/3 and 36 2/3 from their mean."""
    assert cost_of(priced(imbalance=11)).imbalance == (99 + 62 + 37) * 11


def test_even_work_has_no_imbalance_and_idle_shifts_count_as_none() -> None:
    problem = priced(imbalance=1)
    route = Route(
        shift="s-ana",
        departure=at(8, 20),
        stops=(stop("v1.1", at(8, 30), at(8, 30), 120),),
        finish=at(10, 40),
        break_start=at(11),
    )
    plan = Plan(routes=(route,))
    alone = problem.replace(shifts=problem.shifts[:1])
    assert cost_of(alone, plan).imbalance == 0
    assert cost_of(problem, plan).imbalance == 94 + 47 + 47  # 140 in all


def test_a_break_that_may_be_missed_costs_when_it_is_missed() -> None:
    rest = Break(duration=30 * MINUTE, earliest_start=at(11), latest_end=at(14), miss_cost=5000)
    problem = with_shift(street(), "s-ana", break_=rest)
    assert cost_of(problem).missed_breaks == 0
    missed = with_route("s-ana", break_start=None)
    report = check(problem, street_matrix(problem), missed)
    assert report.feasible
    assert report.cost is not None
    assert (report.cost.missed_breaks, report.cost.total) == (5000, cost_of(problem).total + 5000)


def test_a_missed_break_is_idle_time() -> None:
    rest = Break(duration=3 * HOUR, earliest_start=at(8), latest_end=at(16), miss_cost=1)
    problem = with_shift(priced(longest_idle=1), "s-ana", start=0, break_=rest)
    missed = with_route("s-ana", break_start=None)
    assert cost_of(problem, missed).longest_idle == (16 * 60 - 335) * MINUTE
    assert cost_of(problem).longest_idle == (13 * 60 - 335) * MINUTE


@pytest.mark.parametrize(("departure", "codes"), [(at(8), set()), (at(8) + 1, {Code.LEAVES_LATE})])
def test_who_has_to_leave_at_the_start_leaves_then(departure: int, codes: set[Code]) -> None:
    problem = with_shift(street(), "s-ana", leaves_at_start=True)
    report = check(problem, street_matrix(problem), with_route("s-ana", departure=departure))
    assert {violation.code for violation in report.violations} == codes
