"""Whole days for the board's tests: a generated clinic and its laid-out plan, stored as a run would store it.

The plan comes from the generator, which lays it out before it makes up the visits: so no solver is needed,
and the referee still judges it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from app.actions.accounts import create_user
from app.clock import utc_now
from app.demo import writer
from app.demo.clinic import ZONE, generate
from app.demo.day import minutes_of
from app.demo.rows import Clinic
from app.store.engine import Tx
from app.store.mapping import LoadedDay, draft_of, ids, load_day
from app.store.models import PlanRow, Region, Run
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.user import Role
from scheduler.check import check
from scheduler.explain import why_unassigned
from scheduler.model import Plan, Route, Shift, Solution, Stop, Task
from scheduler.plan_day import DayPlan
from scheduler.travel import GreatCircle, TravelMatrix
from tests.support.clinic import DISPATCHER, PASSWORD

_TODAY = utc_now().date()
MONDAY = _TODAY + timedelta(days=14 - _TODAY.weekday())
"""A Monday one to two weeks ahead: whatever is planned for it can be published."""


def seed_day(tx: Tx, visits: int, nurses: int | None = None, day: date = MONDAY) -> Region:
    """An empty database gets a clinic of `visits` visits on `day`, and the dispatcher's log-in; no plan."""
    clinic = generate(7, day, days=1, visits=visits, nurses=nurses)
    region = writer.store(tx, clinic)
    create_user(
        tx,
        email=DISPATCHER,
        name="Dana Whitfield",
        password=PASSWORD,
        role=Role.DISPATCHER,
        region_id=region.id,
    )
    return region


def add_draft(tx: Tx, region: Region, visits: int, nurses: int | None = None, day: date = MONDAY) -> PlanRow:
    """The laid-out plan of the clinic that `seed_day` made with the same figures, as the day's draft."""
    clinic = generate(7, day, days=1, visits=visits, nurses=nurses)
    loaded = load_day(tx, region, day)
    matrix = GreatCircle(detour=region.detour_factor, speed_kmh=region.speed_kmh).matrix(
        loaded.problem.places
    )
    plan = laid_out(clinic, loaded, matrix, day)
    report = check(loaded.problem, matrix, plan)
    assert report.feasible and report.cost, report.violations[:3]
    made = DayPlan(
        solution=Solution(
            plan=plan, cost=report.cost.total, bound=round(report.cost.total * 0.97), seconds=41.5
        ),
        matrix=matrix,
        report=report,
        reasons=tuple(why_unassigned(loaded.problem, matrix, plan, visit) for visit in plan.unassigned),
    )
    run = add_run(tx, region, day, RunStatus.SUCCEEDED, trigger=RunTrigger.NIGHTLY)
    run.cost, run.bound = made.solution.cost, made.solution.bound
    draft = draft_of(loaded, made, run.id, utc_now())
    tx.add(draft)
    tx.flush()
    return draft


def add_run(
    tx: Tx,
    region: Region,
    day: date,
    status: RunStatus,
    *,
    trigger: RunTrigger = RunTrigger.REPLAN,
    error: str = "",
    queued_at: datetime | None = None,
) -> Run:
    """A run of 60 s that was queued a moment ago, in the middle of its time where it is running."""
    now = utc_now()
    run = Run(
        region_id=region.id,
        day=day,
        trigger=trigger,
        status=status,
        queued_at=queued_at or now,
        seconds=60,
        error=error,
    )
    if status is RunStatus.RUNNING:
        run.started_at = run.heartbeat_at = now
        run.stage, run.elapsed, run.cost, run.bound = "search", 24.0, 3_700_000, 3_500_000
    if status in (RunStatus.SUCCEEDED, RunStatus.FAILED):
        run.started_at, run.finished_at = now - timedelta(seconds=42), now
    tx.add(run)
    tx.flush()
    return run


def laid_out(clinic: Clinic, loaded: LoadedDay, matrix: TravelMatrix, day: date) -> Plan:
    """The generator's plan of the day as the planner's Plan; the visits it calls hopeless are left out."""
    nurses = {row.code: row.id for row in loaded.nurses.values()}
    visits = {row.code: row.id for row in loaded.visits.values()}
    tasks = loaded.problem.task_by_id
    starts: dict[str, list[tuple[int, Task]]] = defaultdict(list)
    for stop in clinic.planted:
        visit = visits.get(stop.visit)
        if visit is not None:
            task = tasks[ids.task_id(visit, stop.part)]
            starts[ids.shift_id(nurses[stop.nurse])].append((minutes_of(stop.start) * 60, task))
    shifts = {shift.id: shift for shift in loaded.problem.shifts}
    routes = tuple(
        _route(shifts[shift], sorted(stops, key=_start), matrix) for shift, stops in starts.items()
    )
    served = {task.id.partition(".")[0] for stops in starts.values() for _, task in stops}
    left_out = tuple(visit.id for visit in loaded.problem.visits if visit.id not in served)
    assert loaded.region.zone == ZONE
    return Plan(routes=routes, unassigned=left_out)


def _start(stop: tuple[int, Task]) -> int:
    return stop[0]


def _route(shift: Shift, planted: list[tuple[int, Task]], matrix: TravelMatrix) -> Route:
    """She leaves as late as she can, drives on at once, and rests in the first gap that has room."""
    departure = planted[0][0] - matrix.between(shift.start_place, planted[0][1].place)
    at, place, rest = departure, shift.start_place, None
    stops: list[Stop] = []
    for start, task in planted:
        arrival = at + matrix.between(place, task.place)
        if stops and rest is None:
            rest = _rest(shift, at, arrival, start)
            arrival += shift.break_.duration if rest is not None and shift.break_ and rest < arrival else 0
        stops.append(Stop(task=task.id, arrival=arrival, start=start, end=start + task.duration))
        at, place = start + task.duration, task.place
    finish = at + matrix.between(place, shift.end_place)
    if rest is None and shift.break_:
        rest, departure, finish = _rest_at_an_end(shift, departure, stops, finish)
    return Route(shift=shift.id, departure=departure, stops=tuple(stops), finish=finish, break_start=rest)


def _rest(shift: Shift, leaves: int, arrives: int, start: int) -> int | None:
    """When the break begins between two visits; None where there is no room."""
    if shift.break_ is None:
        return None
    rest = max(leaves, shift.break_.earliest_start)
    length = shift.break_.duration
    latest = shift.break_.latest_end - length
    on_the_way = rest < arrives and arrives + length <= start and rest <= latest
    after_arrival = rest >= arrives and rest + length <= start and rest <= latest
    return rest if on_the_way or after_arrival else None


def _rest_at_an_end(shift: Shift, departure: int, stops: list[Stop], finish: int) -> tuple[int, int, int]:
    """The break before the first visit, with an earlier departure, or after the last, with a later return."""
    assert shift.break_ is not None
    length = shift.break_.duration
    first, last = shift.break_.earliest_start, shift.break_.latest_end - length
    before = min(last, stops[0].start - length)
    if before >= first and min(before, departure - length) >= shift.start:
        return before, min(before, departure - length), finish
    return max(first, stops[-1].end), departure, finish + length
