"""Published instances of the unified home healthcare problem (Ceschia et al. 2026, iolab-uniud).

One minute of theirs is 60 of our seconds, a weight of w a minute is w points a second, and their unit of cost
is 60 points, so all costs are exact. Times with fractions are rounded to the safe side. A cost component that
is "HARD", or that is not listed where their rules then ask for it, is a rule of ours. Instances state their
drives; coordinates are not used, and all places stand at 0, 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import numpy as np

from scheduler.io.node import Node
from scheduler.io.uhhc_solution import SCALE, UhhcInstance, task_id
from scheduler.model import Break, Lag, Mode, Place, Problem, Shift, Task, Visit, Weights, Window
from scheduler.model.record import MAX_POINTS, MAX_SECONDS
from scheduler.travel import GivenTimes, TravelMatrix

_ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
_HARD: Final = "HARD"
_LEAVE_AT_START = ("bazirha", "bazirha-caie")
_NOBODY = frozenset({"nobody"})
"""Preferred where a list of preferred caregivers is empty: whoever comes is not preferred."""

_PRICED = ("travel_time", "total_waiting_time", "max_idle_time", "workload_balance")
"""Components that can have a price but cannot be HARD."""

_EITHER = (
    "total_tardiness",
    "highest_tardiness",
    "total_extra_time",
    "caregiver_preferences",
    "optional_patients",
    "missed_lunch_break",
)
_ALWAYS_KEPT = ("qualification", "incompabilities")


def recognises(document: Node) -> bool:
    """The document has the fields of this format."""
    return {"patients", "caregivers", "terminal_points", "distances"} <= document.members().keys()


def read_instance(document: Node) -> UhhcInstance:
    """Raises FormatError for what is missing or impossible."""
    rules = _rules(document)
    patients, caregivers = document["patients"].items(), document["caregivers"].items()
    names = frozenset(caregiver["id"].text() for caregiver in caregivers)
    times = _times(document)
    defaults = _default_durations(document)
    visits = tuple(_visit(patient, rules, defaults, names) for patient in patients)
    horizon = _horizon(visits, times)
    with document.building():
        problem = Problem(
            origin=_ORIGIN,
            places=tuple(Place(id=name, latitude=0.0, longitude=0.0) for name in times.places),
            visits=visits,
            shifts=tuple(_shift(caregiver, document, rules, horizon) for caregiver in caregivers),
            weights=Weights(
                travel=rules.price("travel_time"),
                lateness=rules.price("total_tardiness"),
                worst_lateness=rules.price("highest_tardiness"),
                waiting=rules.price("total_waiting_time"),
                longest_idle=rules.price("max_idle_time"),
                imbalance=rules.price("workload_balance") * SCALE,
                not_preferred=rules.price("caregiver_preferences") * SCALE,
            ),
            points_per_unit=SCALE,
        )
    return UhhcInstance(problem=problem, travel=GivenTimes(times=times), family="uhhc")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rules:
    """What the metadata says: the components' weights, and how windows and departures are meant."""

    weights: dict[str, int | None]
    at_end: bool
    leave_at_start: bool

    def price(self, component: str) -> int:
        """Points a second, or units each; 0 for what is HARD or not listed."""
        return self.weights.get(component) or 0

    def hard(self, *components: str) -> bool:
        """One of the components is HARD."""
        return any(name in self.weights and self.weights[name] is None for name in components)

    def priced(self, component: str) -> bool:
        """The component is listed with a price."""
        return self.weights.get(component) is not None


def _rules(document: Node) -> _Rules:
    metadata = document["metadata"]
    weights = {
        name: _weight(name, node)
        for name, node in metadata["cost_components"].members().items()
        if node.value is not None and name not in _ALWAYS_KEPT
    }
    met = _given(metadata, "time_window_met")
    if met is not None and met.text() not in ("at_service_start", "at_service_end"):
        raise met.fail(f"must be at_service_start or at_service_end, not {met.value!r}")
    origin = _given(metadata, "origin")
    return _Rules(
        weights=weights,
        at_end=met is not None and met.text() == "at_service_end",
        leave_at_start=origin is not None
        and origin.text() in _LEAVE_AT_START
        and bool(weights.get("total_waiting_time")),
    )


def _weight(name: str, node: Node) -> int | None:
    """The price; None: HARD."""
    if name not in _PRICED + _EITHER:
        raise node.fail(f"is not supported; the components are {', '.join(_PRICED + _EITHER)}")
    if node.value == _HARD:
        if name in _PRICED:
            raise node.fail("can have a price, but not be HARD")
        return None
    value = node.number()
    if value != int(value) or not 0 <= value * SCALE <= MAX_POINTS:
        raise node.fail(f"must be HARD or a whole number from 0 on, not {node.value!r}")
    return int(value)


def _default_durations(document: Node) -> dict[str, Node]:
    found = {}
    for service in document["services"].items():
        default = _given(service, "default_duration")
        if default is not None:
            found[service["id"].text()] = default
    return found


def _visit(patient: Node, rules: _Rules, defaults: dict[str, Node], caregivers: frozenset[str]) -> Visit:
    name = patient["id"].text()
    optional = _given(patient, "optional")
    may_drop = optional is not None and optional.flag() and rules.priced("optional_patients")
    preferred = _preferred(patient)
    barred = _names(patient, "incompatible_caregivers")
    if preferred and not rules.priced("caregiver_preferences"):
        barred |= caregivers - preferred
    with patient.building():
        tasks = tuple(
            _task(service, name, patient, rules, defaults) for service in patient["required_services"].items()
        )
        lags = _lags(patient, tasks)
        mode = Mode(id="only", tasks=tasks, lags=lags, distinct_nurses=bool(lags))
        return Visit(
            id=name,
            modes=(mode,),
            drop_cost=rules.price("optional_patients") * SCALE if may_drop else None,
            preferred_nurses=preferred and (preferred - barred or _NOBODY),
            barred_nurses=barred,
        )


def _preferred(patient: Node) -> frozenset[str]:
    """Whom the patient prefers; empty where there is no such list."""
    if _given(patient, "preferred_caregivers") is None:
        return frozenset()
    return _names(patient, "preferred_caregivers") or _NOBODY


def _task(node: Node, patient: str, whole: Node, rules: _Rules, defaults: dict[str, Node]) -> Task:
    service = node["service"].text()
    given = _given(node, "duration") or defaults.get(service)
    if given is None:
        raise node.fail(
            f"lacks the field 'duration', and service {service!r} has no default_duration; add one"
        )
    duration = _up(given)
    return Task(
        id=task_id(patient, service),
        place=patient,
        duration=duration,
        windows=_windows(whole["time_windows"], duration, rules),
        credentials=frozenset({service}),
    )


def _windows(nodes: Node, duration: int, rules: _Rules) -> tuple[Window, ...]:
    """Of several windows the last one that has begun counts, so a hard one is over where the next begins."""
    soft = not rules.hard("total_tardiness", "highest_tardiness")
    spans = [(_up(node["start"]), _down(node["end"])) for node in nodes.items()]
    windows = []
    for index, (start, end) in enumerate(spans):
        earliest = start - start % SCALE if index == 0 else start  # a first start loses its fraction
        latest = max(earliest, end - duration) if rules.at_end else end
        windows.append(
            Window(
                earliest_start=earliest,
                latest_start=latest,
                latest_end=end if rules.at_end else None,
                soft=soft,
            )
        )
    if soft:
        return tuple(windows)
    cut = [
        window.replace(latest_start=min(window.latest_start, max(window.earliest_start, later - 1)))
        for window, later in ((one, other.earliest_start) for one, other in pairwise(windows))
    ]
    return (*cut, *windows[-1:])


def _lags(patient: Node, tasks: tuple[Task, ...]) -> tuple[Lag, ...]:
    synchronization = _given(patient, "synchronization")
    if synchronization is None or synchronization["type"].text() == "independent":
        return ()
    kind = synchronization["type"]
    if len(tasks) != 2:
        raise patient["required_services"].fail(f"must list 2 services to be {kind.value}, not {len(tasks)}")
    first, then = (task.id for task in tasks)
    if kind.text() == "simultaneous":
        return (Lag(first=first, then=then),)
    if kind.text() == "sequential":
        low, high = _least_and_most(synchronization["distance"])
        return (Lag(first=first, then=then, min_s=_up(low), max_s=_down(high)),)
    raise kind.fail(f"must be independent, simultaneous or sequential, not {kind.value!r}")


def _least_and_most(distance: Node) -> tuple[Node, Node]:
    if isinstance(distance.value, dict):
        return distance["min"], distance["max"]
    items = distance.items()
    if len(items) != 2:
        raise distance.fail(f"must list two numbers, not {len(items)}")
    return items[0], items[1]


def _shift(caregiver: Node, document: Node, rules: _Rules, horizon: int) -> Shift:
    name = caregiver["id"].text()
    hours = caregiver["working_shift"]
    start, end = _up(hours["start"]), _down(hours["end"])
    limited = rules.hard("total_extra_time")
    with caregiver.building():
        return Shift(
            id=name,
            nurse=name,
            start_place=caregiver["departing_point"].text(),
            end_place=caregiver["arrival_point"].text(),
            start=start,
            end=end,
            credentials=_names(caregiver, "abilities"),
            break_=_break(caregiver, document, rules, end),
            max_overtime=0 if limited else horizon,
            overtime_cost=rules.price("total_extra_time"),
            leaves_at_start=rules.leave_at_start,
        )


def _break(caregiver: Node, document: Node, rules: _Rules, shift_end: int) -> Break | None:
    """Their lunch. It is over by the shift's end: at home, it is no overtime of ours."""
    owed = _given(caregiver, "lunch_break")
    if owed is None or not owed.flag():
        return None
    lunch = document["lunch_breaks"]
    duration, end = _up(lunch["min_duration"]), _down(lunch["end"])
    if duration == 0:
        return None
    price = rules.price("missed_lunch_break") * SCALE
    return Break(
        duration=duration,
        earliest_start=_up(lunch["start"]),
        latest_end=min(end if rules.at_end else end + duration, shift_end),
        miss_cost=price if rules.priced("missed_lunch_break") else None,
    )


def _times(document: Node) -> TravelMatrix:
    """Drives between terminal points and patients, by their indices into the instance's matrix."""
    nodes = [*document["terminal_points"].items(), *document["patients"].items()]
    distances = document["distances"]
    rows = [row.numbers() for row in distances.items()]
    if any(len(row) != len(rows) for row in rows):
        raise distances.fail(f"must be a square: {len(rows)} rows of {len(rows)} columns")
    index = [_index(node, len(rows)) for node in nodes]
    seconds = np.ceil(np.array(rows, dtype=np.float64) * SCALE - 1e-6).astype(np.int64)
    if seconds.size and (seconds.min() < 0 or seconds.max() > MAX_SECONDS):
        raise distances.fail(f"must be from 0 to {MAX_SECONDS // SCALE}")
    try:
        return TravelMatrix([node["id"].text() for node in nodes], seconds[np.ix_(index, index)])
    except ValueError as error:
        raise distances.fail(str(error)) from error


def _index(node: Node, size: int) -> int:
    given = _given(node, "distance_matrix_index")
    index = 0 if given is None else given.whole()
    if not 0 <= index < size:
        raise node.fail(f"distance_matrix_index must be from 0 to {size - 1}, not {index}")
    return index


def _horizon(visits: tuple[Visit, ...], times: TravelMatrix) -> int:
    """No deadline: a time by which one caregiver could do everything, one after another."""
    tasks = [task for visit in visits for task in visit.tasks]
    lags = [lag.max_s for visit in visits for mode in visit.modes for lag in mode.lags]
    latest = max((task.windows[-1].latest_start for task in tasks), default=0)
    longest = int(times.seconds.max(initial=0))
    total = latest + sum(task.duration + longest for task in tasks) + sum(lags) + longest
    return min(max(total, SCALE), MAX_SECONDS)


def _names(node: Node, field: str) -> frozenset[str]:
    given = _given(node, field)
    return frozenset() if given is None else frozenset(item.text() for item in given.items())


def _given(node: Node, field: str) -> Node | None:
    """The field, or None where it is missing or null."""
    found = node.get(field)
    return None if found is None or found.value is None else found


def _up(node: Node) -> int:
    return math.ceil(node.number() * SCALE - 1e-6)


def _down(node: Node) -> int:
    return math.floor(node.number() * SCALE + 1e-6)
