"""What a change costs, part by part, in words: "12 min more driving ($5)"."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.check import Cost
from scheduler.explain.course_words import length

_PRICED = (
    ("not_preferred", "a nurse whom the patient does not prefer", "a nurse whom the patient prefers"),
    ("changed_nurse", "another nurse than the patient was told", "the nurse that the patient was told"),
    ("moved_start", "another time than the patient was told", "the time that the patient was told"),
    ("continuity", "another nurse than at the session before", "the nurse of the session before"),
    ("lateness", "later than wished", "less late than wished"),
    ("worst_lateness", "a larger delay at worst", "a smaller delay at worst"),
    ("waiting", "more waiting", "less waiting"),
    ("longest_idle", "a longer idle time", "a shorter idle time"),
    ("imbalance", "work shared less evenly", "work shared more evenly"),
    ("missed_breaks", "a missed break", "no missed break"),
    ("dropped", "a visit left out", ""),
)
"""Parts of the cost; what is said of one that grows, and of one that shrinks (nothing: that says itself)."""


def cost_lines(before: Cost, after: Cost, points_per_unit: int) -> tuple[str, ...]:
    """Each part of the cost that changes, the dearest first, its price in dollars after it."""
    lines = sorted(_lines(before, after), key=lambda line: -line[0])
    return tuple(f"{words} ({signed(points, points_per_unit)})" for points, words in lines)


def signed(points: int, points_per_unit: int) -> str:
    """ "+$12", "-$3"; with cents below ten dollars, and "$0" for nothing."""
    units = abs(points) / points_per_unit
    amount = f"{units:,.0f}" if units >= 10 or units == 0 else f"{units:,.2f}"
    sign = "+" if points > 0 else "-" if points < 0 else ""
    return f"{sign}${amount}"


def _lines(before: Cost, after: Cost) -> Iterator[tuple[int, str]]:
    for part, seconds, noun in (
        ("travel", after.travel_seconds - before.travel_seconds, "driving"),
        ("overtime", after.overtime_seconds - before.overtime_seconds, "overtime"),
    ):
        if seconds:
            points = getattr(after, part) - getattr(before, part)
            yield points, f"{length(max(60, abs(seconds)))} {'more' if seconds > 0 else 'less'} {noun}"
    for part, more, less in _PRICED:
        points = getattr(after, part) - getattr(before, part)
        if points and (points > 0 or less):
            yield points, more if points > 0 else less
