"""When a task may start, as stretches of time; what its patient was told makes some of them dearer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.model import Mode, Pin, Problem, Promise, Span, Task, Visit, Window


@dataclass(frozen=True, slots=True)
class Option:
    """A stretch of time in which a task may start, [earliest, latest], for `price` points; lateness counts
    from `due`."""

    earliest: int
    latest: int
    due: int
    price: int = 0


def options_of(
    task: Task, pin: Pin | None, horizon: int, gated: Sequence[Span] | None = None
) -> tuple[Option, ...]:
    """The stretches of time in which the task may start, disjoint, none of them empty. Soft ones end at
    `horizon`. `gated`: when its visit's gates let it start; None: it has no gates.

    A start is judged by the last window that has begun, and must keep that one or one before it; so each
    window rules until the next begins, or for as long as some window begun by then can still be kept.
    """
    options: list[Option] = []
    keepable = -1
    ends = [window.earliest_start - 1 for window in task.windows[1:]] + [horizon]
    for window, end in zip(task.windows, ends, strict=True):
        due = _due(window, task.duration)
        keepable = max(keepable, horizon if window.soft else due)
        latest = min(end, keepable)
        options.append(Option(window.earliest_start, latest, due if window.soft else latest))
    if pin is not None and pin.start is not None:
        at = pin.start
        options = [Option(at, at, o.due) for o in options if o.earliest <= at <= o.latest]
    if gated is not None:
        options = [
            Option(max(o.earliest, span.start), min(o.latest, span.end), min(o.due, span.end))
            for o in options
            for span in gated
        ]
    return tuple(option for option in options if option.earliest <= option.latest)


def _due(window: Window, duration: int) -> int:
    """The latest start that is not late."""
    if window.latest_end is None:
        return window.latest_start
    return min(window.latest_start, window.latest_end - duration)


@dataclass(frozen=True, slots=True)
class Told:
    """What was promised of a task: `nurse` (None: nothing was); `fee` is paid whoever does it whenever."""

    nurse: str | None
    fee: int


class Promises:
    """What it costs not to keep the problem's promises, as prices of nurses and of starts."""

    def __init__(self, problem: Problem) -> None:
        self._promise = {promise.task: promise for promise in problem.promises}
        self._weights = problem.weights

    def told(self, visit: Visit, mode: Mode, task: Task, options: Sequence[Option]) -> Told:
        """What was promised of the task, one of a mode of the visit, that may start in `options`."""
        promise = self._promise.get(task.id)
        if promise is not None:
            kept = self._weights.moved_start == 0 or _meets(promise, options)
            return Told(promise.nurse, 0 if kept else self._weights.moved_start)
        broken = 0
        if self._promise and task is mode.tasks[0]:
            mine = {own.id for own in mode.tasks}
            broken = sum(other.id in self._promise for other in visit.tasks if other.id not in mine)
        return Told(None, broken * (self._weights.changed_nurse + self._weights.moved_start))

    def promised(self, task: Task, options: Sequence[Option]) -> tuple[int, int] | None:
        """The first and last second of the promised time, if part of `options`; None: no start is dearer."""
        promise = self._promise.get(task.id)
        if promise is None or self._weights.moved_start == 0 or not _meets(promise, options):
            return None
        return promise.start - promise.tolerance, promise.start + promise.tolerance

    def priced(self, task: Task, options: tuple[Option, ...]) -> tuple[Option, ...]:
        """The same stretches cut where the promised time begins and ends; the parts outside have a price."""
        span, price = self.promised(task, options), self._weights.moved_start
        if span is None:
            return options
        first, last = span
        return tuple(
            Option(low, high, option.due, its)
            for option in options
            for low, high, its in (
                (option.earliest, min(option.latest, first - 1), price),
                (max(option.earliest, first), min(option.latest, last), 0),
                (max(option.earliest, last + 1), option.latest, price),
            )
            if low <= high
        )


def _meets(promise: Promise, options: Sequence[Option]) -> bool:
    """Whether the promised time lies, in part, in one of the stretches."""
    first, last = promise.start - promise.tolerance, promise.start + promise.tolerance
    return any(option.earliest <= last and first <= option.latest for option in options)


def most_broken(problem: Problem) -> int:
    """What it costs to break every promise."""
    return len(problem.promises) * (problem.weights.changed_nurse + problem.weights.moved_start)
