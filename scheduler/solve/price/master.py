"""The master LP: every visit in one mode or dropped, every shift on at most one route, solved by GLOP.

Routes are added as columns, cuts and parts as rows; each solve starts from the last one's basis.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from ortools.math_opt.python import mathopt

from scheduler.solve.price.bound import whole
from scheduler.solve.price.branch import Branch
from scheduler.solve.price.prices import Cut, Part, Prices, inside
from scheduler.solve.price.schedule import variants
from scheduler.solve.price.tables import NEVER, Bools, Choice, Tables

T = TypeVar("T")
Floats = npt.NDArray[np.float64]
HIGHEST = 10**11
"""Points; the price at which even a visit that must be served may be left out of the LP."""
SPARSE = mathopt.ModelSolveParameters(
    variable_values_filter=mathopt.VariableFilter(skip_zero_values=True),
    dual_values_filter=mathopt.LinearConstraintFilter(skip_zero_values=True),
    reduced_costs_filter=mathopt.VariableFilter(filtered_items=()),
)
"""What is asked of GLOP: reading the zeros of an answer takes longer than finding it."""


@dataclass(frozen=True, slots=True)
class RouteColumn:
    """A route as the master sees it."""

    shift: int
    tasks: tuple[int, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An LP solution: its value, its duals as whole prices, what each shift is worth, and the share of each
    route, choice and drop in it."""

    value: float
    prices: Prices
    duals: Floats
    shift_prices: Floats
    shares: Floats
    chosen: Floats
    left_out: Floats


class Master:
    """Grows; `columns[i]` is the route of `Relaxed.shares[i]`."""

    def __init__(self, tables: Tables, ceilings: Sequence[int]) -> None:
        """`ceilings[v]`: what leaving out visit v costs at first. Dear visits make wild prices, so they
        start low and are raised by `lift`; any price gives a valid bound."""
        self._model = mathopt.Model(name="master")
        self._tables = tables
        self._branch = Branch()
        self.columns: list[RouteColumn] = []
        self.cuts: list[Cut] = []
        self.parts: list[Part] = []
        self._seen: set[tuple[int, tuple[int, ...]]] = set()
        self._routes: list[mathopt.Variable] = []
        self._low: Bools = np.zeros(0, dtype=np.bool_)
        self._high: Bools = np.zeros(0, dtype=np.bool_)
        self._chosen: list[mathopt.Variable] = []
        self._cut_rows: list[mathopt.LinearConstraint] = []
        self._cuts_of: dict[int, list[int]] = defaultdict(list)
        self._part_rows: dict[Part, mathopt.LinearConstraint] = {}
        add_row = self._model.add_linear_constraint
        self._tasks = [add_row(lb=0.0) for _ in tables.task_ids]
        self._shifts = [add_row(ub=1.0) for _ in tables.shift_ids]
        self._drop = [NEVER if drop is None else drop for drop in tables.drop]
        self._ceilings = [min(pair) for pair in zip(self._drop, ceilings, strict=True)]
        self._left_out = [
            self._add_visit(float(ceiling), choices)
            for ceiling, choices in zip(self._ceilings, tables.choices, strict=True)
        ]
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def _add_visit(self, drop: float, choices: Sequence[Choice]) -> mathopt.Variable:
        row = self._model.add_linear_constraint(lb=1.0)
        left_out = self._model.add_variable(lb=0.0)
        self._model.objective.set_linear_coefficient(left_out, drop)
        row.set_coefficient(left_out, 1.0)
        for choice in choices:
            chosen = self._model.add_variable(lb=0.0)
            self._chosen.append(chosen)
            row.set_coefficient(chosen, 1.0)
            for task in choice.tasks:
                self._tasks[task].set_coefficient(chosen, -1.0)
        return left_out

    def lift(self, relaxed: Relaxed) -> bool:
        """Raise the ceilings of visits left out; False if none is left out below its drop cost."""
        lifted = False
        for visit, share in enumerate(relaxed.left_out.tolist()):
            if share > 1e-6 and self._ceilings[visit] < min(self._drop[visit], HIGHEST):
                self._price_drop(visit, min(self._drop[visit], 3 * self._ceilings[visit] + 1))
                lifted = True
        return lifted

    def lift_all(self) -> None:
        """Let leaving out a visit cost what it costs."""
        for visit, drop in enumerate(self._drop):
            self._price_drop(visit, drop)

    def add_routes(self, routes: Iterable[RouteColumn]) -> int:
        """Add those that are new; how many they were."""
        before = len(self.columns)
        for route in routes:
            key = (route.shift, route.tasks)
            if key in self._seen:
                continue
            self._seen.add(key)
            self.columns.append(route)
            share = self._model.add_variable(lb=0.0)
            self._routes.append(share)
            self._model.objective.set_linear_coefficient(share, float(route.cost))
            self._shifts[route.shift].set_coefficient(share, 1.0)
            for task in route.tasks:
                self._tasks[task].set_coefficient(share, 1.0)
                part = self._part_rows.get((route.shift, int(self._tables.arrays.mode[task])))
                if part is not None:
                    part.set_coefficient(share, -1.0)
            for cut, count in self._touched(route.tasks).items():
                if count >= 2:
                    self._cut_rows[cut].set_coefficient(share, 1.0)
        return len(self.columns) - before

    def add_cuts(self, cuts: Iterable[Cut]) -> None:
        """Add cuts; none may be there already."""
        for cut in cuts:
            number, row = len(self.cuts), self._model.add_linear_constraint(ub=1.0)
            self.cuts.append(cut)
            self._cut_rows.append(row)
            tasks = inside(self._tables, cut)
            for task in tasks:
                self._cuts_of[task].append(number)
            for route, share in zip(self.columns, self._routes, strict=True):
                if sum(task in tasks for task in route.tasks) >= 2:
                    row.set_coefficient(share, 1.0)

    def add_parts(self, parts: Iterable[Part]) -> None:
        """Add parts; none may be there already."""
        for part in parts:
            shift, number = part
            row = self._model.add_linear_constraint(lb=0.0)
            self.parts.append(part)
            self._part_rows[part] = row
            row.set_coefficient(self._chosen[number], 1.0)
            tasks = self._tables.numbered[number].tasks
            for route, share in zip(self.columns, self._routes, strict=True):
                if route.shift == shift and not set(tasks).isdisjoint(route.tasks):
                    row.set_coefficient(share, -1.0)

    def restrict(self, branch: Branch) -> None:
        """Allow the plans of `branch` only, at what routes cost there. Leaving out a visit costs what it
        costs, or as much as it did before where the visit must be served."""
        self._branch = branch
        for visit, drop in enumerate(branch.drops(self._tables)):
            before = self._ceilings[visit]
            self._drop[visit] = NEVER if drop is None else drop
            self._price_drop(visit, min(self._drop[visit], max(before, self._tables.drop[visit] or before)))
        allowed = {way.number for ways in branch.choices(self._tables) for way in ways}
        for number, chosen in enumerate(self._chosen):
            chosen.upper_bound = float("inf") if number in allowed else 0.0
        tables = branch.tables(self._tables)
        costs = [self._cost(tables, branch, route) for route in self.columns]
        for share, route, cost in zip(self._routes, self.columns, costs, strict=True):
            self._model.objective.set_linear_coefficient(share, float(route.cost if cost is None else cost))
        able = np.array([cost is not None for cost in costs], dtype=np.bool_)
        self.bind(np.zeros(len(able), dtype=np.bool_), able)

    def _cost(self, tables: Tables, branch: Branch, route: RouteColumn) -> int | None:
        """What the route costs in the branch; None if it is not allowed there."""
        if not branch.allows(route.shift, route.tasks):
            return None
        if branch.hours.keys().isdisjoint(route.tasks):
            return route.cost
        return min((way.cost for way in variants(tables, route.shift, route.tasks)), default=None)

    def _price_drop(self, visit: int, price: int) -> None:
        self._ceilings[visit] = min(price, HIGHEST)
        self._model.objective.set_linear_coefficient(self._left_out[visit], float(self._ceilings[visit]))

    def bind(self, low: Bools, high: Bools) -> None:
        """Of each route, by position: take it whole (`low`), or not at all (not `high`)."""
        more = len(low) - len(self._low)
        self._low = np.append(self._low, np.zeros(more, dtype=np.bool_))
        self._high = np.append(self._high, np.ones(more, dtype=np.bool_))
        for number in np.flatnonzero(self._low != low).tolist():
            self._routes[number].lower_bound = float(low[number])
        for number in np.flatnonzero(self._high != high).tolist():
            self._routes[number].upper_bound = float("inf") if high[number] else 0.0
        self._low, self._high = low, high

    def _touched(self, tasks: Iterable[int]) -> dict[int, int]:
        count: dict[int, int] = defaultdict(int)
        for task in tasks:
            for cut in self._cuts_of.get(task, ()):
                count[cut] += 1
        return count

    def solve(self, seconds: float = 3600.0) -> Relaxed | None:
        """Solve to optimality. None if GLOP fails or takes longer than `seconds`."""
        params = mathopt.SolveParameters(time_limit=timedelta(seconds=max(0.001, seconds)))
        result = self._solver.solve(params=params, model_params=SPARSE)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        values, row_values = result.variable_values(), result.dual_values()
        duals = _dense(row_values, self._tasks)
        cuts = -_dense(row_values, self._cut_rows)
        parts = _dense(row_values, [self._part_rows[part] for part in self.parts])
        return Relaxed(
            value=result.objective_value(),
            prices=Prices(
                whole(duals),
                tuple(self.cuts),
                np.maximum(0, whole(cuts)),
                tuple(self.parts),
                np.maximum(0, whole(parts)),
                self._branch,
            ),
            duals=duals,
            shift_prices=_dense(row_values, self._shifts),
            shares=_dense(values, self._routes),
            chosen=_dense(values, self._chosen),
            left_out=_dense(values, self._left_out),
        )


def _dense(values: Mapping[T, float], wanted: Sequence[T]) -> Floats:
    """The values of what is wanted, in order; 0 where none is given."""
    return np.array([values.get(one, 0.0) for one in wanted], dtype=np.float64)
