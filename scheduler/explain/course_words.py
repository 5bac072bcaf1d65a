"""What a course of treatment keeps a nurse from, in words: gates, spacings, hours, rest and stock."""

from __future__ import annotations

from scheduler.explain.why import Cause, NurseWhyNot
from scheduler.model import Gate, GateKind

COURSE_CAUSES = frozenset(
    {
        *(Cause.ORDER, Cause.PRESCRIBER, Cause.ADULT, Cause.AGREEMENT, Cause.MANIA_CHECK),
        *(Cause.FOLLOW_UP, Cause.TOO_CLOSE, Cause.TOO_FAR_APART),
    }
)
"""Causes that lie with the visit, not with the nurse."""


def at_fault(entry: NurseWhyNot) -> str:
    """A cause of COURSE_CAUSES by itself: "no order is valid then"."""
    if entry.cause is Cause.FOLLOW_UP:
        return "the visit that it follows is left out"
    if entry.spacing is not None:
        return f"it could only start {_apart(entry)}"
    return _shut(entry.gate) if entry.cause is Cause.ADULT else f"{_shut(entry.gate)} then"


def could_only(entry: NurseWhyNot) -> str:
    """The same, read on from nurses' names: "could only come when no order is valid"."""
    if entry.cause is Cause.FOLLOW_UP:
        return "cannot come, as the visit that it follows is left out"
    if entry.spacing is not None:
        return f"could only start {_apart(entry)}"
    return f"could only come when {_shut(entry.gate)}"


def length(seconds: int) -> str:
    """ "48 h", "1 h 30 min", "20 min"."""
    hours, minutes = divmod(seconds // 60, 60)
    parts = [f"{hours} h"] if hours else []
    if minutes or not hours:
        parts.append(f"{minutes} min")
    return " ".join(parts)


def _shut(gate: Gate | None) -> str:
    assert gate is not None, "such a cause has its gate"
    if gate.kind is GateKind.ADULT:
        stay = gate.until - gate.since
        how_long = f"from discharge until {length(stay)} later" if stay else "at discharge"
        return f"the responsible adult is not there {how_long}"
    return {
        GateKind.ORDER: "no order is valid",
        GateKind.PRESCRIBER: "no prescriber can be reached",
        GateKind.AGREEMENT: "the coordinating psychiatrist's agreement is not on file",
        GateKind.MANIA_CHECK: "the mania check after the last session is not on file",
        GateKind.SPACING: "the sessions before and after are too near",
    }[gate.kind]


def _apart(entry: NurseWhyNot) -> str:
    """ "less than 48 h after the session before"."""
    spacing = entry.spacing
    assert spacing is not None, "such a cause has its spacing"
    if entry.after:
        to = "after the visit that it follows" if spacing.needs_first else "after the session before"
    else:
        to = "before the visit that follows it" if spacing.needs_first else "before the next session"
    if entry.cause is Cause.TOO_CLOSE:
        return f"less than {length(spacing.min_s)} {to}"
    return f"more than {length(spacing.max_s or 0)} {to}"
