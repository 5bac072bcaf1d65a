"""What a nurse sees to at a visit: before she starts, while it runs, and before she leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from app.days import clock_text, day_text, local_date
from app.store.mapping.gates import standings
from app.store.models import AdultPresence, Visit
from app.store.models.visit import VisitKind
from app.store.queries.courses import OnFile
from scheduler.model import GateKind


def checks_of(visit: Visit, filed: OnFile, today: date, zone: ZoneInfo) -> Iterator[str]:
    """The list for one visit, in the order of its phases; a follow-up has none but its own purpose."""
    if visit.kind is not VisitKind.SESSION:
        yield "Follow-up after an infusion: ask how the patient has been."
        return
    yield "Before the start: identity, fasting, kit complete."
    for gate in standings(visit, filed, today):
        if gate.kind is not GateKind.ADULT:
            yield gate.words if gate.open else f"NOT CLEARED: {gate.words}"
    version = visit.version
    if version.max_systolic is not None and version.max_diastolic is not None:
        yield f"Hold the start above {version.max_systolic}/{version.max_diastolic} mmHg."
    vitals = [
        f"every {minutes} min during {phase}"
        for minutes, phase in (
            (version.vitals_infusion, "infusion"),
            (version.vitals_monitoring, "monitoring"),
        )
        if minutes
    ]
    if vitals:
        yield f"Vitals {', '.join(vitals)}."
    if version.adult_hours:
        yield _adult(filed.presences.get(visit.id), version.adult_hours, zone)
    if version.discharge_criteria:
        yield f"Discharge when: {'; '.join(version.discharge_criteria)}."
    if visit.patient.bipolar:
        yield "Ask for signs of mania before discharge."


def _adult(presence: AdultPresence | None, hours: int, zone: ZoneInfo) -> str:
    if presence is None:
        return f"NOT CLEARED: no responsible adult is named; one stays {hours} h after discharge."
    phone = f" ({presence.adult.phone})" if presence.adult.phone else ""
    until = (
        f"{day_text(local_date(presence.present_until, zone))}, {clock_text(presence.present_until, zone)}"
    )
    words = f"Responsible adult: {presence.adult.name}{phone}, there until {until}."
    return words if presence.confirmed else f"NOT CLEARED: not confirmed yet. {words}"
