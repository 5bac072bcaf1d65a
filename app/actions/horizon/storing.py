"""What planning several days made, stored: sessions on their days, each day's draft, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.actions import plans, runs
from app.actions.courses import booking
from app.actions.horizon.loading import LoadedHorizon
from app.days import day_text
from app.store.audit import record
from app.store.engine import Tx
from app.store.mapping import ids, load_day
from app.store.models import DayMoveRow, HorizonResult, Run, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.models.visit import VisitStatus
from app.store.queries import horizon as queries
from app.store.queries import plans as plan_queries
from app.store.queries import runs as run_queries
from scheduler.explain import continuity, share_kept
from scheduler.model import Plan, Problem, Solution
from scheduler.plan_day import InfeasiblePlan, judged
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """What the solver made of the loaded days."""

    loaded: LoadedHorizon
    solution: Solution
    matrix: TravelMatrix


def store_horizon(
    tx: Tx, run_id: int, loaded: LoadedHorizon, solution: Solution, matrix: TravelMatrix, now: datetime
) -> HorizonResult | None:
    """Give the sessions their days and each day with visits its draft, and end the run.

    What has changed or been published since the days were loaded stays as it is, which is told.
    A night whose first day gets no draft by it goes on to plan that day alone. None, and nothing is stored,
    where the run is not running any more.
    """
    run = run_queries.running(tx, run_id)
    if run is None:
        return None
    found = _Found(loaded=loaded, solution=solution, matrix=matrix)
    since = queries.published_days(tx, loaded.region.id, loaded.days[0], loaded.days[-1]) & set(loaded.days)
    moves, troubles = _move_sessions(tx, found, since)
    for day in sorted(since):
        troubles.append(f"{day_text(day)} has been published meanwhile: it stays as it is.")
    without = since | set(loaded.published)
    for number, day in enumerate(loaded.days):
        trouble = None if day in since else _draft(tx, run, found, number, now)
        if trouble is not None:
            troubles.append(f"{day_text(day)}: {trouble}")
            without.add(day)
    result = _result(run, found, moves, troubles)
    tx.add(result)
    runs.succeed(run, solution, now, cost=solution.cost)
    tx.flush()
    if run.trigger is RunTrigger.NIGHTLY and run.day in without:
        runs.plan_alone(tx, run, now)
    return result


def _move_sessions(tx: Tx, found: _Found, published: set[date]) -> tuple[list[DayMoveRow], list[str]]:
    """Sessions on the days that the plan gives them, but for those changed or published meanwhile."""
    moves, troubles = [], []
    booked = found.loaded.booked
    for key, day in _placed(found.loaded, found.solution.plan):
        visit = tx.get_one(Visit, key, with_for_update=True, populate_existing=True)
        if visit.day != booked[key] or visit.status is not VisitStatus.BOOKED:
            troubles.append(f"Visit {visit.code} has been changed meanwhile: plan the days again.")
        elif visit.day != day and not {visit.day, day} & published:
            move = DayMoveRow(visit_id=key, before=visit.day, after=day)
            booking.move(tx, visit, day)
            detail = f"moved from {move.before} to {day} by planning several days"
            record(tx, None, action="write", subject="visits", subject_id=str(key), detail=detail)
            moves.append(move)
    return moves, troubles


def _placed(loaded: LoadedHorizon, plan: Plan) -> list[tuple[int, date]]:
    """Each served session with its day, in order of time: those before are moved first."""
    numbers = loaded.horizon.day_of(plan)
    placed = [(ids.key(visit), loaded.days[number]) for visit, number in numbers.items()]
    return sorted(placed, key=lambda each: (each[1], each[0]))


def _draft(tx: Tx, run: Run, found: _Found, number: int, now: datetime) -> str | None:
    """Store the day's draft from its part of the plan; why there is none, where there should be one."""
    day, region = found.loaded.days[number], found.loaded.region
    alive = run_queries.alive(tx, region.id, day)
    if alive is not None and alive.id != run.id:
        return "it is being planned already. Its run decides."
    loaded = load_day(tx, region, day)
    if not loaded.visits and not loaded.left_out:
        _lay_aside(tx, region.id, day)
        return None
    part = _fitted(found.loaded.horizon.day_plan(found.solution.plan, number), loaded.problem)
    try:
        made = judged(loaded.problem, found.matrix, part)
    except InfeasiblePlan as error:
        return f"its records have changed since ({error.codes}). Re-plan the day."
    draft = plans.replace_draft(tx, loaded, made, run.id, now, None)
    detail = f"draft of {day}, run {run.id}"
    record(tx, None, action="write", subject="plans", subject_id=str(draft.id), detail=detail)
    return None


def _lay_aside(tx: Tx, region_id: int, day: date) -> None:
    """A day that nobody is visited on any more needs no draft."""
    former = plan_queries.of_day(tx, region_id, day, PlanStatus.DRAFT)
    if former is not None:
        former.status = PlanStatus.SUPERSEDED


def _fitted(part: Plan, problem: Problem) -> Plan:
    """The day's part of the plan without the visits that its records leave out."""
    visits = problem.visit_by_task
    routes = []
    for route in part.routes:
        stops = tuple(stop for stop in route.stops if stop.task in visits)
        if stops:
            routes.append(route.replace(stops=stops))
    served = {visits[stop.task].id for route in routes for stop in route.stops}
    return Plan(
        routes=tuple(routes),
        unassigned=tuple(visit.id for visit in problem.visits if visit.id not in served),
    )


def _result(run: Run, found: _Found, moves: list[DayMoveRow], troubles: Iterable[str]) -> HorizonResult:
    problem, plan = found.loaded.horizon.problem, found.solution.plan
    return HorizonResult(
        run_id=run.id,
        visits=len(problem.visits),
        served=len(problem.visits) - len(plan.unassigned),
        kept=share_kept(continuity(problem, plan)),
        published=[day.isoformat() for day in found.loaded.published],
        troubles=list(troubles),
        moves=moves,
    )
