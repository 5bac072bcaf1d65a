"""What an overview of several days reads: counts and sums, and nothing of any patient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.store.engine import Tx
from app.store.models import PlanRow, RouteRow, StopRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries.board import SHOWN, WITHOUT_EVIDENCE


def booked_between(tx: Tx, region_id: int, first: date, last: date) -> dict[date, set[int]]:
    """Ids of the visits booked at patients' homes, by day."""
    query = select(Visit.day, Visit.id).where(
        Visit.region_id == region_id,
        Visit.day.between(first, last),
        Visit.status == VisitStatus.BOOKED,
        Visit.kind != VisitKind.CALL,
    )
    found: dict[date, set[int]] = defaultdict(set)
    for day, visit in tx.execute(query):
        found[day].add(visit)
    return found


def plans_between(tx: Tx, region_id: int, first: date, last: date) -> dict[date, dict[PlanStatus, PlanRow]]:
    """Drafts and published plans with their runs, by day; no routes."""
    query = (
        select(PlanRow)
        .where(PlanRow.region_id == region_id, PlanRow.day.between(first, last), PlanRow.status.in_(SHOWN))
        .options(joinedload(PlanRow.run), *WITHOUT_EVIDENCE)
    )
    found: dict[date, dict[PlanStatus, PlanRow]] = defaultdict(dict)
    for plan in tx.scalars(query):
        found[plan.day][plan.status] = plan
    return found


def routes_of(tx: Tx, plans: Collection[int]) -> Sequence[RouteRow]:
    """The routes of several plans, without stops."""
    return tx.scalars(select(RouteRow).where(RouteRow.plan_id.in_(plans))).all()


def served_by(tx: Tx, plans: Collection[int]) -> dict[int, set[int]]:
    """Ids of the visits with a stop, by plan id."""
    query = (
        select(RouteRow.plan_id, StopRow.visit_id)
        .join(StopRow.route)
        .where(RouteRow.plan_id.in_(plans))
        .distinct()
    )
    found: dict[int, set[int]] = defaultdict(set)
    for plan, visit in tx.execute(query):
        found[plan].add(visit)
    return found
