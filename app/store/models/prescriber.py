"""A prescriber: who orders infusions, and when she can be reached while they run."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.nurse import Availability


class Prescriber(Base):
    """`code` names the prescriber in CSV files, unique in the region."""

    __tablename__ = "prescribers"
    __table_args__ = (UniqueConstraint("region_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)

    hours: Mapped[list[PrescriberHours]] = relationship(
        back_populates="prescriber",
        cascade="all, delete-orphan",
        order_by="PrescriberHours.weekday, PrescriberHours.start_time",
    )
    exceptions: Mapped[list[PrescriberException]] = relationship(
        back_populates="prescriber",
        cascade="all, delete-orphan",
        order_by="PrescriberException.day",
    )


class PrescriberHours(Base):
    """When the prescriber can be reached on a weekday (Monday is 0), local times; several a day may be."""

    __tablename__ = "prescriber_hours"
    __table_args__ = (
        UniqueConstraint("prescriber_id", "weekday", "start_time"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("end_time > start_time", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    prescriber_id: Mapped[int] = mapped_column(ForeignKey("prescribers.id"))
    weekday: Mapped[int]
    start_time: Mapped[time]
    end_time: Mapped[time]

    prescriber: Mapped[Prescriber] = relationship(back_populates="hours")


class PrescriberException(Base):
    """One day that differs from the week: not to be reached, or at other hours (local times)."""

    __tablename__ = "prescriber_exceptions"
    __table_args__ = (
        UniqueConstraint("prescriber_id", "day"),
        CheckConstraint(
            "kind = 'off' OR (start_time IS NOT NULL AND end_time IS NOT NULL AND end_time > start_time)",
            name="hours",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    prescriber_id: Mapped[int] = mapped_column(ForeignKey("prescribers.id"))
    day: Mapped[date]
    kind: Mapped[Availability] = mapped_column(closed(Availability))
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    reason: Mapped[str] = mapped_column(default="")

    prescriber: Mapped[Prescriber] = relationship(back_populates="exceptions")
