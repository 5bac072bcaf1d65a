"""What the forms and CSV files of records read: one region's rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Select, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.store.engine import Tx
from app.store.models import (
    Adult,
    AvailabilityException,
    Base,
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
    WeeklyShift,
)
from app.store.queries.recipe import RECIPE, VERSIONS

Owned = TypeVar(
    "Owned",
    WeeklyShift,
    AvailabilityException,
    Credential,
    Pickup,
    PrescriberHours,
    PrescriberException,
    Adult,
    PhaseMinimum,
)
Named = TypeVar("Named", Nurse, Patient, Protocol, Visit, Prescriber, Order)

CHUNK = 500
"""Codes asked for in one query: SQLite takes no more than some thousands of values."""


def every(tx: Tx, table: type[Named], region_id: int) -> Sequence[Named]:
    """All rows of the region, by code."""
    return tx.scalars(_named(table, region_id).order_by(table.code)).all()


def by_codes(tx: Tx, table: type[Named], region_id: int, codes: Iterable[str]) -> dict[str, Named]:
    """The rows with these codes; unknown codes are left out."""
    found: dict[str, Named] = {}
    for some in chunks(codes):
        rows = tx.scalars(_named(table, region_id).where(table.code.in_(some)))
        found.update((row.code, row) for row in rows)
    return found


def one(tx: Tx, table: type[Named], region_id: int, key: int) -> Named | None:
    """The row of this key; None where the region has no such row."""
    return tx.scalar(_named(table, region_id).where(table.id == key))


def every_owned(tx: Tx, table: type[Owned], region_id: int) -> Sequence[Owned]:
    """All rows of the region's owners (nurses, prescribers, patients), by owner's code."""
    return tx.scalars(owned(table, region_id).order_by(owner_of(table).code, table.id)).all()


def owned_by(tx: Tx, table: type[Owned], region_id: int, owners: Iterable[str]) -> list[Owned]:
    """The rows of the owners with these codes."""
    return [
        row
        for some in chunks(owners)
        for row in tx.scalars(owned(table, region_id).where(owner_of(table).code.in_(some)))
    ]


def one_owned(tx: Tx, table: type[Owned], region_id: int, key: int) -> Owned | None:
    """The row of this key; None where nobody in the region has it."""
    return tx.scalar(owned(table, region_id).where(table.id == key))


def every_standing(tx: Tx, region_id: int) -> Sequence[PatientNurse]:
    """All preferred and barred nurses of the region's patients, by patient code."""
    return tx.scalars(standings(region_id).order_by(Patient.code, PatientNurse.nurse_id)).all()


def standings_of(tx: Tx, region_id: int, patients: Iterable[str]) -> list[PatientNurse]:
    """The preferred and barred nurses of the patients with these codes."""
    return [
        row
        for some in chunks(patients)
        for row in tx.scalars(standings(region_id).where(Patient.code.in_(some)))
    ]


def one_standing(tx: Tx, region_id: int, patient_id: int, nurse_id: int) -> PatientNurse | None:
    """How this nurse stands with this patient; None where nothing is said."""
    query = standings(region_id).where(
        PatientNurse.patient_id == patient_id, PatientNurse.nurse_id == nurse_id
    )
    return tx.scalar(query)


def owned(table: type[Owned], region_id: int) -> Select[Owned]:
    """The region's rows of this kind, each with its owner."""
    owner = _link(table)
    return (
        select(table).join(owner).where(owner_of(table).region_id == region_id).options(contains_eager(owner))
    )


def owner_of(table: type[Owned]) -> Any:
    """The table of those who own rows of this kind."""
    return _link(table).property.mapper.class_


def standings(region_id: int) -> Select[PatientNurse]:
    """Preferred and barred nurses of the region's patients, each with patient and nurse."""
    return (
        select(PatientNurse)
        .join(PatientNurse.patient)
        .join(PatientNurse.nurse)
        .where(Patient.region_id == region_id)
        .options(contains_eager(PatientNurse.patient), contains_eager(PatientNurse.nurse))
    )


def lock(tx: Tx, row: Base) -> None:
    """Keep others from changing the row until the transaction ends; what has been read of it is read anew."""
    state = inspect(row)
    table = state.mapper.local_table
    key = state.mapper.primary_key_from_instance(row)
    query = select(*table.primary_key).with_for_update()
    tx.execute(query.where(*(column == value for column, value in zip(table.primary_key, key, strict=True))))
    tx.expire(row)


class ClashError(Exception):
    """Somebody else has just stored a row with the same key."""


@contextmanager
def or_clash(tx: Tx) -> Iterator[None]:
    """Writes what the block changes, or undoes it and raises ClashError where a unique key is taken.

    The transaction stays usable. Nothing may be pending before the block.
    """
    try:
        with tx.begin_nested():
            yield
            tx.flush()
    except IntegrityError as error:
        raise ClashError from error


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The different values, `CHUNK` at a time."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


def _named(table: type[Named], region_id: int) -> Select[Named]:
    query = select(table).where(table.region_id == region_id)
    if table is Protocol:
        return query.options(VERSIONS)
    if table is Order:
        return query.options(
            joinedload(Order.patient), joinedload(Order.prescriber), joinedload(Order.protocol)
        )
    if table is Visit:
        return query.options(
            *RECIPE,
            joinedload(Visit.pinned_nurse),
            selectinload(Visit.windows),
        )
    return query


def _link(table: Any) -> Any:
    """The relationship from a row to its owner."""
    if table is PrescriberHours or table is PrescriberException:
        return table.prescriber
    if table is Adult or table is PhaseMinimum:
        return table.patient
    return table.nurse
