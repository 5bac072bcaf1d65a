"""A nurse: home, weekly hours with exceptions, credentials."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed, on_the_globe


class Nurse(Base):
    """`code` names her in CSV files, unique in the region. Routes start and end at her home. `weekly_hours`
    is the most she works from Monday to Sunday (None: no limit)."""

    __tablename__ = "nurses"
    __table_args__ = (
        UniqueConstraint("region_id", "code"),
        CheckConstraint("max_visits >= 0", name="max_visits"),
        CheckConstraint("max_overtime_min >= 0", name="max_overtime_min"),
        CheckConstraint("weekly_hours >= 0", name="weekly_hours"),
        *on_the_globe(),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    max_visits: Mapped[int | None]
    max_overtime_min: Mapped[int] = mapped_column(default=0)
    weekly_hours: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)

    weekly_shifts: Mapped[list[WeeklyShift]] = relationship(
        back_populates="nurse", cascade="all, delete-orphan", order_by="WeeklyShift.weekday"
    )
    exceptions: Mapped[list[AvailabilityException]] = relationship(
        back_populates="nurse", cascade="all, delete-orphan", order_by="AvailabilityException.day"
    )
    credentials: Mapped[list[Credential]] = relationship(
        back_populates="nurse", cascade="all, delete-orphan", order_by="Credential.kind"
    )


class WeeklyShift(Base):
    """Hours on one weekday (Monday is 0), local times of the region; the break, if any, lies in its window
    (no window: anywhere in the hours)."""

    __tablename__ = "weekly_shifts"
    __table_args__ = (
        UniqueConstraint("nurse_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("end_time > start_time", name="hours"),
        CheckConstraint("break_minutes >= 0", name="break_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nurse_id: Mapped[int] = mapped_column(ForeignKey("nurses.id"))
    weekday: Mapped[int]
    start_time: Mapped[time]
    end_time: Mapped[time]
    break_minutes: Mapped[int] = mapped_column(default=0)
    break_earliest: Mapped[time | None]
    break_latest: Mapped[time | None]

    nurse: Mapped[Nurse] = relationship(back_populates="weekly_shifts")


class Availability(StrEnum):
    """What an exception says of its day."""

    OFF = "off"
    HOURS = "hours"


class AvailabilityException(Base):
    """One day that differs from the week: off, or other hours (local times). The week's break stays
    where it fits."""

    __tablename__ = "availability_exceptions"
    __table_args__ = (
        UniqueConstraint("nurse_id", "day"),
        CheckConstraint(
            "kind = 'off' OR (start_time IS NOT NULL AND end_time IS NOT NULL AND end_time > start_time)",
            name="hours",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nurse_id: Mapped[int] = mapped_column(ForeignKey("nurses.id"))
    day: Mapped[date]
    kind: Mapped[Availability] = mapped_column(closed(Availability))
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    reason: Mapped[str] = mapped_column(default="")

    nurse: Mapped[Nurse] = relationship(back_populates="exceptions")


class Credential(Base):
    """A license or training. It counts from `valid_from` to `expires_on`, both included (None: no end), in
    the `states` ("KY OH", sorted; empty: everywhere) and nowhere else."""

    __tablename__ = "credentials"
    __table_args__ = (
        UniqueConstraint("nurse_id", "kind", "valid_from", "states"),
        CheckConstraint("expires_on IS NULL OR expires_on >= valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nurse_id: Mapped[int] = mapped_column(ForeignKey("nurses.id"))
    kind: Mapped[str]
    valid_from: Mapped[date]
    expires_on: Mapped[date | None]
    states: Mapped[str] = mapped_column(default="")

    nurse: Mapped[Nurse] = relationship(back_populates="credentials")

    @property
    def state_codes(self) -> tuple[str, ...]:
        """The states in which it counts; none: everywhere."""
        return tuple(self.states.split())
