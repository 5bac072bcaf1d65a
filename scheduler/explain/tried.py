"""What is asked of a plan that is changed by hand, and what would become of it."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.check import CheckReport, Cost
from scheduler.model import Plan, Route


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """`task` goes to `shift`, to start at `start` (seconds since the origin; None: when it fits best)."""

    task: str
    shift: str
    start: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """The nurse of `shift` cannot start `task` at the second that was asked for; at `start` she could."""

    task: str
    shift: str
    asked: int
    start: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Displaced:
    """A stop of another visit that starts at another time than before."""

    task: str
    shift: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What a change by hand would make of the plan.

    `routes` replace those of the same shifts; the shifts of `idle` lose theirs. `report` is the referee's, a
    pin of the visit itself not counted. `late`: where a nurse cannot be there at the second asked for: then
    the change is none that was wished.
    """

    visit: str
    plan: Plan
    routes: tuple[Route, ...]
    idle: tuple[str, ...]
    report: CheckReport
    before: Cost
    late: tuple[Late, ...]
    displaced: tuple[Displaced, ...]

    @property
    def cost(self) -> Cost:
        """Of the plan as it would be."""
        assert self.report.cost is not None
        return self.report.cost

    @property
    def added(self) -> int:
        """Points that the plan costs more than before, the price of visits left out not counted."""
        return self.cost.total - self.cost.dropped - (self.before.total - self.before.dropped)
