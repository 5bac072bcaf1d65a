"""One visit's events as they were recorded, for the dispatcher to read: original, amended, both clocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.board.field_words import KINDS, NO_GO
from app.field.events import Event, Kind
from app.field.story import corrected_time
from app.store.models import FieldEvent

QUESTIONS: Mapping[str, str] = {
    "order_valid": "order valid",
    "identity": "identity",
    "fasting": "fasting",
    "adult": "responsible adult",
    "kit": "kit complete",
}


LABELS: Mapping[str, str] = {
    "arrival": "arrival and vitals",
    "iv_start": "IV start",
    "infusion": "infusion",
    "monitoring": "monitoring",
    "discharge": "discharge",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One event. `at`: the service's clock as far as known; `device`: the phone's own; `received`: when it
    came. `amendments`: of this event, in order, each with its `reason` and the time it corrects to
    (`corrected`, None: the same); `set_aside`: why it does not count."""

    nurse: str
    title: str
    words: str
    at: datetime
    device: datetime
    received: datetime
    offset_s: int
    set_aside: str
    amendments: tuple[Line, ...] = ()
    reason: str = ""
    corrected: datetime | None = None


_PLACED = frozenset({Kind.ARRIVED, Kind.DEPARTED})
"""Where the phone was is not amended, only when."""


def lines_of(rows: Sequence[FieldEvent], phases: Mapping[int, str] | None = None) -> tuple[Line, ...]:
    """The events in order of time, each with its amendments; amendments of nothing known stand alone.
    `phases`: kinds by position."""
    return tuple(_lines(rows, phases or {}))


def _lines(rows: Sequence[FieldEvent], phases: Mapping[int, str]) -> Iterator[Line]:
    amendments: dict[str, list[FieldEvent]] = {row.id: [] for row in rows if row.kind != Kind.AMENDED}
    for row in rows:
        target = str(row.payload.get("amends"))
        if row.kind == Kind.AMENDED and target in amendments:
            amendments[target].append(row)
    attached = {each.id for some in amendments.values() for each in some}
    for row in rows:
        if row.id in attached:
            continue
        corrections = tuple(_amendment(each, row, phases) for each in amendments.get(row.id, ()))
        yield _line(row, _words(row.kind, row.payload, phases), corrections)


def _line(
    row: FieldEvent,
    words: str,
    amendments: tuple[Line, ...] = (),
    reason: str = "",
    corrected: datetime | None = None,
) -> Line:
    event: Event = row.event
    return Line(
        nurse=row.nurse.name,
        title=KINDS.get(row.kind, row.kind),
        words=words,
        at=event.time,
        device=event.at,
        received=row.received_at,
        offset_s=round((event.time - event.at).total_seconds()),
        set_aside=row.set_aside,
        amendments=amendments,
        reason=reason,
        corrected=corrected,
    )


def _amendment(row: FieldEvent, of: FieldEvent, phases: Mapping[int, str]) -> Line:
    told = row.payload.get("payload")
    is_said_anew = told != of.payload and of.kind not in _PLACED
    return _line(
        row,
        _words(of.kind, told, phases) if isinstance(told, dict) and is_said_anew else "",
        reason=str(row.payload.get("reason") or ""),
        corrected=None if row.set_aside else corrected_time(row.event),
    )


def _words(kind: str, told: Mapping[str, Any], phases: Mapping[int, str]) -> str:
    """What an event says. Of what makes no sense, what there is of it."""
    try:
        return _of_kind(kind, told, phases)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError):
        return ", ".join(f"{key}: {value}" for key, value in told.items())


def _of_kind(kind: str, told: Mapping[str, Any], phases: Mapping[int, str]) -> str:
    match kind:
        case Kind.ARRIVED:
            return _place(told)
        case Kind.DEPARTED:
            early = told.get("early")
            why = f"early: {early.get('reason') or 'no reason'}, {early.get('prescriber')}" if early else ""
            return ", ".join(filter(None, (_place(told), why)))
        case Kind.CHECKED:
            return ", ".join(
                f"{QUESTIONS.get(key, key)}: {'yes' if answer else 'no'}"
                for key, answer in told["answers"].items()
            )
        case Kind.VITALS:
            more = (
                f", pulse {told['heart_rate']}" if told.get("heart_rate") else "",
                f", oxygen {told['oxygen']}%" if told.get("oxygen") else "",
            )
            return f"{told['systolic']}/{told['diastolic']}{''.join(more)}"
        case Kind.NO_GO:
            return ". ".join(filter(None, (NO_GO[told["reason"]], told.get("text"))))
        case Kind.PHASE_BEGAN:
            return LABELS[phases[told["position"]]]
        case Kind.DISCHARGED:
            return _discharge(told)
        case Kind.NOTE:
            return str(told["text"])
        case _:
            return _items(told)


def _place(told: Mapping[str, Any]) -> str:
    place = told.get("place")
    return f"place known to {place['accuracy_m']:.0f} m" if place else "no place"


def _discharge(told: Mapping[str, Any]) -> str:
    met = [f"{name}: {'yes' if yes else 'no'}" for name, yes in (told.get("criteria") or {}).items()]
    asked = (
        ("adult there", told.get("adult_present")),
        ("signs of mania", told.get("mania_signs")),
        ("follow-up booked", told.get("follow_up_booked")),
    )
    met += [f"{name}: {'yes' if yes else 'no'}" for name, yes in asked if yes is not None]
    return ", ".join([*met, *([f"mood: {told['mood']}"] if told.get("mood") else [])])


def _items(told: Mapping[str, Any]) -> str:
    parts = (
        f"{told['units']} × {told['item']}" if "units" in told else str(told.get("item", "")),
        f"difference {told['difference']}" if "difference" in told else "",
        f"witness {told['witness']}" if told.get("witness") else "",
        f"to {told['to']}" if told.get("to") else "",
        str(told.get("reason") or ""),
    )
    return ", ".join(filter(None, parts))
