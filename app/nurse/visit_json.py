"""One visit of hers as her phone holds it. Shapes are told in docs/field.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.field.events import Kind, instant_text
from app.field.expected import Meeting, rounded_up
from app.field.visit import VisitSpec
from app.nurse.day import LABELS, hand_over_view
from app.store.mapping.field import spec_of
from app.store.mapping.gates import standings
from app.store.models import FieldEvent, StopRow, Visit
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries.courses import OnFile
from app.web.times import short_day, span
from scheduler.model import GateKind

SHARED = frozenset({Kind.ARRIVED, Kind.PHASE_BEGAN, Kind.DEPARTED, Kind.AMENDED})
"""What she is told of the nurse who is there with her."""

FOLLOW_UP = "Follow-up"


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What belongs to one visit beside its stop. `number`: its place in her day, from 1."""

    number: int
    other: StopRow | None
    filed: OnFile
    today: date
    follow_up: Visit | None
    events: Sequence[FieldEvent]
    others: Sequence[FieldEvent]
    expected_arrival: datetime
    meeting: Meeting | None


def visit_json(stop: StopRow, around: Around) -> dict[str, Any]:
    """The visit. A cancelled one tells no more than the patient's name."""
    visit = stop.visit
    is_session = visit.kind is VisitKind.SESSION
    return {
        "id": visit.id,
        "day": visit.day.isoformat(),
        "number": around.number,
        "arrival": instant_text(stop.arrival),
        "start": instant_text(stop.start),
        "end": instant_text(stop.end),
        "expected_arrival": instant_text(around.expected_arrival),
        "status": visit.status.value,
        "notes": visit.notes,
        "patient": _patient(visit),
        "protocol": visit.protocol.name,
        **_plan(stop, around.other, around.meeting),
        "kit": list(visit.version.kit) if is_session else [],
        "drug_units": [
            {"item": each.item, "units": each.units} for each in visit.version.drug_units if is_session
        ],
        "order": _order(visit, around),
        "adult": _adult(around.filed, visit),
        "follow_up": _follow_up(around.follow_up),
        "events": [row.event.to_json() for row in around.events if not row.set_aside],
        "others": [row.event.to_json() for row in around.others if not row.set_aside and row.kind in SHARED],
    }


def _patient(visit: Visit) -> dict[str, Any]:
    patient = visit.patient
    if visit.status is not VisitStatus.BOOKED:
        return {"name": patient.name}
    return {
        "name": patient.name,
        "address": patient.address,
        "phone": patient.phone,
        "access_notes": patient.access_notes,
        "latitude": patient.latitude,
        "longitude": patient.longitude,
    }


def _plan(stop: StopRow, other: StopRow | None, meeting: Meeting | None) -> dict[str, Any]:
    """What the fold of her events goes by."""
    spec = spec_of(stop, other)
    shared = None if other is None else hand_over_view(stop, other)
    return {
        "phases": _phases(stop, spec),
        "hand_over": shared
        and meeting
        and {
            "gives": shared.gives,
            "nurse": shared.nurse,
            "begins": instant_text(shared.begins),
            "over": instant_text(shared.over),
            "overlap_minutes": spec.hand_over and spec.hand_over.overlap_minutes,
            "due": instant_text(rounded_up(meeting.at)),
            "before": [
                {"position": phase.position, "kind": phase.kind, "minutes": phase.minutes}
                for phase in meeting.before
            ],
        },
        "beside": "" if other is None or shared else other.route.nurse.name,
        "limits": {"max_systolic": spec.max_systolic, "max_diastolic": spec.max_diastolic},
        "vitals_every": dict(spec.vitals_every),
        "adult_hours": spec.adult_hours,
        "mania_check": spec.mania_check,
        "discharge_criteria": list(spec.discharge_criteria),
    }


def _phases(stop: StopRow, spec: VisitSpec) -> list[dict[str, Any]]:
    told, at = [], stop.start
    is_session = stop.visit.kind is VisitKind.SESSION
    for phase in spec.phases:
        over = at + timedelta(minutes=phase.minutes)
        told.append(
            {
                "position": phase.position,
                "kind": phase.kind,
                "label": LABELS.get(phase.kind, phase.kind) if is_session else FOLLOW_UP,
                "minutes": phase.minutes,
                "start": instant_text(at),
                "end": instant_text(over),
            }
        )
        at = over
    return told


def _order(visit: Visit, around: Around) -> Mapping[str, Any] | None:
    gates = standings(visit, around.filed, around.today)
    gate = next((each for each in gates if each.kind is GateKind.ORDER), None)
    return None if gate is None else {"valid": gate.open, "words": gate.words}


def _adult(filed: OnFile, visit: Visit) -> Mapping[str, Any] | None:
    presence = filed.presences.get(visit.id)
    if presence is None:
        return None
    return {
        "name": presence.adult.name,
        "until": instant_text(presence.present_until),
        "confirmed": presence.confirmed,
    }


def _follow_up(visit: Visit | None) -> Mapping[str, Any] | None:
    if visit is None or not visit.windows:
        return None
    what = "Follow-up call" if visit.kind is VisitKind.CALL else "Follow-up visit"
    window = visit.windows[0]
    when = span(window.earliest_start, window.latest_start)
    return {
        "kind": "call" if visit.kind is VisitKind.CALL else "visit",
        "words": f"{what} on {short_day(visit.day)}, {when}",
        "at": instant_text(window.earliest_start),
    }
