"""Rows of the choice for tied tasks. Each has a start, between the earliest and latest of the chosen route,
the lag apart from its partner's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ortools.math_opt.python import mathopt

from scheduler.solve.price.priced import PricedRoute
from scheduler.solve.price.schedule import Variant
from scheduler.solve.price.tables import Tables

MOST_ROWS = 12
"""Rows per lag and direction that exclude early routes with late ones."""
SCALE = 1000.0
"""Seconds per unit of time in the programme."""


class Ties:
    """Writes to `model`; `doing[task]` are the positions, among `columns`, of the routes that do the task."""

    def __init__(
        self,
        tables: Tables,
        model: mathopt.Model,
        columns: Sequence[tuple[mathopt.Variable, Variant | PricedRoute]],
        doing: Mapping[int, Sequence[int]],
    ) -> None:
        self._tables, self._model, self._columns, self._doing = tables, model, columns, doing
        self._starts: dict[int, mathopt.Variable] = {}

    def keep_lags(self, lags: Sequence[tuple[int, int, int, int]], chosen: mathopt.Variable) -> None:
        """The starts are as far apart as the lags ask where their choice is `chosen`."""
        for first, then, least, most in lags:
            apart = self._start(then) - self._start(first)
            self._model.add_linear_constraint(apart - least / SCALE * chosen >= 0)
            self._model.add_linear_constraint(apart - most / SCALE * chosen <= 0)
            self._keep_clear(first, then, most, chosen)
            self._keep_clear(then, first, -least, chosen)

    def keep_orders(self) -> None:
        """Two tied tasks on one route are as far apart as the stays and drives between them last."""
        pairs: dict[tuple[int, int], list[tuple[mathopt.Variable, int]]] = defaultdict(list)
        for column, route in self._columns:
            if isinstance(route, Variant):
                tied = [i for i, task in enumerate(route.tasks) if task in self._tables.lagged]
                for i, j in ((i, j) for i in tied for j in tied if i < j):
                    apart = route.apart(self._tables, i, j)
                    pairs[route.tasks[i], route.tasks[j]].append((column, apart))
        horizon = max((s.finish for s in self._tables.shifts), default=0)
        for (before, after), uses in pairs.items():
            need = mathopt.fast_sum([(apart + horizon) / SCALE * column for column, apart in uses])
            gap = self._start(after) - self._start(before)
            self._model.add_linear_constraint(gap - need >= -horizon / SCALE)

    def pay_overtime(self, costs: dict[mathopt.Variable, float]) -> None:
        """A route that waits for a tied task pays for the overtime that its earliest times do not have; its
        price goes into `costs`."""
        horizon = max((s.finish for s in self._tables.shifts), default=0)
        terms: dict[tuple[int, int], list[mathopt.LinearExpression]] = defaultdict(list)
        for column, route in self._columns:
            if isinstance(route, Variant) and route.paid_until is not None:
                for i, task in enumerate(route.tasks):
                    if task in self._tables.lagged:
                        spare = horizon + route.tail(self._tables, i) - route.paid_until
                        terms[route.shift, task].append(spare / SCALE * column)
        extra: dict[int, mathopt.Variable] = {}
        for (shift, task), uses in terms.items():
            if shift not in extra:
                extra[shift] = self._model.add_variable(lb=0.0)
                costs[extra[shift]] = self._tables.shifts[shift].overtime * SCALE
            late = self._start(task) - horizon / SCALE + mathopt.fast_sum(uses)
            self._model.add_linear_constraint(extra[shift] - late >= 0)

    def _keep_clear(self, one: int, other: int, most: int, chosen: mathopt.Variable) -> None:
        """Routes that do `one` too early and routes that do `other` too late for each other exclude one
        another: implied by the starts, but the relaxation does not see it from them."""
        early, late = self._times(one, latest=True), self._times(other, latest=False)
        limits = sorted({latest for latest, _ in early})
        for limit in limits[:: max(1, len(limits) // MOST_ROWS)]:
            soon = [column for latest, column in early if latest <= limit]
            after = [column for earliest, column in late if earliest > limit + most]
            if soon and after:
                self._model.add_linear_constraint(mathopt.fast_sum([*soon, *after]) - chosen <= 0)

    def _times(self, task: int, *, latest: bool) -> list[tuple[int, mathopt.Variable]]:
        found = []
        for i in self._doing[task]:
            column, route = self._columns[i]
            assert isinstance(route, Variant)
            times = route.latest if latest else route.earliest
            found.append((times[route.tasks.index(task)], column))
        return found

    def _start(self, task: int) -> mathopt.Variable:
        """When a tied task starts; 0 if it is not done."""
        if task not in self._starts:
            start = self._starts[task] = self._model.add_variable(lb=0.0)
            early, late = [], []
            for i in self._doing[task]:
                column, route = self._columns[i]
                assert isinstance(route, Variant)
                place = route.tasks.index(task)
                early.append(route.earliest[place] / SCALE * column)
                late.append(route.latest[place] / SCALE * column)
            self._model.add_linear_constraint(start - mathopt.fast_sum(early) >= 0)
            self._model.add_linear_constraint(start - mathopt.fast_sum(late) <= 0)
        return self._starts[task]
