"""What happened on a day, and what a plan was made upon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.store.engine import Tx
from app.store.models import DisruptionRow, PlanRow, Replan, RouteRow, StopRow, Visit
from app.store.models.disruption import DisruptionKind, DisruptionStatus
from app.store.models.plan import PlanStatus
from app.store.queries.seen import seen_on


def of_run(tx: Tx, run_id: int) -> DisruptionRow | None:
    """What the run makes a proposal for; None: for nothing but the day itself."""
    return tx.scalar(select(DisruptionRow).where(DisruptionRow.run_id == run_id))


def accepted(
    tx: Tx, region_id: int, day: date, before: datetime, *, besides_run: int
) -> Sequence[DisruptionRow]:
    """What had happened on the day, as published before then, in order; not what this run is for."""
    query = (
        select(DisruptionRow)
        .where(
            DisruptionRow.region_id == region_id,
            DisruptionRow.day == day,
            DisruptionRow.status == DisruptionStatus.ACCEPTED,
            DisruptionRow.decided_at <= before,
            DisruptionRow.run_id != besides_run,
        )
        .order_by(DisruptionRow.id)
    )
    return tx.scalars(query).all()


def of_day(tx: Tx, region_id: int, day: date) -> Sequence[DisruptionRow]:
    """All that was reported of the day, newest first."""
    query = (
        select(DisruptionRow)
        .where(DisruptionRow.region_id == region_id, DisruptionRow.day == day)
        .order_by(DisruptionRow.id.desc())
    )
    return tx.scalars(query).all()


def overrun_visits(tx: Tx, region_id: int, day: date) -> frozenset[int]:
    """Visits of the day that need not last as long as their records say: they overrun, or wait for a late
    relief, or somebody has begun them, and they last as long as they do."""
    reported = [row for row in of_day(tx, region_id, day) if row.status is not DisruptionStatus.DISCARDED]
    longer = {row.details["visit"] for row in reported if row.kind is DisruptionKind.VISIT_OVERRUNS}
    late = [row.details["nurse"] for row in reported if row.kind is DisruptionKind.NURSE_LATE]
    if late:
        waiting = (
            select(StopRow.visit_id)
            .join(StopRow.route)
            .join(RouteRow.plan)
            .where(PlanRow.region_id == region_id, PlanRow.day == day, RouteRow.nurse_id.in_(late))
        )
        longer |= set(tx.scalars(waiting))
    return frozenset(longer) | {visit for visit, _ in seen_on(tx, region_id, day).begun}


def replan_of(tx: Tx, plan_id: int) -> Replan | None:
    """What the plan was made upon, with that plan; None: upon none."""
    query = select(Replan).where(Replan.plan_id == plan_id).options(joinedload(Replan.base))
    return tx.scalar(query)


def routes(tx: Tx, region_id: int, day: date, status: PlanStatus) -> Sequence[RouteRow]:
    """The routes of the day's draft or published plan, with nurses, stops, visits and patients."""
    query = (
        select(RouteRow)
        .join(RouteRow.plan)
        .where(PlanRow.region_id == region_id, PlanRow.day == day, PlanRow.status == status)
        .order_by(RouteRow.id)
        .options(
            joinedload(RouteRow.nurse),
            selectinload(RouteRow.stops).joinedload(StopRow.visit).joinedload(Visit.patient),
        )
    )
    return tx.scalars(query).all()
