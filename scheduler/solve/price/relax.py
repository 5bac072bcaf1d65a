"""Column generation: routes and cuts for the LP until its value is the bound."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scheduler.solve.price.bound import lagrangian
from scheduler.solve.price.choose import Dual
from scheduler.solve.price.cuts import broken, violated
from scheduler.solve.price.master import Master, Relaxed, RouteColumn
from scheduler.solve.price.prices import plain
from scheduler.solve.price.shifts import Priced, Shifts
from scheduler.solve.price.standing import Standing
from scheduler.solve.price.tables import Ints, Tables

ROOM = 12
"""Routes taken per shift and round, if nothing else is said."""
KNOWN_ROOM = 50
"""Routes taken per shift at prices known from before."""
STALLED = 0.003
"""Share of the LP value that a quick round must gain."""
CLOSED = 1e-6
"""Share of the LP value below which its gap to the bound counts as closed..."""
CLOSED_SLOWLY = 2e-4
"""...and where a round takes longer than SLOW seconds."""
SLOW = 0.3

Seconds = Callable[[], float]


@dataclass
class Relaxation:
    """The LP, and the prices that gave the best bound so far, of which `raise_bound` is told. `worths`: the
    tasks' prices in the last exact round without cuts (None: there was none)."""

    tables: Tables
    shifts: Shifts
    master: Master
    standing: Standing
    raise_bound: Callable[[int], None]
    room: int = ROOM
    dual: Dual | None = None
    closed: float = CLOSED
    worths: Ints | None = None

    def begin(self, worths: Ints) -> None:
        """Take the routes that are best at these prices of the tasks, which an earlier LP ended with: many
        at once, over all legs, so leaving out a visit may cost what it costs from the start."""
        for priced in self.shifts.price(plain(worths), KNOWN_ROOM, near=False) or ():
            self.master.add_routes(column for column, _ in priced.columns())
        self.master.lift_all()

    def solve(self, near: Seconds, left: Seconds) -> None:
        """Price routes in quick rounds while `near` has seconds left, in exact ones and with cuts while
        `left` has."""
        self._near_rounds(near)
        relaxed = self._exact_rounds(left)
        while relaxed is not None and left() > 0 and not self._is_beaten():
            threes = violated(self.tables, self.master, relaxed)
            parts = broken(self.tables, self.master, relaxed)
            if not threes and not parts:
                break
            self.master.add_cuts(threes)
            self.master.add_parts(parts)
            relaxed = self._exact_rounds(left)

    def _near_rounds(self, left: Seconds) -> None:
        """Columns over short legs, until they no longer help or time is over."""
        value = float("inf")
        while (relaxed := self.master.solve(left())) is not None:
            priced = self.shifts.price(relaxed.prices, self.room, near=True)
            if priced is None or left() <= 0:
                return
            added = add(self.master, relaxed, priced)
            stalls = added == 0 or value - relaxed.value < STALLED * abs(value)
            value = relaxed.value
            if stalls:
                if not self.master.lift(relaxed):
                    return
                value = float("inf")
            self.standing.tell("price")

    def _exact_rounds(self, left: Seconds) -> Relaxed | None:
        """Columns over all legs, until none is missing; each round gives a bound. None: out of time."""
        while (relaxed := self.master.solve(left())) is not None:
            began = time.monotonic()
            priced = self.shifts.price(relaxed.prices, self.room, near=False)
            if priced is None:
                return None
            if time.monotonic() - began > SLOW:
                self.closed = CLOSED_SLOWLY
            self._hold(relaxed, priced)
            self.standing.tell("price")
            if self._is_beaten():
                return relaxed
            added = 0 if self._is_closed(relaxed) else add(self.master, relaxed, priced)
            if added == 0 and not self.master.lift(relaxed):
                return relaxed
        return None

    def _is_beaten(self) -> bool:
        """Whether no plan here is cheaper than the best one known."""
        return self.dual is not None and self.standing.beats(self.dual.value)

    def _is_closed(self, relaxed: Relaxed) -> bool:
        return self.dual is not None and relaxed.value - self.dual.value <= self.closed * abs(relaxed.value)

    def _hold(self, relaxed: Relaxed, priced: Sequence[Priced]) -> None:
        """Keep the prices if they give the best Lagrangian bound so far; without cuts, as worths too."""
        if not self.master.cuts and not self.master.parts:
            self.worths = relaxed.prices.tasks
        least = tuple(each.least for each in priced)
        value = lagrangian(self.tables, relaxed.prices, least)
        if self.dual is None or value > self.dual.value:
            self.dual = Dual(relaxed.prices, least, value)
            self.raise_bound(value)


def add(master: Master, relaxed: Relaxed, priced: Sequence[Priced]) -> int:
    """Add the routes that improve the LP; how many were new."""
    columns: list[RouteColumn] = []
    for each in priced:
        floor = relaxed.shift_prices[each.shift] - 0.5
        columns.extend(column for column, reduced in each.columns() if reduced < floor)
    return master.add_routes(columns)
