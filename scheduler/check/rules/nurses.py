"""Who does what: credentials, barred nurses, pairs, and how much one nurse can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from scheduler.check.facts import Facts
from scheduler.check.report import Code, Violation


def credentials_held(facts: Facts) -> Iterator[Violation]:
    """A nurse holds every credential of a task she does."""
    for stay in facts.stays():
        missing = sorted(stay.task.credentials - stay.shift.credentials)
        if missing:
            yield Violation(
                code=Code.CREDENTIAL,
                message=f"shift {stay.shift.id!r} lacks {', '.join(missing)} for task {stay.task.id!r}",
                visit=stay.visit.id,
                task=stay.task.id,
                shift=stay.shift.id,
            )


def nobody_barred(facts: Facts) -> Iterator[Violation]:
    """A barred nurse does no task of the visit."""
    for stay in facts.stays():
        if stay.shift.nurse in stay.visit.barred_nurses:
            yield Violation(
                code=Code.BARRED_NURSE,
                message=f"nurse {stay.shift.nurse!r} is barred from visit {stay.visit.id!r}",
                visit=stay.visit.id,
                task=stay.task.id,
                shift=stay.shift.id,
            )


def distinct_nurses(facts: Facts) -> Iterator[Violation]:
    """Where a mode asks for distinct nurses, nobody does two of its tasks, not even on two of her shifts."""
    for visit, stays in facts.served.items():
        apart = [stay for stay in stays if stay.mode.distinct_nurses]
        done = {(stay.mode.id, stay.shift.nurse, stay.task.id) for stay in apart}
        for (mode, nurse), count in Counter((mode, nurse) for mode, nurse, _ in done).items():
            if count > 1:
                message = f"nurse {nurse!r} does {count} tasks of mode {mode!r} of visit {visit!r}"
                yield Violation(code=Code.SAME_NURSE, message=message, visit=visit)


def most_visits(facts: Facts) -> Iterator[Violation]:
    """A shift has no more stops than its most visits."""
    for day in facts.days:
        most, stops = day.shift.max_visits, len(day.stays)
        if most is not None and stops > most:
            message = f"shift {day.shift.id!r} has {stops} stops, {most} at most"
            yield Violation(code=Code.MOST_VISITS, message=message, shift=day.shift.id, by=stops - most)


def one_place_at_a_time(facts: Facts) -> Iterator[Violation]:
    """The routes of one nurse's several shifts do not overlap in time, her breaks included."""
    for one, other in combinations(facts.days, 2):
        if one.shift.nurse != other.shift.nurse or one.shift.id == other.shift.id:
            continue
        (start, end), (other_start, other_end) = one.busy, other.busy
        if start < other_end and other_start < end:
            message = (
                f"nurse {one.shift.nurse!r} is on shift {one.shift.id!r} from {start} to {end} "
                f"and on shift {other.shift.id!r} from {other_start} to {other_end}"
            )
            yield Violation(code=Code.NURSE_TWICE, message=message, shift=other.shift.id)
