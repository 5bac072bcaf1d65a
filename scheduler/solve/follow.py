"""A first plan that follows another one: what patients were told, or a plan that breaks rules.

Each visit goes where the other plan had it as long as there is room. The others, such as those of a nurse who
fell out, are inserted afterwards, each where it costs least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from scheduler.model import Plan, Problem
from scheduler.solve.candidates import Candidates
from scheduler.solve.construct import Builder, Move, by, construct, fill, urgency
from scheduler.solve.rows import ModeRow
from scheduler.solve.tables import Tables
from scheduler.solve.timing import Timed, Trip


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a task is wanted: on one of these shifts, at about this start."""

    shifts: tuple[int, ...]
    start: int


Wishes = Mapping[int, Wish]
"""By task position."""


def promised(problem: Problem, tables: Tables) -> Wishes:
    """The promised nurses' shifts, and the promised starts."""
    number = {row.id: t for t, row in enumerate(tables.tasks)}
    shifts: dict[str, list[int]] = {}
    for k, shift in enumerate(problem.shifts):
        shifts.setdefault(shift.nurse, []).append(k)
    return {
        number[promise.task]: Wish(tuple(shifts.get(promise.nurse, ())), promise.start)
        for promise in problem.promises
    }


def planned(plan: Plan, tables: Tables) -> Wishes:
    """Where `plan` has its tasks."""
    number = {row.id: t for t, row in enumerate(tables.tasks)}
    shifts = {row.id: k for k, row in enumerate(tables.shifts)}
    return {
        number[stop.task]: Wish((shifts[route.shift],), stop.start)
        for route in plan.routes
        for stop in route.stops
    }


def first_plan(problem: Problem, tables: Tables, candidates: Candidates, over: Callable[[], bool]) -> Timed:
    """What patients were told, if they were, as far as it can be kept; the rest inserted."""
    if problem.promises:
        return follow(tables, candidates, promised(problem, tables), over)
    return construct(tables, candidates, over)


def follow(tables: Tables, candidates: Candidates, wishes: Wishes, over: Callable[[], bool]) -> Timed:
    """The plan; it keeps every rule, but may leave out visits that must be served. When time is `over`, what
    there is by then."""
    builder = Builder(tables, candidates)
    visits = by(urgency, tables, candidates)
    left = [visit for visit in visits if over() or not _settle(builder, visit, wishes)]
    fill(builder, left, over)
    return builder.plan()


def _settle(builder: Builder, visit: int, wishes: Wishes) -> bool:
    """Place the visit where it is wanted. False: that cannot be."""
    if not builder.courses.may_serve(visit, builder.led):
        return False
    priced = [
        (cost, moves)
        for mode in builder.candidates.modes[visit]
        for moves in _wanted(builder, mode, wishes)
        if (cost := builder.cost(moves)) is not None
    ]
    return bool(priced) and builder.take(min(priced, key=lambda each: each[0])[1])


def _wanted(builder: Builder, mode: ModeRow, wishes: Wishes) -> Iterator[tuple[Move, ...]]:
    """The mode's tasks on the shifts they are wanted on, the breaks there at any place."""
    if not all(task in wishes for task in mode.tasks):
        return
    able = builder.candidates.shifts
    choices = [
        [k for k in wishes[task].shifts if k in able[task] and builder.is_open(k)] for task in mode.tasks
    ]
    for shifts in product(*choices):
        if len(set(shifts)) == len(shifts):
            versions = [
                [(task, k, trip) for trip in _with(builder, task, k, wishes[task].start)]
                for task, k in zip(mode.tasks, shifts, strict=True)
            ]
            yield from product(*versions)


def _with(builder: Builder, task: int, k: int, start: int) -> Sequence[Trip]:
    """The shift's trip with the task in its place in time."""
    trip = builder.trips[k].tasks
    position = sum(builder.starts[other] < start for other in trip)
    tasks = (*trip[:position], task, *trip[position:])
    if builder.tables.shifts[k].rest is None:
        return [Trip(tasks)]
    return [Trip(tasks, rest) for rest in range(len(tasks) + 1)]
