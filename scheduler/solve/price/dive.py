"""A plan from the LP by diving: take the routes of which it has most, price anew what is left, repeat.

A route with tied tasks is taken only if it can be timed together with those taken before. If it cannot,
the LP has to do without it. A step after which the LP leaves out more visits is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from scheduler.solve.price.master import Master, Relaxed, RouteColumn
from scheduler.solve.price.relax import add
from scheduler.solve.price.schedule import Timed, Variant, settle, variants
from scheduler.solve.price.shifts import Shifts
from scheduler.solve.price.tables import Bools, Tables
from scheduler.solve.price.tail import best_tail

SURE = 0.95
"""Share from which on a route is as good as taken."""
STEPS = 25
"""Looks at the LP, if nothing else is said: between two of them so many shifts are given routes that these
are about enough."""
PROMPT = 0.8
"""Of the seconds left, for the steps to come: where usual ones would take longer, each takes more routes."""
REST_SHARE = 0.1
"""Of a dive's seconds, kept back for choosing its end at one go."""
SHORT_SHARE = 0.9
"""The same of the seconds left, where the dive was short of time."""
LEAST = 0.02
"""A route, or a visit left out, with less in the LP does not count."""
ROUNDS = 2
"""Pricing rounds between, and..."""
MOST_ROUNDS = 12
"""...while the LP leaves a visit out."""
ROOM = 6
"""Routes taken per shift and round."""
MOST_TRIED = 12
"""Ways to time a route that are tried."""
MOST_RETREATS = 15
"""Steps taken back because a visit would have been left out."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a dive was: the LP, and what was taken by then."""

    relaxed: Relaxed
    taken: list[Variant]


@dataclass
class Dive:
    """Uses up `master`. Routes with `first` tasks are taken before all others: those for which it is hard to
    find a place. Where that is possible, the end of the dive is chosen at one go. `hasty`: then no step is
    taken back. `hurried`: there was no time for the usual steps."""

    tables: Tables
    master: Master
    shifts: Shifts
    seconds_left: Callable[[], float]
    steps: int = STEPS
    hasty: bool = False
    first: frozenset[int] = frozenset()
    taken: list[Variant] = field(default_factory=list)
    banned: set[tuple[int, tuple[int, ...]]] = field(default_factory=set)
    retreats: int = 0
    hurried: bool = False
    kept_back: float = 0.0

    def plan(self) -> Timed | None:
        """The plan found, perhaps with visits left out; None if the routes cannot be timed."""
        self.master.lift_all()
        may_choose = self._may_choose()
        hasty = self.hasty and may_choose
        if may_choose and not hasty:
            self.kept_back = REST_SHARE * self.seconds_left()
        left = self._left()
        relaxed, careful = self._repriced(), False
        path: list[Step] = []
        while relaxed is not None:
            path.append(Step(relaxed, list(self.taken)))
            known = len(self.banned)
            took, left = left - self._left(), self._left()
            self._take(relaxed, 1 if careful else self._enough(took, left))
            if len(self.taken) == len(path[-1].taken) and len(self.banned) == known:
                break
            after = self._repriced()
            worse = after is not None and self._worse(relaxed, after)
            if worse and hasty:
                break
            careful = worse and self.retreats < MOST_RETREATS
            relaxed = self._retreat(path[-1].taken) if careful else after
        if path and relaxed is None:  # out of time: the rest at one go
            self._take(path[-1].relaxed, len(self.tables.shifts))
        if may_choose:
            short = hasty or self.hurried or relaxed is None
            self._choose_rest(path, SHORT_SHARE * self.seconds_left() if short else self.kept_back)
        return settle(self.tables, whole(self.tables, self.taken))

    def _enough(self, took: float, left: float) -> int:
        """Routes to take for the dive to end in the seconds `left`, where the last step `took` so many: a
        step takes the longer the more shifts have no route yet, so half as long on average."""
        idle = int(np.count_nonzero(self._idle()))
        steps = 2 * PROMPT * left / max(took, 1e-3)
        usual, needed = max(1, len(self.tables.shifts) // self.steps), round(idle / max(1.0, steps))
        self.hurried |= needed > usual
        return max(usual, needed)

    def _worse(self, before: Relaxed, after: Relaxed) -> bool:
        return bool(after.left_out.sum() > before.left_out.sum() + LEAST)

    def _retreat(self, before: list[Variant]) -> Relaxed | None:
        """Take back the last step; a step of one route is never tried again."""
        step = self.taken[len(before) :]
        if len(step) == 1:
            self.banned.add((step[0].shift, step[0].tasks))
        self.taken = before
        self.retreats += 1
        self._bind()
        return self.master.solve(self._left())

    def _left(self) -> float:
        """Seconds until no more routes are priced."""
        return self.seconds_left() - self.kept_back

    def _may_choose(self) -> bool:
        return not self.tables.lagged and all(len(way.tasks) == 1 for way in self.tables.numbered)

    def _choose_rest(self, path: Sequence[Step], seconds: float) -> None:
        """From ever earlier steps of the path on, take all that is left at one go, as cheaply as the LP's
        routes allow, as long as there are seconds; keep the best."""
        until = self.seconds_left() - seconds
        best = self.taken
        for step in reversed(path):
            if self.seconds_left() <= until:
                break
            self.taken = list(step.taken)
            self._take_rest(step.relaxed, best, (self.seconds_left() - until) / 2)
            best = min(best, self.taken, key=self._price)
        self.taken = best

    def _price(self, taken: list[Variant]) -> tuple[int, int]:
        """How many visits are left out, and the routes' cost."""
        served = sum(len(way.tasks) for way in taken)
        return len(self.tables.visit_ids) - served, sum(way.cost for way in taken)

    def _take_rest(self, relaxed: Relaxed, known: list[Variant], seconds: float) -> None:
        idle, is_open = self._idle(), self._open()
        free = [
            route
            for route in self.master.columns
            if idle[route.shift] and is_open[list(route.tasks)].all() and not self._clashes(route)
        ]
        visits = np.unique(self.tables.arrays.visit[is_open]).tolist()
        hint = {(way.shift, way.tasks) for way in known}
        for route in best_tail(self.tables, relaxed, free, visits, hint, seconds):
            variant = None if self._clashes(route) else self._timed(route)
            if variant is not None:
                self.taken.append(variant)

    def _idle(self) -> Bools:
        idle = np.ones(len(self.tables.shift_ids), dtype=np.bool_)
        idle[[way.shift for way in self.taken]] = False
        return idle

    def _open(self) -> Bools:
        """The tasks still to be done: not those taken, nor those of a visit's other choices."""
        arrays = self.tables.arrays
        done = [task for way in self.taken for task in way.tasks]
        chosen = np.full(len(self.tables.visit_ids), -1, dtype=np.int64)
        chosen[arrays.visit[done]] = arrays.mode[done]
        mine = chosen[arrays.visit]
        is_open: Bools = (mine < 0) | (mine == arrays.mode)
        is_open[done] = False
        return is_open

    def _take(self, relaxed: Relaxed, enough: int) -> None:
        """Take the routes with the largest shares: the sure ones, and `enough` in any case."""
        shares, count = relaxed.shares, len(self.taken) + enough
        urgent = [not self.first.isdisjoint(route.tasks) for route in self.master.columns[: len(shares)]]
        order = np.argsort(-shares - np.array(urgent, dtype=np.bool_), kind="stable")
        idle, is_open = self._idle(), self._open()
        for number in order[shares[order] > LEAST].tolist():
            if len(self.taken) >= count and shares[number] < SURE:
                break
            route = self.master.columns[number]
            free = idle[route.shift] and is_open[list(route.tasks)].all()
            if free and (route.shift, route.tasks) not in self.banned and not self._clashes(route):
                variant = self._timed(route)
                if variant is None:
                    self.banned.add((route.shift, route.tasks))
                else:
                    self.taken.append(variant)
                    idle, is_open = self._idle(), self._open()

    def _clashes(self, route: RouteColumn) -> bool:
        """Whether the nurse has a route already that rules this one out: at the same time, or with another
        task of a mode that needs different nurses."""
        tables, mode = self.tables, self.tables.arrays.mode
        mine = tables.shifts[route.shift]
        apart = {int(mode[t]) for t in route.tasks if tables.numbered[int(mode[t])].apart}
        for way in self.taken:
            if tables.nurse[way.shift] == tables.nurse[route.shift]:
                other = tables.shifts[way.shift]
                overlap = mine.start < other.finish and other.start < mine.finish
                if overlap or any(int(mode[t]) in apart for t in way.tasks):
                    return True
        return False

    def _timed(self, route: RouteColumn) -> Variant | None:
        """The cheapest way to time the route that agrees with all routes taken."""
        ways = sorted(variants(self.tables, route.shift, route.tasks), key=lambda way: way.cost)
        if self.tables.lagged.isdisjoint(route.tasks):
            return ways[0] if ways else None
        for way in ways[:MOST_TRIED]:
            if settle(self.tables, [*self.taken, way]) is not None:
                return way
        return None

    def _bind(self) -> None:
        """Bind the LP to what is taken, and keep it from what can no longer be."""
        fixed = {(way.shift, way.tasks) for way in self.taken}
        used = {way.shift for way in self.taken}
        shut = frozenset(np.flatnonzero(~self._open()).tolist())
        keys = [(route.shift, route.tasks) for route in self.master.columns]
        low = np.array([key in fixed for key in keys], dtype=np.bool_)
        free = [
            shift not in used and shut.isdisjoint(tasks) and (shift, tasks) not in self.banned
            for shift, tasks in keys
        ]
        self.master.bind(low, low | np.array(free, dtype=np.bool_))

    def _repriced(self) -> Relaxed | None:
        """The LP with what is taken, and new routes for the rest."""
        self._bind()
        idle, is_open = self._idle(), self._open()
        relaxed = self.master.solve(self._left())
        for count in range(MOST_ROUNDS):
            if relaxed is None or self._left() <= 0:
                return None
            if count >= ROUNDS and relaxed.left_out.sum() < LEAST:
                return relaxed
            priced = self.shifts.price_open(relaxed.prices, ROOM, idle, is_open)
            if priced is None:
                return None
            if add(self.master, relaxed, priced) == 0:
                return relaxed
            relaxed = self.master.solve(self._left())
        return relaxed


def whole(tables: Tables, taken: Sequence[Variant]) -> list[Variant]:
    """The routes without tasks whose partners are missing."""
    done = {task for way in taken for task in way.tasks}
    served = {choice.number for choice in tables.numbered if all(task in done for task in choice.tasks)}
    kept = []
    for way in taken:
        tasks = tuple(task for task in way.tasks if int(tables.arrays.mode[task]) in served)
        if tasks == way.tasks:
            kept.append(way)
        elif tasks:
            shorter = min(variants(tables, way.shift, tasks), key=lambda one: one.cost, default=None)
            kept += [shorter] if shorter is not None else []
    return kept
