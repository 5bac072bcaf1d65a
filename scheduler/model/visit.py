"""A visit: one care call at one patient, carried out in one of its modes."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model.gate import Gate
from scheduler.model.record import (
    MAX_POINTS,
    Record,
    require,
    require_id,
    require_int,
    require_names,
    require_unique,
)
from scheduler.model.supply import Supply


@dataclass(frozen=True, kw_only=True, slots=True)
class Window(Record):
    """When a task may run; seconds since the origin.

    The task starts in [earliest_start, latest_start] and is over, monitoring included, by `latest_end`
    (None: no limit of its own). In a `soft` window the last two may be missed, at `Weights.lateness`
    per second by which the worse of them is missed; `earliest_start` always holds.
    """

    earliest_start: int
    latest_start: int
    latest_end: int | None = None
    soft: bool = False

    def __post_init__(self) -> None:
        require_int("window", "earliest_start", self.earliest_start)
        require_int("window", "latest_start", self.latest_start)
        require(
            self.latest_start >= self.earliest_start,
            "window",
            "latest_start",
            f"{self.latest_start} is before earliest_start {self.earliest_start}",
        )
        if self.latest_end is not None:
            require_int("window", "latest_end", self.latest_end)


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase(Record):
    """A named part of a task: "infusion", "monitoring" and so on. Seconds."""

    name: str
    duration: int

    def __post_init__(self) -> None:
        require_id("phase", "name", self.name)
        require_int(f"phase {self.name!r}", "duration", self.duration)


@dataclass(frozen=True, kw_only=True, slots=True)
class Task(Record):
    """One nurse's unbroken stay of `duration` seconds at `place`.

    The nurse must hold all of `credentials`. `windows` is never empty; a task keeps one of them. Windows are
    sorted by earliest start, and all hard or all soft; of several soft ones, the last that has begun counts.
    `phases`, if given, run one after another and add up to `duration`. `uses` is what it takes of the shift's
    stock.
    """

    id: str
    place: str
    duration: int
    windows: tuple[Window, ...]
    credentials: frozenset[str] = frozenset()
    phases: tuple[Phase, ...] = ()
    uses: tuple[Supply, ...] = ()

    def __post_init__(self) -> None:
        require_id("task", "id", self.id)
        name = f"task {self.id!r}"
        require_id(name, "place", self.place)
        require_int(name, "duration", self.duration)
        require_names(name, "credentials", self.credentials)
        require(bool(self.windows), name, "windows", "needs at least one window")
        starts = [window.earliest_start for window in self.windows]
        require(starts == sorted(starts), name, "windows", "must be sorted by earliest_start")
        soft = {window.soft for window in self.windows}
        require(len(soft) == 1, name, "windows", "must be all hard or all soft, not some of each")
        for window in self.windows:
            self._require_room(name, window)
        require_unique(name, "uses", (supply.item for supply in self.uses))
        total = sum(phase.duration for phase in self.phases)
        require(
            not self.phases or total == self.duration,
            name,
            "phases",
            f"add up to {total} s, but the task lasts {self.duration} s",
        )

    def _require_room(self, name: str, window: Window) -> None:
        if window.soft or window.latest_end is None:
            return
        require(
            window.earliest_start + self.duration <= window.latest_end,
            name,
            "windows",
            f"the stay of {self.duration} s cannot end by latest_end {window.latest_end} "
            f"when it starts at {window.earliest_start} or later",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Lag(Record):
    """start(then) - start(first) lies in [min_s, max_s] seconds; 0 and 0: together."""

    first: str
    then: str
    min_s: int = 0
    max_s: int = 0

    def __post_init__(self) -> None:
        name = f"lag {self.first!r} to {self.then!r}"
        require(self.first != self.then, name, "then", "must be another task than first")
        require_int(name, "min_s", self.min_s)
        require_int(name, "max_s", self.max_s)
        require(self.min_s <= self.max_s, name, "max_s", f"{self.max_s} is less than min_s {self.min_s}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mode(Record):
    """One way to carry out a visit: one task, or several tied by lags.

    With `distinct_nurses` no nurse does two of its tasks.
    """

    id: str
    tasks: tuple[Task, ...]
    lags: tuple[Lag, ...] = ()
    distinct_nurses: bool = True

    def __post_init__(self) -> None:
        require_id("mode", "id", self.id)
        name = f"mode {self.id!r}"
        require(bool(self.tasks), name, "tasks", "needs at least one task")
        ids = {task.id for task in self.tasks}
        for lag in self.lags:
            for end in (lag.first, lag.then):
                require(end in ids, name, "lags", f"{end!r} is not a task of this mode")

    @property
    def is_led(self) -> bool:
        """Its first task starts it: a lag ties every other one to it, to start no earlier."""
        led = {lag.then for lag in self.lags if lag.first == self.tasks[0].id}
        return all(task.id in led for task in self.tasks[1:])


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit(Record):
    """One care call at one patient.

    `drop_cost` is the price, in points, of leaving the visit out; None: it must be served. A nurse in
    `barred_nurses` never does it; one who is not in `preferred_nurses` (where that is not empty) costs
    `Weights.not_preferred` for each of its tasks she does. All its `gates` must be open; the modes of a visit
    with gates are led by their first tasks.
    """

    id: str
    modes: tuple[Mode, ...]
    drop_cost: int | None = None
    preferred_nurses: frozenset[str] = frozenset()
    barred_nurses: frozenset[str] = frozenset()
    gates: tuple[Gate, ...] = ()

    def __post_init__(self) -> None:
        require_id("visit", "id", self.id)
        name = f"visit {self.id!r}"
        require(bool(self.modes), name, "modes", "needs at least one mode")
        require_unique(name, "modes", (mode.id for mode in self.modes))
        if self.drop_cost is not None:
            require_int(name, "drop_cost", self.drop_cost, high=MAX_POINTS)
        require_names(name, "preferred_nurses", self.preferred_nurses)
        require_names(name, "barred_nurses", self.barred_nurses)
        both = sorted(self.preferred_nurses & self.barred_nurses)
        require(not both, name, "barred_nurses", f"both preferred and barred: {', '.join(both)}")
        if self.gates:
            self.require_led("gates")

    def require_led(self, field: str) -> None:
        """Raise ModelError, on account of `field`, where a task of a mode could start before its first."""
        for mode in self.modes:
            require(
                mode.is_led,
                f"visit {self.id!r}",
                field,
                f"mode {mode.id!r} must tie each of its tasks to {mode.tasks[0].id!r} by a lag",
            )

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of every mode, in order."""
        return tuple(task for mode in self.modes for task in mode.tasks)
