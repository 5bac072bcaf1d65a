"""Builders of stored records: a region with nurses and visits around the centre of Columbus, Ohio.

Fictional people. Times are local; `DAY` is a Tuesday without a change of clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from app.actions.actor import Actor
from app.store.engine import Tx
from app.store.models import (
    Adult,
    AvailabilityException,
    Credential,
    Nurse,
    Order,
    Patient,
    PatientNurse,
    Prescriber,
    PrescriberHours,
    Protocol,
    ProtocolPhase,
    ProtocolVersion,
    Region,
    User,
    Visit,
    VisitWindow,
    WeeklyShift,
)
from app.store.models.nurse import Availability
from app.store.models.patient import Standing
from app.store.models.protocol import PhaseKind
from app.store.models.user import Role

DAY = date(2030, 6, 11)
NEW_YORK = "America/New_York"
PHASES = (("arrival", 15), ("iv_start", 10), ("infusion", 40), ("monitoring", 60), ("discharge", 10))
VISIT_MINUTES = sum(minutes for _, minutes in PHASES)

Row = TypeVar("Row")

Clock = tuple[int, int]
"""Hour and minute, local."""

WindowTimes = tuple[Clock, Clock, Clock | None]
"""Earliest start, latest start, latest end."""

WIDE: Sequence[WindowTimes] = (((8, 0), (15, 0), (18, 0)),)


def local(day: date, hour: int, minute: int = 0, zone: str = NEW_YORK) -> datetime:
    """A local time as an instant, UTC."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


@dataclass(kw_only=True)
class Clinic:
    """One region and what belongs to it; every method stores what it returns."""

    tx: Tx
    region: Region
    _numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def make(cls, tx: Tx, code: str = "columbus", **changes: Any) -> Clinic:
        """A region that solves for one second and plans tomorrow alone, at midnight, so that its night is
        always due."""
        settled = {
            "zone": NEW_YORK,
            "plan_hour": 0,
            "solve_seconds": 1,
            "horizon_days": 1,
            "horizon_seconds": 1,
        }
        values: dict[str, Any] = settled | changes
        region = Region(code=code, name=code.title(), latitude=39.96, longitude=-83.0, **values)
        tx.add(region)
        tx.flush()
        return cls(tx=tx, region=region)

    def nurse(
        self,
        name: str,
        *,
        hours: tuple[Clock, Clock] | None = ((8, 0), (17, 0)),
        holds: Sequence[str] = ("iv",),
        rest: tuple[int, Clock | None, Clock | None] = (0, None, None),
        east: float = 0.0,
        **changes: Any,
    ) -> Nurse:
        """A nurse who works every day; `rest`: minutes, earliest, latest. Lives `east` degrees off centre."""
        nurse = Nurse(
            region_id=self.region.id,
            code=self._code("N"),
            name=name,
            address="1 Made-up Road",
            latitude=39.96,
            longitude=-83.0 + east,
            **changes,
        )
        minutes, earliest, latest = rest
        if hours is not None:
            nurse.weekly_shifts = [
                WeeklyShift(
                    weekday=weekday,
                    start_time=time(*hours[0]),
                    end_time=time(*hours[1]),
                    break_minutes=minutes,
                    break_earliest=None if earliest is None else time(*earliest),
                    break_latest=None if latest is None else time(*latest),
                )
                for weekday in range(7)
            ]
        nurse.credentials = [Credential(kind=kind, valid_from=date(2020, 1, 1)) for kind in holds]
        return self._stored(nurse)

    def off(self, nurse: Nurse, day: date = DAY) -> None:
        """The nurse is off that day."""
        nurse.exceptions.append(AvailabilityException(day=day, kind=Availability.OFF))
        self.tx.flush()

    def other_hours(self, nurse: Nurse, start: Clock, end: Clock, day: date = DAY) -> None:
        """The nurse works other hours that day."""
        nurse.exceptions.append(
            AvailabilityException(
                day=day, kind=Availability.HOURS, start_time=time(*start), end_time=time(*end)
            )
        )
        self.tx.flush()

    def protocol(
        self,
        *,
        staff: int = 1,
        asks: Sequence[str] = ("iv",),
        phases: Sequence[tuple[str, int]] = PHASES,
        for_phases: Mapping[str, Sequence[str]] = MappingProxyType({}),
        **says: Any,
    ) -> Protocol:
        """A protocol for `staff` nurses, each with all of `asks`, and for the phases of a kind what
        `for_phases` says; `says`: further fields of its version."""
        version = ProtocolVersion(
            number=1, created_at=local(DAY, 0), staff=staff, credentials=list(asks), **says
        )
        version.phases = [
            ProtocolPhase(
                position=position,
                kind=PhaseKind(kind),
                minutes=minutes,
                credentials=list(for_phases.get(kind, ())),
            )
            for position, (kind, minutes) in enumerate(phases)
        ]
        code = self._code("K")
        protocol = Protocol(region_id=self.region.id, code=code, name="Infusion", versions=[version])
        return self._stored(protocol)

    def visit(
        self,
        protocol: Protocol | None = None,
        *,
        day: date = DAY,
        windows: Sequence[WindowTimes] = WIDE,
        east: float = 0.01,
        prefers: Sequence[Nurse] = (),
        bars: Sequence[Nurse] = (),
        **changes: Any,
    ) -> Visit:
        """A booked visit to a patient of its own, who lives `east` degrees off centre."""
        patient = Patient(
            region_id=self.region.id,
            code=self._code("P"),
            name="Mara Quill",
            address="2 Invented Street",
            latitude=39.96,
            longitude=-83.0 + east,
        )
        patient.nurses = [
            PatientNurse(nurse_id=nurse.id, standing=standing)
            for standing, nurses in ((Standing.PREFERRED, prefers), (Standing.BARRED, bars))
            for nurse in nurses
        ]
        zone = self.region.zone
        visit = Visit(
            region_id=self.region.id,
            code=self._code("V"),
            patient=self._stored(patient),
            version=(protocol or self.protocol()).newest,
            day=day,
            zone=zone,
            windows=[
                VisitWindow(
                    earliest_start=local(day, *earliest, zone=zone),
                    latest_start=local(day, *latest, zone=zone),
                    latest_end=None if end is None else local(day, *end, zone=zone),
                )
                for earliest, latest, end in windows
            ],
            **changes,
        )
        return self._stored(visit)

    def prescriber(
        self, name: str = "Dr. Inez Halloran", hours: Sequence[tuple[Clock, Clock]] = (((7, 0), (20, 0)),)
    ) -> Prescriber:
        """A prescriber who can be reached at these hours every day."""
        prescriber = Prescriber(region_id=self.region.id, code=self._code("D"), name=name)
        prescriber.hours = [
            PrescriberHours(weekday=weekday, start_time=time(*start), end_time=time(*end))
            for weekday in range(7)
            for start, end in hours
        ]
        return self._stored(prescriber)

    def order(self, protocol: Protocol | None = None, **changes: Any) -> Order:
        """An order of six sessions for a patient of its own, on working days, 48 to 96 h apart, valid from
        `DAY` for a month; sessions start from 8:00 to 15:00."""
        values: dict[str, Any] = {
            "sessions": 6,
            "valid_from": DAY,
            "valid_until": DAY + timedelta(days=30),
            "min_hours": 48,
            "max_hours": 96,
            "weekdays": "Mon Tue Wed Thu Fri",
            "earliest_start": time(8),
            "latest_start": time(15),
        }
        order = Order(
            region_id=self.region.id,
            code=self._code("O"),
            patient=changes.pop("patient", None) or self.patient(),
            prescriber=changes.pop("prescriber", None) or self.prescriber(),
            protocol=protocol or self.protocol(),
            **(values | changes),
        )
        return self._stored(order)

    def patient(self, **changes: Any) -> Patient:
        """A patient near the centre."""
        patient = Patient(
            region_id=self.region.id,
            code=self._code("P"),
            name="Mara Quill",
            address="2 Invented Street",
            latitude=39.96,
            longitude=-82.99,
            **changes,
        )
        return self._stored(patient)

    def adult(self, patient: Patient, name: str = "Jonas Quill") -> Adult:
        """A responsible adult of the patient."""
        return self._stored(Adult(patient_id=patient.id, code=self._code("A"), name=name))

    def dispatcher(self) -> Actor:
        """A dispatcher of the region who may act, though not log in."""
        return self._user(Role.DISPATCHER, None)

    def as_nurse(self, nurse: Nurse) -> Actor:
        """The nurse as a user."""
        return self._user(Role.NURSE, nurse.id)

    def _user(self, role: Role, nurse_id: int | None) -> Actor:
        code = self._code("U")
        user = self._stored(
            User(
                email=f"{code}@{self.region.code}.example".lower(),
                name="Dana Whitfield",
                password_hash="none",
                session_key=code,
                role=role,
                region_id=self.region.id,
                nurse_id=nurse_id,
            )
        )
        return Actor(user_id=user.id, name=user.name, role=role, region_id=self.region.id, nurse_id=nurse_id)

    def _code(self, letter: str) -> str:
        self._numbers[letter] = self._numbers.get(letter, 0) + 1
        return f"{letter}{self._numbers[letter]:02}"

    def _stored(self, row: Row) -> Row:
        self.tx.add(row)
        self.tx.flush()
        return row
