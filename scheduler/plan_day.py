"""The one path from a Problem to a checked plan: nightly job, re-plan and command line all run it.

`replan_day` is the same path for a day whose plan is in force.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.check import CheckReport, check
from scheduler.disruption import NOTHING_SEEN, Changed, Disruption, InForce, Seen, apply
from scheduler.explain import WhyNot, why_unassigned
from scheduler.model import Plan, Problem, Solution, relaxed
from scheduler.solve.seam import Cancelled, Limits, Progress, Report, Solver, ignore, never
from scheduler.travel import TravelMatrix, TravelSource


class InfeasiblePlan(RuntimeError):  # noqa: N818 - the plan is at fault, not the program
    """A plan breaks a rule; `report` says which, `codes` in one line. Such a plan is never stored."""

    def __init__(self, report: CheckReport) -> None:
        self.codes = ", ".join(sorted({violation.code for violation in report.violations}))
        count = len(report.violations)
        super().__init__(f"the solver's plan breaks {count} rule{'' if count == 1 else 's'}: {self.codes}")
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
    solution = solver.solve(relaxed(problem), matrix, limits, report, cancelled)
    return judged(problem, matrix, solution)


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """A day in mid-course: the plan in force, what happened (None: time has passed) and what had happened
    `earlier`, at `now_s`; stays planned to start before `freeze_until_s` are frozen. `seen`: what nurses have
    begun before its time, or came to in vain."""

    in_force: InForce
    disruption: Disruption | None
    earlier: tuple[Disruption, ...]
    now_s: int
    freeze_until_s: int
    seen: Seen = NOTHING_SEEN

    def applied(self, problem: Problem, matrix: TravelMatrix) -> Changed:
        """See `scheduler.disruption.apply`."""
        return apply(
            problem,
            matrix,
            self.in_force,
            self.disruption,
            now_s=self.now_s,
            freeze_until_s=self.freeze_until_s,
            earlier=self.earlier,
            seen=self.seen,
        )


def replan_day(
    problem: Problem,
    happening: Happening,
    travel: TravelSource,
    solver: Solver,
    limits: Limits,
    report: Report = ignore,
    cancelled: Cancelled = never,
) -> tuple[Changed, DayPlan]:
    """The day as it is from now on, and its plan. Raises InfeasiblePlan as `plan_day` does, ModelError for a
    disruption of what there is not."""
    report(Progress(stage="travel", seconds=0.0))
    known = {place.id for place in problem.places}
    past = (place for place in happening.in_force.problem.places if place.id not in known)
    changed = happening.applied(problem, travel.matrix((*problem.places, *past)))
    found = solver.solve(relaxed(changed.to_solve), changed.to_solve_matrix, limits, report, cancelled)
    verdict = check(changed.to_solve, changed.to_solve_matrix, found.plan)
    if not verdict.feasible:
        raise InfeasiblePlan(verdict)
    plan = changed.settled(found.plan)
    # A bound of the day with marks in it is none of the day without them.
    bound = found.bound if changed.to_solve == changed.problem else None
    return changed, judged(changed.problem, changed.matrix, found.replace(plan=plan, bound=bound))


def judged(problem: Problem, matrix: TravelMatrix, found: Solution | Plan) -> DayPlan:
    """The referee's word on a solver's answer, or on a plan that no solver claims anything of, with reasons.
    Raises InfeasiblePlan when the referee finds fault."""
    plan = found.plan if isinstance(found, Solution) else found
    verdict = check(problem, matrix, plan)
    if not verdict.feasible or verdict.cost is None:
        raise InfeasiblePlan(verdict)
    if isinstance(found, Plan):
        found = Solution(plan=plan, cost=verdict.cost.total, bound=None, seconds=0.0)
    loose = relaxed(problem)
    reasons = tuple(why_unassigned(loose, matrix, plan, visit) for visit in plan.unassigned)
    return DayPlan(solution=found, matrix=matrix, report=verdict, reasons=reasons)
