"""The choice among priced routes: a mixed-integer programme over them, lags included, solved by HiGHS.

Costs are stated as what they add to the Lagrangian bound, so all are at least zero and the solver starts
with small numbers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ortools.math_opt.python import mathopt

from scheduler.solve.price import outside
from scheduler.solve.price.priced import PricedRoute, cheapest_variant, worthwhile
from scheduler.solve.price.prices import Prices, inside
from scheduler.solve.price.schedule import Variant
from scheduler.solve.price.tables import Tables
from scheduler.solve.price.ties import Ties

MOST_COLUMNS = 20_000
"""Columns of a programme; a tied route has one for each way to time it."""


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
        self._ties = Ties(tables, self._model, self._columns, self._doing)
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
        self._ties.keep_orders()
        self._keep_rivals()
        self._ties.pay_overtime(self._costs)
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
        for variant in worthwhile(self._tables, route):
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
                self._ties.keep_lags(choice.lags, chosen)
                self._keep_apart(choice.tasks if choice.apart else (), chosen)
            self._model.add_linear_constraint(mathopt.fast_sum(ways) == 1)
            left_out = {t for choice in choices if choice not in kept for t in choice.tasks}
            for column in {i for t in left_out for i in self._doing[t]}:
                self._model.add_linear_constraint(self._columns[column][0] == 0)

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
