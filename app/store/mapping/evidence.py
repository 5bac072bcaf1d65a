"""What the checker is given again before a plan is published, as the plan's row keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from scheduler.io import FormatError, plan_json, problem_json, travel_json
from scheduler.model import Plan, Problem
from scheduler.travel import GivenTimes, TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The exact problem, travel times and plan."""

    problem: Problem
    matrix: TravelMatrix
    plan: Plan


class Kept(Protocol):
    """A plan's row, or as much of one as keeps its evidence."""

    @property
    def problem(self) -> dict[str, Any]: ...
    @property
    def travel_seconds(self) -> dict[str, Any]: ...
    @property
    def plan(self) -> dict[str, Any]: ...


def evidence_of(row: Kept) -> Evidence:
    """What the row keeps. Raises FormatError where somebody has spoilt it."""
    travel = travel_json.from_dict(row.travel_seconds)
    if not isinstance(travel, GivenTimes):
        raise FormatError("travel: kind: a stored plan keeps the travel times themselves")
    return Evidence(
        problem=problem_json.from_dict(row.problem), matrix=travel.times, plan=plan_json.from_dict(row.plan)
    )


def columns_of(evidence: Evidence) -> dict[str, dict[str, Any]]:
    """The evidence as columns of a PlanRow."""
    return {
        "problem": problem_json.to_dict(evidence.problem),
        "travel_seconds": travel_json.to_dict(evidence.matrix),
        "plan": plan_json.to_dict(evidence.plan),
    }
