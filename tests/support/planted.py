"""The demo clinic's laid-out plan as a plan of the model, and a solver that answers with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from app.demo.day import minutes_of
from app.demo.rows import Clinic
from app.store.engine import Database
from app.store.mapping import ids
from app.store.models import Nurse, Visit
from app.store.queries import planning, records
from scheduler.check import check
from scheduler.model import Plan, Problem, Route, Shift, Solution, Stop
from scheduler.solve import Cancelled, Limits, Report
from scheduler.solve.seam import ignore, never
from scheduler.travel import TravelMatrix


def planted_plan(
    clinic: Clinic, day: date, problem: Problem, matrix: TravelMatrix, database: Database
) -> Plan:
    """The day's laid-out plan in the problem's ids; the visits that cannot be served are unassigned."""
    with database.begin() as tx:
        region = planning.regions(tx)[0]
        nurses = {row.code: row.id for row in records.every(tx, Nurse, region.id)}
        visits = {row.code: row.id for row in records.every(tx, Visit, region.id)}
    of_day = {visit.code for visit in clinic.visits if visit.day == day}
    stops: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for planted in clinic.planted:
        if planted.visit in of_day:
            task = ids.task_id(visits[planted.visit], planted.part)
            stops[f"s{nurses[planted.nurse]}"].append((minutes_of(planted.start) * 60, task))
    shifts = {shift.id: shift for shift in problem.shifts}
    return Plan(
        routes=tuple(_route(problem, matrix, shifts[shift], sorted(some)) for shift, some in stops.items()),
        unassigned=tuple(f"v{visits[code]}" for code in clinic.hopeless if code in of_day),
    )


def _route(problem: Problem, matrix: TravelMatrix, shift: Shift, starts: list[tuple[int, str]]) -> Route:
    """The stops at their times; the break right after the first of them."""
    tasks = problem.task_by_id
    here, free = shift.start_place, shift.start
    stops: list[Stop] = []
    break_start = None
    for start, name in starts:
        task = tasks[name]
        arrival = free + matrix.between(here, task.place)
        stops.append(Stop(task=name, arrival=arrival, start=start, end=start + task.duration))
        here, free = task.place, stops[-1].end
        if shift.break_ is not None and break_start is None:
            break_start = free
            free += shift.break_.duration
    return Route(
        shift=shift.id,
        departure=shift.start,
        stops=tuple(stops),
        finish=free + matrix.between(here, shift.end_place),
        break_start=break_start,
    )


def planted_solver(clinic: Clinic, day: date, database: Database) -> Callable[[], object]:
    """Makes solvers that answer with the laid-out plan at once."""

    class PlantedSolver:
        def solve(
            self,
            problem: Problem,
            matrix: TravelMatrix,
            limits: Limits,
            report: Report = ignore,
            cancelled: Cancelled = never,
        ) -> Solution:
            plan = planted_plan(clinic, day, problem, matrix, database)
            verdict = check(problem, matrix, plan)
            assert verdict.cost is not None
            return Solution(plan=plan, cost=verdict.cost.total, bound=None, seconds=0.0)

    return PlantedSolver
