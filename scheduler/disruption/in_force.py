"""The plan that people act on."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model import Plan, Problem, Visit
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class InForce:
    """A published plan with the problem and the travel times it was made from, feasible for both."""

    problem: Problem
    matrix: TravelMatrix
    plan: Plan

    @property
    def visits(self) -> dict[str, Visit]:
        """Its problem's visits by task id."""
        return self.problem.visit_by_task
