"""A day that may be booked: its rows and its plan as they are now, or why it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from app.clock import utc_now
from app.days import day_text, local_date, zone_of
from app.store.engine import Tx
from app.store.mapping import (
    Evidence,
    LeftOut,
    LoadedDay,
    evidence_of,
    ids,
    load_day,
    state_of,
    visit_of,
    with_promises,
    with_worths,
)
from app.store.models import Nurse, PlanRow, Region, Visit
from app.store.models.plan import PlanStatus
from app.store.queries import plans as plan_queries
from app.store.queries import runs as run_queries
from scheduler import model
from scheduler.check import check
from scheduler.explain import openings
from scheduler.io import FormatError
from scheduler.model import Place, Plan, Problem
from scheduler.travel import TravelMatrix, TravelSource

Travel = Callable[[Region], TravelSource]
"""The travel times of a region."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenDay:
    """A day with its newest plan, adapted to its rows as they are now, feasible and without `visit`, the one
    that is asked about.

    `base` is the stored plan it comes from; None where the day is not planned yet: then `plan` holds the
    visits that are pinned to a nurse and a start, and nothing else. `waits`: what is missing before the visit
    may be planned at all, in a sentence; empty where nothing is.
    """

    loaded: LoadedDay
    matrix: TravelMatrix
    plan: Plan
    visit: model.Visit
    base: PlanRow | None
    waits: str

    @property
    def problem(self) -> Problem:
        """The day as it is loaded; it may have the visit or not."""
        return self.loaded.problem


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosedDay:
    """A day without a slot, and why, in a sentence."""

    day: date
    reason: str


def day_of(tx: Tx, region: Region, row: Visit, travel: Travel) -> OpenDay | ClosedDay:
    """The day of a visit that has a row, or may get one (its id is 0 then); the day's plans are locked.

    Raises CalendarError and ModelError as `load_day`.
    """
    day = row.day
    if day <= local_date(utc_now(), zone_of(region.zone)):
        return ClosedDay(day=day, reason="It is too late for that day: slots are booked from tomorrow on.")
    if run_queries.alive(tx, region.id, day) is not None:
        reason = f"{day_text(day)} is being planned just now: look again when that has ended."
        return ClosedDay(day=day, reason=reason)
    try:
        stored = _stored(tx, region, day)
    except FormatError:
        return _unfit(day)
    loaded = load_day(tx, region, day)
    if stored.told is not None:
        loaded = with_promises(loaded, stored.told)
    if stored.newest is not None:
        loaded = with_worths(loaded, stored.newest)
    left_out = next((out.reason for out in loaded.left_out if out.visit_id == row.id), "")
    planned = visit_of(row, loaded.today, _on_shift(loaded), state_of(row.patient, region))
    if isinstance(planned, LeftOut):
        return ClosedDay(day=day, reason=planned.reason)
    loaded = _with_place(loaded, planned.place)
    visit = _known(loaded.problem, planned.visit)
    matrix = travel(region).matrix(loaded.problem.places)
    plan = _plan(stored.newest, loaded, matrix, visit)
    if plan is None or not check(loaded.problem, matrix, plan).feasible:
        return _unfit(day)
    return OpenDay(loaded=loaded, matrix=matrix, plan=plan, visit=visit, base=stored.base, waits=left_out)


def _on_shift(loaded: LoadedDay) -> dict[int, Nurse]:
    nurses = (ids.key(shift.nurse) for shift in loaded.problem.shifts)
    return {nurse: loaded.nurses[nurse] for nurse in nurses}


def _with_place(loaded: LoadedDay, place: Place) -> LoadedDay:
    problem = loaded.problem
    if place in problem.places:
        return loaded
    return replace(loaded, problem=problem.replace(places=(*problem.places, place)))


def _known(problem: Problem, visit: model.Visit) -> model.Visit:
    """The visit as the day has it, if it does."""
    return next((known for known in problem.visits if known.id == visit.id), visit)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stored:
    """The day's newest stored plan, what it was made from, and what the published one told patients."""

    base: PlanRow | None
    newest: Evidence | None
    told: Evidence | None


def _stored(tx: Tx, region: Region, day: date) -> _Stored:
    draft = plan_queries.of_day(tx, region.id, day, PlanStatus.DRAFT)
    published = plan_queries.of_day(tx, region.id, day, PlanStatus.PUBLISHED)
    told = None if published is None else evidence_of(published)
    newest = told if draft is None else evidence_of(draft)
    return _Stored(base=draft or published, newest=newest, told=told)


def _unfit(day: date) -> ClosedDay:
    reason = f"The plan of {day_text(day)} no longer fits the records: re-plan the day, then look again."
    return ClosedDay(day=day, reason=reason)


def _plan(
    stored: Evidence | None, loaded: LoadedDay, matrix: TravelMatrix, asked: model.Visit
) -> Plan | None:
    if stored is None:
        return _pinned(loaded.problem, matrix, asked)
    if stored.problem.origin != loaded.problem.origin:
        return None
    return _adapted(stored.plan, loaded)


def _adapted(plan: Plan, loaded: LoadedDay) -> Plan | None:
    """The plan without the visits that are not booked any more, and with the new ones left out; None where
    one of its nurses does not work any more, or one of its visits cannot be planned any more."""
    problem = loaded.problem
    visit_of, shifts = problem.visit_by_task, {shift.id for shift in problem.shifts}
    impossible = {ids.visit_id(out.visit_id) for out in loaded.left_out}
    if any(route.shift not in shifts for route in plan.routes):
        return None
    if any(stop.task.partition(".")[0] in impossible for route in plan.routes for stop in route.stops):
        return None
    kept = [(route, tuple(stop for stop in route.stops if stop.task in visit_of)) for route in plan.routes]
    served = {visit_of[stop.task].id for _, stops in kept for stop in stops}
    return Plan(
        routes=tuple(route.replace(stops=stops) for route, stops in kept if stops),
        unassigned=tuple(visit.id for visit in problem.visits if visit.id not in served),
    )


def _pinned(problem: Problem, matrix: TravelMatrix, asked: model.Visit) -> Plan:
    """A plan of the other visits that are pinned to a nurse and a start, as far as they go together."""
    plan = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    fixed = {pin.task for pin in problem.pins if pin.start is not None}
    for visit in problem.visits:
        if visit is not asked and any(task.id in fixed for task in visit.tasks):
            fitting = (each for each in openings(problem, matrix, plan, visit) if each.feasible)
            first = next(fitting, None)
            plan = plan if first is None else first.taken(plan, visit.id)
    return plan
