"""An order: so many sessions of a protocol for one patient, and the rules that space them."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.patient import Patient
from app.store.models.prescriber import Prescriber
from app.store.models.protocol import Protocol


class OrderStatus(StrEnum):
    """Only sessions of an active order are planned."""

    ACTIVE = "active"
    HELD = "held"
    ENDED = "ended"


class Order(Base):
    """A prescriber's order of `sessions` sessions.

    Sessions take place from `valid_from` to `valid_until`, both included, on the `weekdays` ("Mon Tue Wed"),
    and not after `not_after` (None: the order's own end). From one start to the next pass `min_hours` to
    `max_hours` (None: no limit). A new session may start from `earliest_start` to `latest_start` and is over
    by `latest_end` (None: no limit), local times.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("region_id", "code"),
        Index(None, "patient_id"),
        CheckConstraint("sessions BETWEEN 1 AND 60", name="sessions"),
        CheckConstraint("valid_until >= valid_from", name="validity"),
        CheckConstraint("min_hours >= 0", name="min_hours"),
        CheckConstraint("max_hours IS NULL OR max_hours >= min_hours", name="max_hours"),
        CheckConstraint("latest_start >= earliest_start", name="window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    prescriber_id: Mapped[int] = mapped_column(ForeignKey("prescribers.id"))
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocols.id"))
    sessions: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    not_after: Mapped[date | None]
    min_hours: Mapped[int]
    max_hours: Mapped[int | None]
    weekdays: Mapped[str]
    earliest_start: Mapped[time]
    latest_start: Mapped[time]
    latest_end: Mapped[time | None]
    status: Mapped[OrderStatus] = mapped_column(closed(OrderStatus), default=OrderStatus.ACTIVE)

    patient: Mapped[Patient] = relationship()
    prescriber: Mapped[Prescriber] = relationship()
    protocol: Mapped[Protocol] = relationship()
