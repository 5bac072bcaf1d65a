"""Pricing over all shifts, on several threads: the compiled search holds no interpreter lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from scheduler.solve.price.ahead import cheapest, completion
from scheduler.solve.price.choose import Dual
from scheduler.solve.price.legs import Legs, find_legs, narrowed
from scheduler.solve.price.master import RouteColumn
from scheduler.solve.price.priced import PricedRoute
from scheduler.solve.price.prices import Prices
from scheduler.solve.price.routes import Cuts, Found, search
from scheduler.solve.price.tables import NEVER, Arrays, Bools, Ints, Tables

T = TypeVar("T")

NEAR = 8
"""Visits reached from each stop in the quick rounds."""
MOST_NODES = 200_000
"""Partial routes looked at per shift and round; with more, the relaxed bound has to do."""
MOST_NODES_WITHIN = 2_000_000
"""The same where all routes are wanted; with more, they are not complete."""


LEAST_ROOM = 4000
"""Routes that one shift may have among all that are wanted, at least."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A shift's best routes, and a lower bound of its least reduced cost, 0 for staying idle."""

    shift: int
    least: int
    routes: Found | None

    def columns(self) -> Iterator[tuple[RouteColumn, int]]:
        """The routes with their reduced costs."""
        if self.routes is not None:
            found = self.routes
            for row, cost, reduced in zip(
                found.tasks.tolist(), found.cost.tolist(), found.reduced.tolist(), strict=True
            ):
                yield RouteColumn(self.shift, tuple(t for t in row if t >= 0), cost), reduced


class Shifts:
    """All shifts' legs. Once `over` says so, the calls below end soon and answer None."""

    def __init__(
        self,
        tables: Tables,
        pool: ThreadPoolExecutor,
        over: Callable[[], bool],
    ) -> None:
        self._tables = tables
        self._pool = pool
        self._over = over
        everything = np.ones(len(tables.task_ids), dtype=np.bool_)
        self._all = list(pool.map(self._legs, range(len(tables.shifts))))
        self._near = [narrowed(legs, tables.arrays.visit, everything, NEAR) for legs in self._all]

    def _legs(self, k: int) -> Legs:
        return find_legs(
            self._tables.arrays, self._tables.shifts[k], self._tables.able[k], self._tables.fee[k]
        )

    @property
    def work(self) -> int:
        """Steps of one exact round, roughly."""
        step = 1 << self._tables.arrays.grid_bits
        return sum(
            int(((legs.latest - legs.free) // step + 1) @ np.diff(legs.begin))
            for legs in self._all
            if len(legs.task)
        )

    def alone(self) -> list[int]:
        """For each task, the drives and fee of the cheapest route with it alone; 0 where no shift can do
        it."""
        arrays, best = self._tables.arrays, [NEVER] * len(self._tables.task_ids)
        for shift, legs in zip(self._tables.shifts, self._all, strict=True):
            for t, fee in zip(legs.task.tolist(), legs.fee.tolist(), strict=True):
                place = arrays.place[t]
                drives = int(arrays.travel[shift.origin, place] + arrays.travel[place, shift.goal])
                best[t] = min(best[t], arrays.travel_price * drives + fee)
        return [0 if value == NEVER else value for value in best]

    def price(self, prices: Prices, room: int, *, near: bool) -> list[Priced] | None:
        """Each shift's `room` best routes of negative reduced cost; `near`: over short legs only, so the
        `least` are void."""
        return self._priced(range(len(self._all)), self._near if near else self._all, prices, room)

    def price_open(self, prices: Prices, room: int, shifts: Bools, tasks: Bools) -> list[Priced] | None:
        """The same over short legs, for some shifts and with some tasks only."""
        visit, some = self._tables.arrays.visit, np.flatnonzero(shifts).tolist()
        legs = {k: narrowed(self._all[k], visit, tasks, NEAR) for k in some}
        return self._priced(some, legs, prices, room)

    def _priced(
        self, some: range | list[int], legs: dict[int, Legs] | list[Legs], prices: Prices, room: int
    ) -> list[Priced] | None:
        cuts, mine = prices.searched(self._tables), prices.of_shifts(self._tables)
        arrays = prices.branch.arrays(self._tables)

        def one(k: int) -> Priced | None:
            return None if self._over() else self._price(arrays, k, legs[k], mine[k], cuts, room)

        return _all_or_none(list(self._pool.map(one, some)))

    def _price(self, arrays: Arrays, k: int, legs: Legs, prices: Ints, cuts: Cuts, room: int) -> Priced:
        shift = self._tables.shifts[k]
        ahead = self._ahead(arrays, k, prices, legs)
        relaxed = int(cheapest(arrays, shift, legs, prices, ahead))
        if relaxed >= 0:
            return Priced(k, 0, None)
        found = search(arrays, shift, legs, prices, cuts, ahead, 0, room, True, MOST_NODES)
        least = relaxed
        if found.complete:
            least = int(found.reduced.min()) if len(found.reduced) else 0
        return Priced(k, least, found)

    def _ahead(self, arrays: Arrays, k: int, prices: Ints, legs: Legs) -> Ints:
        shift = self._tables.shifts[k]
        slots = ((shift.finish - shift.start) >> arrays.grid_bits) + 1
        return completion(arrays, shift, legs, prices, slots)

    def within(self, dual: Dual, extra: int, most: int) -> tuple[list[PricedRoute], int]:
        """Every route that adds less to the bound than the number returned: `extra`, or less where that
        leaves `most` routes (or those that add nothing); 0, and no routes, where there are too many to
        tell, or time is over."""
        cuts, mine = dual.prices.searched(self._tables), dual.prices.of_shifts(self._tables)
        arrays = dual.prices.branch.arrays(self._tables)

        def one(k: int) -> Found | None:
            if self._over():
                return None
            shift, legs = self._tables.shifts[k], self._all[k]
            ahead = self._ahead(arrays, k, mine[k], legs)
            below = extra + dual.least[k]
            room = max(most, LEAST_ROOM)
            return search(arrays, shift, legs, mine[k], cuts, ahead, below, room, False, MOST_NODES_WITHIN)

        found = _all_or_none(list(self._pool.map(one, range(len(self._all)))))
        if found is None or not all(each.complete for each in found):
            return [], 0
        extras = np.concatenate([each.reduced - least for each, least in zip(found, dual.least, strict=True)])
        if len(extras) > most:
            extra = max(1, int(np.partition(extras, most)[most]))
        pool = [
            PricedRoute(k, column.tasks, column.cost, reduced - dual.least[k])
            for k, each in enumerate(found)
            for column, reduced in Priced(k, 0, _below(each, extra + dual.least[k])).columns()
        ]
        return sorted(pool, key=lambda route: (route.extra, route.shift, route.tasks)), extra


def _all_or_none(answers: list[T | None]) -> list[T] | None:
    """The answers, if there are no gaps among them: a list cut short must not pass for a whole one."""
    given = [each for each in answers if each is not None]
    return given if len(given) == len(answers) else None


def _below(found: Found, limit: int) -> Found:
    keep = found.reduced < limit
    return found._replace(tasks=found.tasks[keep], cost=found.cost[keep], reduced=found.reduced[keep])
