"""The rows of the solver's tables: ids turned into positions, rules turned into numbers."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model import Supply
from scheduler.solve.options import Option


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task, which takes `uses` of its shift's stock. `place` is a row of the travel table, `mode` the
    position among its visit's modes. The patient was promised nurse `told` (a position, -1: she is gone,
    None: nothing was promised); `fee` is paid in any case. `floor` is the option to begin with: the promised
    time's."""

    id: str
    visit: int
    mode: int
    place: int
    duration: int
    options: tuple[Option, ...]
    told: int | None = None
    fee: int = 0
    floor: int = 0
    uses: tuple[Supply, ...] = ()

    def fit(self, lower: int, floor: int = 0) -> int | None:
        """The first allowed start at `lower` or later, in option `floor` or a later one; None: there is
        none."""
        for option in self.options[floor:]:
            if lower <= option.latest:
                return max(lower, option.earliest)
        return None

    def units(self, item: str) -> int:
        """What it takes of an item of its shift's stock."""
        return sum(use.units for use in self.uses if use.item == item)

    def lateness(self, start: int) -> int:
        """Seconds by which an allowed `start` is late."""
        return next(max(0, start - o.due) for o in self.options if o.earliest <= start <= o.latest)

    def moved(self, start: int) -> int:
        """Points for an allowed `start` that the patient was not promised."""
        if self.told is None:
            return 0
        return next(o.price for o in self.options if o.earliest <= start <= o.latest)


@dataclass(frozen=True, slots=True)
class Rest:
    """A shift's break, its window cut to the shift's interval."""

    duration: int
    earliest: int
    latest_end: int


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift. `nurse` is a position, `origin` and `goal` are rows of the travel table."""

    id: str
    nurse: int
    origin: int
    goal: int
    start: int
    end: int
    latest_finish: int
    overtime_cost: int
    most_visits: int
    rest: Rest | None
    stock: tuple[Supply, ...] = ()

    def reach(self, free: int, leg: int, resting: bool) -> int | None:
        """When a nurse free at `free` is at the end of a drive of `leg` seconds; with `resting` she takes her
        break on the way, as soon as it may begin. None: too late for the break."""
        if not resting or self.rest is None:
            return free + leg
        begin = max(free, self.rest.earliest)
        if begin + self.rest.duration > self.rest.latest_end:
            return None
        return max(free + leg, begin) + self.rest.duration

    def back(self, free: int, leg: int, resting: bool) -> int | None:
        """The same for the drive home. A break taken at home, after the drive, does not make the shift
        longer."""
        home = free + leg
        if not resting or self.rest is None:
            return home
        if max(home, self.rest.earliest) + self.rest.duration <= self.rest.latest_end:
            return home
        return self.reach(free, leg, resting)


@dataclass(frozen=True, slots=True)
class Tie:
    """start(then) >= start(first) + delta, both tasks of one mode."""

    first: int
    then: int
    delta: int


@dataclass(frozen=True, slots=True)
class ModeRow:
    """One way to carry out a visit. `apart`: no nurse does two of its tasks."""

    tasks: tuple[int, ...]
    ties: tuple[Tie, ...]
    apart: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit with the modes its pins leave open. `preferred`: nurse positions, empty for no wish."""

    id: str
    modes: tuple[ModeRow, ...]
    drop_cost: int | None
    preferred: frozenset[int]


@dataclass(frozen=True, slots=True)
class SpacingRow:
    """What ties two visits (positions), their times apart: those are ties of their first tasks."""

    first: int
    then: int
    needs_first: bool
    change_cost: int


@dataclass(frozen=True, slots=True)
class HoursRow:
    """These shifts, those that are used, last at most so many seconds together."""

    shifts: tuple[int, ...]
    most: int
