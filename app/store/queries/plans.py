"""Stored plans, as those who change them see them: locked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.store.engine import Tx
from app.store.models import PlanRow, RouteRow, StopRow
from app.store.models.plan import PlanStatus


def of_day(tx: Tx, region_id: int, day: date, status: PlanStatus) -> PlanRow | None:
    """The day's draft or published plan, locked; None where there is none."""
    query = (
        select(PlanRow)
        .where(PlanRow.region_id == region_id, PlanRow.day == day, PlanRow.status == status)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return tx.scalar(query)


def by_id(tx: Tx, plan_id: int, region_id: int) -> PlanRow | None:
    """A plan of the region with its routes and stops, locked, as it is now; None where the region has no such
    plan."""
    query = (
        select(PlanRow)
        .where(PlanRow.id == plan_id, PlanRow.region_id == region_id)
        .options(selectinload(PlanRow.routes).selectinload(RouteRow.stops).joinedload(StopRow.visit))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return tx.scalar(query)


def of_run(tx: Tx, run_id: int) -> PlanRow | None:
    """The plan that the run made, with its routes and unassigned visits; None where it made none."""
    query = (
        select(PlanRow)
        .where(PlanRow.run_id == run_id)
        .options(selectinload(PlanRow.routes), selectinload(PlanRow.unassigned))
    )
    return tx.scalar(query)
