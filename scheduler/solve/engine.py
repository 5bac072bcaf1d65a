"""The planning engine: construct, anneal, price and choose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from time import monotonic

from scheduler.model import Plan, Problem, Solution, Worth
from scheduler.solve import anneal
from scheduler.solve import price as pricing
from scheduler.solve.anneal import Annealed, Tuning
from scheduler.solve.beside import beside
from scheduler.solve.clock import Clock
from scheduler.solve.day import Day, without
from scheduler.solve.plain import beyond_insertion, beyond_plain, has_short_routes
from scheduler.solve.prove import is_small, prove
from scheduler.solve.seam import Cancelled, Limits, Progress, Report, ignore, never
from scheduler.solve.simplify import simplified
from scheduler.solve.vicinity import improved_nearby
from scheduler.travel import TravelMatrix

FIRST_SHARE = 0.12
FIRST_SECONDS = 0.04
"""Annealing before routes are priced: so much of the time, or so many seconds a visit if that is less."""

LAST_SECONDS = 0.5
"""Less than this is not worth another stage."""

RUSH = 0.05
"""With fewer seconds a visit than this, routes are priced only to follow a plan, hastily and at once..."""

RASH = 0.01
"""...and with fewer than this not even then."""

RUSH_SHARE = 0.95
"""Of the time left, for pricing in a rush; the rest is annealed."""

BESIDE_SHARE = 0.88
BESIDE_SECONDS = 0.25
"""Annealing beside the pricing of tied tasks: so much of the time left, or so many seconds a visit if that is
less; at the end both are put together."""

FOLLOWING = 0.8
"""First temperature in a rush of a plan that keeps promises, as a share of what an average drive costs."""

WARM = 0.1
"""The same of a plan that comes from pricing: cool enough to stay near it."""

REPAIR_SECONDS = 1.0
"""The longest that a plan which breaks rules is repaired, be the clock over or not."""


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

    Where patients were promised something, the first plan keeps that as far as it can, and in a RUSH the
    search stays near it.

    A stage that fails costs what it would have gained, never the plan: the solution tells of it, and the
    stages after it go on.

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
        compile_code()
        clock = Clock(limits.seconds, cancelled)
        day = Day.of(simplified(problem), matrix)
        hopeless = day.unservable
        left_out = [visit for visit in problem.visits if visit.id in hopeless]
        dropped = sum(visit.drop_cost or 0 for visit in left_out)
        owed = any(visit.drop_cost is None for visit in left_out)

        def whole_bound(bound: int | None) -> int | None:
            return None if bound is None or owed else bound + dropped

        def whole_report(progress: Progress) -> None:
            cost = None if progress.cost is None else progress.cost + dropped
            report(replace(progress, cost=cost, bound=whole_bound(progress.bound)))

        if hopeless:
            day = Day.of(without(day.problem, hopeless), matrix)
        run = _Run(day, self._stages, limits, clock, whole_report, cancelled)
        run.work()
        return Solution(
            plan=run.plan.replace(unassigned=(*run.plan.unassigned, *(visit.id for visit in left_out))),
            cost=run.cost + dropped,
            bound=whole_bound(run.bound),
            seconds=clock.elapsed,
            worths=run.worths,
            faults=run.faults,
        )


@cache
def compile_code() -> None:
    """See `scheduler.solve.compile_code`; once a process is enough."""
    anneal.warm_up()
    pricing.warm_up()


class _Run:
    """One call of the engine: the best plan so far, its cost and the bound. `missing` counts the visits that
    the plan leaves out and must not."""

    def __init__(
        self,
        day: Day,
        stages: Stages,
        limits: Limits,
        clock: Clock,
        report: Report,
        cancelled: Cancelled,
    ) -> None:
        self.clock, self.seed, self.report, self.cancelled = clock, limits.seed, report, cancelled
        self.day, self.problem, self.stages = day, day.problem, stages
        self.tuning = stages.tuning or Tuning()
        visits = len(day.problem.visits)
        self.rushed, self.rash = limits.seconds < RUSH * visits, limits.seconds < RASH * visits
        first = day.first_plan(self.clock.over)
        self.plan: Plan = day.plan_of(first)
        self.cost: int = first.cost
        self.missing = first.missing
        self.bound: int | None = None
        self.worths: tuple[Worth, ...] = ()
        self.faults: tuple[Exception, ...] = ()
        self.stage = "construct"
        self.plain = not beyond_insertion(day.problem)
        if not self.plain:
            self._take_over()

    def work(self) -> None:
        """Run the stages until the bound meets the plan or the clock is over."""
        self._tell()
        if self.stages.anneal:
            with self._spared():
                self._anneal(self._first_seconds())
        if self.stages.price:
            with self._spared():
                self._price()
            with self._spared():
                self._prove()
        if self.stages.anneal_again and self.bound != self.cost:
            with self._spared():
                self._anneal(self.clock.remaining)
        self._tell()

    @contextmanager
    def _spared(self) -> Iterator[None]:
        """Keep what there is when a stage fails: a dear plan serves a clinic better than none."""
        try:
            yield
        except Exception as fault:
            self.faults = (*self.faults, fault)

    def _first_seconds(self) -> float:
        """Of annealing before routes are priced or the day is proved; all there are if neither will be."""
        left = self.clock.remaining
        if not self.stages.price or not (self._may_price() or self._may_prove()):
            return left
        if self.rushed and self._may_price():
            return 0.0
        return max(LAST_SECONDS, min(FIRST_SHARE * left, FIRST_SECONDS * len(self.problem.visits)))

    def _take_over(self) -> None:
        """Let the annealing say what the first plan costs: insertion does not know all prices."""
        found = self._annealer().improve(self.plan, moves=0, seed=self.seed)
        self.plan, self.cost, self.missing = found.plan, found.cost, int(not found.feasible)

    @cached_property
    def packed(self) -> anneal.PackedProblem:
        """Packed once."""
        return anneal.pack(self.problem, self.day.matrix)

    def _annealer(self, tuning: Tuning | None = None) -> anneal.Annealer:
        return anneal.Annealer(self.packed, tuning or self.tuning)

    @property
    def _first_temperature(self) -> float:
        """Cool enough to stay near the plan where that is worth staying near."""
        if self.rushed and self.problem.promises:
            return FOLLOWING
        return WARM if self.bound is not None and has_short_routes(self.problem) else self.tuning.hot

    def _may_price(self) -> bool:
        """Whether routes can be priced, and there is time for that."""
        if not has_short_routes(self.problem):
            return False
        return not self.rushed or (not self.rash and bool(self.problem.promises))

    def _may_prove(self) -> bool:
        """Whether the day is small enough to be one CP-SAT model, where routes cannot be priced."""
        plain = not beyond_plain(self.problem)
        return plain and not has_short_routes(self.problem) and is_small(self.day)

    def _anneal(self, seconds: float) -> None:
        if self.clock.over() or seconds < LAST_SECONDS:
            return
        self.stage = "anneal"
        found = self._annealer(replace(self.tuning, hot=self._first_temperature)).improve(
            self.plan,
            seconds=min(seconds, self.clock.remaining),
            seed=self.seed,
            watch=self._watch,
            cancelled=self.cancelled,
        )
        if found.feasible:
            self._take(0, found.cost, found.plan)
        elif self.plain:
            mended = self.day.repaired(found.plan, Clock(REPAIR_SECONDS, never).over)
            self._take(mended.missing, mended.cost, self.day.plan_of(mended))

    def _take(self, missing: int, cost: int, plan: Plan) -> None:
        """Keep the plan if it is better."""
        if (missing, cost) < (self.missing, self.cost):
            self.plan, self.cost, self.missing = plan, cost, missing

    def _price(self) -> None:
        if self.clock.over() or self.missing or not self._may_price():
            return
        self.stage = "price"
        deadline = monotonic() + self.clock.remaining
        if self.rushed:
            self._price_in_a_rush()
        elif any(mode.lags for visit in self.problem.visits for mode in visit.modes):
            self._price_beside_annealing(deadline)
        else:
            self._price_whole(deadline, pricing.STEADY, self._polish)

    def _price_in_a_rush(self) -> None:
        """The whole day, which may not end in time; and beside it parts of it that do."""
        deadline = monotonic() + RUSH_SHARE * self.clock.remaining
        start = self.plan

        def nearby(cancelled: Cancelled) -> Plan:
            return improved_nearby(self.problem, self.day.matrix, start, deadline, cancelled)

        with beside(nearby, self.cancelled) as search:
            self._price_whole(deadline, pricing.HASTY)
            found = self._annealer().improve(search.result(), moves=0, seed=self.seed)
        if found.feasible:
            self._take(0, found.cost, found.plan)

    def _price_beside_annealing(self, deadline: float) -> None:
        """With tied tasks much of the pricing keeps one core busy, and a slow cooling often ends lower."""
        start = self.plan
        seconds = min(BESIDE_SHARE * self.clock.remaining, BESIDE_SECONDS * len(self.problem.visits))

        def cool(cancelled: Cancelled) -> Annealed:
            chain = self._annealer(replace(self.tuning, chains=1))
            return chain.improve(start, seconds=seconds, seed=self.seed, cancelled=cancelled)

        with beside(cool, self.cancelled) as search:
            self._price_whole(deadline, pricing.STEADY, self._polish, lambda: _feasible(search.result()))
        found = search.result()
        if found.feasible:
            self._take(0, found.cost, found.plan)

    def _price_whole(
        self,
        deadline: float,
        pace: pricing.Pace,
        polish: pricing.Polish | None = None,
        rival: pricing.Rival | None = None,
    ) -> None:
        priced = pricing.price(
            self.problem,
            self.day.matrix,
            self.plan,
            deadline,
            self._relay,
            self.cancelled,
            polish,
            pace,
            rival,
        )
        if priced.plan is not None and priced.cost is not None and priced.cost < self.cost:
            self.plan, self.cost = priced.plan, priced.cost
        self.bound, self.worths = priced.bound, priced.worths

    def _prove(self) -> None:
        if self.clock.over() or self.missing or not self._may_prove():
            return
        self.stage = "prove"
        start = self.day.repaired(self.plan, never)
        proof = prove(self.day, start, self.seed, self.clock, self._tell)
        self._take(proof.plan.missing, proof.plan.cost, self.day.plan_of(proof.plan))
        self.bound = None if proof.bound is None else min(proof.bound, self.cost)

    def _polish(self, plan: Plan, seconds: float) -> tuple[Plan, int] | None:
        """See `pricing.Polish`."""
        cool = self._annealer(replace(self.tuning, hot=WARM))
        return _feasible(cool.improve(plan, seconds=seconds, seed=self.seed, cancelled=self.cancelled))

    def _watch(self, cost: int) -> None:
        self.report(Progress(stage=self.stage, seconds=self.clock.elapsed, cost=cost, bound=self.bound))

    def _relay(self, progress: Progress) -> None:
        cost = self.cost if progress.cost is None else min(self.cost, progress.cost)
        self.report(Progress(stage=self.stage, seconds=self.clock.elapsed, cost=cost, bound=progress.bound))

    def _tell(self) -> None:
        self._watch(self.cost)


def _feasible(found: Annealed) -> tuple[Plan, int] | None:
    return (found.plan, found.cost) if found.feasible else None
