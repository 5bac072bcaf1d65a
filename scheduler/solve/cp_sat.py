"""The solver of the service: build a plan, prove it best where the problem is small, else search on."""

from __future__ import annotations

from math import ceil

import numpy as np

from scheduler.model import Problem, Solution
from scheduler.solve.candidates import Candidates, find_candidates
from scheduler.solve.clock import Clock
from scheduler.solve.follow import first_plan
from scheduler.solve.neighbourhoods import Chooser
from scheduler.solve.plain import require_plain
from scheduler.solve.schedule import to_plan
from scheduler.solve.scope import full_freedom
from scheduler.solve.seam import Cancelled, Limits, Progress, Report, ignore, never
from scheduler.solve.search import THREADS, Searcher, improve
from scheduler.solve.tables import Tables, tabulate
from scheduler.solve.timing import Timed
from scheduler.travel import TravelMatrix

SMALL = 1000
"""Up to so many pairs of tasks on one shift, summed over shifts, the whole problem is one model first."""

PROOF_SHARE = 0.3
"""Part of the time that this may take."""

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
        require_plain(problem)
        run = _Run(problem, matrix, limits, report, cancelled)
        run.work()
        cost, plan = run.plan.cost, to_plan(run.tables, run.plan)
        return Solution(plan=plan, cost=cost, bound=run.bound, seconds=run.clock.elapsed)


class _Run:
    """One call of the solver: the best plan so far, the bound, and what is reported of them."""

    def __init__(
        self, problem: Problem, matrix: TravelMatrix, limits: Limits, report: Report, cancelled: Cancelled
    ) -> None:
        self.clock = Clock(limits.seconds, cancelled)
        self.seed, self.report = limits.seed, report
        self.stage, self.reported = "construct", 0.0
        self.bound: int | None = None
        self.tables = tabulate(problem, matrix)
        self.candidates = find_candidates(problem, self.tables)
        self.plan = first_plan(problem, self.tables, self.candidates, self.clock.over)

    def work(self) -> None:
        """Make the plan better until it is proven best or the clock is over."""
        self._tell()
        if not any(self.candidates.modes):
            return
        searcher = Searcher(self.tables, self.candidates, self.clock, self._beat)
        try:
            proven = pairs(self.tables, self.candidates) <= SMALL and self._prove(searcher)
            if not proven:
                self.stage = "search"
                improve(searcher, Chooser(self.tables, self.candidates, self.seed), self.plan, self._found)
        finally:
            searcher.close()
        self._tell()

    def _prove(self, searcher: Searcher) -> bool:
        """Solve the whole problem as one model. True: the plan is the best there is."""
        self.stage = "prove"
        freedom = full_freedom(self.tables, self.candidates)
        seconds = self.clock.remaining * PROOF_SHARE
        answer = searcher.wait(searcher.ask(self.plan, freedom, self.seed, seconds=seconds, workers=THREADS))
        if answer is None or answer.plan is None:
            return False
        if answer.plan.rank < self.plan.rank:
            self._found(answer.plan)
        if is_exact(self.tables) and not self.plan.missing:
            never_served = [v for v, modes in enumerate(self.candidates.modes) if not modes]
            dropped = sum(self.tables.visits[v].drop_cost or 0 for v in never_served)
            self.bound = min(self.plan.cost, ceil(answer.bound - 1e-6) + dropped)
        return answer.proven

    def _found(self, plan: Timed) -> None:
        self.plan = plan
        self._tell()

    def _beat(self) -> None:
        if self.clock.elapsed - self.reported >= HEARTBEAT:
            self._tell()

    def _tell(self) -> None:
        self.reported = self.clock.elapsed
        self.report(Progress(stage=self.stage, seconds=self.reported, cost=self.plan.cost, bound=self.bound))


def pairs(tables: Tables, candidates: Candidates) -> int:
    """How big the whole problem is as one model: pairs of tasks that may follow each other on a shift."""
    able = [0] * len(tables.shifts)
    for modes in candidates.modes:
        for task in (task for mode in modes for task in mode.tasks):
            for k in candidates.shifts[task]:
                able[k] += 1
    return sum(count * count for count in able)


def is_exact(tables: Tables) -> bool:
    """Whether the whole model leaves out no plan that the rules allow.

    It takes a direct drive for the quickest way, and lets a nurse use only one of two overlapping shifts.
    """
    travel = np.array(tables.travel, dtype=np.int64)
    for row in {(task.place, task.duration) for task in tables.tasks}:
        via = travel[:, row[0]][:, None] + row[1] + travel[row[0], :][None, :]
        if bool((via < travel).any()):
            return False
    return not tables.rivalry
