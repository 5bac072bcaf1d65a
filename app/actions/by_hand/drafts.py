"""The draft that a change by hand is made in: the day's own, one made upon its published plan, or one brought
up to date with visits that were booked since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.actions import plans
from app.actions.errors import ActionError
from app.days import day_text
from app.store.desks import desk_of, kept
from app.store.engine import Tx
from app.store.mapping import LoadedDay, with_promises, with_worths
from app.store.mapping.evidence import Evidence, columns_of
from app.store.mapping.plan import route_rows
from app.store.mapping.promises import CHANGED_NURSE, MOVED_START
from app.store.models import PlanRow, Region, Replan, UnassignedRow
from app.store.models.plan import PlanStatus
from scheduler.check import check
from scheduler.explain import Desk
from scheduler.io import FormatError
from scheduler.model import Plan, Problem, promises_of
from scheduler.plan_day import judged
from scheduler.travel import TravelSource

Travel = Callable[[Region], TravelSource]
"""The travel times of a region."""


def desk_at(tx: Tx, row: PlanRow) -> Desk:
    """The plan ready to be changed. A published one has a price on what patients were told. Raises
    ActionError where its evidence cannot be read."""
    try:
        desk = desk_of(tx, row.id, row.revision)
    except FormatError:
        raise unfit(row) from None
    if row.status is not PlanStatus.PUBLISHED or desk.problem.promises:
        return desk
    return kept(f"{row.revision} told", lambda: Desk(_told(desk.problem, desk.plan), desk.matrix, desk.plan))


def unfit(row: PlanRow) -> ActionError:
    """The plan and the records do not go together any more."""
    return ActionError(
        f"The plan of {day_text(row.day)} no longer fits the records: re-plan the day, then change it."
    )


def draft_upon(tx: Tx, row: PlanRow, desk: Desk, now: datetime) -> PlanRow:
    """The day's draft: `row` itself, or a copy of it where it is the published plan."""
    if row.status is PlanStatus.DRAFT:
        return row
    evidence = Evidence(problem=desk.problem, matrix=desk.matrix, plan=desk.plan)
    draft = PlanRow(
        region_id=row.region_id,
        day=row.day,
        zone=row.zone,
        status=PlanStatus.DRAFT,
        run_id=row.run_id,
        created_at=now,
        cost=desk.cost.total,
        bound=row.bound,
        visits_served=row.visits_served,
        travel_total=row.travel_total,
        overtime_total=row.overtime_total,
        notes=list(row.notes),
        routes=route_rows(desk.problem, desk.matrix, desk.plan),
        unassigned=[
            UnassignedRow(visit_id=each.visit_id, reason=each.reason, details=each.details)
            for each in row.unassigned
        ],
        **columns_of(evidence),
    )
    tx.add(draft)
    tx.flush()
    tx.add(Replan(plan_id=draft.id, base_id=row.id, as_of=now))
    return draft


def renewed(tx: Tx, region: Region, row: PlanRow, desk: Desk, travel: Travel) -> tuple[LoadedDay, Desk]:
    """The plan with the records as they are now: what was booked since is left out by it. Raises ActionError
    where it does not fit them any more."""
    evidence = Evidence(problem=desk.problem, matrix=desk.matrix, plan=desk.plan)
    loaded = with_worths(plans.as_of_today(tx, region, row, evidence), evidence)
    if row.status is PlanStatus.PUBLISHED:
        loaded = with_promises(loaded, evidence)
    problem = loaded.problem
    plan = _adapted(desk.plan, loaded)
    if problem.origin != desk.problem.origin or plan is None:
        raise unfit(row)
    matrix = travel(region).matrix(problem.places)
    if not check(problem, matrix, plan).feasible:
        raise unfit(row)
    return loaded, Desk(problem, matrix, plan)


def renewed_draft(
    tx: Tx, region: Region, row: PlanRow, desk: Desk, travel: Travel, now: datetime
) -> tuple[PlanRow, Desk]:
    """The same stored, in place of the day's draft."""
    loaded, fresh = renewed(tx, region, row, desk, travel)
    base = None if row.status is PlanStatus.PUBLISHED else plans.base_of(tx, row)
    upon = plans.upon_published(tx, region, row.day, now) if row.status is PlanStatus.PUBLISHED else base
    made = judged(fresh.problem, fresh.matrix, fresh.plan)
    return plans.replace_draft(tx, loaded, made, row.run_id, now, upon), fresh


def _adapted(plan: Plan, loaded: LoadedDay) -> Plan | None:
    """The plan as it is, with every visit left out that it does not serve; None where it serves what is not
    there any more."""
    problem = loaded.problem
    tasks, shifts = problem.visit_by_task, {shift.id for shift in problem.shifts}
    stops = [stop.task for route in plan.routes for stop in route.stops]
    if any(route.shift not in shifts for route in plan.routes) or any(task not in tasks for task in stops):
        return None
    served = {tasks[task].id for task in stops}
    return plan.replace(unassigned=tuple(visit.id for visit in problem.visits if visit.id not in served))


def _told(problem: Problem, plan: Plan) -> Problem:
    return problem.replace(
        promises=promises_of(plan, problem, problem),
        weights=problem.weights.replace(changed_nurse=CHANGED_NURSE, moved_start=MOVED_START),
    )
