"""Orders, responsible adults, and what nurses have picked up."""

from __future__ import annotations

from app.actions.records.content import AdultRecord, OrderRecord, PickupRecord
from app.actions.records.shapes import CodedKeeper, OwnedKeeper
from app.store.models import Adult, Order, Pickup


class OrderKeeper(CodedKeeper[OrderRecord, Order]):
    """Orders, by code."""

    subject = "orders"
    table = Order
    record_type = OrderRecord
    refers = ("patient", "prescriber", "protocol")
    lists = ("weekdays",)


class AdultKeeper(OwnedKeeper[AdultRecord, Adult]):
    """Responsible adults, by patient and code."""

    subject = "adults"
    table = Adult
    record_type = AdultRecord
    keys = ("patient", "code")


class PickupKeeper(OwnedKeeper[PickupRecord, Pickup]):
    """Pickups, by nurse, day and item."""

    subject = "pickups"
    table = Pickup
    record_type = PickupRecord
    keys = ("nurse", "day", "item")
