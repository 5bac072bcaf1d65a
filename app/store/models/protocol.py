"""A protocol: the recipe of a visit, phase by phase, in versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, ListOf, closed


class PhaseKind(StrEnum):
    """The phases of an infusion visit; the pages colour by kind."""

    ARRIVAL = "arrival"
    IV_START = "iv_start"
    INFUSION = "infusion"
    MONITORING = "monitoring"
    DISCHARGE = "discharge"


AFTER_INFUSION = (PhaseKind.MONITORING, PhaseKind.DISCHARGE)
"""The kinds that a monitoring clinician may take over."""


def hand_over_place(kinds: Sequence[PhaseKind]) -> int | None:
    """The position of the first phase after the last infusion, where monitoring can be handed over; None
    where the phases do not end with an infusion's monitoring."""
    place = len(kinds)
    while place and kinds[place - 1] in AFTER_INFUSION:
        place -= 1
    fits = 0 < place < len(kinds) and kinds[place] is PhaseKind.MONITORING
    return place if fits else None


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """A visit or call that is due `offset_hours` after the infusion's end, give or take `window_hours`.

    `minutes`: how long it takes; `mania_check`: it asks for signs of mania, without which the next session of
    a patient with bipolar disorder may not start.
    """

    offset_hours: int
    window_hours: int
    in_person: bool
    minutes: int
    mania_check: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DrugUnits:
    """So many `units` (vials, syringes) of a drug that one visit uses."""

    item: str
    units: int


class Protocol(Base):
    """A recipe under one code. What it says is in its versions; new visits are booked under the newest."""

    __tablename__ = "protocols"
    __table_args__ = (UniqueConstraint("region_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    versions: Mapped[list[ProtocolVersion]] = relationship(
        back_populates="protocol", cascade="all, delete-orphan", order_by="ProtocolVersion.number"
    )

    @property
    def newest(self) -> ProtocolVersion:
        """The version that new visits are booked under."""
        return self.versions[-1]


class ProtocolVersion(Base):
    """What a protocol says from one change to the next. Once stored it stays as it is, but for its approval:
    visits keep the version they were booked under.

    Each of the `staff` nurses holds `credentials` for the whole visit and those of the phases she is there
    for. Where `hand_over` is allowed, a monitoring clinician may come at the infusion's end; the infusion
    nurse leaves when the two have been there together for `overlap_minutes`.

    `vitals_infusion` and `vitals_monitoring`: every so many minutes (None: not asked for). The start is held
    above `max_systolic` or `max_diastolic`, mmHg (None: no limit). A responsible adult is there from
    discharge until `adult_hours` after it (0: nobody is asked for). `kit`: one of each item is used.
    `created_by` None: the command line, or from before versions were kept. `approved_by` is the medical
    director's name. `phase_count` counts `phases` as they were first stored: the database refuses one more.
    """

    __tablename__ = "protocol_versions"
    __table_args__ = (
        UniqueConstraint("protocol_id", "number"),
        CheckConstraint("staff BETWEEN 1 AND 2", name="staff"),
        CheckConstraint("staff = 1 OR NOT hand_over", name="hand_over"),
        CheckConstraint("overlap_minutes >= 0", name="overlap_minutes"),
        CheckConstraint("vitals_infusion > 0", name="vitals_infusion"),
        CheckConstraint("vitals_monitoring > 0", name="vitals_monitoring"),
        CheckConstraint("max_systolic > max_diastolic", name="limits"),
        CheckConstraint("adult_hours >= 0", name="adult_hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocols.id"))
    number: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str] = mapped_column(default="")
    staff: Mapped[int] = mapped_column(default=1)
    credentials: Mapped[list[str]] = mapped_column(default=list)
    hand_over: Mapped[bool] = mapped_column(default=False)
    overlap_minutes: Mapped[int] = mapped_column(default=10)
    vitals_infusion: Mapped[int | None]
    vitals_monitoring: Mapped[int | None]
    max_systolic: Mapped[int | None]
    max_diastolic: Mapped[int | None]
    adult_hours: Mapped[int] = mapped_column(default=0)
    discharge_criteria: Mapped[list[str]] = mapped_column(default=list)
    follow_ups: Mapped[tuple[FollowUp, ...]] = mapped_column(ListOf(FollowUp), default=())
    kit: Mapped[list[str]] = mapped_column(default=list)
    drug_units: Mapped[tuple[DrugUnits, ...]] = mapped_column(ListOf(DrugUnits), default=())
    phase_count: Mapped[int]

    protocol: Mapped[Protocol] = relationship(back_populates="versions")
    phases: Mapped[list[ProtocolPhase]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="ProtocolPhase.position"
    )

    @property
    def minutes(self) -> int:
        """The whole visit, in minutes, of a patient without minimums of her own."""
        return sum(phase.minutes for phase in self.phases)

    @property
    def kinds(self) -> set[str]:
        """All kinds of credentials that it asks for, of anybody."""
        return {*self.credentials, *(kind for phase in self.phases for kind in phase.credentials)}


@event.listens_for(ProtocolVersion, "before_insert")
def _count_phases(_mapper: object, _connection: object, version: ProtocolVersion) -> None:
    version.phase_count = len(version.phases)


class ProtocolPhase(Base):
    """One phase, in order of `position`; `credentials` are needed for this phase, beside the version's."""

    __tablename__ = "protocol_phases"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("protocol_versions.id"))
    position: Mapped[int]
    kind: Mapped[PhaseKind] = mapped_column(closed(PhaseKind))
    minutes: Mapped[int]
    credentials: Mapped[list[str]] = mapped_column(default=list)

    version: Mapped[ProtocolVersion] = relationship(back_populates="phases")
