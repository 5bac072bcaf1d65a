"""Which planned days a changed record belongs to: their plans do not know of the change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from app.store.engine import Tx
from app.store.models import Nurse, Order, Patient, PlanRow, Prescriber, RouteRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus

ALIVE = (PlanStatus.DRAFT, PlanStatus.PUBLISHED)


def plans_on(tx: Tx, region_id: int, days: Collection[date], since: date) -> dict[date, PlanStatus]:
    """Those of `days` from `since` on that have a plan; a published one counts before a draft."""
    if not days:
        return {}
    return _plans(tx, region_id, since, PlanRow.day.in_(days))


def plans_with_nurse(tx: Tx, nurse: Nurse, since: date) -> dict[date, PlanStatus]:
    """The planned days from `since` on on which the nurse has a shift."""
    on_shift = select(RouteRow.plan_id).where(RouteRow.nurse_id == nurse.id)
    return _plans(tx, nurse.region_id, since, PlanRow.id.in_(on_shift))


def booked_days(tx: Tx, owner: Patient | Order, since: date) -> Sequence[date]:
    """The days from `since` on with booked visits of the patient or order."""
    column = Visit.patient_id if isinstance(owner, Patient) else Visit.order_id
    query = (
        select(Visit.day)
        .distinct()
        .where(column == owner.id, Visit.day >= since, Visit.status == VisitStatus.BOOKED)
        .order_by(Visit.day)
    )
    return tx.scalars(query).all()


def ordered_days(tx: Tx, prescriber: Prescriber, since: date) -> Sequence[date]:
    """The days from `since` on with booked sessions of the prescriber's orders."""
    query = (
        select(Visit.day)
        .distinct()
        .join(Visit.order)
        .where(Order.prescriber_id == prescriber.id)
        .where(Visit.day >= since, Visit.status == VisitStatus.BOOKED)
        .order_by(Visit.day)
    )
    return tx.scalars(query).all()


def pinned_days(tx: Tx, nurse: Nurse, since: date) -> Sequence[date]:
    """The days from `since` on with booked visits pinned to the nurse."""
    query = (
        select(Visit.day)
        .distinct()
        .where(or_(Visit.pinned_nurse_id == nurse.id, Visit.pinned_taker_id == nurse.id))
        .where(Visit.day >= since, Visit.status == VisitStatus.BOOKED)
        .order_by(Visit.day)
    )
    return tx.scalars(query).all()


def _plans(tx: Tx, region_id: int, since: date, condition: ColumnElement[bool]) -> dict[date, PlanStatus]:
    query = (
        select(PlanRow.day, PlanRow.status)
        .where(
            PlanRow.region_id == region_id,
            PlanRow.day >= since,
            PlanRow.status.in_(ALIVE),
            condition,
        )
        .order_by(PlanRow.day, PlanRow.status)  # draft comes before published, which then stays
    )
    return {row.day: row.status for row in tx.execute(query)}
