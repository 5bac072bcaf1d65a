"""A patient: where, how to get in, which nurses know or must not visit them, which phases last longer."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed, on_the_globe
from app.store.models.nurse import Nurse
from app.store.models.protocol import PhaseKind


class Patient(Base):
    """`code` names the patient in CSV files and never carries a name; unique in the region. With `bipolar`
    disorder, sessions ask for the coordinating psychiatrist's agreement and mania checks.

    `state` is the postal code of the state where the patient lives (empty: the region's)."""

    __tablename__ = "patients"
    __table_args__ = (UniqueConstraint("region_id", "code"), *on_the_globe())

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    state: Mapped[str] = mapped_column(default="")
    access_notes: Mapped[str] = mapped_column(Text, default="")
    bipolar: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)

    nurses: Mapped[list[PatientNurse]] = relationship(back_populates="patient", cascade="all, delete-orphan")
    phase_minimums: Mapped[list[PhaseMinimum]] = relationship(
        back_populates="patient", cascade="all, delete-orphan", order_by="PhaseMinimum.id"
    )


class Standing(StrEnum):
    """How a nurse stands with a patient."""

    PREFERRED = "preferred"
    BARRED = "barred"


class PatientNurse(Base):
    """A nurse this patient prefers, or one who must not visit."""

    __tablename__ = "patient_nurses"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    nurse_id: Mapped[int] = mapped_column(ForeignKey("nurses.id"), primary_key=True)
    standing: Mapped[Standing] = mapped_column(closed(Standing))

    patient: Mapped[Patient] = relationship(back_populates="nurses")
    nurse: Mapped[Nurse] = relationship()


class PhaseMinimum(Base):
    """For this patient the phases of a kind last at least so many minutes together, whatever the protocol
    says; a protocol that gives them more keeps its own. `reason` is medical: never in logs or addresses."""

    __tablename__ = "phase_minimums"
    __table_args__ = (UniqueConstraint("patient_id", "kind"), CheckConstraint("minutes > 0", name="minutes"))

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    kind: Mapped[PhaseKind] = mapped_column(closed(PhaseKind))
    minutes: Mapped[int]
    reason: Mapped[str]

    patient: Mapped[Patient] = relationship(back_populates="phase_minimums")
