"""What was planned: routes with stops, and the visits left out."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model.record import Record, require, require_id, require_int
from scheduler.model.worth import Worth


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop(Record):
    """One task on a route: the nurse arrives, waits, stays from start to end. Seconds since the origin."""

    task: str
    arrival: int
    start: int
    end: int

    def __post_init__(self) -> None:
        require_id("stop", "task", self.task)
        for field in ("arrival", "start", "end"):
            require_int(f"stop {self.task!r}", field, getattr(self, field))


@dataclass(frozen=True, kw_only=True, slots=True)
class Route(Record):
    """A shift's stops in order. `departure` from the start place, `finish` at the end place;
    `break_start` where the shift owes a break. A shift without stops has no route."""

    shift: str
    departure: int
    stops: tuple[Stop, ...]
    finish: int
    break_start: int | None = None

    def __post_init__(self) -> None:
        require_id("route", "shift", self.shift)
        name = f"route of {self.shift!r}"
        require(bool(self.stops), name, "stops", "a route has at least one stop; leave an idle shift out")
        require_int(name, "departure", self.departure)
        require_int(name, "finish", self.finish)
        if self.break_start is not None:
            require_int(name, "break_start", self.break_start)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan(Record):
    """Routes and the ids of the visits left out. Not yet known to be feasible: `scheduler.check` says."""

    routes: tuple[Route, ...]
    unassigned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for visit in self.unassigned:
            require_id("plan", "unassigned", visit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Solution(Record):
    """A solver's answer: a plan, the cost it claims in points, a proven lower bound of the cost of any
    feasible plan (None: none known), and the wall seconds it took. `worths`: hints for the next solve of the
    day (none where routes were not priced). `faults`: the errors of stages that failed; the plan is that of
    the others."""

    plan: Plan
    cost: int
    bound: int | None
    seconds: float
    worths: tuple[Worth, ...] = ()
    faults: tuple[Exception, ...] = ()

    def whole(self) -> Solution:
        """Itself, for who measures or tests the solver. Raises the first of its faults."""
        for fault in self.faults:
            raise fault
        return self
