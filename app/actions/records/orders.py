"""Orders, responsible adults, and what nurses have picked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.actions.records.content import AdultRecord, OrderRecord, PickupRecord
from app.actions.records.keeper import Key, number
from app.store.engine import Tx
from app.store.models import Adult, Order, Pickup
from app.store.queries import records
from app.store.queries.records import Directory


class OrderKeeper:
    """Orders, by code."""

    subject = "orders"

    def key(self, record: OrderRecord) -> Key:
        return (record.code,)

    def ident(self, row: Order) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Order | None:
        return records.one(tx, Order, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Order]:
        return records.every(tx, Order, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[OrderRecord]) -> dict[Key, Order]:
        found = records.by_codes(tx, Order, directory.region.id, (record.code for record in some))
        return {(code,): row for code, row in found.items()}

    def record_of(self, row: Order, directory: Directory) -> OrderRecord:
        return OrderRecord(
            code=row.code,
            patient=row.patient.code,
            prescriber=row.prescriber.code,
            protocol=row.protocol.code,
            sessions=row.sessions,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            not_after=row.not_after,
            min_hours=row.min_hours,
            max_hours=row.max_hours,
            weekdays=tuple(row.weekdays.split()),
            earliest_start=row.earliest_start,
            latest_start=row.latest_start,
            latest_end=row.latest_end,
            status=row.status,
        )

    def blank(self, record: OrderRecord, directory: Directory) -> Order:
        return Order(region_id=directory.region.id, code=record.code)

    def write(self, row: Order, record: OrderRecord, directory: Directory) -> None:
        row.patient_id = directory.patients[record.patient].id
        row.prescriber_id = directory.prescribers[record.prescriber].id
        row.protocol_id = directory.protocols[record.protocol].id
        row.sessions = record.sessions
        row.valid_from = record.valid_from
        row.valid_until = record.valid_until
        row.not_after = record.not_after
        row.min_hours = record.min_hours
        row.max_hours = record.max_hours
        row.weekdays = " ".join(record.weekdays)
        row.earliest_start = record.earliest_start
        row.latest_start = record.latest_start
        row.latest_end = record.latest_end
        row.status = record.status


class AdultKeeper:
    """Responsible adults, by patient and code."""

    subject = "adults"

    def key(self, record: AdultRecord) -> Key:
        return (record.patient, record.code)

    def ident(self, row: Adult) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Adult | None:
        return records.one_owned(tx, Adult, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Adult]:
        return records.every_owned(tx, Adult, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[AdultRecord]) -> dict[Key, Adult]:
        rows = records.owned_by(tx, Adult, directory.region.id, (record.patient for record in some))
        return {(row.patient.code, row.code): row for row in rows}

    def record_of(self, row: Adult, directory: Directory) -> AdultRecord:
        return AdultRecord(
            patient=row.patient.code, code=row.code, name=row.name, phone=row.phone, active=row.active
        )

    def blank(self, record: AdultRecord, directory: Directory) -> Adult:
        return Adult(patient_id=directory.patients[record.patient].id)

    def write(self, row: Adult, record: AdultRecord, directory: Directory) -> None:
        row.code = record.code
        row.name = record.name
        row.phone = record.phone
        row.active = record.active


class PickupKeeper:
    """Pickups, by nurse, day and item."""

    subject = "pickups"

    def key(self, record: PickupRecord) -> Key:
        return (record.nurse, record.day, record.item)

    def ident(self, row: Pickup) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Pickup | None:
        return records.one_owned(tx, Pickup, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Pickup]:
        return records.every_owned(tx, Pickup, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[PickupRecord]) -> dict[Key, Pickup]:
        rows = records.owned_by(tx, Pickup, directory.region.id, (record.nurse for record in some))
        return {(row.nurse.code, row.day, row.item): row for row in rows}

    def record_of(self, row: Pickup, directory: Directory) -> PickupRecord:
        return PickupRecord(nurse=row.nurse.code, day=row.day, item=row.item, units=row.units)

    def blank(self, record: PickupRecord, directory: Directory) -> Pickup:
        return Pickup(nurse_id=directory.nurses[record.nurse].id)

    def write(self, row: Pickup, record: PickupRecord, directory: Directory) -> None:
        row.day = record.day
        row.item = record.item
        row.units = record.units
