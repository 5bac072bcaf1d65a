"""Solutions of the unified home healthcare problem: services and lunches by caregiver, in minutes.

`arrival_time` is the start of the service. A lunch is taken at a place: here at the stop before it, or where
that is left before it begins, at the next one; before the first stop and after the last one at home.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from scheduler.io.instance import Instance
from scheduler.io.node import Node
from scheduler.model import Plan, Route, Shift, Stop
from scheduler.travel import TravelMatrix

SCALE: Final = 60
"""Our seconds per minute of theirs."""

_LUNCH = "lunch_break"


def task_id(patient: str, service: str) -> str:
    """The task of a patient's service."""
    return f"{patient}/{service}"


@dataclass(frozen=True, kw_only=True, slots=True)
class UhhcInstance(Instance):
    """Visits are patients, shifts caregivers, and a task "p8/s5" is service s5 for patient p8."""

    def write_solution(self, plan: Plan) -> dict[str, Any]:
        """Their solution. A caregiver without visits who is owed a lunch has it at home."""
        times = self.travel.matrix(self.problem.places)
        used = {route.shift for route in plan.routes}
        shifts = {shift.id: shift for shift in self.problem.shifts}
        routes = [
            {"caregiver_id": route.shift, "locations": self._written(route, shifts[route.shift], times)}
            for route in plan.routes
        ]
        for shift in self.problem.shifts:
            if shift.id not in used and shift.break_ is not None and _stays_put(shift, times):
                start = max(shift.start, shift.break_.earliest_start)
                routes.append(
                    {"caregiver_id": shift.id, "locations": [_lunch(shift, shift.start_place, start)]}
                )
        return {"routes": routes}

    def read_solution(self, data: object) -> Plan:
        """Their solution as a plan: who leaves as late as can be, and is left out if that has a price. A
        patient whom no route names and who must be served is simply missing. Raises FormatError."""
        reader = _Reader(self)
        routes = [reader.route(route) for route in Node(data)["routes"].items()]
        found = tuple(route for route in routes if route is not None)
        served = {stop.task for route in found for stop in route.stops}
        left_out = (
            visit.id
            for visit in self.problem.visits
            if visit.drop_cost is not None and not any(task.id in served for task in visit.tasks)
        )
        return Plan(routes=found, unassigned=tuple(left_out))

    def _written(self, route: Route, shift: Shift, times: TravelMatrix) -> list[dict[str, Any]]:
        visit_by_task = self.problem.visit_by_task
        locations = []
        for stop in route.stops:
            patient = visit_by_task[stop.task].id
            locations.append(
                {
                    "patient": patient,
                    "service": stop.task.removeprefix(f"{patient}/"),
                    "arrival_time": _minutes(stop.start),
                    "departure_time": _minutes(stop.end),
                }
            )
        if route.break_start is not None:
            after = sum(stop.start < route.break_start for stop in route.stops)
            places = [self.problem.task_by_id[stop.task].place for stop in route.stops]
            where, start = _lunch_place(route, shift, places, after, times)
            locations.insert(after, _lunch(shift, where, start))
        return locations


def _lunch_place(
    route: Route, shift: Shift, places: list[str], after: int, times: TravelMatrix
) -> tuple[str, int]:
    """Where the lunch between stop `after` and the one before it is taken, and when it starts."""
    rest, begun = shift.break_, route.break_start
    assert rest is not None
    assert begun is not None
    if after == len(places):
        if begun < route.finish:
            return places[-1], begun
        if _stays_put(shift, times):
            return shift.start_place, begun
        return places[-1], max(route.stops[-1].end, rest.earliest_start)
    here = shift.start_place if after == 0 else places[after - 1]
    free = shift.start if after == 0 else route.stops[after - 1].end
    drive, start = times.between(here, places[after]), route.stops[after].start
    if begun >= free and begun + rest.duration + drive <= start:
        return here, begun
    return places[after], max(begun, free + drive)


def _stays_put(shift: Shift, times: TravelMatrix) -> bool:
    """The shift ends where it starts."""
    return times.between(shift.start_place, shift.end_place) == 0


def _lunch(shift: Shift, where: str, start: int) -> dict[str, Any]:
    assert shift.break_ is not None
    end = start + shift.break_.duration
    return {"service": _LUNCH, "patient": where, "start_time": _minutes(start), "end_time": _minutes(end)}


def _minutes(seconds: int) -> int | float:
    return seconds // SCALE if seconds % SCALE == 0 else seconds / SCALE


class _Reader:
    """Reads the routes of one solution."""

    def __init__(self, instance: UhhcInstance) -> None:
        problem = instance.problem
        self._tasks = problem.task_by_id
        self._shifts = {shift.id: shift for shift in problem.shifts}
        self._times = instance.travel.matrix(problem.places)

    def route(self, node: Node) -> Route | None:
        """One caregiver's route; None where it has no visit."""
        name = node["caregiver_id"].text()
        listed = node["locations"].items() if node.get("locations") else []
        located = [one for one in listed if "depot" not in one.members()]
        locations = sorted(located, key=_start)
        visits = [one for one in locations if one["service"].text() != _LUNCH]
        lunches = [_start(one) for one in locations if one["service"].text() == _LUNCH]
        if not visits:
            return None
        shift = self._shifts.get(name)
        rest = shift.break_ if shift is not None else None
        lunch = lunches[0] if lunches and rest is not None else None
        span = (0, 0) if rest is None or lunch is None else (lunch, lunch + rest.duration)
        with node.building():
            departure = self._departure(shift, visits[0], span)
            stops = tuple(self._stops(shift, departure, visits, span))
            return Route(
                shift=name,
                departure=departure,
                stops=stops,
                finish=self._finish(shift, stops[-1], span),
                break_start=lunch,
            )

    def _departure(self, shift: Shift | None, first: Node, span: tuple[int, int]) -> int:
        """As late as the first stop allows, a lunch on the way included."""
        if shift is None:
            return 0
        if shift.leaves_at_start:
            return shift.start
        latest = _start(first) - self._drive(shift.start_place, _task_of(first))
        if span[0] < _start(first) and span[1] > latest:
            latest -= span[1] - span[0]
        return max(0, latest)

    def _stops(
        self, shift: Shift | None, departure: int, visits: list[Node], span: tuple[int, int]
    ) -> Iterator[Stop]:
        here, free = "" if shift is None else shift.start_place, departure
        for node in visits:
            task, start = self._tasks.get(_task_of(node)), _start(node)
            arrival = min(start, free) if task is None else self._reached(here, free, task.place, span)
            end = _seconds(_either(node, "end_service_time", "departure_time", "end_time"))
            yield Stop(task=_task_of(node), arrival=arrival, start=start, end=end)
            if task is not None:
                here, free = task.place, end

    def _finish(self, shift: Shift | None, last: Stop, span: tuple[int, int]) -> int:
        task = self._tasks.get(last.task)
        if shift is None or task is None:
            return last.end
        return self._reached(task.place, last.end, shift.end_place, span)

    def _reached(self, here: str, free: int, there: str, span: tuple[int, int]) -> int:
        """When someone free at `free` is there, with a lunch that begins on the way."""
        arrival = free + (self._times.between(here, there) if here else 0)
        return arrival + (span[1] - span[0] if free <= span[0] < arrival else 0)

    def _drive(self, here: str, task: str) -> int:
        return self._times.between(here, self._tasks[task].place) if task in self._tasks else 0


def _task_of(node: Node) -> str:
    return task_id(node["patient"].text(), node["service"].text())


def _start(node: Node) -> int:
    return _seconds(_either(node, "start_service_time", "arrival_time", "start_time"))


def _seconds(node: Node) -> int:
    return round(node.number() * SCALE)


def _either(node: Node, *names: str) -> Node:
    """The first of these fields that there is."""
    return next((found for name in names if (found := node.get(name)) is not None), None) or node[names[-1]]
