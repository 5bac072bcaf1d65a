"""What is to be planned: visits, shifts, places, pins, promises and prices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from graphlib import CycleError, TopologicalSorter

from scheduler.model.exception import AcceptedException
from scheduler.model.hours import HourLimit
from scheduler.model.promise import Promise
from scheduler.model.record import MAX_POINTS, Record, require, require_id, require_int, require_unique
from scheduler.model.shift import Shift
from scheduler.model.spacing import Spacing
from scheduler.model.visit import Task, Visit
from scheduler.model.worth import Worth

POINTS_PER_DOLLAR = 3600
"""A rate of R dollars an hour is R points a second."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place(Record):
    """A point on the map, in degrees (WGS 84)."""

    id: str
    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        require_id("place", "id", self.id)
        name = f"place {self.id!r}"
        for axis, value, limit in (("latitude", self.latitude, 90), ("longitude", self.longitude, 180)):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            require(
                number and -limit <= value <= limit,
                name,
                axis,
                f"must be from -{limit} to {limit} degrees, not {value!r}",
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin(Record):
    """Fixed by the dispatcher: if the task's visit is served, then by this task's mode, on `shift`, and,
    where `start` is given, at that second."""

    task: str
    shift: str
    start: int | None = None

    def __post_init__(self) -> None:
        require_id("pin", "task", self.task)
        require_id(f"pin of {self.task!r}", "shift", self.shift)
        if self.start is not None:
            require_int(f"pin of {self.task!r}", "start", self.start)


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights(Record):
    """Prices in points.

    `travel`, `lateness` and `waiting` per second; `worst_lateness` per second of the plan's largest lateness,
    `longest_idle` per second of the longest that any shift is idle; `imbalance` per minute, begun ones whole,
    by which a shift's drives and stays differ from the mean of all shifts; `not_preferred` per task done by a
    nurse who is not among the visit's preferred ones; `changed_nurse` and `moved_start` per promise that is
    not kept (see Promise).
    """

    travel: int = 1
    lateness: int = 0
    worst_lateness: int = 0
    not_preferred: int = 0
    changed_nurse: int = 0
    moved_start: int = 0
    waiting: int = 0
    longest_idle: int = 0
    imbalance: int = 0

    def __post_init__(self) -> None:
        for weight in fields(self):
            require_int("weights", weight.name, getattr(self, weight.name), high=MAX_POINTS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem(Record):
    """One planning task, whole and consistent: a day, or several planned together.

    `points_per_unit` points are one unit of the cost shown to people (a dollar, or the unit of a published
    instance). `rest_s`: the least seconds between the finish of a nurse's shift with stops and the departure
    of her next one with stops. `exceptions`: where a plan may break a rule of operation, and so far.
    `worths`: hints of an earlier solve.
    """

    origin: datetime
    places: tuple[Place, ...]
    visits: tuple[Visit, ...]
    shifts: tuple[Shift, ...]
    pins: tuple[Pin, ...] = ()
    weights: Weights = field(default_factory=Weights)
    points_per_unit: int = POINTS_PER_DOLLAR
    promises: tuple[Promise, ...] = ()
    spacings: tuple[Spacing, ...] = ()
    hour_limits: tuple[HourLimit, ...] = ()
    rest_s: int = 0
    exceptions: tuple[AcceptedException, ...] = ()
    worths: tuple[Worth, ...] = ()

    def __post_init__(self) -> None:
        aware_utc = isinstance(self.origin, datetime) and self.origin.utcoffset() == timedelta(0)
        require(aware_utc, "problem", "origin", f"must be an aware UTC instant, not {self.origin!r}")
        require_int("problem", "points_per_unit", self.points_per_unit, low=1)
        require_unique("problem", "places", (place.id for place in self.places))
        require_unique("problem", "visits", (visit.id for visit in self.visits))
        require_unique("problem", "shifts", (shift.id for shift in self.shifts))
        require_unique("problem", "tasks", (task.id for visit in self.visits for task in visit.tasks))
        self._require_known_places()
        self._require_known_pins()
        self._require_known_promises()
        self._require_sane_spacings()
        self._require_known_hour_limits()
        require_int("problem", "rest_s", self.rest_s)
        require_unique(
            "problem",
            "exceptions",
            (f"{each.rule} at {each.visit or ''} on {each.shift or ''}" for each in self.exceptions),
        )
        require_unique("problem", "worths", (worth.task for worth in self.worths))

    def _require_known_places(self) -> None:
        places = {place.id for place in self.places}
        for visit in self.visits:
            for task in visit.tasks:
                require(task.place in places, f"task {task.id!r}", "place", f"no place {task.place!r}")
        for shift in self.shifts:
            for end in ("start_place", "end_place"):
                place = getattr(shift, end)
                require(place in places, f"shift {shift.id!r}", end, f"no place {place!r}")

    def _require_known_pins(self) -> None:
        tasks, shifts = self.task_by_id, {shift.id for shift in self.shifts}
        for pin in self.pins:
            require(pin.task in tasks, f"pin of {pin.task!r}", "task", "no such task")
            require(pin.shift in shifts, f"pin of {pin.task!r}", "shift", f"no shift {pin.shift!r}")
        require_unique("problem", "pins", (pin.task for pin in self.pins))
        self._require_one_mode("pins", (pin.task for pin in self.pins))

    def _require_known_promises(self) -> None:
        tasks = self.task_by_id
        for promise in self.promises:
            require(promise.task in tasks, f"promise of {promise.task!r}", "task", "no such task")
        require_unique("problem", "promises", (promise.task for promise in self.promises))
        self._require_one_mode("promises", (promise.task for promise in self.promises))

    def _require_sane_spacings(self) -> None:
        visits = {visit.id: visit for visit in self.visits}
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for spacing in self.spacings:
            name = f"spacing {spacing.first!r} to {spacing.then!r}"
            for end in ("first", "then"):
                visit = getattr(spacing, end)
                require(visit in visits, name, end, f"no visit {visit!r}")
                visits[visit].require_led("spacings")
            sorter.add(spacing.then, spacing.first)
        require_unique("problem", "spacings", (f"{each.first} to {each.then}" for each in self.spacings))
        try:
            sorter.prepare()
        except CycleError as error:
            circle = ", ".join(error.args[1])
            require(False, "problem", "spacings", f"go round in a circle: {circle}")

    def _require_known_hour_limits(self) -> None:
        nurses = {shift.nurse for shift in self.shifts}
        for limit in self.hour_limits:
            name = f"hour limit of {limit.nurse!r}"
            require(limit.nurse in nurses, name, "nurse", "has no shift")

    def _require_one_mode(self, field: str, tasks: Iterable[str]) -> None:
        named = set(tasks)
        for visit in self.visits:
            modes = [mode.id for mode in visit.modes if any(task.id in named for task in mode.tasks)]
            require(
                len(modes) < 2,
                f"visit {visit.id!r}",
                field,
                f"are of several modes: {', '.join(modes)}; give those of one mode",
            )

    @property
    def task_by_id(self) -> dict[str, Task]:
        """Every task of every mode, by id. Built anew at each call: keep it where you loop."""
        return {task.id: task for visit in self.visits for task in visit.tasks}

    @property
    def visit_by_task(self) -> dict[str, Visit]:
        """The visit of each task, by task id. Built anew at each call."""
        return {task.id: visit for visit in self.visits for task in visit.tasks}
