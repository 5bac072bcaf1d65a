"""CP-SAT for a day of one shift a nurse, without what it does not know: rest, weekly hours, stock and gates.

The referee sees to all of it.
"""

from __future__ import annotations

from scheduler.model import Problem, Solution
from scheduler.solve.cp_sat import CpSatSolver
from scheduler.solve.seam import Cancelled, Limits, Report, ignore, never
from scheduler.travel import TravelMatrix

PATIENCE_S = 30


class MiddaySolver:
    """A real Solver of the rest of a day, marks and pins included. Where a busy machine finds no place in its
    time for what must be served, it gets more."""

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        """See the seam."""
        within_the_day = problem.replace(
            rest_s=0,
            hour_limits=(),
            shifts=tuple(shift.replace(stock=()) for shift in problem.shifts),
            visits=tuple(visit.replace(gates=()) for visit in problem.visits),
        )
        must = {visit.id for visit in within_the_day.visits if visit.drop_cost is None}
        solution = CpSatSolver().solve(within_the_day, matrix, limits, report, cancelled)
        if must.isdisjoint(solution.plan.unassigned) or limits.seconds >= PATIENCE_S:
            return solution
        more = Limits(seconds=3 * limits.seconds, seed=limits.seed)
        return self.solve(problem, matrix, more, report, cancelled)
