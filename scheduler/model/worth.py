"""What an earlier solve found out about a day, for the next one to begin from."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model.record import MAX_POINTS, Record, require_id, require_int


@dataclass(frozen=True, kw_only=True, slots=True)
class Worth(Record):
    """Serving the task was worth `points` where the day was last solved: the dual price of its row in the
    relaxation. A hint: no cost and no rule depends on it, and the task need not be there any more."""

    task: str
    points: int

    def __post_init__(self) -> None:
        require_id("worth", "task", self.task)
        require_int(f"worth of {self.task!r}", "points", self.points, high=MAX_POINTS)
