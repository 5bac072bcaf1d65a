"""Gates: the order, the prescriber, the responsible adult, and what must be on file."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.check.facts import Facts
from scheduler.check.report import Code, Violation
from scheduler.model import Gate, GateKind

_CODES = {
    GateKind.ORDER: Code.ORDER,
    GateKind.PRESCRIBER: Code.PRESCRIBER,
    GateKind.ADULT: Code.ADULT,
    GateKind.AGREEMENT: Code.AGREEMENT,
    GateKind.MANIA_CHECK: Code.MANIA_CHECK,
    GateKind.SPACING: Code.SPACING,
}


def gates_open(facts: Facts) -> Iterator[Violation]:
    """Each gate of a served visit is open all the time that the visit asks for."""
    for visit in facts.problem.visits:
        first = facts.first_stay(visit.id) if visit.gates else None
        if first is None:
            continue
        for gate in visit.gates:
            since, until = first.stop.start + gate.since, first.stop.start + gate.until
            if not _open(gate, since, until):
                message = f"visit {visit.id!r} needs its gate '{gate.kind}' from {since} to {until}"
                yield Violation(code=_CODES[gate.kind], message=message, visit=visit.id, shift=first.shift.id)


def _open(gate: Gate, since: int, until: int) -> bool:
    return any(span.start <= since and until <= span.end for span in gate.spans)
