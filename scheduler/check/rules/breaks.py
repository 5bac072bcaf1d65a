"""The break: owed on every route of a shift that has one, in its window, never inside a stay.

It may interrupt a drive or fall into a wait, and then delays what follows: `rest_between` is the part of it
that is no time to drive. Before the departure and after the finish it is taken at the shift's own places and
delays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.check.facts import Day, Facts
from scheduler.check.report import Code, Violation


def rest_between(day: Day, leave: int, arrive: int) -> int:
    """Seconds of the day's break within [leave, arrive]; 0 where there is none."""
    span = _span(day)
    if span is None:
        return 0
    return max(0, min(span[1], arrive) - max(span[0], leave))


def break_given(facts: Facts) -> Iterator[Violation]:
    """A route of a shift that owes a break has one, unless the break may be missed at a price."""
    for day in facts.days:
        rest = day.shift.break_
        may_miss = rest is None or rest.miss_cost is not None
        if not may_miss and day.stays and day.route.break_start is None:
            yield _at(day, Code.BREAK_MISSING, "has no break")


def break_owed(facts: Facts) -> Iterator[Violation]:
    """A route of a shift without a break has none."""
    for day in facts.days:
        if day.shift.break_ is None and day.route.break_start is not None:
            yield _at(day, Code.BREAK_UNDUE, f"has a break at {day.route.break_start}, though none is owed")


def break_in_window(facts: Facts) -> Iterator[Violation]:
    """The break lies whole in its own window, and in the shift from its start to its latest finish."""
    for day in facts.days:
        span = _span(day)
        if span is None or day.shift.break_ is None:
            continue
        first = max(day.shift.break_.earliest_start, day.shift.start)
        last = min(day.shift.break_.latest_end, day.shift.latest_finish)
        if span[0] < first or span[1] > last:
            what = f"has its break from {span[0]} to {span[1]}, not in {first} to {last}"
            yield _at(day, Code.BREAK_WINDOW, what, by=max(0, first - span[0]) + max(0, span[1] - last))


def break_undisturbed(facts: Facts) -> Iterator[Violation]:
    """The break overlaps no stay."""
    for day in facts.days:
        span = _span(day)
        if span is None:
            continue
        for stay in day.stays:
            if span[0] < stay.stop.end and stay.stop.start < span[1]:
                yield _at(
                    day, Code.BREAK_OVERLAP, f"has its break during task {stay.task.id!r}", stay.task.id
                )


def _span(day: Day) -> tuple[int, int] | None:
    rest, start = day.shift.break_, day.route.break_start
    return None if rest is None or start is None else (start, start + rest.duration)


def _at(day: Day, code: Code, what: str, task: str | None = None, by: int = 1) -> Violation:
    message = f"shift {day.shift.id!r} {what}"
    return Violation(code=code, message=message, task=task, shift=day.shift.id, by=by)
