"""Accepted exceptions: rows become those of the planner's model, and back."""

from __future__ import annotations

from collections.abc import Iterable

from app.store.mapping import ids
from app.store.models import AcceptedExceptionRow
from scheduler.model import AcceptedException, OperationRule

WINDOW_RULES = frozenset({OperationRule.TOO_EARLY, OperationRule.TOO_LATE, OperationRule.ENDS_TOO_LATE})


def exceptions_of(rows: Iterable[AcceptedExceptionRow]) -> tuple[AcceptedException, ...]:
    """One for each rule and place: of several the widest."""
    widest: dict[tuple[OperationRule, int | None, int | None], int] = {}
    for row in rows:
        key = row.rule, row.visit_id, row.nurse_id
        widest[key] = max(row.amount, widest.get(key, 0))
    return tuple(
        AcceptedException(
            rule=rule,
            visit=None if visit is None else ids.visit_id(visit),
            shift=None if nurse is None else ids.shift_id(nurse),
            by=by,
        )
        for (rule, visit, nurse), by in widest.items()
    )


def out_of_window(rows: Iterable[AcceptedExceptionRow]) -> frozenset[int]:
    """The visits that may be outside their windows."""
    return frozenset(row.visit_id for row in rows if row.rule in WINDOW_RULES and row.visit_id is not None)
