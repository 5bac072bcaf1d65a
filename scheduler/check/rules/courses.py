"""A course of treatment: how far apart its visits are, and which of them need another one first."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.check.facts import Facts
from scheduler.check.report import Code, Violation


def spacings_kept(facts: Facts) -> Iterator[Violation]:
    """Start to start, a spacing's second visit follows its first by min_s to max_s, where both are served."""
    for spacing in facts.problem.spacings:
        first, then = facts.first_stay(spacing.first), facts.first_stay(spacing.then)
        if first is None or then is None:
            continue
        apart = then.stop.start - first.stop.start
        if apart < spacing.min_s or (spacing.max_s is not None and apart > spacing.max_s):
            wanted = (
                f"{spacing.min_s} s or more"
                if spacing.max_s is None
                else f"{spacing.min_s} to {spacing.max_s} s"
            )
            message = f"visit {spacing.then!r} starts {apart} s after visit {spacing.first!r}, not {wanted}"
            yield Violation(code=Code.SPACING, message=message, visit=spacing.then, shift=then.shift.id)


def follow_ups_follow(facts: Facts) -> Iterator[Violation]:
    """A visit that needs another one first is not served unless that is."""
    for spacing in facts.problem.spacings:
        then = facts.first_stay(spacing.then)
        if spacing.needs_first and then is not None and spacing.first not in facts.served:
            message = (
                f"visit {spacing.then!r} is served, though visit {spacing.first!r}, which it follows, is not"
            )
            yield Violation(code=Code.FOLLOW_UP, message=message, visit=spacing.then, shift=then.shift.id)
