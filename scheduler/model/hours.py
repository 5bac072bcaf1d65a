"""How many hours a nurse may work over several days."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model.record import MAX_SECONDS, Record, require, require_id, require_int


@dataclass(frozen=True, kw_only=True, slots=True)
class HourLimit(Record):
    """The nurse's shifts that start in [start, end) and have a stop last at most `max_seconds` together, each
    from its start to its end, or to its finish if that is later. Seconds since the origin."""

    nurse: str
    start: int
    end: int
    max_seconds: int

    def __post_init__(self) -> None:
        require_id("hour limit", "nurse", self.nurse)
        name = f"hour limit of {self.nurse!r}"
        for field in ("start", "end"):
            require_int(name, field, getattr(self, field), low=-MAX_SECONDS)
        require(self.end > self.start, name, "end", f"{self.end} is not after start {self.start}")
        require_int(name, "max_seconds", self.max_seconds)
