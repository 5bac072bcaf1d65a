"""Orders, responsible adults, and what nurses have picked up."""

from __future__ import annotations

from app.actions.records.content import AdultRecord, OrderRecord, PickupRecord
from app.actions.records.shapes import CodedKeeper, OwnedKeeper
from app.store.models import Adult, Order, Pickup
from app.store.queries.directory import Directory


class OrderKeeper(CodedKeeper[OrderRecord, Order]):
    """Orders, by code."""

    subject = "orders"
    table = Order
    record_type = OrderRecord

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


class AdultKeeper(OwnedKeeper[AdultRecord, Adult]):
    """Responsible adults, by patient and code."""

    subject = "adults"
    table = Adult
    record_type = AdultRecord
    owner = "patient"
    keys = ("patient", "code")


class PickupKeeper(OwnedKeeper[PickupRecord, Pickup]):
    """Pickups, by nurse, day and item."""

    subject = "pickups"
    table = Pickup
    record_type = PickupRecord
    owner = "nurse"
    keys = ("nurse", "day", "item")
