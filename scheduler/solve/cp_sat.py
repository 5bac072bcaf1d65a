"""CP-SAT alone: build a plan, prove it best where the problem is small, else search on."""

from __future__ import annotations

from scheduler.model import Problem, Solution
from scheduler.solve.clock import Clock
from scheduler.solve.day import Day
from scheduler.solve.neighbourhoods import Chooser
from scheduler.solve.plain import require_plain
from scheduler.solve.prove import is_small, prove
from scheduler.solve.seam import Cancelled, Limits, Progress, Report, ignore, never
from scheduler.solve.search import Searcher, improve
from scheduler.solve.simplify import simplified
from scheduler.solve.timing import Timed
from scheduler.travel import TravelMatrix

HEARTBEAT = 1.0
"""Seconds between reports when nothing new has been found."""


class CpSatSolver:
    """The Solver of the seam, by OR-Tools' CP-SAT.

    The same seed gives the same sequence of plans; how far it gets depends on the machine and the time. It
    ends early when its plan is proven to be the best one.
    """

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        """See the seam. Raises ModelError for prices that overflow 64 bits and for what only the annealing
        reckons with, KeyError for a place not in `matrix`."""
        problem = simplified(problem)
        require_plain(problem)
        run = _Run(problem, matrix, limits, report, cancelled)
        run.work()
        plan = run.day.plan_of(run.plan)
        return Solution(plan=plan, cost=run.plan.cost, bound=run.bound, seconds=run.clock.elapsed)


class _Run:
    """One call of the solver: the best plan so far, the bound, and what is reported of them."""

    def __init__(
        self, problem: Problem, matrix: TravelMatrix, limits: Limits, report: Report, cancelled: Cancelled
    ) -> None:
        self.clock = Clock(limits.seconds, cancelled)
        self.seed, self.report = limits.seed, report
        self.stage, self.reported = "construct", 0.0
        self.bound: int | None = None
        self.day = Day.of(problem, matrix)
        self.plan = self.day.first_plan(self.clock.over)

    def work(self) -> None:
        """Make the plan better until it is proven best or the clock is over."""
        self._tell()
        if not any(self.day.candidates.modes):
            return
        if not (is_small(self.day) and self._prove()):
            self._search()
        self._tell()

    def _search(self) -> None:
        self.stage = "search"
        tables, candidates = self.day.tables, self.day.candidates
        searcher = Searcher(tables, candidates, self.clock, self._beat)
        try:
            improve(searcher, Chooser(tables, candidates, self.seed), self.plan, self._found)
        finally:
            searcher.close()

    def _prove(self) -> bool:
        """Solve the whole problem as one model. True: the plan is the best there is."""
        self.stage = "prove"
        proof = prove(self.day, self.plan, self.seed, self.clock, self._beat)
        self.bound = proof.bound
        if proof.plan.rank < self.plan.rank:
            self._found(proof.plan)
        return proof.proven

    def _found(self, plan: Timed) -> None:
        self.plan = plan
        self._tell()

    def _beat(self) -> None:
        if self.clock.elapsed - self.reported >= HEARTBEAT:
            self._tell()

    def _tell(self) -> None:
        self.reported = self.clock.elapsed
        self.report(Progress(stage=self.stage, seconds=self.reported, cost=self.plan.cost, bound=self.bound))
