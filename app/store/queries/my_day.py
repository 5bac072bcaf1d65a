"""What one nurse may see: her own routes of published plans, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, selectinload

from app.store.engine import Tx
from app.store.models import Nurse, PlanRow, ProtocolVersion, RouteRow, StopRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.store.queries.courses import ORDER
from app.store.queries.recipe import RECIPE


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedDay:
    """A day with a published plan: how many stops the nurse has in it, and whether she has a shift at all."""

    day: date
    published_at: datetime | None
    on_shift: bool
    stops: int


def planned_days(tx: Tx, nurse: Nurse, first: date, last: date) -> Sequence[PlannedDay]:
    """The days from `first` to `last`, both included, that are published in the nurse's region, in order."""
    query = (
        select(PlanRow.day, PlanRow.published_at, func.count(RouteRow.id.distinct()), func.count(StopRow.id))
        .outerjoin(RouteRow, (RouteRow.plan_id == PlanRow.id) & (RouteRow.nurse_id == nurse.id))
        .outerjoin(StopRow, StopRow.route_id == RouteRow.id)
        .where(PlanRow.region_id == nurse.region_id, PlanRow.status == PlanStatus.PUBLISHED)
        .where(PlanRow.day.between(first, last))
        .group_by(PlanRow.id)
        .order_by(PlanRow.day)
    )
    return [
        PlannedDay(day=day, published_at=published_at, on_shift=routes > 0, stops=stops)
        for day, published_at, routes, stops in tx.execute(query)
    ]


def route_of(tx: Tx, nurse_id: int, day: date) -> RouteRow | None:
    """The nurse's published route of `day`, with stops, visits, patients and protocols; None if none."""
    query = _published(nurse_id).where(PlanRow.day == day)
    return tx.scalar(query)


def routes_of(tx: Tx, nurse_id: int, first: date, last: date) -> dict[date, RouteRow]:
    """The nurse's published routes from `first` to `last`, both included, as `route_of` gives each, with what
    her visits' folds and files need."""
    visits = selectinload(RouteRow.stops).joinedload(StopRow.visit)
    more = (*ORDER, *RECIPE, selectinload(Visit.windows))
    options = [visits.options(option) for option in more]  # type: ignore[arg-type]
    query = _published(nurse_id).where(PlanRow.day.between(first, last)).limit(None).options(*options)
    return {route.plan.day: route for route in reversed(tx.scalars(query).all())}


def follow_ups(tx: Tx, visits: Collection[int]) -> dict[int, Visit]:
    """The next booked follow-up of each of these visits, with its windows."""
    query = (
        select(Visit)
        .where(Visit.follows_visit_id.in_(visits), Visit.status == VisitStatus.BOOKED)
        .order_by(Visit.day.desc(), Visit.id.desc())
        .options(selectinload(Visit.windows))
    )
    return {visit.follows_visit_id or 0: visit for visit in tx.scalars(query)}


def others(tx: Tx, route: RouteRow) -> dict[int, StopRow]:
    """Who else comes to the visits of a route: her stop, with her name, by visit id."""
    query = (
        select(StopRow)
        .join(StopRow.route)
        .where(RouteRow.plan_id == route.plan_id, RouteRow.id != route.id)
        .where(StopRow.visit_id.in_([stop.visit_id for stop in route.stops]))
        .options(contains_eager(StopRow.route).joinedload(RouteRow.nurse).load_only(Nurse.name))
    )
    return {stop.visit_id: stop for stop in tx.scalars(query)}


def _published(nurse_id: int) -> Select[RouteRow]:
    visits = selectinload(RouteRow.stops).joinedload(StopRow.visit)
    return (
        select(RouteRow)
        .join(RouteRow.plan)
        .where(RouteRow.nurse_id == nurse_id, PlanRow.status == PlanStatus.PUBLISHED)
        .order_by(PlanRow.day.desc())
        .limit(1)
        .options(
            contains_eager(RouteRow.plan).load_only(PlanRow.day, PlanRow.published_at, PlanRow.zone),
            visits.joinedload(Visit.patient),
            visits.joinedload(Visit.version).joinedload(ProtocolVersion.protocol),
        )
    )
