"""A route with one more stay in it: as planned as far as possible, later where it must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.explain.fit import Rest, Span, Stay
from scheduler.model import Route, Shift, Stop, Task
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A stay that may start in `spans`, not before `floor`, and where there is one at a multiple of `step`
    seconds."""

    task: Task
    spans: tuple[Span, ...]
    floor: int
    step: int = 1

    @classmethod
    def of(cls, stay: Stay, floor: int = 0, step: int = 1) -> Held:
        """The spans are those of the stay's windows."""
        return cls(task=stay.task, spans=tuple(stay.starts()), floor=floor, step=step)


@dataclass(frozen=True, kw_only=True, slots=True)
class Retimed:
    """A route's times, in seconds since the origin, and by how many seconds it misses windows, shift and
    break; 0: it may keep every rule of time."""

    shift: Shift
    tasks: tuple[Task, ...]
    departure: int
    arrivals: tuple[int, ...]
    starts: tuple[int, ...]
    finish: int
    break_start: int | None
    missed: int

    @property
    def away(self) -> int:
        """Seconds from leaving to being back, a break at home after that included."""
        return max(self.finish, self.break_start or 0) - self.departure

    @property
    def route(self) -> Route:
        """The same as a plan has it."""
        stops = (
            Stop(task=task.id, arrival=arrival, start=start, end=start + task.duration)
            for task, arrival, start in zip(self.tasks, self.arrivals, self.starts, strict=True)
        )
        return Route(
            shift=self.shift.id,
            departure=self.departure,
            stops=tuple(stops),
            finish=self.finish,
            break_start=self.break_start,
        )


def retimed(
    shift: Shift,
    rest: Rest | None,
    held: Sequence[Held],
    gap: int,
    matrix: TravelMatrix,
    hours: Span | None = None,
) -> Retimed:
    """The stays in order, each as early as may be within `hours` (None: the shift's); the break, where one is
    owed, in gap number `gap`: before that stay, on the way home, or (one more than that) after it.

    Where a stay misses all its windows, it starts on arrival all the same.
    """
    begin, end = hours or (shift.start, shift.latest_finish)
    free, here, missed, break_start = begin, shift.start_place, 0, None
    arrivals, starts = [], []
    for i, each in enumerate(held):
        task = each.task
        arrival = free + matrix.between(here, task.place)
        if rest is not None and gap == i:
            break_start, arrival, late = _rested(rest, free, arrival)
            missed += late
        start, late = _start(each, max(arrival, each.floor))
        missed += late
        arrivals.append(arrival)
        starts.append(start)
        free, here = start + task.duration, task.place
    finish = free + matrix.between(here, shift.end_place)
    if rest is not None and gap == len(held):
        break_start, finish, late = _rested(rest, free, finish)
        missed += late
    if rest is not None and gap > len(held):
        break_start = max(finish, rest.earliest_start)
        missed += max(0, break_start + rest.duration - rest.latest_end)
    departure = begin
    if rest is None or gap > 0:  # just in time for the first stay
        arrivals[0] = starts[0]
        departure = starts[0] - matrix.between(shift.start_place, held[0].task.place)
    return Retimed(
        shift=shift,
        tasks=tuple(each.task for each in held),
        departure=departure,
        arrivals=tuple(arrivals),
        starts=tuple(starts),
        finish=finish,
        break_start=break_start,
        missed=missed + max(0, finish - end),
    )


def _rested(rest: Rest, free: int, ready: int) -> tuple[int, int, int]:
    """When the break begins, when she is ready after drive and break, and by how much the break is late."""
    begin = max(free, rest.earliest_start)
    return begin, max(ready, begin) + rest.duration, max(0, begin + rest.duration - rest.latest_end)


def _start(held: Held, lower: int) -> tuple[int, int]:
    """The first start at `lower` or later, and the seconds by which it misses the last window."""
    for step in (held.step, 1):
        best = None
        for low, high in held.spans:
            start = -(-max(low, lower) // step) * step
            if start <= high and (best is None or start < best):
                best = start
        if best is not None:
            return best, 0
    return lower, lower - max((high for _, high in held.spans), default=lower - 1)


def detour(shift: Shift, tasks: Sequence[Task], position: int, task: Task, matrix: TravelMatrix) -> int:
    """Seconds of driving that `task` adds before stop number `position`. An idle shift does not drive."""
    here = tasks[position - 1].place if position else shift.start_place
    there = tasks[position].place if position < len(tasks) else shift.end_place
    spared = matrix.between(here, there) if tasks else 0
    return matrix.between(here, task.place) + matrix.between(task.place, there) - spared
