"""Pricing over all shifts, on several threads: the compiled search holds no interpreter lock."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from scheduler.solve.price.choose import Dual, PricedRoute
from scheduler.solve.price.master import Floats, RouteColumn
from scheduler.solve.price.routes import Cuts, Found, Legs, cheapest, completion, find_legs, search
from scheduler.solve.price.tables import NEVER, Ints, Tables

NEAR = 8
"""Legs kept per stop for the first, quick rounds."""
MOST_NODES = 200_000
"""Partial routes looked at per shift and round; with more, the relaxed bound has to do."""


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
    """All shifts' legs."""

    def __init__(self, tables: Tables, pool: ThreadPoolExecutor) -> None:
        self._tables = tables
        self._pool = pool
        self._all = list(pool.map(self._legs, range(len(tables.shifts))))
        self._near = [_nearest(legs) for legs in self._all]

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

    def price(self, prices: Ints, cuts: Cuts, room: int, *, near: bool) -> list[Priced]:
        """Each shift's `room` best routes of negative reduced cost; `near`: over short legs only, so the
        `least` are void."""
        return list(self._pool.map(lambda k: self._price(k, prices, cuts, room, near), range(len(self._all))))

    def _price(self, k: int, prices: Ints, cuts: Cuts, room: int, near: bool) -> Priced:
        arrays, shift, legs = (
            self._tables.arrays,
            self._tables.shifts[k],
            (self._near if near else self._all)[k],
        )
        ahead = self._ahead(k, prices, legs)
        relaxed = int(cheapest(arrays, shift, legs, prices, ahead))
        if relaxed >= 0:
            return Priced(k, 0, None)
        found = search(arrays, shift, legs, prices, cuts, ahead, 0, room, True, MOST_NODES)
        least = relaxed
        if found.complete:
            least = int(found.reduced.min()) if len(found.reduced) else 0
        return Priced(k, least, found)

    def _ahead(self, k: int, prices: Ints, legs: Legs) -> Ints:
        arrays, shift = self._tables.arrays, self._tables.shifts[k]
        slots = ((shift.finish - shift.start) >> arrays.grid_bits) + 1
        return completion(arrays, shift, legs, prices, slots)

    def within(self, dual: Dual, cuts: Cuts, extra: int, most: int) -> tuple[list[PricedRoute], int]:
        """Every route that adds less to the bound than the number returned: `extra`, or less where that
        leaves `most` routes; 0, and no routes, where there are too many to tell."""

        def one(k: int) -> Found:
            arrays, shift, legs = self._tables.arrays, self._tables.shifts[k], self._all[k]
            ahead = self._ahead(k, dual.prices, legs)
            below = extra + dual.least[k]
            return search(arrays, shift, legs, dual.prices, cuts, ahead, below, most, False, 10 * MOST_NODES)

        found = list(self._pool.map(one, range(len(self._all))))
        if not all(each.complete for each in found):
            return [], 0
        extras = np.concatenate([each.reduced - least for each, least in zip(found, dual.least, strict=True)])
        if len(extras) > most:
            extra = int(np.partition(extras, most)[most])
        pool = [
            PricedRoute(k, column.tasks, column.cost, reduced - dual.least[k])
            for k, each in enumerate(found)
            for column, reduced in Priced(k, 0, _below(each, extra + dual.least[k])).columns()
        ]
        return sorted(pool, key=lambda route: (route.extra, route.shift, route.tasks)), extra


def _below(found: Found, limit: int) -> Found:
    keep = found.reduced < limit
    return found._replace(tasks=found.tasks[keep], cost=found.cost[keep], reduced=found.reduced[keep])


def _nearest(legs: Legs) -> Legs:
    """Only each stop's shortest legs."""
    begin, keep = [0], []
    for low, high in zip(legs.begin[:-1], legs.begin[1:], strict=True):
        chosen = low + np.argsort(legs.seconds[low:high], kind="stable")[:NEAR]
        keep.append(chosen)
        begin.append(begin[-1] + len(chosen))
    flat = np.concatenate([np.zeros(0, np.int64), *keep]).astype(np.int64)
    return legs._replace(begin=np.array(begin, dtype=np.int64), to=legs.to[flat], seconds=legs.seconds[flat])


def reduced_cost(column: RouteColumn, prices: Floats) -> float:
    """A route's cost less the prices of its tasks."""
    return float(column.cost - sum(prices[task] for task in column.tasks))
