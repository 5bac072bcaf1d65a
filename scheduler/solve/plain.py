"""What insertion, CP-SAT and route pricing do not reckon with; the annealing does."""

from __future__ import annotations

from scheduler.model import ModelError, Problem

LONGEST_SHIFT = 24 * 3600
"""Seconds; routes of longer shifts are too many to be priced."""


def beyond_insertion(problem: Problem) -> tuple[str, ...]:
    """The fields of the problem with which only the annealing reckons."""
    weights, shifts = problem.weights, problem.shifts
    return _used(
        {
            "weights.waiting": weights.waiting > 0,
            "weights.longest_idle": weights.longest_idle > 0,
            "weights.imbalance": weights.imbalance > 0,
            "break.miss_cost": any(s.break_ is not None and s.break_.miss_cost is not None for s in shifts),
            "shift.leaves_at_start": any(s.leaves_at_start for s in shifts),
        }
    )


def beyond_plain(problem: Problem) -> tuple[str, ...]:
    """The fields of the problem with which CP-SAT and pricing do not reckon."""
    return beyond_insertion(problem) + _used(
        {
            "problem.spacings": bool(problem.spacings),
            "problem.hour_limits": bool(problem.hour_limits),
            "problem.rest_s": problem.rest_s > 0,
        }
    )


def require_plain(problem: Problem) -> None:
    """Raise ModelError where the problem uses such a field."""
    names = beyond_plain(problem)
    if names:
        record, field = names[0].split(".")
        raise ModelError(record, field, "this solver does not reckon with it; take the one named 'engine'")


def has_short_routes(problem: Problem) -> bool:
    """Shifts of a day at most, hard windows and nothing beyond pricing: routes can be enumerated in time and
    memory."""
    soft = any(w.soft for visit in problem.visits for task in visit.tasks for w in task.windows)
    return (
        not soft
        and not beyond_plain(problem)
        and all(s.latest_finish - s.start <= LONGEST_SHIFT for s in problem.shifts)
    )


def _used(fields: dict[str, bool]) -> tuple[str, ...]:
    return tuple(name for name, is_used in fields.items() if is_used)
