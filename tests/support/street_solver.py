"""A solver that knows one plan by heart, for tests of what surrounds it."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field

from scheduler.model import Plan, Problem, Solution
from scheduler.solve.seam import Cancelled, Limits, Progress, Report, ignore, never
from scheduler.travel import TravelMatrix
from tests.support.problems import STREET_PLAN_COST, street_plan


@dataclass
class StreetSolver:
    """Answers with `plan` and `faults`, whatever the question, and notes its `limits`.

    With `interrupts`, it is interrupted that many times in mid-work, and answers only once it is cancelled.
    """

    plan: Plan = field(default_factory=street_plan)
    bound: int | None = None
    interrupts: int = 0
    faults: tuple[Exception, ...] = ()
    limits: Limits | None = None

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        """The plan."""
        self.limits = limits
        report(Progress(stage="remember", seconds=0.5))
        report(Progress(stage="remember", seconds=1.5, cost=STREET_PLAN_COST, bound=self.bound))
        for _ in range(self.interrupts):
            signal.raise_signal(signal.SIGINT)
        if self.interrupts and not cancelled():
            raise AssertionError("was interrupted, but not cancelled")
        return Solution(
            plan=self.plan, cost=STREET_PLAN_COST, bound=self.bound, seconds=1.5, faults=self.faults
        )
