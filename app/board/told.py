"""What happened, and who must be told, in words. Nothing here reads the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.actions.difference import Difference
from app.days import clock_text
from app.store.mapping import ids
from app.store.models import DisruptionRow, Visit
from app.store.models.disruption import DisruptionKind
from scheduler.explain import ChangeLine, change_lines


@dataclass(frozen=True, kw_only=True, slots=True)
class ToTell:
    """A patient who must be told."""

    name: str
    phone: str
    visit: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What a draft changes, in words, for the board."""

    share: str
    lines: tuple[ChangeLine, ...]
    nurses: tuple[str, ...]
    patients: str


def happened_sentence(
    row: DisruptionRow, visits: Mapping[int, str], nurses: Mapping[int, str], zone: ZoneInfo
) -> str:
    """What was reported, as a sentence. A visit or nurse without a name is shown by its key."""
    told = row.details
    nurse = nurses.get(told.get("nurse", 0), f"Nurse {told.get('nurse')}")
    visit = visits.get(told.get("visit", 0), f"Visit {told.get('visit')}")
    match row.kind:
        case DisruptionKind.NURSE_ILL:
            since = clock_text(datetime.fromisoformat(told["from"]), zone)
            return f"{nurse} is ill from {since}."
        case DisruptionKind.NURSE_LATE:
            return f"{nurse} is {told['minutes']} min late."
        case DisruptionKind.VISIT_OVERRUNS:
            return f"{visit} lasts {told['minutes']} min longer."
        case DisruptionKind.VISIT_CANCELLED:
            return f"{visit}: the patient {'was not there' if told['no_show'] else 'cancels'}."
        case DisruptionKind.URGENT_VISIT:
            return f"{visit} is urgent."
        case DisruptionKind.ROAD_CLOSED:
            where = "between two patients" if told["between"] else "around some patients"
            return (
                f"Drives {where if told['patients'] else 'everywhere'} take {told['factor']:g} times as long."
            )


def _where(told: Mapping[str, Any]) -> str:
    if not told["patients"]:
        return "everywhere"
    return "between two patients" if told["between"] else "around some patients"


def people_to_tell(found: Difference, visits: Mapping[int, Visit]) -> tuple[ToTell, ...]:
    """The patients whose visits change, by time."""
    what = {line.visit: line.what for line in change_lines(found.changes, found.names)}
    patients = (visits[ids.key(visit)] for visit in found.changes.patients)
    return tuple(
        ToTell(name=visit.patient.name, phone=visit.patient.phone, visit=visit.code, what=what[visit.code])
        for visit in patients
    )
