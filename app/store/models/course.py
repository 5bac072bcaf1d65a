"""What must be on file for a patient's sessions. Of several rows about one thing the newest counts; none is
ever changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base
from app.store.models.patient import Patient


class Adult(Base):
    """A responsible adult, who may be with the patient after discharge. `code` is unique for the patient."""

    __tablename__ = "adults"
    __table_args__ = (UniqueConstraint("patient_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    code: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)

    patient: Mapped[Patient] = relationship()


class AdultPresence(Base):
    """Who is with the patient after a visit, from when to when (UTC), and whether that is confirmed."""

    __tablename__ = "adult_presences"
    __table_args__ = (
        Index(None, "visit_id"),
        CheckConstraint("present_until > present_from", name="presence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    adult_id: Mapped[int] = mapped_column(ForeignKey("adults.id"))
    present_from: Mapped[datetime]
    present_until: Mapped[datetime]
    confirmed: Mapped[bool]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    adult: Mapped[Adult] = relationship()


class Agreement(Base):
    """What the coordinating psychiatrist of a patient with bipolar disorder says of her infusions.

    Given, it counts from `agreed_on` to `expires_on`, both included (None: no end); with `given` false it is
    withdrawn.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        Index(None, "patient_id"),
        CheckConstraint("expires_on IS NULL OR expires_on >= agreed_on", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    psychiatrist: Mapped[str]
    given: Mapped[bool]
    agreed_on: Mapped[date]
    expires_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ManiaCheck(Base):
    """The check for mania after a session, by whom, and whether the next session may take place."""

    __tablename__ = "mania_checks"
    __table_args__ = (Index(None, "visit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    checked_on: Mapped[date]
    checked_by: Mapped[str]
    clear: Mapped[bool]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
