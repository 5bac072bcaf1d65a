"""The planning engine: construct, anneal, price and choose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from time import monotonic

from scheduler.model import Plan, Problem, Solution
from scheduler.solve import anneal
from scheduler.solve import price as pricing
from scheduler.solve.anneal import Tuning
from scheduler.solve.candidates import find_candidates
from scheduler.solve.clock import Clock
from scheduler.solve.construct import construct
from scheduler.solve.schedule import to_plan
from scheduler.solve.seam import Cancelled, Limits, Progress, Report, ignore, never
from scheduler.solve.tables import tabulate
from scheduler.travel import TravelMatrix

FIRST_SHARE = 0.4
FIRST_SECONDS = 0.1
"""Annealing before routes are priced: so much of the time, or so many seconds a visit if that is less."""

LAST_SECONDS = 0.5
"""Less than this is not worth another stage."""

LONGEST_SHIFT = 24 * 3600
"""Seconds; routes of longer shifts are too many to be priced."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stages:
    """What follows construction. Everything, but for measurements: the first annealing and its settings, the
    pricing of routes, and the annealing of what time is left."""

    anneal: bool = True
    price: bool = True
    anneal_again: bool = True
    tuning: Tuning | None = None


class EngineSolver:
    """The Solver of the seam: insertion, then simulated annealing, then, on days of short routes, pricing for
    the bound and a better choice; what time is left is annealed again.

    It ends early when the bound meets the plan. The compiled parts are made at the first call, before its
    clock starts: about a minute once on a machine.
    """

    def __init__(self, stages: Stages | None = None) -> None:
        self._stages = stages or Stages()

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        """See the seam."""
        _compile()
        clock = Clock(limits.seconds, cancelled)
        hopeless = unservable(problem, matrix)
        left_out = [visit for visit in problem.visits if visit.id in hopeless]
        dropped = sum(visit.drop_cost or 0 for visit in left_out)
        owed = any(visit.drop_cost is None for visit in left_out)

        def whole_bound(bound: int | None) -> int | None:
            return None if bound is None or owed else bound + dropped

        def whole_report(progress: Progress) -> None:
            cost = None if progress.cost is None else progress.cost + dropped
            report(replace(progress, cost=cost, bound=whole_bound(progress.bound)))

        rest = without(problem, hopeless)
        run = _Run(rest, matrix, self._stages, limits.seed, clock, whole_report, cancelled)
        run.work()
        return Solution(
            plan=run.plan.replace(unassigned=(*run.plan.unassigned, *(visit.id for visit in left_out))),
            cost=run.cost + dropped,
            bound=whole_bound(run.bound),
            seconds=clock.elapsed,
        )


def has_short_routes(problem: Problem) -> bool:
    """Shifts of a day at most and hard windows only: routes can be enumerated in time and memory."""
    soft = any(w.soft for visit in problem.visits for task in visit.tasks for w in task.windows)
    return not soft and all(s.latest_finish - s.start <= LONGEST_SHIFT for s in problem.shifts)


def unservable(problem: Problem, matrix: TravelMatrix) -> frozenset[str]:
    """The visits that no shift can serve in any mode: they would only spoil the search for the others."""
    modes = find_candidates(problem, tabulate(problem, matrix)).modes
    return frozenset(visit.id for visit, able in zip(problem.visits, modes, strict=True) if not able)


def without(problem: Problem, visits: frozenset[str]) -> Problem:
    """The problem without these visits and their pins."""
    owner = problem.visit_by_task
    return problem.replace(
        visits=tuple(visit for visit in problem.visits if visit.id not in visits),
        pins=tuple(pin for pin in problem.pins if owner[pin.task].id not in visits),
    )


@cache
def _compile() -> None:
    anneal.warm_up()
    pricing.warm_up()


class _Run:
    """One call of the engine: the best plan so far, its cost and the bound."""

    def __init__(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        stages: Stages,
        seed: int,
        clock: Clock,
        report: Report,
        cancelled: Cancelled,
    ) -> None:
        self.clock, self.seed, self.report, self.cancelled = clock, seed, report, cancelled
        self.problem, self.matrix, self.stages = problem, matrix, stages
        tables = tabulate(problem, matrix)
        first = construct(tables, find_candidates(problem, tables), self.clock.over)
        self.plan: Plan = to_plan(tables, first)
        self.cost: int = first.cost
        self.complete = not first.missing
        self.bound: int | None = None
        self.stage = "construct"

    def work(self) -> None:
        """Run the stages until the bound meets the plan or the clock is over."""
        self._tell()
        first = self.clock.remaining
        if self.stages.price and has_short_routes(self.problem):
            first = max(LAST_SECONDS, min(FIRST_SHARE * first, FIRST_SECONDS * len(self.problem.visits)))
        if self.stages.anneal:
            self._anneal(first)
        if self.stages.price:
            self._price()
        if self.stages.anneal_again and self.bound != self.cost:
            self._anneal(self.clock.remaining)
        self._tell()

    @cached_property
    def annealer(self) -> anneal.Annealer:
        """Packed once: on a big day that takes seconds."""
        return anneal.Annealer(anneal.pack(self.problem, self.matrix), self.stages.tuning)

    def _anneal(self, seconds: float) -> None:
        if self.clock.over() or seconds < LAST_SECONDS:
            return
        self.stage = "anneal"
        found = self.annealer.improve(
            self.plan,
            seconds=min(seconds, self.clock.remaining),
            seed=self.seed,
            watch=self._watch,
            cancelled=self.cancelled,
        )
        if found.feasible and (found.cost < self.cost or not self.complete):
            self.plan, self.cost, self.complete = found.plan, found.cost, True

    def _price(self) -> None:
        if self.clock.over() or not self.complete or not has_short_routes(self.problem):
            return
        self.stage = "price"
        deadline = monotonic() + self.clock.remaining
        priced = pricing.price(self.problem, self.matrix, self.plan, deadline, self._relay, self.cancelled)
        if priced.plan is not None and priced.cost is not None and priced.cost < self.cost:
            self.plan, self.cost = priced.plan, priced.cost
        self.bound = priced.bound

    def _watch(self, cost: int) -> None:
        self.report(Progress(stage=self.stage, seconds=self.clock.elapsed, cost=cost, bound=self.bound))

    def _relay(self, progress: Progress) -> None:
        cost = self.cost if progress.cost is None else min(self.cost, progress.cost)
        self.report(Progress(stage=self.stage, seconds=self.clock.elapsed, cost=cost, bound=progress.bound))

    def _tell(self) -> None:
        self._watch(self.cost)
