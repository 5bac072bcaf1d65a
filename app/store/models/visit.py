"""A booked visit: patient, protocol, day, windows, priority, and what the dispatcher fixed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.nurse import Nurse
from app.store.models.patient import Patient
from app.store.models.protocol import Protocol


class Priority(StrEnum):
    """How dear it is to leave the visit out."""

    ROUTINE = "routine"
    IMPORTANT = "important"
    URGENT = "urgent"


class VisitStatus(StrEnum):
    """A cancelled visit stays on record and is not planned."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


class Visit(Base):
    """`day` is the region's local date; instants are UTC, to be shown in `zone`.

    `pinned_nurse` fixes the nurse, `pinned_start` the start; with two nurses the pin is the first one's.
    """

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("region_id", "code"),
        Index(None, "region_id", "day"),
        CheckConstraint("pinned_start IS NULL OR pinned_nurse_id IS NOT NULL", name="pin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocols.id"))
    day: Mapped[date]
    zone: Mapped[str]
    priority: Mapped[Priority] = mapped_column(closed(Priority), default=Priority.ROUTINE)
    status: Mapped[VisitStatus] = mapped_column(closed(VisitStatus), default=VisitStatus.BOOKED)
    notes: Mapped[str] = mapped_column(Text, default="")
    pinned_nurse_id: Mapped[int | None] = mapped_column(ForeignKey("nurses.id"))
    pinned_start: Mapped[datetime | None]

    patient: Mapped[Patient] = relationship()
    protocol: Mapped[Protocol] = relationship()
    pinned_nurse: Mapped[Nurse | None] = relationship()
    windows: Mapped[list[VisitWindow]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="VisitWindow.earliest_start"
    )


class VisitWindow(Base):
    """When the visit may start, and by when monitoring must be over (None: the patient set no limit). UTC."""

    __tablename__ = "visit_windows"
    __table_args__ = (
        CheckConstraint("latest_start >= earliest_start", name="order"),
        CheckConstraint("latest_end IS NULL OR latest_end > earliest_start", name="room"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    earliest_start: Mapped[datetime]
    latest_start: Mapped[datetime]
    latest_end: Mapped[datetime | None]

    visit: Mapped[Visit] = relationship(back_populates="windows")
