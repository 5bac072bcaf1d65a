"""A booked visit: patient, version of a protocol, day, windows, priority, and what the dispatcher fixed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.nurse import Nurse
from app.store.models.order import Order
from app.store.models.patient import Patient, PhaseMinimum
from app.store.models.protocol import PhaseKind, Protocol, ProtocolPhase, ProtocolVersion


class Priority(StrEnum):
    """How dear it is to leave the visit out."""

    ROUTINE = "routine"
    IMPORTANT = "important"
    URGENT = "urgent"


class VisitStatus(StrEnum):
    """A cancelled visit, or a missed one (nobody was at home), stays on record and is not planned."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    MISSED = "missed"


class VisitKind(StrEnum):
    """An infusion, a follow-up at home, or one by telephone: that one is on no nurse's route."""

    SESSION = "session"
    FOLLOW_UP = "follow_up"
    CALL = "call"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A phase of one visit, with the patient's minimum; `credentials` beside those of the whole visit."""

    kind: PhaseKind
    minutes: int
    credentials: frozenset[str]


def lengthened(phases: Sequence[ProtocolPhase], minimums: Iterable[PhaseMinimum]) -> tuple[Phase, ...]:
    """The phases for a patient with these minimums. Where several phases of a kind fall short together, the
    last of them is made longer."""
    minutes = [phase.minutes for phase in phases]
    for minimum in minimums:
        places = [place for place, phase in enumerate(phases) if phase.kind is minimum.kind]
        short = minimum.minutes - sum(minutes[place] for place in places)
        if places and short > 0:
            minutes[places[-1]] += short
    return tuple(
        Phase(kind=phase.kind, minutes=long, credentials=frozenset(phase.credentials))
        for phase, long in zip(phases, minutes, strict=True)
    )


class Visit(Base):
    """`day` is the region's local date; instants are UTC, to be shown in `zone`.

    `version`: of the protocol, as it was when the visit was booked. `pinned_nurse` fixes the nurse,
    `pinned_start` the start; with two nurses the pin is the first one's. `pinned_taker`: whom she hands the
    visit over to, where it can be handed over; without one she stays throughout.

    A visit of a series has its `order` and the number of its `session`. Without `fixed_day` planning may move
    it, within `earliest_day` and `latest_day` (None: the order's own limits). A follow-up of
    `follow_up_minutes` starts `follows_min` to `follows_max` minutes after the start of the visit it follows.
    """

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("region_id", "code"),
        Index(None, "region_id", "day"),
        CheckConstraint("pinned_start IS NULL OR pinned_nurse_id IS NOT NULL", name="pin"),
        CheckConstraint("pinned_taker_id IS NULL OR pinned_nurse_id IS NOT NULL", name="taker"),
        CheckConstraint("order_id IS NULL OR session IS NOT NULL", name="session"),
        CheckConstraint(
            "kind = 'session' OR (follows_visit_id IS NOT NULL AND follows_min IS NOT NULL "
            "AND follows_max >= follows_min AND follow_up_minutes > 0)",
            name="follows",
        ),
        CheckConstraint("earliest_day <= latest_day", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    protocol_version_id: Mapped[int] = mapped_column(ForeignKey("protocol_versions.id"), index=True)
    day: Mapped[date]
    zone: Mapped[str]
    priority: Mapped[Priority] = mapped_column(closed(Priority), default=Priority.ROUTINE)
    status: Mapped[VisitStatus] = mapped_column(closed(VisitStatus), default=VisitStatus.BOOKED)
    notes: Mapped[str] = mapped_column(Text, default="")
    pinned_nurse_id: Mapped[int | None] = mapped_column(ForeignKey("nurses.id"))
    pinned_start: Mapped[datetime | None]
    pinned_taker_id: Mapped[int | None] = mapped_column(ForeignKey("nurses.id"))
    kind: Mapped[VisitKind] = mapped_column(closed(VisitKind), default=VisitKind.SESSION)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    session: Mapped[int | None]
    fixed_day: Mapped[bool] = mapped_column(default=True)
    earliest_day: Mapped[date | None]
    latest_day: Mapped[date | None]
    follows_visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"), index=True)
    follows_min: Mapped[int | None]
    follows_max: Mapped[int | None]
    follow_up_minutes: Mapped[int | None]

    patient: Mapped[Patient] = relationship()
    version: Mapped[ProtocolVersion] = relationship()
    pinned_nurse: Mapped[Nurse | None] = relationship(foreign_keys=[pinned_nurse_id])
    pinned_taker: Mapped[Nurse | None] = relationship(foreign_keys=[pinned_taker_id])
    order: Mapped[Order | None] = relationship()
    follows: Mapped[Visit | None] = relationship(remote_side=[id])
    windows: Mapped[list[VisitWindow]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="VisitWindow.earliest_start"
    )

    @property
    def protocol(self) -> Protocol:
        """The protocol it is a visit of."""
        return self.version.protocol

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Its phases, with the patient's minimums; a follow-up is one phase."""
        if self.follow_up_minutes is not None:
            return (Phase(kind=PhaseKind.ARRIVAL, minutes=self.follow_up_minutes, credentials=frozenset()),)
        return lengthened(self.version.phases, self.patient.phase_minimums)

    @property
    def staff(self) -> int:
        """How many nurses come to it together; to a follow-up one does."""
        return self.version.staff if self.kind is VisitKind.SESSION else 1

    @property
    def minutes(self) -> int:
        """How long it lasts, from arrival to discharge."""
        return sum(phase.minutes for phase in self.phases)


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
