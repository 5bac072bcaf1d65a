"""Which routes to choose among, and how often: ever wider pools while proofs succeed, then one last search
for a better plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scheduler.solve.price.bound import safe
from scheduler.solve.price.choose import Choice, Dual, PricedRoute
from scheduler.solve.price.master import RouteColumn
from scheduler.solve.price.schedule import settle
from scheduler.solve.price.shifts import Shifts
from scheduler.solve.price.standing import Standing
from scheduler.solve.price.tables import NEVER, Tables

WIDEST = 10
"""Routes that add more than this part of the bound to it are not looked at, however poor the plan in hand."""
MOST_ROUTES = 16_000
"""Routes in a pool."""
TO_PROVE = 500
"""Routes in the first pool, at most; twice as many after each proof."""
TO_IMPROVE = 2500
"""Routes in the pool of the last search."""
FIRST_PART = 400
"""The first pool has the routes that add less than this part of the bound..."""
WIDER = 4
"""...and the next ones those that add up to so many times as much."""
ROUTES_A_SECOND = 800
"""Routes in a pool, at most, per second left: building a programme takes time that nobody can cut short."""
LEAST_SECONDS = 0.6
"""Less is not worth another choice."""


@dataclass
class Choices:
    """`known`: routes of plans found so far, always among those to choose from."""

    tables: Tables
    shifts: Shifts
    dual: Dual
    standing: Standing
    known: list[RouteColumn]

    def run(self) -> None:
        """Choose until plan and bound meet or time is over."""
        first = within = max(1, self.dual.value // FIRST_PART)
        most = TO_PROVE
        while not self._done():
            pool, within = self._pool(min(within, self._gap()), most)
            if not pool or not self._choose(pool, within, 0.5):
                break
            within, most = max(first, WIDER * within), min(2 * max(most, len(pool)), MOST_ROUTES)
        if not self._done():
            pool, within = self._pool(min(max(first, WIDER * within), self._gap()), TO_IMPROVE)
            self._choose(pool, within, 1.0)

    def _done(self) -> bool:
        return self.standing.proved or self.standing.left < LEAST_SECONDS

    def _gap(self) -> int:
        """What a plan may add to the bound and still be of interest."""
        widest = max(1, self.dual.value // WIDEST)
        return max(1, min(self.standing.cost - self.dual.value, widest))

    def _pool(self, within: int, most: int) -> tuple[list[PricedRoute], int]:
        """All routes that add less than the number returned, which is `within` or, where these are more
        than `most`, less."""
        most = min(most, int(ROUTES_A_SECOND * self.standing.left))
        pool, reached = self.shifts.within(self.dual, within, most)
        while reached == 0 and within > 1 and not self.standing.over():
            within //= 2
            pool, reached = self.shifts.within(self.dual, within, most)
        return pool, reached

    def _choose(self, pool: list[PricedRoute], within: int, share: float) -> bool:
        """Choose among `pool`, which holds all routes that add less than `within`, and the known ones.
        False if it ended without a proof."""
        drops = self.standing.cost == NEVER
        choice = Choice(self.tables, self.dual, self._with_known(pool), within, drops=drops)
        chosen = choice.solve(self.standing.left * share, self.standing.over)
        if chosen is None:
            return False
        if chosen.routes is not None:
            timed = settle(self.tables, chosen.routes)
            if timed is not None and not timed.missing:
                self.standing.offer(timed.plan, timed.cost)
        if choice.exact:
            added = min(float(choice.within), safe(chosen.bound, self.tables.unit))
            self.standing.raise_bound(self.dual.value + math.ceil(added))
        self.standing.tell("choose")
        return chosen.proved

    def _with_known(self, pool: list[PricedRoute]) -> list[PricedRoute]:
        """The routes known that are not in the pool, and the pool."""
        there = {(route.shift, route.tasks) for route in pool}
        mine = self.dual.prices.of_shifts(self.tables)
        more = []
        for route in self.known:
            if (route.shift, route.tasks) not in there:
                there.add((route.shift, route.tasks))
                reduced = self.dual.prices.reduced(self.tables, mine[route.shift], route.tasks, route.cost)
                extra = max(0, reduced - self.dual.least[route.shift])
                more.append(PricedRoute(route.shift, route.tasks, route.cost, extra))
        return more + pool
