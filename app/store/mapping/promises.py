"""What a published plan has told patients and nurses: prices on changing it when the day is planned again."""

from __future__ import annotations

from dataclasses import replace

from app.store.mapping.day import LoadedDay
from app.store.mapping.evidence import Evidence
from scheduler.model import POINTS_PER_DOLLAR, promises_of

CHANGED_NURSE = 2 * POINTS_PER_DOLLAR
MOVED_START = 2 * POINTS_PER_DOLLAR
"""For each visit that another nurse does, and for each that moves by more than a quarter of an hour."""


def with_promises(loaded: LoadedDay, published: Evidence) -> LoadedDay:
    """The day with a price on each change of the published plan, as far as its visits are still there, and
    what its visits were worth to it. A plan from before the region changed its clock promises nothing."""
    problem = loaded.problem
    if published.problem.origin != problem.origin:
        return loaded
    told = problem.replace(
        promises=promises_of(published.plan, published.problem, problem),
        weights=problem.weights.replace(changed_nurse=CHANGED_NURSE, moved_start=MOVED_START),
    )
    return with_worths(replace(loaded, problem=told), published)


def with_worths(loaded: LoadedDay, known: Evidence) -> LoadedDay:
    """The day with what its visits were worth to an earlier plan: a hint for the next solve."""
    return replace(loaded, problem=loaded.problem.replace(worths=known.problem.worths))
