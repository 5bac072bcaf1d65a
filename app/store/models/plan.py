"""Stored plans: the exact Problem and Plan as JSON, and the rows the pages read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.nurse import Nurse
from app.store.models.run import Run
from app.store.models.visit import Visit


class PlanStatus(StrEnum):
    """A draft is for dispatchers; nurses see the published one; the rest are history."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class PlanRow(Base):
    """One plan of one region and day; at most one draft and one published plan.

    `problem`, `travel_seconds` and `plan` are what the checker is given again before publishing; money in
    points, durations in seconds. `notes`: what was left aside when it was made, a sentence each.
    `revision`: another one with every change by hand; content of one revision never changes.
    """

    __tablename__ = "plans"
    __table_args__ = (
        Index(None, "region_id", "day"),
        Index(
            "uq_plans_draft",
            "region_id",
            "day",
            unique=True,
            sqlite_where=text("status = 'draft'"),
            postgresql_where=text("status = 'draft'"),
        ),
        Index(
            "uq_plans_published",
            "region_id",
            "day",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    day: Mapped[date]
    zone: Mapped[str]
    status: Mapped[PlanStatus] = mapped_column(closed(PlanStatus), default=PlanStatus.DRAFT)
    revision: Mapped[str] = mapped_column(default=lambda: str(uuid4()))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    problem: Mapped[dict[str, Any]]
    travel_seconds: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]
    cost: Mapped[int] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    visits_served: Mapped[int]
    travel_total: Mapped[int]
    overtime_total: Mapped[int]
    notes: Mapped[list[str]] = mapped_column(default=list)

    run: Mapped[Run] = relationship()
    routes: Mapped[list[RouteRow]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="RouteRow.id"
    )
    unassigned: Mapped[list[UnassignedRow]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="UnassignedRow.id"
    )


class RouteRow(Base):
    """One nurse's day, with her shift's hours and her home as they were when planned; idle where it has no
    stops. UTC."""

    __tablename__ = "routes"
    __table_args__ = (UniqueConstraint("plan_id", "nurse_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    nurse_id: Mapped[int] = mapped_column(ForeignKey("nurses.id"), index=True)
    shift_start: Mapped[datetime]
    shift_end: Mapped[datetime]
    departure: Mapped[datetime | None]
    finish: Mapped[datetime | None]
    break_start: Mapped[datetime | None]
    break_minutes: Mapped[int] = mapped_column(default=0)
    travel_seconds: Mapped[int] = mapped_column(default=0)
    home_latitude: Mapped[float]
    home_longitude: Mapped[float]

    @property
    def paid_seconds(self) -> int:
        """From leaving home to being home again, less the break; 0 for an idle shift."""
        if self.departure is None or self.finish is None:
            return 0
        rest = self.break_minutes * 60 if self.break_start else 0
        return round((self.finish - self.departure).total_seconds()) - rest

    plan: Mapped[PlanRow] = relationship(back_populates="routes")
    nurse: Mapped[Nurse] = relationship()
    stops: Mapped[list[StopRow]] = relationship(
        back_populates="route", cascade="all, delete-orphan", order_by="StopRow.position"
    )


class StopRow(Base):
    """One stay. `phases`: [{"kind", "minutes"}] as planned; `travel_seconds`: the drive there. UTC."""

    __tablename__ = "stops"
    __table_args__ = (UniqueConstraint("route_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    route_id: Mapped[int] = mapped_column(ForeignKey("routes.id"), index=True)
    position: Mapped[int]
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    arrival: Mapped[datetime]
    start: Mapped[datetime]
    end: Mapped[datetime]
    travel_seconds: Mapped[int]
    phases: Mapped[list[dict[str, Any]]]

    route: Mapped[RouteRow] = relationship(back_populates="stops")
    visit: Mapped[Visit] = relationship()


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOver:
    """At one visit the nurse of `giver` leaves the monitoring to the nurse of `taker`."""

    giver: StopRow
    taker: StopRow

    @property
    def begins(self) -> datetime:
        """When the taker takes over."""
        return self.taker.start

    @property
    def over(self) -> datetime:
        """When the giver may leave."""
        return self.giver.end


def hand_over_of(stops: Iterable[StopRow]) -> HandOver | None:
    """The hand-over among the stops of one visit in one plan; None where one nurse stays throughout, or two
    start together."""
    first, *others = sorted(stops, key=lambda stop: stop.start)
    if len(others) != 1 or others[0].start == first.start:
        return None
    return HandOver(giver=first, taker=others[0])


def phases_of(stops: Iterable[StopRow]) -> list[dict[str, Any]]:
    """The phases of one visit as its stops in one plan have them; at a hand-over without the overlap, for
    which the giver only stays on."""
    stays = list(stops)
    shared = hand_over_of(stays)
    return stays[0].phases if shared is None else [*shared.giver.phases[:-1], *shared.taker.phases]


class UnassignedRow(Base):
    """A visit that found no place. `reason` is one sentence; `details` one per nurse: [{"nurse", "why"}]."""

    __tablename__ = "unassigned"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    details: Mapped[list[dict[str, Any]]]

    plan: Mapped[PlanRow] = relationship(back_populates="unassigned")
    visit: Mapped[Visit] = relationship()
