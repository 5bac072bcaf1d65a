"""What the referee says: violations, and the cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Every way a plan can be wrong. Closed: a new rule adds its code."""

    UNKNOWN_SHIFT = "unknown_shift"
    UNKNOWN_TASK = "unknown_task"
    UNKNOWN_VISIT = "unknown_visit"
    SHIFT_TWICE = "shift_twice"
    VISIT_MISSING = "visit_missing"
    SERVED_AND_UNASSIGNED = "served_and_unassigned"
    UNASSIGNED_TWICE = "unassigned_twice"
    VISIT_TWICE = "visit_twice"
    MODE_INCOMPLETE = "mode_incomplete"
    MANDATORY_UNASSIGNED = "mandatory_unassigned"
    CREDENTIAL = "credential"
    BARRED_NURSE = "barred_nurse"
    SAME_NURSE = "same_nurse"
    DURATION = "duration"
    STARTS_BEFORE_ARRIVAL = "starts_before_arrival"
    TRAVEL_TIME = "travel_time"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    ENDS_TOO_LATE = "ends_too_late"
    LAG = "lag"
    SPACING = "spacing"
    FOLLOW_UP = "follow_up"
    ORDER = "order"
    PRESCRIBER = "prescriber"
    ADULT = "adult"
    AGREEMENT = "agreement"
    MANIA_CHECK = "mania_check"
    SHIFT_START = "shift_start"
    LEAVES_LATE = "leaves_late"
    SHIFT_END = "shift_end"
    BREAK_MISSING = "break_missing"
    BREAK_UNDUE = "break_undue"
    BREAK_WINDOW = "break_window"
    BREAK_OVERLAP = "break_overlap"
    MOST_VISITS = "most_visits"
    NURSE_TWICE = "nurse_twice"
    HOUR_LIMIT = "hour_limit"
    REST = "rest"
    STOCK = "stock"
    PIN = "pin"


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """One broken rule. `message` names ids and times in seconds; people get `scheduler.explain`'s wording.
    `by`: how far it is broken, of a rule of operation, in seconds or in visits."""

    code: Code
    message: str
    visit: str | None = None
    task: str | None = None
    shift: str | None = None
    by: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """The parts of a plan's cost, in points, and beside them the quantities people read, in seconds."""

    travel: int
    lateness: int
    worst_lateness: int
    overtime: int
    not_preferred: int
    dropped: int
    changed_nurse: int
    moved_start: int
    continuity: int
    waiting: int
    longest_idle: int
    imbalance: int
    missed_breaks: int
    travel_seconds: int
    lateness_seconds: int
    overtime_seconds: int

    @property
    def total(self) -> int:
        """The cost of the plan, in points: what a solver minimises."""
        return (
            self.travel
            + self.lateness
            + self.worst_lateness
            + self.overtime
            + self.not_preferred
            + self.dropped
            + self.changed_nurse
            + self.moved_start
            + self.continuity
            + self.waiting
            + self.longest_idle
            + self.imbalance
            + self.missed_breaks
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckReport:
    """The referee's word. `cost` is None where the plan speaks of things that do not exist. `excepted`: rules
    that are broken where the problem's accepted exceptions let them."""

    violations: tuple[Violation, ...]
    cost: Cost | None
    excepted: tuple[Violation, ...] = ()

    @property
    def feasible(self) -> bool:
        """No rule is broken."""
        return not self.violations
