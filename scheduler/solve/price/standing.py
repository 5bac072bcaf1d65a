"""Where pricing stands: the best plan and bound so far, and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.model import Plan
from scheduler.solve.price.bound import round_up
from scheduler.solve.price.tables import NEVER
from scheduler.solve.seam import Cancelled, Progress, Report


@dataclass
class Standing:
    """The cost of the best plan known (NEVER: none), that plan if pricing found it, the proven bound.

    Costs and bounds are whole multiples of `unit` points, `deadline` is a `time.monotonic()`.
    """

    unit: int
    deadline: float
    report: Report
    cancelled: Cancelled
    began: float = field(default_factory=time.monotonic)
    plan: Plan | None = None
    cost: int = NEVER
    bound: int | None = None

    @property
    def left(self) -> float:
        """Seconds to the deadline, never less than 0; 0 once cancelled."""
        return 0.0 if self.cancelled() else max(0.0, self.deadline - time.monotonic())

    def over(self) -> bool:
        """Time is up, or the caller has cancelled."""
        return self.left == 0.0

    def left_of(self, share: float) -> Callable[[], float]:
        """A clock of the seconds to this share of the time there was."""
        until = self.began + share * (self.deadline - self.began)
        return lambda: min(self.left, max(0.0, until - time.monotonic()))

    @property
    def proved(self) -> bool:
        """No plan is cheaper than the best one known."""
        return self.bound is not None and self.bound >= self.cost

    def offer(self, plan: Plan, cost: int) -> None:
        """A feasible plan."""
        if cost < self.cost:
            self.plan, self.cost = plan, cost

    def beats(self, bound: int) -> bool:
        """No plan that costs `bound` or more is cheaper than the best one known."""
        return round_up(bound, self.unit) >= self.cost

    def raise_bound(self, value: int) -> None:
        """No plan costs less than `value`, nor less than the best one known."""
        rounded = min(self.cost, round_up(value, self.unit))
        self.bound = rounded if self.bound is None else max(self.bound, rounded)

    def tell(self, stage: str) -> None:
        """Report."""
        cost = self.cost if self.cost < NEVER else None
        self.report(Progress(stage=stage, seconds=time.monotonic() - self.began, cost=cost, bound=self.bound))
