"""A shift: one nurse, one day."""

from __future__ import annotations

from dataclasses import dataclass

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
class Break(Record):
    """A rest of `duration` seconds, begun at `earliest_start` or later and over by `latest_end`.

    It lies between two stays, or before the first or after the last, never inside one. It may interrupt a
    drive. `miss_cost` is the price, in points, of a shift with stops but without it; None: it must be given.
    """

    duration: int
    earliest_start: int
    latest_end: int
    miss_cost: int | None = None

    def __post_init__(self) -> None:
        require_int("break", "duration", self.duration, low=1)
        require_int("break", "earliest_start", self.earliest_start)
        require_int("break", "latest_end", self.latest_end)
        require(
            self.earliest_start + self.duration <= self.latest_end,
            "break",
            "latest_end",
            f"leaves no room for {self.duration} s from {self.earliest_start} on",
        )
        if self.miss_cost is not None:
            require_int("break", "miss_cost", self.miss_cost, high=MAX_POINTS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift(Record):
    """One nurse, one day; seconds since the origin, both ends her own places.

    She leaves `start_place` at `start` or later and is back at `end_place` by `end` plus at most
    `max_overtime` seconds, each of them at `overtime_cost` points. `break_` is owed on every shift that has a
    stop.
    `max_visits` limits the stops (None: no limit). With `leaves_at_start` she leaves neither later than
    `start`, so she may have to wait at her first stop. Of the items in `stock` she has so many units; what it
    does not name is not limited.
    """

    id: str
    nurse: str
    start_place: str
    end_place: str
    start: int
    end: int
    credentials: frozenset[str] = frozenset()
    break_: Break | None = None
    max_overtime: int = 0
    overtime_cost: int = 0
    max_visits: int | None = None
    leaves_at_start: bool = False
    stock: tuple[Supply, ...] = ()

    def __post_init__(self) -> None:
        require_id("shift", "id", self.id)
        name = f"shift {self.id!r}"
        for field in ("nurse", "start_place", "end_place"):
            require_id(name, field, getattr(self, field))
        require_int(name, "start", self.start)
        require_int(name, "end", self.end)
        require_names(name, "credentials", self.credentials)
        require(self.end > self.start, name, "end", f"{self.end} is not after start {self.start}")
        require_int(name, "max_overtime", self.max_overtime)
        require_int(name, "overtime_cost", self.overtime_cost, high=MAX_POINTS)
        if self.max_visits is not None:
            require_int(name, "max_visits", self.max_visits)
        require_unique(name, "stock", (supply.item for supply in self.stock))
        if self.break_ is not None:
            self._require_break_inside(name, self.break_)

    def _require_break_inside(self, name: str, rest: Break) -> None:
        first, last = max(rest.earliest_start, self.start), min(rest.latest_end, self.latest_finish)
        require(
            first + rest.duration <= last,
            name,
            "break_",
            f"{rest.duration} s from {rest.earliest_start} to {rest.latest_end} do not fit "
            f"into the shift from {self.start} to {self.latest_finish}",
        )

    @property
    def latest_finish(self) -> int:
        """Back at the end place by then, overtime included."""
        return self.end + self.max_overtime
