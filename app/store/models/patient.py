"""A patient: where, how to get in, and which nurses know or must not visit them."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed, on_the_globe
from app.store.models.nurse import Nurse


class Patient(Base):
    """`code` names the patient in CSV files and never carries a name; unique in the region."""

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
    access_notes: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)

    nurses: Mapped[list[PatientNurse]] = relationship(back_populates="patient", cascade="all, delete-orphan")


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
