"""What several days are planned from together, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.store.engine import Tx
from app.store.models import (
    DayMoveRow,
    HorizonResult,
    PlanRow,
    RouteRow,
    Run,
    StopRow,
    UnassignedRow,
    Visit,
)
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus
from app.store.models.visit import VisitKind, VisitStatus


def booked_between(tx: Tx, region_id: int, first: date, last: date) -> Sequence[Visit]:
    """The booked visits at patients' homes from `first` to `last`, by day and id, with order and windows."""
    query = (
        select(Visit)
        .where(
            Visit.region_id == region_id,
            Visit.day.between(first, last),
            Visit.status == VisitStatus.BOOKED,
            Visit.kind != VisitKind.CALL,
        )
        .order_by(Visit.day, Visit.id)
        .options(joinedload(Visit.order), selectinload(Visit.windows))
    )
    return tx.scalars(query).all()


def published_days(tx: Tx, region_id: int, first: date, last: date) -> set[date]:
    """The days from `first` to `last` that have a published plan."""
    query = select(PlanRow.day).where(
        PlanRow.region_id == region_id,
        PlanRow.day.between(first, last),
        PlanRow.status == PlanStatus.PUBLISHED,
    )
    return set(tx.scalars(query))


def result_of(tx: Tx, run_id: int) -> HorizonResult | None:
    """What the run of several days came to, with the moved sessions; None where it stored nothing."""
    query = (
        select(HorizonResult)
        .where(HorizonResult.run_id == run_id)
        .options(selectinload(HorizonResult.moves).joinedload(DayMoveRow.visit).joinedload(Visit.patient))
    )
    return tx.scalar(query)


def drafts_of(tx: Tx, run_id: int) -> Sequence[PlanRow]:
    """The drafts that the run made and that still are, by day, with the visits they leave out."""
    query = (
        select(PlanRow)
        .where(PlanRow.run_id == run_id, PlanRow.status == PlanStatus.DRAFT)
        .order_by(PlanRow.day)
        .options(selectinload(PlanRow.unassigned))
    )
    return tx.scalars(query).all()


def latest_run(tx: Tx, region_id: int) -> Run | None:
    """The region's newest run of several days, alive or ended."""
    query = select(Run).where(Run.region_id == region_id, Run.days > 1).order_by(Run.id.desc()).limit(1)
    return tx.scalar(query)


def latest_result(tx: Tx, region_id: int) -> HorizonResult | None:
    """What the region's newest run of several days that stored something came to, as `result_of`, with the
    run."""
    query = (
        select(HorizonResult)
        .join(HorizonResult.run)
        .where(Run.region_id == region_id)
        .order_by(HorizonResult.run_id.desc())
        .limit(1)
        .options(
            contains_eager(HorizonResult.run),
            selectinload(HorizonResult.moves).joinedload(DayMoveRow.visit).joinedload(Visit.patient),
        )
    )
    return tx.scalar(query)


def plans_between(tx: Tx, region_id: int, first: date, last: date) -> Sequence[PlanRow]:
    """The drafts and published plans from `first` to `last`, by day, with the visits they leave out and the
    evidence of the referee."""
    query = (
        select(PlanRow)
        .where(
            PlanRow.region_id == region_id,
            PlanRow.day.between(first, last),
            PlanRow.status.in_((PlanStatus.DRAFT, PlanStatus.PUBLISHED)),
        )
        .order_by(PlanRow.day)
        .options(selectinload(PlanRow.unassigned).joinedload(UnassignedRow.visit), joinedload(PlanRow.run))
    )
    return tx.scalars(query).all()


def routes_of(tx: Tx, plans: Collection[int]) -> Sequence[RouteRow]:
    """The routes of these plans on which somebody is visited, with nurses, and stops with their visits and
    patients."""
    query = (
        select(RouteRow)
        .join(RouteRow.plan)
        .where(RouteRow.plan_id.in_(plans), RouteRow.departure.is_not(None))
        .options(
            contains_eager(RouteRow.plan).load_only(PlanRow.day),
            joinedload(RouteRow.nurse),
            selectinload(RouteRow.stops).joinedload(StopRow.visit).joinedload(Visit.patient),
        )
    )
    return tx.scalars(query).all()


def booked_counts(tx: Tx, region_id: int, first: date, last: date) -> dict[date, int]:
    """How many visits at patients' homes are booked on each day from `first` to `last` that has some."""
    query = (
        select(Visit.day, func.count())
        .where(
            Visit.region_id == region_id,
            Visit.day.between(first, last),
            Visit.status == VisitStatus.BOOKED,
            Visit.kind != VisitKind.CALL,
        )
        .group_by(Visit.day)
    )
    return dict(tx.execute(query).all())


def days_being_planned(tx: Tx, region_id: int, first: date, last: date) -> set[date]:
    """The days from `first` to `last` of which a run of that day alone is queued or running."""
    query = select(Run.day).where(
        Run.region_id == region_id,
        Run.day.between(first, last),
        Run.days == 1,
        Run.status.in_((RunStatus.QUEUED, RunStatus.RUNNING)),
    )
    return set(tx.scalars(query))
