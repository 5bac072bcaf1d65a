"""What was changed by hand, and which exceptions stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, select, update
from sqlalchemy.orm import defer, joinedload, selectinload

from app.store.engine import Tx
from app.store.models import (
    AcceptedExceptionRow,
    Credential,
    Nurse,
    PlanRow,
    PlanStep,
    RouteRow,
    UnassignedRow,
    Visit,
)
from app.store.models.plan import PlanStatus


def standing_exceptions(tx: Tx, region_id: int, day: date) -> Sequence[AcceptedExceptionRow]:
    """The day's accepted exceptions that have not been taken back, oldest first."""
    query = (
        select(AcceptedExceptionRow)
        .where(
            AcceptedExceptionRow.region_id == region_id,
            AcceptedExceptionRow.day == day,
            AcceptedExceptionRow.withdrawn_at.is_(None),
        )
        .order_by(AcceptedExceptionRow.id)
        .options(
            joinedload(AcceptedExceptionRow.user),
            joinedload(AcceptedExceptionRow.visit),
            joinedload(AcceptedExceptionRow.nurse),
        )
    )
    return tx.scalars(query).all()


def exceptions_of_step(tx: Tx, step_id: int) -> Sequence[AcceptedExceptionRow]:
    """Those that the change asked for, taken back or not."""
    return tx.scalars(select(AcceptedExceptionRow).where(AcceptedExceptionRow.step_id == step_id)).all()


def steps(tx: Tx, plan_id: int) -> Sequence[PlanStep]:
    """The changes by hand of a draft, oldest first, undone ones too; with visits and users."""
    query = (
        select(PlanStep)
        .where(PlanStep.plan_id == plan_id)
        .order_by(PlanStep.id)
        .options(joinedload(PlanStep.visit), joinedload(PlanStep.user))
    )
    return tx.scalars(query).all()


def carry_steps(tx: Tx, old: int, new: int) -> None:
    """Make the changes by hand of one draft those of the next one."""
    tx.execute(update(PlanStep).where(PlanStep.plan_id == old).values(plan_id=new))


def plans_of_day(tx: Tx, region_id: int, day: date) -> dict[PlanStatus, PlanRow]:
    """The day's draft and published plan; the checker's evidence is read when it is asked for."""
    query = _of_day(region_id, day)
    return {plan.status: plan for plan in tx.scalars(query)}


def locked_plans(tx: Tx, region_id: int, day: date) -> dict[PlanStatus, PlanRow]:
    """The same, locked, and as they are now."""
    query = _of_day(region_id, day).with_for_update().execution_options(populate_existing=True)
    return {plan.status: plan for plan in tx.scalars(query)}


def _of_day(region_id: int, day: date) -> Select[PlanRow]:
    return (
        select(PlanRow)
        .where(
            PlanRow.region_id == region_id,
            PlanRow.day == day,
            PlanRow.status.in_((PlanStatus.DRAFT, PlanStatus.PUBLISHED)),
        )
        .order_by(PlanRow.id)
        .options(defer(PlanRow.problem), defer(PlanRow.travel_seconds), defer(PlanRow.plan))
    )


def visit_to_move(tx: Tx, region_id: int, visit_id: int) -> Visit | None:
    """A visit of the region with its pinned nurse, locked; None where the region has no such visit."""
    query = (
        select(Visit)
        .where(Visit.id == visit_id, Visit.region_id == region_id)
        .options(selectinload(Visit.pinned_nurse), selectinload(Visit.pinned_taker))
        .with_for_update(of=Visit)
        .execution_options(populate_existing=True)
    )
    return tx.scalar(query)


def route_of(tx: Tx, plan_id: int, nurse_id: int) -> RouteRow:
    """The nurse's route in the plan, with its stops."""
    query = (
        select(RouteRow)
        .where(RouteRow.plan_id == plan_id, RouteRow.nurse_id == nurse_id)
        .options(selectinload(RouteRow.stops))
    )
    return tx.scalars(query).one()


def unassigned_row(tx: Tx, plan_id: int, visit_id: int) -> UnassignedRow | None:
    """The row that says that the plan leaves the visit out; None where it serves it."""
    return tx.scalar(
        select(UnassignedRow).where(UnassignedRow.plan_id == plan_id, UnassignedRow.visit_id == visit_id)
    )


def nurse_names(tx: Tx, region_id: int) -> dict[int, str]:
    """The names of the region's nurses, by id."""
    return dict(tx.execute(select(Nurse.id, Nurse.name).where(Nurse.region_id == region_id)).all())


def visit_codes(tx: Tx, visits: Collection[int]) -> dict[int, str]:
    """The codes of these visits, by id."""
    return dict(tx.execute(select(Visit.id, Visit.code).where(Visit.id.in_(visits))).all())


def limited_kinds(tx: Tx, region_id: int) -> frozenset[str]:
    """The kinds of credential that some nurse of the region holds for some states only."""
    query = select(Credential.kind).join(Credential.nurse).where(Nurse.region_id == region_id)
    return frozenset(tx.scalars(query.where(Credential.states != "").distinct()))
