"""Route pricing with a proven bound: column generation, cuts, then the choice among the routes that can
still matter."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from scheduler.model import Plan, Problem
from scheduler.solve.plain import beyond_plain
from scheduler.solve.price import bound as bounds
from scheduler.solve.price.choose import Choice, Dual, PricedRoute
from scheduler.solve.price.cuts import violated
from scheduler.solve.price.master import Master, Relaxed, RouteColumn
from scheduler.solve.price.routes import Cuts
from scheduler.solve.price.schedule import settle
from scheduler.solve.price.shifts import Priced as PricedShift
from scheduler.solve.price.shifts import Shifts, reduced_cost
from scheduler.solve.price.tables import NEVER, Ints, Tables, tabulate
from scheduler.solve.price.value import plan_cost
from scheduler.solve.seam import Cancelled, Progress, Report, ignore, never
from scheduler.travel import TravelMatrix

THREADS = 2
MOST_WORK = 600_000_000
"""Steps of an exact pricing round beyond which routes are too many to price."""
SLICES = (900, 1800, 3600, 7200)
"""Seconds of a slice of a tied task's window: the finer, the better the bound and the slower."""
MOST_COPIES = 400
"""Copies of tied tasks that finer slices may make."""
BUILDING = 0.25
"""Share of the time left that building one choice may take."""
ROOM = 12
"""Routes taken per shift and round."""
CLOSED = 1e-6
"""Share of the LP value below which its gap counts as closed."""
STALLED = 0.003
"""Share of the LP value that a quick round must gain."""
LP_SHARE = 0.55
CUT_SHARE = 0.75
"""Of the time given: when column generation, and when cutting, must be over."""
WIDEST = 10
"""Routes that add more than this part of the bound to it are not looked at, however poor the plan in hand."""
POOLS = (1500, 5000, 15000)
"""Routes in the successive choices."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """What pricing found: a plan better than the incumbent with its cost (None: none found), and a lower
    bound of every feasible plan's cost (None: none known). All in points. `routes` counts the routes
    priced into the LP."""

    plan: Plan | None
    cost: int | None
    bound: int | None
    routes: int = 0


def price(
    problem: Problem,
    matrix: TravelMatrix,
    incumbent: Plan | None,
    deadline: float,
    report: Report = ignore,
    cancelled: Cancelled = never,
) -> Priced:
    """Bound the cost of every feasible plan and look for a better one than `incumbent`, which must be
    feasible.

    Ends by `deadline` (`time.monotonic()`), soon after `cancelled`, or when the bound meets the plan.
    Gives up at once, with neither plan nor bound, where routes are too long to be priced, or where something
    has a price that routes here do not know.
    """
    if beyond_plain(problem):
        return Priced(plan=None, cost=None, bound=None)
    with ThreadPoolExecutor(THREADS) as pool:
        run = _Run(_sliced(problem, matrix), incumbent, deadline, report, cancelled, pool)
        return run.result()


def _sliced(problem: Problem, matrix: TravelMatrix) -> Tables:
    """Tables with the finest slices that do not make too many tasks."""
    most = MOST_COPIES + sum(len(visit.tasks) for visit in problem.visits)
    for width in SLICES:
        tables = tabulate(problem, matrix, width)
        if len(tables.task_ids) <= most:
            break
    return tables


def warm_up() -> None:
    """Compile, or load from disk what was compiled before."""
    from scheduler.solve.price.tiny import tiny

    problem, matrix = tiny()
    price(problem, matrix, None, time.monotonic() + 60)


@dataclass
class _Run:
    """One call of `price`."""

    tables: Tables
    incumbent: Plan | None
    deadline: float
    report: Report
    cancelled: Cancelled
    pool: ThreadPoolExecutor
    began: float = field(default_factory=time.monotonic)
    plan: Plan | None = None
    cost: int = NEVER
    bound: int | None = None
    dual: Dual | None = None
    build_seconds: float = 0.0

    def result(self) -> Priced:
        if self.incumbent is not None:
            self.cost = plan_cost(self.tables, self.incumbent)
        shifts = Shifts(self.tables, self.pool)
        if shifts.work > MOST_WORK or self.tables.arrays.grid_bits < 5:
            return Priced(plan=None, cost=None, bound=None)
        master = Master(self.tables, self._ceilings(shifts))
        relaxed = self._near_rounds(master, shifts)
        if relaxed is not None:
            relaxed = self._exact_rounds(master, shifts, self._share(LP_SHARE))
        while relaxed is not None and not self._over(self._share(CUT_SHARE)) and not self._proved():
            cuts = violated(master, relaxed)
            if not cuts:
                break
            master.add_cuts(cuts)
            relaxed = self._exact_rounds(master, shifts, self._share(CUT_SHARE))
        if self.dual is not None:
            self._choices(master, shifts)
        found = self.plan is not None
        bound = None if self.bound is None else min(self.bound, self.cost)
        return Priced(
            plan=self.plan, cost=self.cost if found else None, bound=bound, routes=len(master.columns)
        )

    def _share(self, share: float) -> float:
        return self.began + share * (self.deadline - self.began)

    def _over(self, until: float) -> bool:
        return time.monotonic() >= until or self.cancelled()

    def _proved(self) -> bool:
        return self.bound is not None and self.bound >= self.cost

    def _tell(self, stage: str) -> None:
        cost = self.cost if self.cost < NEVER else None
        self.report(Progress(stage=stage, seconds=time.monotonic() - self.began, cost=cost, bound=self.bound))

    def _ceilings(self, shifts: Shifts) -> list[int]:
        """A visit alone on the shift nearest to it: about the price that it will have."""
        alone = shifts.alone()
        return [
            1 + min((sum(alone[t] for t in choice.tasks) for choice in choices), default=0)
            for choices in self.tables.choices
        ]

    def _near_rounds(self, master: Master, shifts: Shifts) -> Relaxed | None:
        """Columns over short legs, until they no longer help."""
        value = float("inf")
        while not self._over(self._share(LP_SHARE)):
            relaxed = master.solve()
            if relaxed is None:
                return None
            prices = bounds.whole(relaxed.prices)
            cuts = master.priced_cuts(np.zeros(0, np.int64))
            added = _add(master, relaxed, shifts.price(prices, cuts, ROOM, near=True))
            stalls = added == 0 or value - relaxed.value < STALLED * abs(value)
            value = relaxed.value
            if stalls:
                if not master.lift(relaxed):
                    return relaxed
                value = float("inf")
            self._tell("price")
        return master.solve()

    def _exact_rounds(self, master: Master, shifts: Shifts, until: float) -> Relaxed | None:
        """Columns over all legs, until none is missing; each round gives a bound."""
        while True:
            relaxed = master.solve()
            if relaxed is None:
                return None
            prices = bounds.whole(relaxed.prices)
            cut_prices = np.maximum(0, bounds.whole(relaxed.cut_prices))
            priced = shifts.price(prices, master.priced_cuts(cut_prices), ROOM, near=False)
            self._hold(prices, cut_prices, priced, master)
            self._tell("price")
            closed = self.dual is not None and relaxed.value - self.dual.value <= CLOSED * abs(relaxed.value)
            added = 0 if closed else _add(master, relaxed, priced)
            if (added == 0 and not master.lift(relaxed)) or self._over(until):
                return relaxed

    def _hold(self, prices: Ints, cut_prices: Ints, priced: Sequence[PricedShift], master: Master) -> None:
        """Keep the prices if they give the best Lagrangian bound so far."""
        least = tuple(each.least for each in priced)
        value = bounds.lagrangian(self.tables, prices, least, cut_prices)
        if self.dual is None or value > self.dual.value:
            self.dual = Dual(prices, cut_prices, least, tuple(master.cuts), value)
            self._raise_bound(value)

    def _raise_bound(self, value: int) -> None:
        rounded = bounds.round_up(value, self.tables.unit)
        self.bound = rounded if self.bound is None else max(self.bound, rounded)

    def _choices(self, master: Master, shifts: Shifts) -> None:
        """Choose among ever more routes, cheapest first, until all that could beat the plan are in."""
        assert self.dual is not None
        dual = self.dual
        cuts = master.priced_cuts(dual.cut_prices)
        within = max(1, dual.value // 400)
        for size in POOLS:
            if self._over(self.deadline) or self._proved():
                return
            gap = max(1, min(self.cost - dual.value, dual.value // WIDEST))
            pool, within = self._pool_of(shifts, dual, cuts, min(within, gap), gap, self._affordable(size))
            last = within == gap
            self._choose(dual, pool, within, 1.0 if last else 0.4)
            if last:
                return

    def _pool_of(
        self, shifts: Shifts, dual: Dual, cuts: Cuts, within: int, gap: int, size: int
    ) -> tuple[list[PricedRoute], int]:
        """The `size` routes that add least to the bound, or all that add less than `gap`; and what they
        all add less than, no other route doing so."""
        pool, reached = shifts.within(dual, cuts, within, size)
        while reached == 0 and within > 1 and not self._over(self.deadline):
            within //= 2
            pool, reached = shifts.within(dual, cuts, within, size)
        while reached == within < gap and len(pool) < size and not self._over(self.deadline):
            wider, further = shifts.within(dual, cuts, min(2 * within, gap), size)
            if further == 0:
                break
            pool, reached, within = wider, further, min(2 * within, gap)
        return pool, reached

    def _affordable(self, size: int) -> int:
        """`size`, or as many routes as can be built into a choice in due time, judging by the last one."""
        if self.build_seconds == 0.0:
            return size
        left = self.deadline - time.monotonic()
        return min(size, max(1, int(BUILDING * left / self.build_seconds)))

    def _choose(self, dual: Dual, pool: list[PricedRoute], within: int, share: float) -> None:
        """Choose among `pool`, which holds all routes that add less than `within`: a plan with any other
        one costs at least `within` more than the bound."""
        began = time.monotonic()
        choice = Choice(self.tables, dual, pool, within, drops=self.cost == NEVER)
        self.build_seconds = (time.monotonic() - began) / max(1, len(pool))
        left = self.deadline - time.monotonic()
        if left <= 0.05 or self.cancelled():
            return
        chosen = choice.solve(max(0.05, left * share))
        if chosen.routes is not None:
            timed = settle(self.tables, chosen.routes)
            if timed is not None and not timed.missing and timed.cost < self.cost:
                self.plan, self.cost = timed.plan, timed.cost
        if choice.exact:
            added = min(float(within), bounds.safe(chosen.bound, self.tables.unit))
            self._raise_bound(min(self.cost, dual.value + int(np.ceil(added))))
        self._tell("choose")


def _add(master: Master, relaxed: Relaxed, priced: Sequence[PricedShift]) -> int:
    """Add the routes that improve the LP; how many were new."""
    columns: list[RouteColumn] = []
    for each in priced:
        floor = relaxed.shift_prices[each.shift] - 0.5
        columns.extend(
            column
            for column, reduced in each.columns()
            if reduced < floor and reduced_cost(column, relaxed.prices) < floor
        )
    return master.add_routes(columns)
