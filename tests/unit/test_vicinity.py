"""Parts of a day around the visits that have lost what patients were told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from time import monotonic

import pytest

from benchmarks import infusion
from scheduler.check import check
from scheduler.model import Pin, Plan, Problem, promises_of
from scheduler.solve import Limits, vicinity
from scheduler.solve.day import Day, without
from scheduler.solve.engine import EngineSolver
from scheduler.solve.seam import never
from scheduler.solve.vicinity import around, improved_nearby
from scheduler.travel import TravelMatrix

VISITS = 60


@dataclass(frozen=True, kw_only=True)
class Disturbed:
    """A day of which a nurse fell out, and the plan that keeps what it can."""

    day: Problem
    plan: Plan
    matrix: TravelMatrix
    lost: tuple[str, ...]


@cache
def disturbed(*, handoffs: bool = False) -> Disturbed:
    whole = infusion.day(VISITS, "suburbs", 2, handoffs=handoffs, visits_per_nurse=infusion.ROOMY)
    matrix = infusion.REGIONS["suburbs"].travel.matrix(whole.places)
    told = EngineSolver().solve(whole, matrix, Limits(seconds=3)).plan
    gone = max(told.routes, key=lambda route: len(route.stops))
    fewer = whole.replace(shifts=tuple(shift for shift in whole.shifts if shift.id != gone.shift))
    day = fewer.replace(promises=promises_of(told, whole, fewer))
    start = Day.of(day, matrix)
    owner = whole.visit_by_task
    lost = tuple(owner[stop.task].id for stop in gone.stops)
    return Disturbed(day=day, plan=start.plan_of(start.first_plan(never)), matrix=matrix, lost=lost)


@pytest.mark.parametrize("handoffs", [False, True])
def test_a_part_has_the_lost_visits_and_all_that_its_nurses_do(handoffs: bool) -> None:
    case = disturbed(handoffs=handoffs)
    part = around(case.day, case.matrix, case.plan, 6)
    assert part is not None
    visits = {visit.id for visit in part.visits}
    shifts = {shift.id for shift in part.shifts}
    assert visits.issuperset(case.lost)
    assert 6 <= len({shift.nurse for shift in part.shifts}) < len({shift.nurse for shift in case.day.shifts})
    owner = case.day.visit_by_task
    for route in case.plan.routes:
        for stop in route.stops:
            # Of a visit by two nurses both are in the part, or neither.
            assert (owner[stop.task].id in visits) == (route.shift in shifts)
    assert visits.issuperset(case.plan.unassigned)


def test_a_wider_part_holds_the_narrower_one() -> None:
    case = disturbed()
    narrow, wide = (around(case.day, case.matrix, case.plan, nurses) for nurses in (4, 10))
    assert narrow is not None and wide is not None
    assert {shift.id for shift in narrow.shifts} < {shift.id for shift in wide.shifts}
    assert {visit.id for visit in narrow.visits} < {visit.id for visit in wide.visits}


def test_there_is_no_part_of_a_day_that_is_as_promised_or_small() -> None:
    case = disturbed()
    kept = case.day.replace(promises=promises_of(case.plan, case.day, case.day))
    served = without(kept, frozenset(case.plan.unassigned))
    assert around(served, case.matrix, case.plan.replace(unassigned=()), 6) is None
    assert around(case.day, case.matrix, case.plan, len(case.day.shifts)) is None


def test_a_visit_that_must_be_with_a_nurse_brings_her_along() -> None:
    case = disturbed()
    far = {shift.id for shift in case.day.shifts}
    far -= {shift.id for shift in _part(case.day, case, 6).shifts}
    visit = next(
        visit for visit in case.day.visits if visit.id in case.plan.unassigned or visit.id in case.lost
    )
    pinned = case.day.replace(pins=(Pin(task=visit.tasks[0].id, shift=min(far)),))
    assert min(far) in {shift.id for shift in _part(pinned, case, 6).shifts}


def _part(day: Problem, case: Disturbed, nurses: int) -> Problem:
    part = around(day, case.matrix, case.plan, nurses)
    assert part is not None
    return part


@pytest.mark.parametrize("handoffs", [False, True])
def test_the_plan_gets_cheaper_part_by_part_and_stays_without_fault(
    monkeypatch: pytest.MonkeyPatch, handoffs: bool
) -> None:
    monkeypatch.setattr(vicinity, "PARTS", ((6, 0.5), (12, 1.0)))
    case = disturbed(handoffs=handoffs)
    better = improved_nearby(case.day, case.matrix, case.plan, monotonic() + 4, never)
    before, after = (check(case.day, case.matrix, plan) for plan in (case.plan, better))
    assert after.feasible
    assert before.cost is not None and after.cost is not None
    assert after.cost.total < before.cost.total


def test_no_time_no_change() -> None:
    case = disturbed()
    assert improved_nearby(case.day, case.matrix, case.plan, monotonic() - 1, never) == case.plan
    assert improved_nearby(case.day, case.matrix, case.plan, monotonic() + 60, lambda: True) == case.plan
