"""The lists of records, a page at a time. Each function makes a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.store.engine import Tx
from app.store.models import (
    Adult,
    AvailabilityException,
    Credential,
    Nurse,
    Order,
    Patient,
    PatientNurse,
    PhaseMinimum,
    Pickup,
    Prescriber,
    PrescriberException,
    PrescriberHours,
    Protocol,
    Visit,
    VisitWindow,
)
from app.store.models.order import OrderStatus
from app.store.models.visit import VisitStatus
from app.store.queries.recipe import VERSION, VERSIONS

Row = TypeVar("Row")

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a list shall show: rows with `text` in them, of one of the list's kinds (`show`), one day's, from
    the page with this `number` (1 is the first)."""

    text: str = ""
    show: str = ""
    day: date | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and how many the list has."""

    rows: Sequence[Row]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first(self) -> int:
        """The place of the first row shown, from 1; 0 in an empty list."""
        return (self.number - 1) * PAGE_SIZE + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return self.first + len(self.rows) - 1 if self.total else 0


def nurses(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Nurse]:
    """Nurses by name, with their hours and credentials. Show: active (default), inactive, all."""
    query = (
        select(Nurse)
        .where(Nurse.region_id == region_id, *_active(Nurse.active, wanted.show))
        .where(*_has(wanted.text, Nurse.name, Nurse.code, Nurse.address, Nurse.phone))
        .order_by(Nurse.name, Nurse.id)
    )
    return _page(tx, query, wanted, selectinload(Nurse.weekly_shifts), selectinload(Nurse.credentials))


def patients(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Patient]:
    """Patients by name, with their nurses. Show: active (default), inactive, all."""
    query = (
        select(Patient)
        .where(Patient.region_id == region_id, *_active(Patient.active, wanted.show))
        .where(*_has(wanted.text, Patient.name, Patient.code, Patient.address, Patient.phone))
        .order_by(Patient.name, Patient.id)
    )
    return _page(tx, query, wanted, selectinload(Patient.nurses).joinedload(PatientNurse.nurse))


def protocols(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Protocol]:
    """Protocols by name, with their versions. Show: active (default), inactive, all."""
    query = (
        select(Protocol)
        .where(Protocol.region_id == region_id, *_active(Protocol.active, wanted.show))
        .where(*_has(wanted.text, Protocol.name, Protocol.code))
        .order_by(Protocol.name, Protocol.id)
    )
    return _page(tx, query, wanted, VERSIONS)


def visits(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[Visit]:
    """Visits of a day, or without one from today on, by day and first window; with all that belongs to each.

    Show: booked and cancelled (default), booked, cancelled, past (those before today, latest first).
    """
    first_start = (
        select(func.min(VisitWindow.earliest_start)).where(VisitWindow.visit_id == Visit.id).scalar_subquery()
    )
    past = wanted.show == "past"
    order: list[Any] = [Visit.day.desc() if past else Visit.day, first_start, Visit.code]
    query = (
        select(Visit)
        .join(Visit.patient)
        .where(Visit.region_id == region_id)
        .where(*_has(wanted.text, Patient.name, Patient.code, Visit.code))
        .order_by(*order)
    )
    if wanted.day is not None:
        query = query.where(Visit.day == wanted.day)
    else:
        query = query.where(Visit.day < today if past else Visit.day >= today)
    if wanted.show in ("booked", "cancelled"):
        query = query.where(Visit.status == VisitStatus(wanted.show))
    return _page(
        tx,
        query,
        wanted,
        contains_eager(Visit.patient).selectinload(Patient.phase_minimums),
        VERSION,
        joinedload(Visit.pinned_nurse),
        selectinload(Visit.windows),
    )


def weekly_shifts(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Nurse]:
    """Active nurses by name with their weeks: the rows of the week's table."""
    query = (
        select(Nurse)
        .where(Nurse.region_id == region_id, Nurse.active, *_has(wanted.text, Nurse.name, Nurse.code))
        .order_by(Nurse.name, Nurse.id)
    )
    return _page(tx, query, wanted, selectinload(Nurse.weekly_shifts))


def exceptions(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[AvailabilityException]:
    """Days off and other hours from today on, by day. Show: past for those before, latest first."""
    past = wanted.show == "past"
    table = AvailabilityException
    query = (
        select(table)
        .join(table.nurse)
        .where(Nurse.region_id == region_id, table.day < today if past else table.day >= today)
        .where(*_has(wanted.text, Nurse.name, Nurse.code, table.reason))
        .order_by(table.day.desc() if past else table.day, Nurse.name, table.id)
    )
    return _page(tx, query, wanted, contains_eager(table.nurse))


def credentials(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Credential]:
    """Credentials of active nurses, the first to expire first. Show: of inactive nurses too (all)."""
    query = (
        select(Credential)
        .join(Credential.nurse)
        .where(Nurse.region_id == region_id)
        .where(*_has(wanted.text, Nurse.name, Nurse.code, Credential.kind))
        .order_by(Credential.expires_on.is_(None), Credential.expires_on, Nurse.name, Credential.id)
    )
    if wanted.show != "all":
        query = query.where(Nurse.active)
    return _page(tx, query, wanted, contains_eager(Credential.nurse))


def patient_nurses(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[PatientNurse]:
    """Preferred and barred nurses, by patient. Show: preferred, barred, or both (default)."""
    query = (
        select(PatientNurse)
        .join(PatientNurse.patient)
        .join(PatientNurse.nurse)
        .where(Patient.region_id == region_id)
        .where(*_has(wanted.text, Patient.name, Patient.code, Nurse.name, Nurse.code))
        .order_by(Patient.name, Patient.id, Nurse.name, Nurse.id)
    )
    if wanted.show in ("preferred", "barred"):
        query = query.where(PatientNurse.standing == wanted.show)
    return _page(tx, query, wanted, contains_eager(PatientNurse.patient), contains_eager(PatientNurse.nurse))


def phase_minimums(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[PhaseMinimum]:
    """Phases that last longer for a patient, by patient."""
    query = (
        select(PhaseMinimum)
        .join(PhaseMinimum.patient)
        .where(Patient.region_id == region_id, *_has(wanted.text, Patient.name, Patient.code))
        .order_by(Patient.name, Patient.id, PhaseMinimum.id)
    )
    return _page(tx, query, wanted, contains_eager(PhaseMinimum.patient))


def adults(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Adult]:
    """Responsible adults, by patient."""
    query = (
        select(Adult)
        .join(Adult.patient)
        .where(Patient.region_id == region_id)
        .where(*_has(wanted.text, Patient.name, Patient.code, Adult.name))
        .order_by(Patient.name, Patient.id, Adult.name, Adult.id)
    )
    return _page(tx, query, wanted, contains_eager(Adult.patient))


def prescribers(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Prescriber]:
    """Prescribers by name, with their hours. Show: active (default), inactive, all."""
    query = (
        select(Prescriber)
        .where(Prescriber.region_id == region_id, *_active(Prescriber.active, wanted.show))
        .where(*_has(wanted.text, Prescriber.name, Prescriber.code, Prescriber.phone))
        .order_by(Prescriber.name, Prescriber.id)
    )
    return _page(tx, query, wanted, selectinload(Prescriber.hours))


def prescriber_hours(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[PrescriberHours]:
    """Active prescribers' hours, by prescriber and weekday."""
    table = PrescriberHours
    query = (
        select(table)
        .join(table.prescriber)
        .where(Prescriber.region_id == region_id, Prescriber.active)
        .where(*_has(wanted.text, Prescriber.name, Prescriber.code))
        .order_by(Prescriber.name, Prescriber.id, table.weekday, table.start_time)
    )
    return _page(tx, query, wanted, contains_eager(table.prescriber))


def prescriber_exceptions(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[PrescriberException]:
    """Prescribers' other days from today on, by day. Show: past for those before, latest first."""
    past = wanted.show == "past"
    table = PrescriberException
    query = (
        select(table)
        .join(table.prescriber)
        .where(Prescriber.region_id == region_id, table.day < today if past else table.day >= today)
        .where(*_has(wanted.text, Prescriber.name, Prescriber.code, table.reason))
        .order_by(table.day.desc() if past else table.day, Prescriber.name, table.id)
    )
    return _page(tx, query, wanted, contains_eager(table.prescriber))


def pickups(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[Pickup]:
    """What nurses have picked up from today on, by day and nurse. Show: past for those before."""
    past = wanted.show == "past"
    query = (
        select(Pickup)
        .join(Pickup.nurse)
        .where(Nurse.region_id == region_id, Pickup.day < today if past else Pickup.day >= today)
        .where(*_has(wanted.text, Nurse.name, Nurse.code, Pickup.item))
        .order_by(Pickup.day.desc() if past else Pickup.day, Nurse.name, Pickup.item)
    )
    return _page(tx, query, wanted, contains_eager(Pickup.nurse))


def orders(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Order]:
    """Orders, the first to end first. Show: active (default), on hold, ended, all."""
    query = (
        select(Order)
        .join(Order.patient)
        .join(Order.prescriber)
        .where(Order.region_id == region_id)
        .where(*_has(wanted.text, Patient.name, Patient.code, Order.code, Prescriber.name))
        .order_by(Order.valid_until, Order.code)
    )
    if wanted.show != "all":
        query = query.where(Order.status == OrderStatus(wanted.show or "active"))
    return _page(
        tx,
        query,
        wanted,
        contains_eager(Order.patient),
        contains_eager(Order.prescriber),
        joinedload(Order.protocol),
    )


def patients_like(tx: Tx, region_id: int, text: str, limit: int = 12) -> Sequence[Patient]:
    """The first active patients whose code or name has `text` in it, by name."""
    query = (
        select(Patient)
        .where(Patient.region_id == region_id, Patient.active, *_has(text, Patient.name, Patient.code))
        .order_by(Patient.name, Patient.id)
        .limit(limit)
    )
    return tx.scalars(query).all()


def visits_of_patient(tx: Tx, patient_id: int, since: date) -> Sequence[Visit]:
    """The patient's visits from a day on, with protocol and windows."""
    query = (
        select(Visit)
        .where(Visit.patient_id == patient_id, Visit.day >= since)
        .order_by(Visit.day, Visit.code)
        .options(VERSION, selectinload(Visit.windows), joinedload(Visit.pinned_nurse))
    )
    return tx.scalars(query).all()


def counts(tx: Tx, region_id: int) -> dict[str, int]:
    """How many codes of each kind there are, inactive ones included: what the next code is guessed from."""
    tables: dict[str, Any] = {
        "nurses": Nurse,
        "orders": Order,
        "patients": Patient,
        "prescribers": Prescriber,
        "protocols": Protocol,
        "visits": Visit,
    }
    return {
        name: tx.scalar(select(func.count()).select_from(table).where(table.region_id == region_id)) or 0
        for name, table in tables.items()
    }


def _page(tx: Tx, query: Select[Row], wanted: Wanted, *loading: ORMOption) -> Page[Row]:
    total = tx.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, wanted.number), pages)
    rows = tx.scalars(query.options(*loading).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, total, number)


def _active(column: Any, show: str) -> list[ColumnElement[bool]]:
    return [] if show == "all" else [column.is_(show != "inactive")]


def _has(text: str, *columns: Any) -> list[ColumnElement[bool]]:
    """Every word stands in some column."""
    return [
        or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in text.split()[:6]
    ]
