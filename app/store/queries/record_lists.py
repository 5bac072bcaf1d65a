"""The lists of patients, nurses, protocols and visits, a page at a time. Each makes a fixed number of
queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

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
    Prescriber,
    Protocol,
    Visit,
    VisitWindow,
)
from app.store.models.visit import VisitStatus
from app.store.queries.paging import Page, Wanted, by_day, by_name, has, of_owners, page_of
from app.store.queries.recipe import VERSION, VERSIONS
from app.store.queries.records import standings


def nurses(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Nurse]:
    """Nurses by name, with their hours and credentials. Show: active (default), inactive, all."""
    query = by_name(Nurse, region_id, wanted, Nurse.address, Nurse.phone)
    return page_of(tx, query, wanted, selectinload(Nurse.weekly_shifts), selectinload(Nurse.credentials))


def patients(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Patient]:
    """Patients by name, with their nurses. Show: active (default), inactive, all."""
    query = by_name(Patient, region_id, wanted, Patient.address, Patient.phone)
    return page_of(tx, query, wanted, selectinload(Patient.nurses).joinedload(PatientNurse.nurse))


def protocols(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Protocol]:
    """Protocols by name, with their versions. Show: active (default), inactive, all."""
    return page_of(tx, by_name(Protocol, region_id, wanted), wanted, VERSIONS)


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
        .where(*has(wanted.text, Patient.name, Patient.code, Visit.code))
        .order_by(*order)
    )
    if wanted.day is not None:
        query = query.where(Visit.day == wanted.day)
    else:
        query = query.where(Visit.day < today if past else Visit.day >= today)
    if wanted.show in ("booked", "cancelled"):
        query = query.where(Visit.status == VisitStatus(wanted.show))
    return page_of(
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
        .where(Nurse.region_id == region_id, Nurse.active, *has(wanted.text, Nurse.name, Nurse.code))
        .order_by(Nurse.name, Nurse.id)
    )
    return page_of(tx, query, wanted, selectinload(Nurse.weekly_shifts))


def exceptions(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[AvailabilityException]:
    """Days off and other hours from today on, by day. Show: past for those before, latest first."""
    table = AvailabilityException
    return page_of(tx, by_day(table, region_id, wanted, today, table.reason).order_by(table.id), wanted)


def credentials(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Credential]:
    """Credentials of active nurses, the first to expire first. Show: of inactive nurses too (all)."""
    query = of_owners(Credential, region_id, wanted, Credential.kind).order_by(
        Credential.expires_on.is_(None), Credential.expires_on, Nurse.name, Credential.id
    )
    return page_of(tx, query if wanted.show == "all" else query.where(Nurse.active), wanted)


def patient_nurses(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[PatientNurse]:
    """Preferred and barred nurses, by patient. Show: preferred, barred, or both (default)."""
    query = (
        standings(region_id)
        .where(*has(wanted.text, Patient.name, Patient.code, Nurse.name, Nurse.code))
        .order_by(Patient.name, Patient.id, Nurse.name, Nurse.id)
    )
    if wanted.show in ("preferred", "barred"):
        query = query.where(PatientNurse.standing == wanted.show)
    return page_of(tx, query, wanted)


def phase_minimums(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[PhaseMinimum]:
    """Phases that last longer for a patient, by patient."""
    query = of_owners(PhaseMinimum, region_id, wanted)
    return page_of(tx, query.order_by(Patient.name, Patient.id, PhaseMinimum.id), wanted)


def adults(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Adult]:
    """Responsible adults, by patient."""
    query = of_owners(Adult, region_id, wanted, Adult.name)
    return page_of(tx, query.order_by(Patient.name, Patient.id, Adult.name, Adult.id), wanted)


def patients_like(tx: Tx, region_id: int, text: str, limit: int = 12) -> Sequence[Patient]:
    """The first active patients whose code or name has `text` in it, by name."""
    query = (
        select(Patient)
        .where(Patient.region_id == region_id, Patient.active, *has(text, Patient.name, Patient.code))
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
