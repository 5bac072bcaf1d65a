"""What each kind of record holds, as people write it: codes instead of keys, local times of the region.

Two records with equal content are equal: that is how a change is told from none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from app.store.models.nurse import Availability
from app.store.models.order import OrderStatus
from app.store.models.patient import Standing
from app.store.models.protocol import DrugUnits, FollowUp, PhaseKind
from app.store.models.visit import Priority, VisitStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseRecord:
    """A nurse; `max_visits` and `weekly_hours` None: no limit. Overtime in minutes a day."""

    code: str
    name: str
    phone: str
    address: str
    latitude: float
    longitude: float
    max_visits: int | None
    max_overtime_min: int
    weekly_hours: int | None
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeklyShiftRecord:
    """A nurse's hours on one weekday (Monday is 0); without break window the break may come at any time."""

    nurse: str
    weekday: int
    start_time: time
    end_time: time
    break_minutes: int
    break_earliest: time | None
    break_latest: time | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExceptionRecord:
    """One day on which a nurse is off, or works other hours than in the week."""

    nurse: str
    day: date
    kind: Availability
    start_time: time | None
    end_time: time | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CredentialRecord:
    """A nurse's credential, valid on both days (`expires_on` None: no end), in these `states` only (none:
    everywhere)."""

    nurse: str
    kind: str
    valid_from: date
    expires_on: date | None
    states: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientRecord:
    """A patient; `state` empty: the region's."""

    code: str
    name: str
    phone: str
    address: str
    state: str
    latitude: float
    longitude: float
    access_notes: str
    bipolar: bool
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientNurseRecord:
    """How a nurse stands with a patient."""

    patient: str
    nurse: str
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseMinimumRecord:
    """The phases of a kind last at least so many minutes together for a patient, and why."""

    patient: str
    kind: PhaseKind
    minutes: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AdultRecord:
    """A responsible adult of a patient."""

    patient: str
    code: str
    name: str
    phone: str
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PrescriberRecord:
    """A prescriber."""

    code: str
    name: str
    phone: str
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PrescriberHoursRecord:
    """When a prescriber can be reached on one weekday (Monday is 0)."""

    prescriber: str
    weekday: int
    start_time: time
    end_time: time


@dataclass(frozen=True, kw_only=True, slots=True)
class PrescriberExceptionRecord:
    """One day on which a prescriber cannot be reached, or at other hours than in the week."""

    prescriber: str
    day: date
    kind: Availability
    start_time: time | None
    end_time: time | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRecord:
    """An order; `weekdays` as in ("Mon", "Wed"), the other fields as the table has them."""

    code: str
    patient: str
    prescriber: str
    protocol: str
    sessions: int
    valid_from: date
    valid_until: date
    not_after: date | None
    min_hours: int
    max_hours: int | None
    weekdays: tuple[str, ...]
    earliest_start: time
    latest_start: time
    latest_end: time | None
    status: OrderStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class PickupRecord:
    """So many units of an item, picked up by a nurse for a day."""

    nurse: str
    day: date
    item: str
    units: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseContent:
    """A phase of a protocol; `credentials` are needed for it beside those of the whole visit."""

    kind: PhaseKind
    minutes: int
    credentials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProtocolRecord:
    """A protocol as its newest version has it (see the model's ProtocolVersion); its phases in order."""

    code: str
    name: str
    staff: int
    credentials: tuple[str, ...]
    phases: tuple[PhaseContent, ...]
    hand_over: bool
    overlap_minutes: int
    vitals_infusion: int | None
    vitals_monitoring: int | None
    max_systolic: int | None
    max_diastolic: int | None
    adult_hours: int
    discharge_criteria: tuple[str, ...]
    follow_ups: tuple[FollowUp, ...]
    kit: tuple[str, ...]
    drug_units: tuple[DrugUnits, ...]
    note: str
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowContent:
    """When a visit may start, and by when it must be over (None: no limit)."""

    earliest_start: time
    latest_start: time
    latest_end: time | None


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitRecord:
    """A visit; its windows sorted by their earliest start."""

    code: str
    patient: str
    protocol: str
    day: date
    windows: tuple[WindowContent, ...]
    priority: Priority
    status: VisitStatus
    notes: str
    pinned_nurse: str | None
    pinned_start: time | None
