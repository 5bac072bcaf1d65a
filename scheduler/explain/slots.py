"""The best slots for a new visit over several days: day, nurse and start, by what they add and displace.

Of each day only the ways that can still be among its cheapest are looked at closely: the quick bound of
`least` puts them in order, and the search ends where the bound is above what has been found. So the slots
are exactly the cheapest of the day's `openings`.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scheduler.explain.least import least_added
from scheduler.explain.openings import Inquiry, Opening
from scheduler.model import Plan, Problem, Visit
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotDay:
    """A day that may be booked: its local date, its problem and feasible plan as they are, and the visit as
    it would be on that day. The visit's places are of the problem and the matrix."""

    day: date
    problem: Problem
    matrix: TravelMatrix
    plan: Plan
    visit: Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A stop of somebody else that would start at another time: seconds since the day's origin."""

    task: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One way to book the visit on `day`, to start at `start` (UTC).

    `opening` says with whom, and what it adds; `moved` which stops of others it displaces, `overtime_s` by
    how many seconds the overtime of these nurses grows (negative: shrinks), and `preferred` whether all of
    them are preferred (None: the patient prefers nobody).
    """

    day: date
    start: datetime
    opening: Opening
    moved: tuple[Moved, ...]
    overtime_s: int
    preferred: bool | None

    @property
    def added(self) -> int:
        """What the day's plan costs more, in points."""
        return self.opening.added


def best_slots(days: Iterable[SlotDay], each_day: int, step: int = 1) -> tuple[Slot, ...]:
    """The `each_day` cheapest slots of each day, the cheapest of all first; of equal ones the earliest.

    A visit of one task starts at a multiple of `step` seconds, where its windows have one. The plan of a day
    is not changed, so two slots of one day need not go together. Raises as `openings`.
    """
    found = [slot for day in days for slot in _slots_of(day, each_day, step)]
    return tuple(sorted(found, key=lambda slot: (slot.added, slot.start, slot.opening.nurses)))


def _slots_of(day: SlotDay, most: int, step: int) -> list[Slot]:
    inquiry = Inquiry(day.problem, day.matrix, day.plan, day.visit, step)
    bounds = ((least_added(inquiry.placing, way, inquiry.cost), way) for way in inquiry.placing.ways())
    hopeful = sorted(((low, way) for low, way in bounds if low is not None), key=lambda each: each[0])
    found: list[Opening] = []
    for low, way in hopeful:
        if len(found) >= most and low > found[most - 1].added:
            break
        opening = inquiry.opening(way)
        if opening.feasible:
            insort(found, opening, key=_rank)
    return [_slot(day, opening) for opening in found[:most]]


def _rank(opening: Opening) -> tuple[int, int, tuple[str, ...]]:
    return opening.added, min(opening.starts), opening.nurses


def _slot(day: SlotDay, opening: Opening) -> Slot:
    shifts = {shift.id: shift for shift in day.problem.shifts}
    before = {route.shift: route for route in day.plan.routes}
    changed = [(shifts[route.shift], before.get(route.shift), route) for route in opening.routes]
    starts = {stop.task: stop.start for _, old, _ in changed if old for stop in old.stops}
    moved = (
        Moved(task=stop.task, before=starts[stop.task], after=stop.start)
        for _, _, new in changed
        for stop in new.stops
        if starts.get(stop.task, stop.start) != stop.start
    )
    overtime = sum(
        max(0, new.finish - shift.end) - (max(0, old.finish - shift.end) if old else 0)
        for shift, old, new in changed
    )
    liked = day.visit.preferred_nurses
    return Slot(
        day=day.day,
        start=day.problem.origin + timedelta(seconds=min(opening.starts)),
        opening=opening,
        moved=tuple(moved),
        overtime_s=overtime,
        preferred=liked.issuperset(opening.nurses) if liked else None,
    )
