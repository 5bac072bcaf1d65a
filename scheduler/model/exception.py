"""Accepted exceptions: rules of operation that a dispatcher lets a plan break, each in one place, so far."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.model.record import Record, require, require_id, require_int


class OperationRule(StrEnum):
    """The rules that may be broken by exception, by the referee's codes. Closed: all others are rules of
    safety, of law, or of what a plan is, and no exception covers them."""

    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    ENDS_TOO_LATE = "ends_too_late"
    BARRED_NURSE = "barred_nurse"
    MOST_VISITS = "most_visits"
    SHIFT_START = "shift_start"
    SHIFT_END = "shift_end"
    BREAK_MISSING = "break_missing"
    BREAK_WINDOW = "break_window"

    @property
    def of_visit(self) -> bool:
        """It is broken at a visit."""
        return self in _OF_VISITS

    @property
    def of_shift(self) -> bool:
        """It is broken on a shift. A barred nurse is one at a visit, on a shift."""
        return self is OperationRule.BARRED_NURSE or not self.of_visit


_OF_VISITS = frozenset(
    {
        OperationRule.TOO_EARLY,
        OperationRule.TOO_LATE,
        OperationRule.ENDS_TOO_LATE,
        OperationRule.BARRED_NURSE,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedException(Record):
    """A plan may break `rule` at `visit`, or on `shift`, or for a barred nurse at the one on the other, by at
    most `by`: seconds; visits of `most_visits`; 1 where a rule is kept or not.

    Of a visit or shift that the problem does not have it says nothing.
    """

    rule: OperationRule
    visit: str | None = None
    shift: str | None = None
    by: int = 1

    def __post_init__(self) -> None:
        name = f"exception '{self.rule}'"
        require(
            isinstance(self.rule, OperationRule), name, "rule", f"must be an OperationRule, not {self.rule!r}"
        )
        for field, asked in (("visit", self.rule.of_visit), ("shift", self.rule.of_shift)):
            given = getattr(self, field)
            require(asked or given is None, name, field, f"says nothing of this rule, but is {given!r}")
            if asked:
                require_id(name, field, given)
        require_int(name, "by", self.by, low=1)
