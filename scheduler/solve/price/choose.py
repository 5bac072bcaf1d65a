"""The choice among priced routes: a mixed-integer programme over them, lags included, solved by HiGHS.

Costs are stated as what they add to the Lagrangian bound, so all are at least zero and the solver starts
with small numbers. Tied tasks have a start: between the earliest and latest of the chosen route, the lag
apart.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ortools.math_opt.python import mathopt

from scheduler.solve.price import outside
from scheduler.solve.price.prices import Prices, inside
from scheduler.solve.price.schedule import Variant, variants, within_hours
from scheduler.solve.price.tables import Tables

MOST_COLUMNS = 20_000
"""Columns of a programme; a tied route has one for each way to time it."""
MOST_ROWS = 12
"""Rows per lag and direction that exclude early routes with late ones."""
SCALE = 1000.0
"""Seconds per unit of time in the programme."""


@dataclass(frozen=True, slots=True)
class PricedRoute:
    """A route and what it adds to the bound: its reduced cost less the least one of its shift."""

    shift: int
    tasks: tuple[int, ...]
    cost: int
    extra: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The routes chosen (None: no plan found) and a bound of what any choice adds to the Lagrangian bound;
    infinite where there is none. `proved`: nothing is left open."""

    routes: tuple[Variant, ...] | None
    bound: float
    proved: bool


@dataclass(frozen=True, slots=True)
class Dual:
    """The prices at which the pool was priced, each shift's least reduced cost (0 or less), and the bound."""

    prices: Prices
    least: tuple[int, ...]
    value: int


class Choice:
    """The programme over `pool`; `within` is the extra from which on drops and modes are left out too."""

    def __init__(
        self,
        tables: Tables,
        dual: Dual,
        pool: Sequence[PricedRoute],
        within: int,
        *,
        drops: bool,
    ) -> None:
        self._tables = tables
        self._dual = dual
        self.within = within
        self._drops = drops
        self._model = mathopt.Model(name="choice")
        self._lagged = tables.lagged
        self._columns: list[tuple[mathopt.Variable, Variant | PricedRoute]] = []
        self._doing: dict[int, list[int]] = defaultdict(list)
        self._chosen: dict[int, mathopt.Variable] = {}
        self._costs: dict[mathopt.Variable, float] = {}
        self.exact = True
        for route in pool:
            if len(self._columns) >= MOST_COLUMNS:
                self.within = min(self.within, route.extra)
                break
            self._add_route(route)
        self._use_shifts()
        self._serve_visits()
        self._keep_cuts()
        self._keep_parts()
        self._keep_orders()
        self._keep_rivals()
        self._pay_overtime()
        costs = mathopt.fast_sum([price * column for column, price in self._costs.items()])
        self._model.minimize(costs)

    def _binary(self, cost: int) -> mathopt.Variable:
        variable = self._model.add_binary_variable()
        self._costs[variable] = cost
        return variable

    def _add_route(self, route: PricedRoute) -> None:
        if self._lagged.isdisjoint(route.tasks):
            self._add_column(route, route, route.extra)
            return
        for variant in _worthwhile(self._tables, route):
            self._add_column(route, variant, route.extra + variant.cost - route.cost)

    def _add_column(self, route: PricedRoute, column: Variant | PricedRoute, extra: int) -> None:
        for task in route.tasks:
            self._doing[task].append(len(self._columns))
        self._columns.append((self._binary(max(0, extra)), column))

    def _use_shifts(self) -> None:
        users = defaultdict(list)
        for column, route in self._columns:
            users[route.shift].append(column)
        for shift, columns in users.items():
            idle = self._binary(-self._dual.least[shift])
            self._model.add_linear_constraint(mathopt.fast_sum([idle, *columns]) == 1)

    def _serve_visits(self) -> None:
        earned = self._dual.prices.of_choices(self._tables).tolist()
        floors, branch = self._dual.prices.of_visits(self._tables), self._dual.prices.branch
        drops, ways_open = branch.drops(self._tables), branch.choices(self._tables)
        for floor, drop, choices, allowed in zip(floors, drops, self._tables.choices, ways_open, strict=True):
            ways = []
            if drop is not None and (self._drops or drop - floor < self.within):
                ways.append(self._binary(drop - floor))
            kept = [choice for choice in allowed if earned[choice.number] - floor < self.within]
            for choice in kept:
                extra = earned[choice.number] - floor
                chosen = self._chosen[choice.number] = self._binary(extra)
                ways.append(chosen)
                for task in choice.tasks:
                    does = mathopt.fast_sum([self._columns[i][0] for i in self._doing[task]])
                    self._model.add_linear_constraint(does == chosen)
                self._keep_lags(choice.lags, chosen)
                self._keep_apart(choice.tasks if choice.apart else (), chosen)
            self._model.add_linear_constraint(mathopt.fast_sum(ways) == 1)
            left_out = {t for choice in choices if choice not in kept for t in choice.tasks}
            for column in {i for t in left_out for i in self._doing[t]}:
                self._model.add_linear_constraint(self._columns[column][0] == 0)

    def _keep_lags(self, lags: Sequence[tuple[int, int, int, int]], chosen: mathopt.Variable) -> None:
        for first, then, least, most in lags:
            apart = self._start(then) - self._start(first)
            self._model.add_linear_constraint(apart - least / SCALE * chosen >= 0)
            self._model.add_linear_constraint(apart - most / SCALE * chosen <= 0)
            self._keep_clear(first, then, most, chosen)
            self._keep_clear(then, first, -least, chosen)

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
        if not hasattr(self, "_starts"):
            self._starts: dict[int, mathopt.Variable] = {}
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

    def _keep_apart(self, tasks: Sequence[int], chosen: mathopt.Variable) -> None:
        """No nurse with several shifts does two tasks of one mode."""
        mine = defaultdict(set)
        for task in tasks:
            for i in self._doing[task]:
                mine[self._tables.nurse[self._columns[i][1].shift]].add((self._columns[i][1].shift, i))
        for uses in mine.values():
            if len({shift for shift, _ in uses}) > 1:
                does = mathopt.fast_sum([self._columns[i][0] for _, i in uses])
                self._model.add_linear_constraint(does - chosen <= 0)

    def _keep_cuts(self) -> None:
        """Each cut as a row; what it leaves unused costs its price."""
        of_task = defaultdict(list)
        for number, cut in enumerate(self._dual.prices.cuts):
            for task in inside(self._tables, cut):
                of_task[task].append(number)
        rows: dict[int, list[mathopt.Variable]] = defaultdict(list)
        for column, route in self._columns:
            touched = [number for task in route.tasks for number in of_task.get(task, ())]
            for number in {n for n in touched if touched.count(n) >= 2}:
                rows[number].append(column)
        for number, price in enumerate(self._dual.prices.of_cuts.tolist()):
            if price > 0:
                unused = self._binary(price)
                self._model.add_linear_constraint(mathopt.fast_sum([unused, *rows[number]]) == 1)

    def _keep_parts(self) -> None:
        """Each part as a row; a choice made without the shift costs the part's price."""
        prices = self._dual.prices
        for (shift, number), price in zip(prices.parts, prices.of_parts.tolist(), strict=True):
            chosen = self._chosen.get(number)
            if price > 0 and chosen is not None:
                doing = {i for task in self._tables.numbered[number].tasks for i in self._doing[task]}
                mine = [self._columns[i][0] for i in doing if self._columns[i][1].shift == shift]
                unused = self._binary(price)
                self._model.add_linear_constraint(mathopt.fast_sum([unused, *mine]) == chosen)

    def _keep_orders(self) -> None:
        """Two tied tasks on one route are as far apart as the stays and drives between them last."""
        pairs: dict[tuple[int, int], list[tuple[mathopt.Variable, int]]] = defaultdict(list)
        for column, route in self._columns:
            if isinstance(route, Variant):
                tied = [i for i, task in enumerate(route.tasks) if task in self._lagged]
                for i, j in ((i, j) for i in tied for j in tied if i < j):
                    apart = route.apart(self._tables, i, j)
                    pairs[route.tasks[i], route.tasks[j]].append((column, apart))
        horizon = max((s.finish for s in self._tables.shifts), default=0)
        for (before, after), uses in pairs.items():
            need = mathopt.fast_sum([(apart + horizon) / SCALE * column for column, apart in uses])
            gap = self._start(after) - self._start(before)
            self._model.add_linear_constraint(gap - need >= -horizon / SCALE)

    def _pay_overtime(self) -> None:
        """A route that waits for a tied task pays for the overtime that its earliest times do not have."""
        horizon = max((s.finish for s in self._tables.shifts), default=0)
        terms: dict[tuple[int, int], list[mathopt.LinearExpression]] = defaultdict(list)
        for column, route in self._columns:
            if isinstance(route, Variant) and route.paid_until is not None:
                for i, task in enumerate(route.tasks):
                    if task in self._lagged:
                        spare = horizon + route.tail(self._tables, i) - route.paid_until
                        terms[route.shift, task].append(spare / SCALE * column)
        extra: dict[int, mathopt.Variable] = {}
        for (shift, task), uses in terms.items():
            if shift not in extra:
                extra[shift] = self._model.add_variable(lb=0.0)
                self._costs[extra[shift]] = self._tables.shifts[shift].overtime * SCALE
            late = self._start(task) - horizon / SCALE + mathopt.fast_sum(uses)
            self._model.add_linear_constraint(extra[shift] - late >= 0)

    def _keep_rivals(self) -> None:
        """Of a nurse's shifts that overlap only one is used: more than the rules ask, so the bound is then
        void."""
        used = defaultdict(list)
        for column, route in self._columns:
            used[route.shift].append(column)
        shifts = self._tables.shifts
        for one in used:
            for other in used:
                same = one < other and self._tables.nurse[one] == self._tables.nurse[other]
                if (
                    same
                    and shifts[one].start < shifts[other].finish
                    and shifts[other].start < shifts[one].finish
                ):
                    self.exact = False
                    self._model.add_linear_constraint(mathopt.fast_sum(used[one] + used[other]) <= 1)

    def solve(self, seconds: float, stopped: Callable[[], bool]) -> Chosen | None:
        """The cheapest choice found in `seconds`, and a bound of all of them. None if HiGHS had to be
        stopped."""
        result = outside.solve(self._model, seconds, stopped)
        if result is None:
            return None
        reason = result.termination.reason
        if reason in (
            mathopt.TerminationReason.INFEASIBLE,
            mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,
        ):
            return Chosen(None, math.inf, True)
        bound = result.termination.objective_bounds.dual_bound
        if not result.has_primal_feasible_solution():
            return Chosen(None, bound, False)
        values = result.variable_values([column for column, _ in self._columns])
        picked = [route for value, (_, route) in zip(values, self._columns, strict=True) if value > 0.5]
        timed = [
            route if isinstance(route, Variant) else cheapest_variant(self._tables, route) for route in picked
        ]
        routes = tuple(route for route in timed if route is not None)
        return Chosen(routes, bound, reason == mathopt.TerminationReason.OPTIMAL)


def cheapest_variant(tables: Tables, route: PricedRoute) -> Variant | None:
    """The best way to time a route by itself."""
    return min(variants(tables, route.shift, route.tasks), key=lambda variant: variant.cost, default=None)


def _worthwhile(tables: Tables, route: PricedRoute) -> list[Variant]:
    """The variants of a route with tied tasks, each within the hours it pays for and beyond; without those
    that another one makes needless."""
    kept: list[Variant] = []
    for variant in variants(tables, route.shift, route.tasks):
        tight = within_hours(tables, variant)
        kept.append(tight)
        if tight.latest != variant.latest:
            kept.append(variant)
    return [
        one
        for n, one in enumerate(kept)
        if not any(_beats(tables, other, m, one, n) for m, other in enumerate(kept))
    ]


def _beats(tables: Tables, one: Variant, m: int, other: Variant, n: int) -> bool:
    """Whether `one` can be timed whenever `other` can, at no higher cost. Of twins the first beats."""
    if m == n or one.cost > other.cost or (one.paid_until is not None and other.paid_until is None):
        return False
    if one.paid_until is not None and other.paid_until is not None and one.paid_until < other.paid_until:
        return False
    looser = all(a <= b for a, b in zip(one.earliest, other.earliest, strict=True))
    looser = looser and all(a >= b for a, b in zip(one.latest, other.latest, strict=True))
    last = len(one.tasks) - 1
    looser = looser and all(
        one.apart(tables, i, j) <= other.apart(tables, i, j)
        for i in range(last)
        for j in range(i + 1, last + 1)
    )
    looser = looser and (one.paid_until is None or one.tail(tables, 0) <= other.tail(tables, 0))
    twins = one.cost == other.cost and one.paid_until == other.paid_until
    twins = twins and one.earliest == other.earliest and one.latest == other.latest
    return looser and (not twins or m < n)
