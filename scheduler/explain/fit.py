"""When one more stay would fit into a route as it is planned.

The route keeps its order. Its stays may move in time within their windows, as far as the gates and spacings
of their visits allow; `standing` says which stay put. Every place in the route is tried with every gap for
the break, so the answer is exact for that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.model import Task, Window
from scheduler.model.record import MAX_SECONDS
from scheduler.travel import TravelMatrix

Span = tuple[int, int]
"""First and last second, both included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """A task; the one second at which it may start where it is not free to move; and when it may start beside
    its windows (None: at any time)."""

    task: Task
    at: int | None = None
    within: tuple[Span, ...] | None = None

    def starts(self) -> list[Span]:
        """When it may start, in the order of its windows. A soft window has no end."""
        spans = [_starts_in(window, self.task.duration) for window in self.task.windows]
        if self.at is not None:
            spans = [(max(low, self.at), min(high, self.at)) for low, high in spans]
        spans = [(low, high) for low, high in spans if low <= high]
        return spans if self.within is None else meet(spans, self.within)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """The break owed, with its window cut to the nurse's hours."""

    duration: int
    earliest_start: int
    latest_end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One nurse's hours from `start` to `finish`, the ends of her way, and her stays in order."""

    start: int
    finish: int
    start_place: str
    end_place: str
    stays: tuple[Stay, ...]
    rest: Rest | None


def slots(line: Line, newcomer: Stay, matrix: TravelMatrix) -> list[Span]:
    """When `newcomer` could start in `line`, as disjoint spans in order; none: it does not fit."""
    gaps = range(len(line.stays) + 2) if line.rest else range(1)
    return merged(
        span
        for place in range(len(line.stays) + 1)
        for gap in gaps
        for span in _slots_at(line, newcomer, matrix, place, gap)
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same seconds as disjoint spans in order."""
    disjoint: list[Span] = []
    for low, high in sorted(spans):
        if disjoint and low <= disjoint[-1][1] + 1:
            disjoint[-1] = (disjoint[-1][0], max(high, disjoint[-1][1]))
        else:
            disjoint.append((low, high))
    return disjoint


def meet(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """The seconds that lie in a span of either side, in the order of the first."""
    both = ((max(low, start), min(high, end)) for low, high in spans for start, end in others)
    return [(low, high) for low, high in both if low <= high]


def _slots_at(line: Line, newcomer: Stay, matrix: TravelMatrix, place: int, gap: int) -> Iterator[Span]:
    """With `newcomer` before stay number `place`, and the break in gap number `gap` of the longer line."""
    ready = _ready(line, newcomer, matrix, place, gap)
    leave_by = _leave_by(line, newcomer, matrix, place, gap)
    if ready is None or leave_by is None:
        return
    for low, high in newcomer.starts():
        first, last = max(low, ready), min(high, leave_by - newcomer.task.duration)
        if first <= last:
            yield first, last


def _ready(line: Line, newcomer: Stay, matrix: TravelMatrix, place: int, gap: int) -> int | None:
    """When the nurse can be ready to start `newcomer`, at the earliest; None: never."""
    here, free = line.start_place, line.start
    for index, stay in enumerate(line.stays[:place]):
        ready = _after(free, matrix.between(here, stay.task.place), line.rest if index == gap else None)
        start = None if ready is None else _earliest(stay, ready)
        if start is None:
            return None
        here, free = stay.task.place, start + stay.task.duration
    return _after(free, matrix.between(here, newcomer.task.place), line.rest if place == gap else None)


def _leave_by(line: Line, newcomer: Stay, matrix: TravelMatrix, place: int, gap: int) -> int | None:
    """When the nurse must leave `newcomer` to do the rest of the line; None: it cannot be done."""
    there, deadline = line.end_place, line.finish
    for index in range(len(line.stays) - 1, place - 1, -1):
        stay = line.stays[index]
        rest = line.rest if index + 2 == gap else None
        leave_by = _before(deadline, matrix.between(stay.task.place, there), rest)
        start = None if leave_by is None else _latest(stay, leave_by - stay.task.duration)
        if start is None:
            return None
        there, deadline = stay.task.place, start
    return _before(
        deadline, matrix.between(newcomer.task.place, there), line.rest if place + 1 == gap else None
    )


def _after(free: int, drive: int, rest: Rest | None) -> int | None:
    """Ready at the next place, free at the last. The break begins at once, on the way, or at the door."""
    if rest is None:
        return free + drive
    if max(free, rest.earliest_start) + rest.duration > rest.latest_end:
        return None
    return max(free + drive, rest.earliest_start) + rest.duration


def _before(deadline: int, drive: int, rest: Rest | None) -> int | None:
    """The latest second to be free at the last place, to be ready at the next by `deadline`."""
    if rest is None:
        return deadline - drive
    if rest.earliest_start + rest.duration > min(deadline, rest.latest_end):
        return None
    return min(deadline - drive, rest.latest_end) - rest.duration


def _earliest(stay: Stay, ready: int) -> int | None:
    return min((max(low, ready) for low, high in stay.starts() if ready <= high), default=None)


def _latest(stay: Stay, latest: int) -> int | None:
    return max((min(high, latest) for low, high in stay.starts() if low <= latest), default=None)


def _starts_in(window: Window, duration: int) -> Span:
    if window.soft:
        return window.earliest_start, MAX_SECONDS
    if window.latest_end is None:
        return window.earliest_start, window.latest_start
    return window.earliest_start, min(window.latest_start, window.latest_end - duration)
