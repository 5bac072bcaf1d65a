"""A tiny clinic: one region, three nurses, two patients, log-ins; and builders of visits and plans.

Fictional people. Local times are those of Columbus, Ohio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.actions.accounts import create_user
from app.store.engine import Tx
from app.store.models import (
    Nurse,
    Patient,
    PlanRow,
    Protocol,
    ProtocolPhase,
    ProtocolVersion,
    Region,
    RouteRow,
    Run,
    StopRow,
    Visit,
    VisitWindow,
    WeeklyShift,
)
from app.store.models.plan import PlanStatus
from app.store.models.protocol import PhaseKind
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.user import Role

ZONE = ZoneInfo("America/New_York")
PASSWORD = "rounds-demo"
DISPATCHER = "dispatcher@demo.example"
NURSE = "nurse@demo.example"
OTHER_NURSE = "other@demo.example"
PHASES = (("arrival", 15), ("iv_start", 10), ("infusion", 40), ("monitoring", 60), ("discharge", 10))


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """The ids of what `seed` made. Ana, Ben and Cleo are nurses; Ana logs in as NURSE, Ben as OTHER_NURSE."""

    region: int
    ana: int
    ben: int
    cleo: int
    mara: int
    theo: int
    protocol: int


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of a local time on `day`, as UTC."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def seed(tx: Tx) -> Clinic:
    """Fill an empty database."""
    region = Region(
        code="columbus", name="Columbus", zone=ZONE.key, solve_seconds=2, latitude=39.96, longitude=-83.0
    )
    tx.add(region)
    tx.flush()
    nurses = [
        _nurse(tx, region, *row)
        for row in (("N01", "Ana Ortiz", 39.99), ("N02", "Ben Larsen", 39.95), ("N03", "Cleo Winter", 39.9))
    ]
    patients = [
        _patient(tx, region, *row)
        for row in (
            ("P01", "Mara Quill", "210 Fictional Street, Columbus, OH 43215", 39.962, -83.01),
            ("P02", "Theo Brandt", "88 Invented Avenue, Columbus, OH 43206", 39.94, -82.97),
        )
    ]
    version = ProtocolVersion(number=1, created_at=local(date(2026, 1, 5), 9), credentials=["iv"])
    version.phases = [
        ProtocolPhase(position=position, kind=PhaseKind(kind), minutes=minutes)
        for position, (kind, minutes) in enumerate(PHASES)
    ]
    protocol = Protocol(region_id=region.id, code="K40", name="Ketamine 40 min", versions=[version])
    tx.add(protocol)
    tx.flush()
    _log_ins(tx, region, nurses)
    ana, ben, cleo = (nurse.id for nurse in nurses)
    mara, theo = (patient.id for patient in patients)
    return Clinic(region=region.id, ana=ana, ben=ben, cleo=cleo, mara=mara, theo=theo, protocol=protocol.id)


def add_visit(tx: Tx, clinic: Clinic, code: str, patient: int, day: date) -> Visit:
    """A booked visit that may start from 8:00 to 16:00."""
    visit = Visit(
        region_id=clinic.region,
        code=code,
        patient_id=patient,
        version=tx.get_one(Protocol, clinic.protocol).newest,
        day=day,
        zone=ZONE.key,
        windows=[
            VisitWindow(earliest_start=local(day, 8), latest_start=local(day, 16), latest_end=local(day, 20))
        ],
    )
    tx.add(visit)
    tx.flush()
    return visit


def add_plan(
    tx: Tx, clinic: Clinic, day: date, routes: dict[int, Sequence[Visit]], *, status: PlanStatus
) -> PlanRow:
    """A plan of `day`: each nurse drives 20 minutes to each of her visits, the first from 8:20 on, waits five
    minutes there and stays two and a quarter hours. A nurse without visits has an idle shift."""
    run = Run(
        region_id=clinic.region,
        day=day,
        trigger=RunTrigger.COMMAND,
        status=RunStatus.SUCCEEDED,
        queued_at=local(day, 3),
        seconds=2,
    )
    plan = PlanRow(
        region_id=clinic.region,
        day=day,
        zone=ZONE.key,
        status=status,
        run=run,
        created_at=local(day, 3),
        published_at=None if status is PlanStatus.DRAFT else local(day, 5, 30),
        problem={},
        travel_seconds={},
        plan={},
        cost=0,
        visits_served=len({visit.id for visits in routes.values() for visit in visits}),
        travel_total=0,
        overtime_total=0,
    )
    plan.routes = [_route(nurse, day, visits) for nurse, visits in routes.items()]
    tx.add(plan)
    tx.flush()
    return plan


def _nurse(tx: Tx, region: Region, code: str, name: str, latitude: float) -> Nurse:
    nurse = Nurse(
        region_id=region.id,
        code=code,
        name=name,
        phone="(614) 555-0100",
        address=f"{code[1:]} Made-up Road, Columbus, OH 43201",
        latitude=latitude,
        longitude=-83.0,
        weekly_shifts=[
            WeeklyShift(weekday=weekday, start_time=time(8), end_time=time(17)) for weekday in range(7)
        ],
    )
    tx.add(nurse)
    tx.flush()
    return nurse


def _patient(
    tx: Tx, region: Region, code: str, name: str, address: str, latitude: float, longitude: float
) -> Patient:
    patient = Patient(
        region_id=region.id,
        code=code,
        name=name,
        phone="(614) 555-0142",
        address=address,
        latitude=latitude,
        longitude=longitude,
        access_notes="Ring twice; the dog is friendly.",
    )
    tx.add(patient)
    tx.flush()
    return patient


def _log_ins(tx: Tx, region: Region, nurses: list[Nurse]) -> None:
    create_user(
        tx,
        email=DISPATCHER,
        name="Dana Whitfield",
        password=PASSWORD,
        role=Role.DISPATCHER,
        region_id=region.id,
    )
    for email, nurse in ((NURSE, nurses[0]), (OTHER_NURSE, nurses[1])):
        create_user(
            tx,
            email=email,
            name=nurse.name,
            password=PASSWORD,
            role=Role.NURSE,
            region_id=region.id,
            nurse_id=nurse.id,
        )


def _route(nurse: int, day: date, visits: Sequence[Visit]) -> RouteRow:
    drive = timedelta(minutes=20)
    stops, at = [], local(day, 8)
    for position, visit in enumerate(visits):
        arrival = at + drive
        start = arrival + timedelta(minutes=5)
        end = start + timedelta(minutes=sum(minutes for _, minutes in PHASES))
        stops.append(
            StopRow(
                position=position,
                visit_id=visit.id,
                arrival=arrival,
                start=start,
                end=end,
                travel_seconds=int(drive.total_seconds()),
                phases=[{"kind": kind, "minutes": minutes} for kind, minutes in PHASES],
            )
        )
        at = end
    return RouteRow(
        nurse_id=nurse,
        shift_start=local(day, 8),
        shift_end=local(day, 17),
        departure=local(day, 8) if stops else None,
        finish=at + drive if stops else None,
        travel_seconds=int(drive.total_seconds()) * (len(stops) + 1) if stops else 0,
        home_latitude=39.99,
        home_longitude=-83.0,
        stops=stops,
    )
