"""What a nurse's shifts may add up to: hours over several days, rest in between, and what she carries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from scheduler.check.facts import Day, Facts
from scheduler.check.report import Code, Violation


def hours_kept(facts: Facts) -> Iterator[Violation]:
    """The shifts with stops that start within an hour limit's time last no longer together than it allows."""
    used = _used_by_nurse(facts)
    for limit in facts.problem.hour_limits:
        days = [day for day in used.get(limit.nurse, []) if limit.start <= day.shift.start < limit.end]
        hours = sum(max(day.shift.end, day.route.finish) - day.shift.start for day in days)
        if hours > limit.max_seconds:
            message = (
                f"nurse {limit.nurse!r} works {hours} s on shifts that start from {limit.start} "
                f"to {limit.end}, {limit.max_seconds} s at most"
            )
            yield Violation(code=Code.HOUR_LIMIT, message=message, shift=days[-1].shift.id)


def rested_between(facts: Facts) -> Iterator[Violation]:
    """From the end of a nurse's used shift, her finish or a break after it, to the departure of her next one
    is rest enough. Shifts that overlap are `one_place_at_a_time`'s."""
    for nurse, days in _used_by_nurse(facts).items():
        for one, other in pairwise(days):
            rest = other.route.departure - one.busy[1]
            if 0 <= rest < facts.problem.rest_s:
                message = (
                    f"nurse {nurse!r} rests {rest} s between shifts {one.shift.id!r} and {other.shift.id!r}, "
                    f"not {facts.problem.rest_s} s"
                )
                yield Violation(code=Code.REST, message=message, shift=other.shift.id)


def stock_lasts(facts: Facts) -> Iterator[Violation]:
    """The tasks of a shift use no more of an item than its stock has, if that names it."""
    for day in facts.days:
        used: Counter[str] = Counter()
        for stay in day.stays:
            used.update({supply.item: supply.units for supply in stay.task.uses})
        for supply in day.shift.stock:
            if used[supply.item] > supply.units:
                message = (
                    f"shift {day.shift.id!r} uses {used[supply.item]} of {supply.item!r}, has {supply.units}"
                )
                yield Violation(code=Code.STOCK, message=message, shift=day.shift.id)


def _used_by_nurse(facts: Facts) -> dict[str, list[Day]]:
    """Each nurse's routes with stops, in time."""
    used: dict[str, list[Day]] = {}
    for day in sorted(facts.days, key=lambda day: day.route.departure):
        if day.stays:
            used.setdefault(day.shift.nurse, []).append(day)
    return used
