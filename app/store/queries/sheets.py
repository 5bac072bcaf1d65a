"""What day sheets read of a plan: everything a nurse needs to go without the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.store.engine import Tx
from app.store.models import Nurse, Pickup, RouteRow, StopRow, UnassignedRow, Visit
from app.store.queries.courses import ORDER
from app.store.queries.recipe import RECIPE

_VISIT: tuple[ORMOption, ...] = (*RECIPE, *ORDER, joinedload(Visit.patient), selectinload(Visit.windows))


def routes_in_full(tx: Tx, plan_id: int) -> Sequence[RouteRow]:
    """The plan's routes by nurse name, with stops, visits, patients, recipes and orders."""
    visits = selectinload(RouteRow.stops).joinedload(StopRow.visit)
    query = (
        select(RouteRow)
        .join(RouteRow.nurse)
        .where(RouteRow.plan_id == plan_id)
        .order_by(Nurse.name, Nurse.id)
        .options(joinedload(RouteRow.nurse), visits.options(*_VISIT))  # type: ignore[arg-type]
    )
    return tx.scalars(query).all()


def left_out(tx: Tx, plan_id: int) -> Sequence[UnassignedRow]:
    """The visits the plan leaves out, in full."""
    query = (
        select(UnassignedRow)
        .where(UnassignedRow.plan_id == plan_id)
        .order_by(UnassignedRow.id)
        .options(joinedload(UnassignedRow.visit).options(*_VISIT))  # type: ignore[arg-type]
    )
    return tx.scalars(query).all()


def pickups_of_day(tx: Tx, nurses: Sequence[int], day: date) -> Sequence[Pickup]:
    """What these nurses have picked up for the day, by item."""
    query = select(Pickup).where(Pickup.nurse_id.in_(nurses), Pickup.day == day).order_by(Pickup.item)
    return tx.scalars(query).all()
