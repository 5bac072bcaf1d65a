"""The one path from a Problem to a checked plan: nightly job, re-plan and command line all run it."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.check import CheckReport, check
from scheduler.explain import WhyNot, why_unassigned
from scheduler.model import Problem, Solution
from scheduler.solve.seam import Cancelled, Limits, Progress, Report, Solver, ignore, never
from scheduler.travel import TravelMatrix, TravelSource


class InfeasiblePlan(RuntimeError):  # noqa: N818 - the plan is at fault, not the program
    """The solver's plan breaks a rule; `report` says which. Such a plan is never stored."""

    def __init__(self, report: CheckReport) -> None:
        codes = ", ".join(sorted({violation.code for violation in report.violations}))
        count = len(report.violations)
        super().__init__(f"the solver's plan breaks {count} rule{'' if count == 1 else 's'}: {codes}")
        self.report = report


@dataclass(frozen=True, kw_only=True, slots=True)
class DayPlan:
    """A feasible plan with its evidence. `reasons`: one per unassigned visit, in the plan's order."""

    solution: Solution
    matrix: TravelMatrix
    report: CheckReport
    reasons: tuple[WhyNot, ...]


def plan_day(
    problem: Problem,
    travel: TravelSource,
    solver: Solver,
    limits: Limits,
    report: Report = ignore,
    cancelled: Cancelled = never,
) -> DayPlan:
    """Travel, solve, check, explain. Raises InfeasiblePlan when the checker finds fault."""
    report(Progress(stage="travel", seconds=0.0))
    matrix = travel.matrix(problem.places)
    solution = solver.solve(problem, matrix, limits, report, cancelled)
    verdict = check(problem, matrix, solution.plan)
    if not verdict.feasible:
        raise InfeasiblePlan(verdict)
    reasons = tuple(
        why_unassigned(problem, matrix, solution.plan, visit) for visit in solution.plan.unassigned
    )
    return DayPlan(solution=solution, matrix=matrix, report=verdict, reasons=reasons)
