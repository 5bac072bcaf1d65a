"""What a plan is made from. Each function makes a fixed number of queries, however full the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.store.engine import Tx
from app.store.models import Nurse, Patient, Region, Visit
from app.store.models.visit import VisitStatus
from app.store.queries.recipe import RECIPE


def regions(tx: Tx) -> Sequence[Region]:
    """All regions, by code."""
    return tx.scalars(select(Region).order_by(Region.code)).all()


def region_by_code(tx: Tx, code: str) -> Region | None:
    """The region of this code, or None."""
    return tx.scalar(select(Region).where(Region.code == code))


def nurses(tx: Tx, region_id: int) -> Sequence[Nurse]:
    """The region's nurses, active or not, by id: with weekly hours, exceptions and credentials."""
    query = (
        select(Nurse)
        .where(Nurse.region_id == region_id)
        .order_by(Nurse.id)
        .options(
            selectinload(Nurse.weekly_shifts), selectinload(Nurse.exceptions), selectinload(Nurse.credentials)
        )
    )
    return tx.scalars(query).all()


def booked_visits(tx: Tx, region_id: int, day: date) -> Sequence[Visit]:
    """The day's booked visits, by id: with patient and her nurses, protocol, windows and pinned nurse."""
    query = (
        select(Visit)
        .where(Visit.region_id == region_id, Visit.day == day, Visit.status == VisitStatus.BOOKED)
        .order_by(Visit.id)
        .options(
            joinedload(Visit.patient).selectinload(Patient.nurses),
            *RECIPE,
            joinedload(Visit.pinned_nurse),
            selectinload(Visit.windows),
        )
    )
    return tx.scalars(query).all()


def nurse_by_code(tx: Tx, region_id: int, code: str) -> Nurse | None:
    """The region's nurse of this code, or None."""
    return tx.scalar(select(Nurse).where(Nurse.region_id == region_id, Nurse.code == code))


def lock_bookings(tx: Tx, region_id: int) -> None:
    """Wait until nobody else books a slot in the region, and keep others from it until the transaction ends.

    Others may go on adding records to the region: only its own row is locked, and not its key. SQLite lets
    only one transaction write anyway.
    """
    tx.execute(select(Region.id).where(Region.id == region_id).with_for_update(key_share=True))
