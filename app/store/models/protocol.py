"""A protocol: the recipe of a visit, phase by phase."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed


class PhaseKind(StrEnum):
    """The phases of an infusion visit; the pages colour by kind."""

    ARRIVAL = "arrival"
    IV_START = "iv_start"
    INFUSION = "infusion"
    MONITORING = "monitoring"
    DISCHARGE = "discharge"


class Protocol(Base):
    """`credentials` are the kinds each of the `staff` nurses must hold."""

    __tablename__ = "protocols"
    __table_args__ = (
        UniqueConstraint("region_id", "code"),
        CheckConstraint("staff BETWEEN 1 AND 2", name="staff"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    name: Mapped[str]
    staff: Mapped[int] = mapped_column(default=1)
    credentials: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)

    phases: Mapped[list[ProtocolPhase]] = relationship(
        back_populates="protocol", cascade="all, delete-orphan", order_by="ProtocolPhase.position"
    )

    @property
    def minutes(self) -> int:
        """The whole visit, in minutes."""
        return sum(phase.minutes for phase in self.phases)


class ProtocolPhase(Base):
    """One phase, in order of `position`."""

    __tablename__ = "protocol_phases"
    __table_args__ = (
        UniqueConstraint("protocol_id", "position"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocols.id"))
    position: Mapped[int]
    kind: Mapped[PhaseKind] = mapped_column(closed(PhaseKind))
    minutes: Mapped[int]

    protocol: Mapped[Protocol] = relationship(back_populates="phases")
