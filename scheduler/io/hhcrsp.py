"""Published home-care instances with pairs: Mankowska et al. 2014, Kummer 2021, Ceschia et al. 2024.

All three share one JSON format (iolab-uniud, hhcrsp). One unit of theirs, a minute, is 1000 of our seconds:
their times have three decimals, so nothing is rounded. Window starts lose their fraction and window ends keep
six decimals, as the published costs have it. A time with more decimals is made safe: drives are rounded up,
lags inwards. The instances state their drives; their coordinates are not used, and all places stand at 0, 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from scheduler.io.instance import Instance
from scheduler.io.node import Node
from scheduler.model import Lag, Mode, Place, Plan, Problem, Route, Shift, Stop, Task, Visit, Weights, Window
from scheduler.model.record import MAX_SECONDS
from scheduler.travel import GivenTimes, TravelMatrix

SCALE = 1000
"""Our seconds per unit of theirs."""

_TINY = 1e-6
_ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
_WEIGHTS = Weights(travel=1, lateness=1, worst_lateness=1)
_POINTS_PER_UNIT = 3 * SCALE


def recognises(document: Node) -> bool:
    """The document has the fields of this format."""
    return {"patients", "caregivers", "central_offices", "distances"} <= document.members().keys()


def read_instance(document: Node) -> HhcrspInstance:
    """Raises FormatError for what is missing or impossible."""
    office = _office(document)
    patients = document["patients"].items()
    ids = [office, *(patient["id"].text() for patient in patients)]
    times = _times(document["distances"], ids)
    visits = tuple(_visit(patient, _default_durations(document)) for patient in patients)
    horizon = _horizon(visits, times)
    with document.building():
        problem = Problem(
            origin=_ORIGIN,
            places=tuple(Place(id=name, latitude=0.0, longitude=0.0) for name in ids),
            visits=visits,
            shifts=tuple(_shift(caregiver, office, horizon) for caregiver in document["caregivers"].items()),
            weights=_WEIGHTS,
            points_per_unit=_POINTS_PER_UNIT,
        )
    return HhcrspInstance(
        problem=problem, travel=GivenTimes(times=times), family="hhcrsp", seconds_per_minute=SCALE
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class HhcrspInstance(Instance):
    """Visits are patients, shifts caregivers, and a task "p8/s5" is service s5 for patient p8."""

    def write_solution(self, plan: Plan) -> dict[str, Any]:
        """Their solution: routes by caregiver; `arrival_time` is the start of the service."""
        return {"routes": [self._written(route) for route in plan.routes]}

    def read_solution(self, data: object) -> Plan:
        """Their solution as a plan: caregivers leave at 0 and drive on at once; a patient whom no route names
        is simply missing. Raises FormatError."""
        node = Node(data)
        times = self.travel.matrix(self.problem.places)
        routes = (self._route(route, times) for route in node["routes"].items())
        return Plan(routes=tuple(route for route in routes if route is not None))

    def _written(self, route: Route) -> dict[str, Any]:
        locations = []
        for stop in route.stops:
            patient, service = self._patient_and_service(stop.task)
            locations.append(
                {
                    "patient": patient,
                    "service": service,
                    "arrival_time": stop.start / SCALE,
                    "departure_time": stop.end / SCALE,
                }
            )
        return {"caregiver_id": route.shift, "locations": locations}

    def _patient_and_service(self, task: str) -> tuple[str, str]:
        patient = self.problem.visit_by_task[task].id
        return patient, task.removeprefix(f"{patient}/")

    def _route(self, node: Node, times: TravelMatrix) -> Route | None:
        caregiver = node["caregiver_id"].text()
        locations = node["locations"].items() if node.get("locations") else []
        if not locations:
            return None
        tasks = self.problem.task_by_id
        office, free, stops = times.places[0], 0, []
        here = office
        for location in locations:
            name = _task_id(
                _either(location, "patient", "patient_id"), _either(location, "service", "service_id")
            )
            start = _nearest(location["arrival_time"])
            task = tasks.get(name)
            end = start if task is None else start + task.duration
            arrival = start if task is None else free + times.between(here, task.place)
            with location.building():
                stops.append(Stop(task=name, arrival=arrival, start=start, end=end))
            if task is not None:
                here, free = task.place, end
        with node.building():
            finish = free + times.between(here, office)
            return Route(shift=caregiver, departure=0, stops=tuple(stops), finish=finish)


def _office(document: Node) -> str:
    offices = document["central_offices"].items()
    if len(offices) != 1:
        raise document["central_offices"].fail(f"must list one office, not {len(offices)}")
    return offices[0]["id"].text()


def _default_durations(document: Node) -> dict[str, Node]:
    services = document.get("services")
    found = {}
    for service in services.items() if services else []:
        default = service.get("default_duration")
        if default is not None:
            found[service["id"].text()] = default
    return found


def _visit(patient: Node, defaults: dict[str, Node]) -> Visit:
    name = patient["id"].text()
    window = _window(patient["time_window"])
    services = patient["required_caregivers"].items()
    with patient.building():
        tasks = tuple(_task(service, name, window, defaults) for service in services)
        mode = Mode(id="only", tasks=tasks, lags=_lags(patient, tasks))
        return Visit(id=name, modes=(mode,))


def _window(node: Node) -> Window:
    first, last = _two(node)
    with node.building():
        return Window(
            earliest_start=int(first.number()) * SCALE,
            latest_start=round(round(last.number(), 6) * SCALE),
            soft=True,
        )


def _task(node: Node, patient: str, window: Window, defaults: dict[str, Node]) -> Task:
    service = node["service"].text()
    duration = node.get("duration") or defaults.get(service)
    if duration is None:
        raise node.fail(
            f"lacks the field 'duration', and service {service!r} has no default_duration; add one"
        )
    return Task(
        id=_task_id(patient, service),
        place=patient,
        duration=_nearest(duration),
        windows=(window,),
        credentials=frozenset({service}),
    )


def _lags(patient: Node, tasks: tuple[Task, ...]) -> tuple[Lag, ...]:
    if len(tasks) < 2:
        return ()
    if len(tasks) > 2:
        raise patient["required_caregivers"].fail(f"must list 1 or 2 services, not {len(tasks)}")
    first, then = (task.id for task in tasks)
    kind = patient["synchronization"]["type"]
    if kind.text() == "simultaneous":
        return (Lag(first=first, then=then),)
    if kind.text() == "sequential":
        low, high = _two(patient["synchronization"]["distance"])
        return (Lag(first=first, then=then, min_s=_up(low.number()), max_s=_down(high.number())),)
    raise kind.fail(f"must be simultaneous or sequential, not {kind.value!r}")


def _shift(caregiver: Node, office: str, horizon: int) -> Shift:
    name = caregiver["id"].text()
    with caregiver.building():
        return Shift(
            id=name,
            nurse=name,
            start_place=office,
            end_place=office,
            start=0,
            end=horizon,
            credentials=frozenset(ability.text() for ability in caregiver["abilities"].items()),
        )


def _horizon(visits: tuple[Visit, ...], times: TravelMatrix) -> int:
    """No deadline: a time by which one caregiver could do everything, one after another."""
    tasks = [task for visit in visits for task in visit.tasks]
    lags = [lag.max_s for visit in visits for mode in visit.modes for lag in mode.lags]
    latest = max((task.windows[-1].latest_start for task in tasks), default=0)
    longest = int(times.seconds.max())
    total = latest + sum(task.duration + longest for task in tasks) + sum(lags) + longest
    return min(max(total, SCALE), MAX_SECONDS)


def _times(distances: Node, places: list[str]) -> TravelMatrix:
    rows = distances.items()
    if len(rows) != len(places):
        raise distances.fail(f"has {len(rows)} rows for the office and {len(places) - 1} patients")
    seconds = np.zeros((len(rows), len(rows)), dtype=np.int64)
    for index, row in enumerate(rows):
        cells = row.numbers()
        if len(cells) != len(places):
            raise row.fail(f"has {len(cells)} columns for the office and {len(places) - 1} patients")
        seconds[index] = [_up(cell) for cell in cells]
        if seconds[index].min() < 0 or seconds[index].max() > MAX_SECONDS:
            raise row.fail(f"must be from 0 to {MAX_SECONDS // SCALE}, not {min(cells)} to {max(cells)}")
    try:
        return TravelMatrix(places, seconds)
    except ValueError as error:
        raise distances.fail(str(error)) from error


def _two(node: Node) -> tuple[Node, Node]:
    items = node.items()
    if len(items) != 2:
        raise node.fail(f"must list two numbers, not {len(items)}")
    return items[0], items[1]


def _either(node: Node, name: str, other: str) -> str:
    found = node.get(name) or node[other]
    return found.text()


def _task_id(patient: str, service: str) -> str:
    return f"{patient}/{service}"


def _nearest(node: Node) -> int:
    return round(node.number() * SCALE)


def _up(units: float) -> int:
    return math.ceil(units * SCALE - _TINY)


def _down(units: float) -> int:
    return math.floor(units * SCALE + _TINY)
