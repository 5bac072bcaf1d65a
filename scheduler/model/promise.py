"""What patients were told: who comes, and when."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model.record import Record, require_id, require_int


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise(Record):
    """The patient was told that `nurse` comes for the task, at `start`; seconds since the origin.

    No rule, but a price. Where the visit is served, `Weights.changed_nurse` is paid if another nurse does the
    task, and `Weights.moved_start` if it starts more than `tolerance` seconds before or after `start`; both
    are paid if the visit is served in a mode without the task. `nurse` need not be on shift any more.
    """

    task: str
    nurse: str
    start: int
    tolerance: int = 900

    def __post_init__(self) -> None:
        require_id("promise", "task", self.task)
        name = f"promise of {self.task!r}"
        require_id(name, "nurse", self.nurse)
        require_int(name, "start", self.start)
        require_int(name, "tolerance", self.tolerance)
