"""What the dispatcher's board reads. Each function makes a fixed number of queries, however full the day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.store.engine import Tx
from app.store.models import (
    Nurse,
    Patient,
    PatientNurse,
    PlanRow,
    RouteRow,
    Run,
    StopRow,
    UnassignedRow,
    User,
    Visit,
)
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries.recipe import RECIPE

SHOWN = (PlanStatus.DRAFT, PlanStatus.PUBLISHED)

# The checker's evidence is large and the board never reads it: touching it here is a mistake, so it raises.
WITHOUT_EVIDENCE: tuple[ORMOption, ...] = (
    defer(PlanRow.problem, raiseload=True),
    defer(PlanRow.travel_seconds, raiseload=True),
    defer(PlanRow.plan, raiseload=True),
)


def first_planned_day(tx: Tx, region_id: int, since: date) -> date | None:
    """The first day from `since` on with a draft or published plan."""
    query = select(func.min(PlanRow.day)).where(
        PlanRow.region_id == region_id, PlanRow.day >= since, PlanRow.status.in_(SHOWN)
    )
    return tx.scalar(query)


def first_booked_day(tx: Tx, region_id: int, since: date) -> date | None:
    """The first day from `since` on with a booked visit."""
    query = select(func.min(Visit.day)).where(
        Visit.region_id == region_id,
        Visit.day >= since,
        Visit.status == VisitStatus.BOOKED,
        Visit.kind != VisitKind.CALL,
    )
    return tx.scalar(query)


def plans_of_day(tx: Tx, region_id: int, day: date) -> dict[PlanStatus, PlanRow]:
    """The day's draft and published plan, where there is one, with their runs; no routes."""
    query = (
        select(PlanRow)
        .where(PlanRow.region_id == region_id, PlanRow.day == day, PlanRow.status.in_(SHOWN))
        .options(joinedload(PlanRow.run), *WITHOUT_EVIDENCE)
    )
    return {plan.status: plan for plan in tx.scalars(query)}


def routes_of_plan(tx: Tx, plan_id: int) -> Sequence[RouteRow]:
    """The plan's routes with nurses and stops, by nurse name."""
    query = (
        select(RouteRow)
        .join(RouteRow.nurse)
        .where(RouteRow.plan_id == plan_id)
        .order_by(Nurse.name, Nurse.id)
        .options(joinedload(RouteRow.nurse), selectinload(RouteRow.stops))
    )
    return tx.scalars(query).all()


def unassigned_of_plan(tx: Tx, plan_id: int) -> Sequence[UnassignedRow]:
    """The visits the plan leaves out, with their reasons."""
    return tx.scalars(
        select(UnassignedRow).where(UnassignedRow.plan_id == plan_id).order_by(UnassignedRow.id)
    ).all()


def dropped_points(tx: Tx, plan_id: int) -> int:
    """The part of the plan's cost, in points, that is the price of the visits it leaves out."""
    problem, plan = tx.execute(select(PlanRow.problem, PlanRow.plan).where(PlanRow.id == plan_id)).one()
    left_out = set(plan.get("unassigned", ()))
    return sum(visit.get("drop_cost") or 0 for visit in problem["visits"] if visit["id"] in left_out)


def visits_of_day(tx: Tx, region_id: int, day: date, plan_id: int | None) -> Sequence[Visit]:
    """The day's booked visits, and those of the plan that have been cancelled or moved since; by code. Not
    follow-up calls: nobody drives to those.

    With patient, protocol and windows.
    """
    booked = (Visit.day == day) & (Visit.status == VisitStatus.BOOKED) & (Visit.kind != VisitKind.CALL)
    stopped_at = select(StopRow.visit_id).join(StopRow.route).where(RouteRow.plan_id == plan_id)
    left_out = select(UnassignedRow.visit_id).where(UnassignedRow.plan_id == plan_id)
    query = (
        select(Visit)
        .where(Visit.region_id == region_id, or_(booked, Visit.id.in_(stopped_at), Visit.id.in_(left_out)))
        .order_by(Visit.code)
        .options(
            joinedload(Visit.patient),
            *RECIPE,
            selectinload(Visit.windows),
        )
    )
    return tx.scalars(query).all()


def visit_in_full(tx: Tx, region_id: int, visit_id: int) -> Visit | None:
    """One visit of the region with all the panel shows; None where the region has no such visit."""
    query = (
        select(Visit)
        .where(Visit.id == visit_id, Visit.region_id == region_id)
        .options(
            joinedload(Visit.patient).selectinload(Patient.nurses).joinedload(PatientNurse.nurse),
            *RECIPE,
            joinedload(Visit.pinned_nurse),
            joinedload(Visit.pinned_taker),
            selectinload(Visit.windows),
        )
    )
    return tx.scalar(query)


def stops_of_visit(tx: Tx, plan_id: int, visit_id: int) -> Sequence[StopRow]:
    """The visit's stops in the plan (two where two nurses go), with their routes and nurses."""
    query = (
        select(StopRow)
        .join(StopRow.route)
        .where(RouteRow.plan_id == plan_id, StopRow.visit_id == visit_id)
        .order_by(StopRow.start, StopRow.id)
        .options(joinedload(StopRow.route).joinedload(RouteRow.nurse))
    )
    return tx.scalars(query).all()


def stops_of_plan(tx: Tx, plan_id: int, visits: Collection[int]) -> Sequence[StopRow]:
    """All stops of the plan at these visits, with their routes and nurses."""
    query = (
        select(StopRow)
        .join(StopRow.route)
        .where(RouteRow.plan_id == plan_id, StopRow.visit_id.in_(visits))
        .options(joinedload(StopRow.route).joinedload(RouteRow.nurse))
    )
    return tx.scalars(query).all()


def stops_by_nurse(tx: Tx, plan_id: int) -> dict[int, int]:
    """How many stops each nurse of the plan has, in the order of `routes_of_plan`."""
    query = (
        select(RouteRow.nurse_id, func.count(StopRow.id))
        .join(RouteRow.nurse)
        .outerjoin(RouteRow.stops)
        .where(RouteRow.plan_id == plan_id)
        .group_by(RouteRow.nurse_id, Nurse.name, Nurse.id)
        .order_by(Nurse.name, Nurse.id)
    )
    return dict(tx.execute(query).all())


def unassigned_visit(tx: Tx, plan_id: int, visit_id: int) -> UnassignedRow | None:
    """The visit's reason where the plan leaves it out."""
    return tx.scalar(
        select(UnassignedRow).where(UnassignedRow.plan_id == plan_id, UnassignedRow.visit_id == visit_id)
    )


def runs_of_day(tx: Tx, region_id: int, day: date, limit: int = 10) -> Sequence[Run]:
    """The day's latest runs, newest first."""
    query = select(Run).where(Run.region_id == region_id, Run.day == day).order_by(Run.id.desc()).limit(limit)
    return tx.scalars(query).all()


def recent_runs(tx: Tx, region_id: int, limit: int = 100) -> Sequence[Run]:
    """The region's latest runs, newest first."""
    return tx.scalars(
        select(Run).where(Run.region_id == region_id).order_by(Run.id.desc()).limit(limit)
    ).all()


def days_that_failed(tx: Tx, region_id: int, since: date) -> Sequence[Run]:
    """For each day from `since` on whose latest run has failed, that run; by day."""
    latest = select(func.max(Run.id)).where(Run.region_id == region_id, Run.day >= since).group_by(Run.day)
    query = select(Run).where(Run.id.in_(latest), Run.status == RunStatus.FAILED).order_by(Run.day)
    return tx.scalars(query).all()


def names_of_users(tx: Tx, ids: set[int]) -> dict[int, str]:
    """Users' names by id."""
    query = select(User.id, User.name).where(User.id.in_(ids))
    return dict(tx.execute(query).all())
