"""Stores a generated clinic: rows of the demo region, local times turned into UTC."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.clock import utc_now
from app.demo import courses, places, protocols
from app.demo.clinic import REGION_CODE, REGION_NAME, STATE, ZONE
from app.demo.day import OVERLAP
from app.demo.rows import Clinic, DemoNurse, DemoPatient, DemoProtocol, DemoVisit
from app.store.engine import Tx
from app.store.models.nurse import Availability, AvailabilityException, Credential, Nurse, WeeklyShift
from app.store.models.patient import Patient, PatientNurse, PhaseMinimum, Standing
from app.store.models.pickup import Pickup
from app.store.models.protocol import (
    DrugUnits,
    FollowUp,
    PhaseKind,
    Protocol,
    ProtocolPhase,
    ProtocolVersion,
)
from app.store.models.region import Region
from app.store.models.visit import Priority, Visit, VisitWindow

SOLVE_SECONDS = 30
"""Enough for the demo, and nobody waits a minute to see it."""

CRITERIA = ("Alert and oriented", "Blood pressure near what it was on arrival", "Walks unaided")
FOLLOW_UPS = (
    FollowUp(offset_hours=24, window_hours=4, in_person=False, minutes=15, mania_check=True),
    FollowUp(offset_hours=168, window_hours=24, in_person=False, minutes=15, mania_check=False),
)


def store(tx: Tx, clinic: Clinic) -> Region:
    """Add the clinic with a new demo region and return the region, its key set."""
    region = Region(
        code=REGION_CODE,
        name=REGION_NAME,
        zone=ZONE,
        solve_seconds=SOLVE_SECONDS,
        horizon_seconds=2 * SOLVE_SECONDS,
        detour_factor=places.DETOUR_FACTOR,
        speed_kmh=places.SPEED_KMH,
        latitude=places.CENTRE[0],
        longitude=places.CENTRE[1],
        state=STATE,
    )
    tx.add(region)
    tx.flush()
    nurses = {row.code: _nurse(region, row) for row in clinic.nurses}
    recipes = {row.code: _protocol(region, row) for row in clinic.protocols}
    patients = {row.code: _patient(region, row, nurses) for row in clinic.patients}
    tx.add_all([*nurses.values(), *recipes.values(), *patients.values()])
    visits = [_visit(region, row, nurses, recipes, patients) for row in clinic.visits]
    tx.add_all(visits)
    tx.flush()
    tx.add_all(_pickups(nurses[clinic.nurses[0].code], clinic.days[0]))
    courses.store(tx, region, visits, hopeless=clinic.hopeless, first_day=clinic.days[0])
    return region


def _nurse(region: Region, row: DemoNurse) -> Nurse:
    return Nurse(
        region_id=region.id,
        code=row.code,
        name=row.name,
        phone=row.phone,
        address=row.home.address,
        latitude=row.home.latitude,
        longitude=row.home.longitude,
        max_visits=row.max_visits,
        max_overtime_min=row.max_overtime_min,
        weekly_shifts=[
            WeeklyShift(
                weekday=hours.weekday,
                start_time=hours.start,
                end_time=hours.end,
                break_minutes=hours.break_minutes,
                break_earliest=hours.break_earliest,
                break_latest=hours.break_latest,
            )
            for hours in row.week
        ],
        exceptions=[
            AvailabilityException(
                day=other.day,
                kind=Availability.OFF if other.start is None else Availability.HOURS,
                start_time=other.start,
                end_time=other.end,
                reason=other.reason,
            )
            for other in row.other_days
        ],
        credentials=[
            Credential(
                kind=proof.kind,
                valid_from=proof.valid_from,
                expires_on=proof.expires_on,
                states=" ".join(proof.states),
            )
            for proof in row.credentials
        ],
    )


def _protocol(region: Region, row: DemoProtocol) -> Protocol:
    return Protocol(
        region_id=region.id,
        code=row.code,
        name=row.name,
        versions=[
            ProtocolVersion(
                number=1,
                created_at=utc_now(),
                note="Of the demo.",
                staff=row.staff,
                credentials=list(row.whole),
                hand_over=row.hand_over,
                overlap_minutes=OVERLAP,
                phases=[
                    ProtocolPhase(
                        position=position,
                        kind=PhaseKind(kind),
                        minutes=minutes,
                        credentials=list(row.asked(kind)),
                    )
                    for position, (kind, minutes) in enumerate(row.phases)
                ],
                **_care(row),
            )
        ],
    )


def _care(row: DemoProtocol) -> dict[str, Any]:
    """Vitals, limits, discharge, follow-ups and supplies, as published practice has them."""
    kit = ["IV start kit", "Infusion pump set"]
    care = {"vitals_infusion": 10, "vitals_monitoring": 15, "discharge_criteria": list(CRITERIA), "kit": kit}
    if protocols.KETAMINE not in row.infusion:
        return care | {"drug_units": (DrugUnits(item="Iron sucrose 200 mg vial", units=1),)}
    return care | {
        "max_systolic": 140,
        "max_diastolic": 90,
        "adult_hours": 4,
        "follow_ups": FOLLOW_UPS,
        "drug_units": (DrugUnits(item="Ketamine 500 mg vial", units=1),),
    }


def _pickups(nurse: Nurse, day: date) -> list[Pickup]:
    """What the first nurse has picked up for the first day, more than enough."""
    items = ("IV start kit", "Infusion pump set", "Ketamine 500 mg vial", "Iron sucrose 200 mg vial")
    return [Pickup(nurse_id=nurse.id, day=day, item=item, units=6) for item in items]


def _patient(region: Region, row: DemoPatient, nurses: dict[str, Nurse]) -> Patient:
    standings = [
        *((code, Standing.PREFERRED) for code in row.preferred),
        *((code, Standing.BARRED) for code in row.barred),
    ]
    return Patient(
        region_id=region.id,
        code=row.code,
        name=row.name,
        phone=row.phone,
        address=row.home.address,
        latitude=row.home.latitude,
        longitude=row.home.longitude,
        access_notes=row.access_notes,
        nurses=[PatientNurse(nurse=nurses[code], standing=standing) for code, standing in standings],
        phase_minimums=[]
        if row.monitoring is None
        else [
            PhaseMinimum(
                kind=PhaseKind.MONITORING, minutes=row.monitoring, reason=protocols.MONITORING_REASON
            )
        ],
    )


def _visit(
    region: Region,
    row: DemoVisit,
    nurses: dict[str, Nurse],
    recipes: dict[str, Protocol],
    patients: dict[str, Patient],
) -> Visit:
    return Visit(
        region_id=region.id,
        code=row.code,
        patient=patients[row.patient],
        version=recipes[row.protocol].newest,
        day=row.day,
        zone=region.zone,
        priority=Priority(row.priority),
        notes=row.notes,
        pinned_nurse=None if row.pinned_nurse is None else nurses[row.pinned_nurse],
        windows=[
            VisitWindow(
                earliest_start=_instant(row.day, window.earliest),
                latest_start=_instant(row.day, window.latest_start),
                latest_end=None if window.latest_end is None else _instant(row.day, window.latest_end),
            )
            for window in row.windows
        ],
    )


def _instant(day: date, clock: time) -> datetime:
    # Between 6:00 and 22:00 no American clock is ever put forward or back.
    return datetime.combine(day, clock, ZoneInfo(ZONE))
