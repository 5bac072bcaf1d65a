"""What a plan is made from. Each function makes a fixed number of queries, however full the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.store.engine import Tx
from app.store.models import Nurse, Patient, Pickup, PlanRow, Protocol, Region, RouteRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries.courses import ORDER
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


def states(tx: Tx, region: Region) -> frozenset[str]:
    """The states in which the region's patients live, as far as they are on file."""
    found = tx.scalars(select(Patient.state).distinct().where(Patient.region_id == region.id))
    return frozenset({region.state, *found} - {""})


def booked_visits(tx: Tx, region_id: int, day: date) -> Sequence[Visit]:
    """The day's booked visits at patients' homes, as `coming_visits`."""
    return coming_visits(tx, region_id, day, day)


def coming_visits(tx: Tx, region_id: int, first: date, last: date) -> Sequence[Visit]:
    """The booked visits at patients' homes of these days, both included, by id: with patient and her nurses,
    order, protocol, windows and pinned nurse. Follow-ups by telephone are on no route."""
    query = (
        select(Visit)
        .where(Visit.region_id == region_id, Visit.day.between(first, last))
        .where(Visit.status == VisitStatus.BOOKED)
        .where(Visit.kind != VisitKind.CALL)
        .order_by(Visit.id)
        .options(
            joinedload(Visit.patient).selectinload(Patient.nurses),
            *RECIPE,
            *ORDER,
            joinedload(Visit.pinned_nurse),
            joinedload(Visit.pinned_taker),
            selectinload(Visit.windows),
        )
    )
    return tx.scalars(query).all()


def published_work(tx: Tx, region_id: int, first: date, last: date, *, but: date) -> Sequence[RouteRow]:
    """The routes with stops in published plans from `first` to `last`, both included, but not of one day."""
    query = (
        select(RouteRow)
        .join(RouteRow.plan)
        .where(PlanRow.region_id == region_id, PlanRow.status == PlanStatus.PUBLISHED)
        .where(PlanRow.day.between(first, last), PlanRow.day != but, RouteRow.departure.is_not(None))
        .options(contains_eager(RouteRow.plan).load_only(PlanRow.day))
    )
    return tx.scalars(query).all()


def pickups(tx: Tx, region_id: int, day: date) -> Sequence[Pickup]:
    """What the region's nurses have picked up for the day."""
    query = select(Pickup).join(Pickup.nurse).where(Nurse.region_id == region_id, Pickup.day == day)
    return tx.scalars(query).all()


def nurse_by_code(tx: Tx, region_id: int, code: str) -> Nurse | None:
    """The region's nurse of this code, or None."""
    return tx.scalar(select(Nurse).where(Nurse.region_id == region_id, Nurse.code == code))


def protocol_by_code(tx: Tx, region_id: int, code: str) -> Protocol | None:
    """The region's protocol of this code, or None."""
    return tx.scalar(select(Protocol).where(Protocol.region_id == region_id, Protocol.code == code))


def lock_bookings(tx: Tx, region_id: int) -> None:
    """Wait until nobody else books a slot in the region, and keep others from it until the transaction ends.

    Others may go on adding records to the region: only its own row is locked, and not its key. SQLite lets
    only one transaction write anyway.
    """
    tx.execute(select(Region.id).where(Region.id == region_id).with_for_update(key_share=True))
