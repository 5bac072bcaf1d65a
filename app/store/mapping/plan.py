"""A planned day becomes the rows that the pages read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from app.store.mapping import ids
from app.store.mapping.day import LoadedDay
from app.store.mapping.evidence import Evidence, columns_of
from app.store.mapping.reasons import reason_rows
from app.store.models import PlanRow, RouteRow, StopRow
from app.store.models.plan import PlanStatus
from scheduler.model import Plan, Problem, Route, Shift, Task
from scheduler.plan_day import DayPlan
from scheduler.travel import TravelMatrix


def draft_of(loaded: LoadedDay, made: DayPlan, run_id: int, now: datetime) -> PlanRow:
    """The draft to be stored. Nurses on shift without stops get an empty route: the pages show them."""
    plan = made.solution.plan
    cost = made.report.cost
    assert cost is not None, "a feasible plan has a cost"
    problem = loaded.problem.replace(worths=made.solution.worths or loaded.problem.worths)
    evidence = Evidence(problem=problem, matrix=made.matrix, plan=plan)
    return PlanRow(
        region_id=loaded.region.id,
        day=loaded.today.day,
        zone=loaded.region.zone,
        status=PlanStatus.DRAFT,
        run_id=run_id,
        created_at=now,
        cost=cost.total,
        bound=made.solution.bound,
        visits_served=len(loaded.problem.visits) - len(plan.unassigned),
        travel_total=cost.travel_seconds,
        overtime_total=cost.overtime_seconds,
        notes=list(loaded.notes),
        routes=route_rows(loaded.problem, made.matrix, plan),
        unassigned=reason_rows(loaded, made),
        **columns_of(evidence),
    )


def route_rows(problem: Problem, matrix: TravelMatrix, plan: Plan) -> list[RouteRow]:
    """One row per shift, in the problem's order."""
    routes = {route.shift: route for route in plan.routes}
    facts = _Facts(problem=problem, matrix=matrix, tasks=problem.task_by_id)
    return [facts.route_row(shift, routes.get(shift.id)) for shift in problem.shifts]


def rows_agree(row: PlanRow, evidence: Evidence) -> bool:
    """Whether the rows that nurses see say what the checked plan says."""
    expected = route_rows(evidence.problem, evidence.matrix, evidence.plan)
    return sorted(map(_content, row.routes)) == sorted(map(_content, expected))


def _content(route: RouteRow) -> tuple[Any, ...]:
    stops = tuple(
        (stop.position, stop.visit_id, stop.arrival, stop.start, stop.end, repr(stop.phases))
        for stop in route.stops
    )
    times = (route.shift_start, route.shift_end, route.departure, route.finish, route.break_start)
    return (route.nurse_id, *(str(time) for time in times), route.break_minutes, stops)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    problem: Problem
    matrix: TravelMatrix
    tasks: dict[str, Task]

    def route_row(self, shift: Shift, route: Route | None) -> RouteRow:
        home = next(place for place in self.problem.places if place.id == shift.start_place)
        row = RouteRow(
            nurse_id=ids.key(shift.nurse),
            shift_start=self._instant(shift.start),
            shift_end=self._instant(shift.end),
            break_minutes=0 if shift.break_ is None else shift.break_.duration // 60,
            travel_seconds=0,
            home_latitude=home.latitude,
            home_longitude=home.longitude,
        )
        if route is not None:
            drives = list(self._drives(shift, route))
            row.departure = self._instant(route.departure)
            row.finish = self._instant(route.finish)
            row.break_start = None if route.break_start is None else self._instant(route.break_start)
            row.travel_seconds = sum(drives)
            row.stops = list(self._stop_rows(route, drives))
        return row

    def _stop_rows(self, route: Route, drives: list[int]) -> Iterator[StopRow]:
        for position, (stop, drive) in enumerate(zip(route.stops, drives, strict=False)):
            task = self.tasks[stop.task]
            yield StopRow(
                position=position,
                visit_id=ids.key(stop.task.partition(".")[0]),
                arrival=self._instant(stop.arrival),
                start=self._instant(stop.start),
                end=self._instant(stop.end),
                travel_seconds=drive,
                phases=[{"kind": phase.name, "minutes": phase.duration // 60} for phase in task.phases],
            )

    def _drives(self, shift: Shift, route: Route) -> Iterator[int]:
        """The seconds of each drive: to every stop, and home."""
        stays = (self.tasks[stop.task].place for stop in route.stops)
        for here, there in pairwise((shift.start_place, *stays, shift.end_place)):
            yield self.matrix.between(here, there)

    def _instant(self, seconds: int) -> datetime:
        return self.problem.origin + timedelta(seconds=seconds)
