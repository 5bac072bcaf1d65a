"""Which broken rules the problem's accepted exceptions cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scheduler.check.report import Code, Violation
from scheduler.model import AcceptedException, OperationRule

EXCEPTABLE = frozenset(Code(rule) for rule in OperationRule)
"""The codes of the rules of operation. No exception ever covers another one."""


def told_apart(
    violations: Iterable[Violation], exceptions: Sequence[AcceptedException]
) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
    """The violations that stand, and those that are excepted: of the same rule, at the same visit or on the
    same shift, and no worse than was accepted."""
    accepted = {(each.rule.value, each.visit, each.shift): each.by for each in exceptions}
    broken: list[Violation] = []
    excepted: list[Violation] = []
    for violation in violations:
        covered = violation.code in EXCEPTABLE and violation.by <= accepted.get(_key(violation), 0)
        (excepted if covered else broken).append(violation)
    return tuple(broken), tuple(excepted)


def exception_of(violation: Violation) -> AcceptedException:
    """The exception that would cover the violation, and nothing more. Raises ValueError for a rule that is
    none of operation."""
    _, visit, shift = _key(violation)
    return AcceptedException(rule=OperationRule(violation.code), visit=visit, shift=shift, by=violation.by)


def _key(violation: Violation) -> tuple[str, str | None, str | None]:
    rule = OperationRule(violation.code)
    return (
        rule.value,
        violation.visit if rule.of_visit else None,
        violation.shift if rule.of_shift else None,
    )
