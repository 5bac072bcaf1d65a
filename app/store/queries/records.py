"""What the forms and CSV files of records read: one region's rows, and what its codes stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Select, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.days import zone_of
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
    ProtocolVersion,
    Region,
    Visit,
    WeeklyShift,
)
from app.store.models.patient import Standing
from app.store.models.visit import lengthened
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """What a code stands for."""

    id: int
    code: str
    name: str
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ProtocolRef(Ref):
    """A protocol, with its newest version."""

    newest: ProtocolVersion


class Directory:
    """The codes of one region, read when first asked for and then kept: use one for one transaction.

    `user_id`: who saves (None: the command line, or nobody).
    """

    def __init__(self, tx: Tx, region_id: int, *, user_id: int | None = None) -> None:
        self._tx = tx
        self.user_id = user_id
        self.region: Region = tx.get_one(Region, region_id)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The region's zone."""
        return zone_of(self.region.zone)

    @cached_property
    def nurses(self) -> dict[str, Ref]:
        """Nurses by code, active or not, sorted by name."""
        return self._refs(Nurse)

    @cached_property
    def patients(self) -> dict[str, Ref]:
        """Patients by code, active or not."""
        return self._refs(Patient)

    @cached_property
    def prescribers(self) -> dict[str, Ref]:
        """Prescribers by code, active or not, sorted by name."""
        return self._refs(Prescriber)

    @cached_property
    def protocols(self) -> dict[str, ProtocolRef]:
        """Protocols by code, active or not, sorted by name."""
        query = _named(Protocol, self.region.id).order_by(Protocol.name, Protocol.id)
        return {
            row.code: ProtocolRef(
                id=row.id, code=row.code, name=row.name, active=row.active, newest=row.newest
            )
            for row in self._tx.scalars(query)
        }

    @cached_property
    def minimums(self) -> dict[str, list[PhaseMinimum]]:
        """What phases last at least, by patient's code; patients without minimums are left out."""
        found: dict[str, list[PhaseMinimum]] = {}
        for minimum in every_owned(self._tx, PhaseMinimum, self.region.id):
            found.setdefault(minimum.patient.code, []).append(minimum)
        return found

    @cached_property
    def kept_versions(self) -> dict[str, ProtocolVersion]:
        """The version of each visit, by its code, that was booked under another than the newest."""
        later = aliased(ProtocolVersion)
        superseded = (
            select(later.id)
            .where(later.protocol_id == ProtocolVersion.protocol_id, later.number > ProtocolVersion.number)
            .exists()
        )
        query = (
            select(Visit.code, ProtocolVersion)
            .join(Visit.version)
            .where(Visit.region_id == self.region.id, superseded)
            .options(joinedload(ProtocolVersion.protocol), selectinload(ProtocolVersion.phases))
        )
        return dict(self._tx.execute(query).all())

    def version(self, visit: str, protocol: str) -> ProtocolVersion:
        """What a visit of these codes is, or would be, booked under."""
        kept = self.kept_versions.get(visit)
        if kept is not None and kept.protocol.code == protocol:
            return kept
        return self.protocols[protocol].newest

    def minutes(self, visit: str, protocol: str, patient: str) -> int:
        """How long a visit of these codes lasts, with the patient's minimums."""
        phases = lengthened(self.version(visit, protocol).phases, self.minimums.get(patient, ()))
        return sum(phase.minutes for phase in phases)

    @cached_property
    def barred(self) -> frozenset[tuple[str, str]]:
        """(patient's code, nurse's code) of every nurse who must not visit."""
        query = (
            select(Patient.code, Nurse.code)
            .select_from(PatientNurse)
            .join(PatientNurse.patient)
            .join(PatientNurse.nurse)
            .where(Patient.region_id == self.region.id, PatientNurse.standing == Standing.BARRED)
        )
        return frozenset((patient, nurse) for patient, nurse in self._tx.execute(query))

    @cached_property
    def credential_kinds(self) -> list[str]:
        """Every kind that a nurse holds or a protocol asks for, sorted."""
        held = self._tx.scalars(
            select(Credential.kind).distinct().join(Credential.nurse).where(Nurse.region_id == self.region.id)
        )
        asked = (ref.newest for ref in self.protocols.values())
        return sorted({*held, *(kind for version in asked for kind in version.kinds)})

    def _refs(self, table: type[Nurse] | type[Patient] | type[Prescriber]) -> dict[str, Ref]:
        query = (
            select(table.id, table.code, table.name, table.active)
            .where(table.region_id == self.region.id)
            .order_by(table.name, table.id)
        )
        return {
            row[1]: Ref(id=row[0], code=row[1], name=row[2], active=row[3]) for row in self._tx.execute(query)
        }


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
    return tx.scalars(_owned(table, region_id).order_by(_owner(table).code, table.id)).all()


def owned_by(tx: Tx, table: type[Owned], region_id: int, owners: Iterable[str]) -> list[Owned]:
    """The rows of the owners with these codes."""
    return [
        row
        for some in chunks(owners)
        for row in tx.scalars(_owned(table, region_id).where(_owner(table).code.in_(some)))
    ]


def one_owned(tx: Tx, table: type[Owned], region_id: int, key: int) -> Owned | None:
    """The row of this key; None where nobody in the region has it."""
    return tx.scalar(_owned(table, region_id).where(table.id == key))


def every_standing(tx: Tx, region_id: int) -> Sequence[PatientNurse]:
    """All preferred and barred nurses of the region's patients, by patient code."""
    return tx.scalars(_standings(region_id).order_by(Patient.code, PatientNurse.nurse_id)).all()


def standings_of(tx: Tx, region_id: int, patients: Iterable[str]) -> list[PatientNurse]:
    """The preferred and barred nurses of the patients with these codes."""
    return [
        row
        for some in chunks(patients)
        for row in tx.scalars(_standings(region_id).where(Patient.code.in_(some)))
    ]


def one_standing(tx: Tx, region_id: int, patient_id: int, nurse_id: int) -> PatientNurse | None:
    """How this nurse stands with this patient; None where nothing is said."""
    query = _standings(region_id).where(
        PatientNurse.patient_id == patient_id, PatientNurse.nurse_id == nurse_id
    )
    return tx.scalar(query)


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


def _owned(table: type[Owned], region_id: int) -> Select[Owned]:
    owner = _link(table)
    return (
        select(table).join(owner).where(_owner(table).region_id == region_id).options(contains_eager(owner))
    )


def _link(table: Any) -> Any:
    """The relationship from a row to its owner."""
    if table is PrescriberHours or table is PrescriberException:
        return table.prescriber
    if table is Adult or table is PhaseMinimum:
        return table.patient
    return table.nurse


def _owner(table: type[Owned]) -> Any:
    """The owner's table."""
    return _link(table).property.mapper.class_


def _standings(region_id: int) -> Select[PatientNurse]:
    return (
        select(PatientNurse)
        .join(PatientNurse.patient)
        .join(PatientNurse.nurse)
        .where(Patient.region_id == region_id)
        .options(contains_eager(PatientNurse.patient), contains_eager(PatientNurse.nurse))
    )
