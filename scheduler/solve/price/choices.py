"""Which routes to choose among, and how often: ever wider pools while proofs succeed, then one last search
for a better plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scheduler.solve.price.bound import safe
from scheduler.solve.price.choose import Choice, Dual
from scheduler.solve.price.master import RouteColumn
from scheduler.solve.price.priced import PricedRoute
from scheduler.solve.price.schedule import settle
from scheduler.solve.price.shifts import Shifts
from scheduler.solve.price.standing import Standing
from scheduler.solve.price.tables import NEVER, Tables

WIDEST = 10
"""Routes that add more than this part of the bound to it are not looked at, however poor the plan in hand,
before all others have been and were not enough."""
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
PROOF_SHARE = 0.5
TIED_SHARE = 0.1
"""Of the time left, for a choice that is to prove something, without and with tied tasks."""
LEAST_SECONDS = 0.6
"""Less is not worth another choice."""


@dataclass
class Choices:
    """`known`: routes of plans found so far, always among those to choose from. `raise_bound` is told what
    choices prove. `reached`: how far the next choice may look."""

    tables: Tables
    shifts: Shifts
    dual: Dual
    standing: Standing
    known: list[RouteColumn]
    raise_bound: Callable[[int], None]
    reached: int = 0

    def prove(self) -> None:
        """Choose among more and more routes until plan and bound meet, a choice ends without a proof, or no
        more are to be had."""
        first = within = max(1, self.dual.value // FIRST_PART)
        proved = 0
        most, share = TO_PROVE, TIED_SHARE if self.tables.lagged else PROOF_SHARE
        while not self._done():
            pool, within = self._pool(min(within, self._gap()), most)
            if not pool or within <= proved or not self._choose(pool, within, self.standing.left * share):
                break
            proved = within
            within, most = max(first, WIDER * within), min(2 * max(most, len(pool)), MOST_ROUTES)
            self.reached = within

    def improve(self) -> None:
        """Look for a better plan in the time left."""
        if not self._done():
            within = max(1, self.dual.value // FIRST_PART, self.reached)
            pool, within = self._pool(min(within, self._gap()), TO_IMPROVE)
            self._choose(pool, within, self.standing.left)

    def settle(self, most: int, seconds: float, *, whole: bool) -> None:
        """Choose among the `most` routes that add least; `whole`: only if no others can matter."""
        gap = self.standing.cost - self.dual.value
        if not self._done() and not (whole and gap > self._gap()):
            pool, within = self._pool(self._gap(), most)
            if pool and (within >= gap or not whole):
                self._choose(pool, within, min(seconds, self.standing.left))

    def _done(self) -> bool:
        return self.standing.proved or self.standing.left < LEAST_SECONDS

    def _gap(self) -> int:
        """What a plan may add to the bound and still be of interest."""
        widest = max(1, self.dual.value // WIDEST, self.reached)
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

    def _choose(self, pool: list[PricedRoute], within: int, seconds: float) -> bool:
        """Choose among `pool`, which holds all routes that add less than `within`, and the known ones.
        False if it ended without a proof."""
        drops = self.standing.cost == NEVER
        choice = Choice(self.tables, self.dual, self._with_known(pool), within, drops=drops)
        chosen = choice.solve(seconds, self.standing.over)
        if chosen is None:
            return False
        if chosen.routes is not None:
            timed = settle(self.tables, chosen.routes)
            if timed is not None and not timed.missing:
                self.standing.offer(timed.plan, timed.cost)
        if choice.exact:
            added = min(float(choice.within), safe(chosen.bound, self.tables.unit))
            self.raise_bound(self.dual.value + math.ceil(added))
        self.standing.tell("choose")
        return chosen.proved

    def _with_known(self, pool: list[PricedRoute]) -> list[PricedRoute]:
        """The routes known that are not in the pool, and the pool."""
        there = {(route.shift, route.tasks) for route in pool}
        mine = self.dual.prices.of_shifts(self.tables)
        more = []
        for route in self.known:
            allowed = self.dual.prices.branch.allows(route.shift, route.tasks)
            if allowed and (route.shift, route.tasks) not in there:
                there.add((route.shift, route.tasks))
                reduced = self.dual.prices.reduced(self.tables, mine[route.shift], route.tasks, route.cost)
                extra = max(0, reduced - self.dual.least[route.shift])
                more.append(PricedRoute(route.shift, route.tasks, route.cost, extra))
        return more + pool
