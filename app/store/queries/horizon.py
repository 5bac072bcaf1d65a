"""What several days are planned from together, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.store.engine import Tx
from app.store.models import DayMoveRow, HorizonResult, PlanRow, Visit
from app.store.models.plan import PlanStatus
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
