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
from app.store.models.patient import Patient, PhaseMinimum
from app.store.models.protocol import PhaseKind, Protocol, ProtocolPhase, ProtocolVersion


class Priority(StrEnum):
    """How dear it is to leave the visit out."""

    ROUTINE = "routine"
    IMPORTANT = "important"
    URGENT = "urgent"


class VisitStatus(StrEnum):
    """A cancelled visit stays on record and is not planned."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


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
    `pinned_start` the start; with two nurses the pin is the first one's, and a pinned visit is not handed
    over: she stays throughout.
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
    protocol_version_id: Mapped[int] = mapped_column(ForeignKey("protocol_versions.id"), index=True)
    day: Mapped[date]
    zone: Mapped[str]
    priority: Mapped[Priority] = mapped_column(closed(Priority), default=Priority.ROUTINE)
    status: Mapped[VisitStatus] = mapped_column(closed(VisitStatus), default=VisitStatus.BOOKED)
    notes: Mapped[str] = mapped_column(Text, default="")
    pinned_nurse_id: Mapped[int | None] = mapped_column(ForeignKey("nurses.id"))
    pinned_start: Mapped[datetime | None]

    patient: Mapped[Patient] = relationship()
    version: Mapped[ProtocolVersion] = relationship()
    pinned_nurse: Mapped[Nurse | None] = relationship()
    windows: Mapped[list[VisitWindow]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="VisitWindow.earliest_start"
    )

    @property
    def protocol(self) -> Protocol:
        """The protocol it is a visit of."""
        return self.version.protocol

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Its phases, with the patient's minimums."""
        return lengthened(self.version.phases, self.patient.phase_minimums)

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
