"""The master LP: every visit in one mode or dropped, every shift on at most one route, solved by GLOP.

Routes are added as columns, cuts as rows; each solve starts from the last one's basis.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.math_opt.python import mathopt

from scheduler.solve.price.routes import Cuts
from scheduler.solve.price.tables import NEVER, Choice, Ints, Tables

Floats = npt.NDArray[np.float64]
HIGHEST = 10**11
"""Points; the price at which even a visit that must be served may be left out of the LP."""
Cut = tuple[int, int, int]
"""Three tasks: at most one route does two of them."""


@dataclass(frozen=True, slots=True)
class RouteColumn:
    """A route as the master sees it."""

    shift: int
    tasks: tuple[int, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An LP solution: its value, the duals, and the share of each route in it."""

    value: float
    prices: Floats
    shift_prices: Floats
    cut_prices: Floats
    shares: Floats
    left_out: Floats


class Master:
    """Grows; `columns[i]` is the route of `Relaxed.shares[i]`."""

    def __init__(self, tables: Tables, ceilings: Sequence[int]) -> None:
        """`ceilings[v]`: what leaving out visit v costs at first. Dear visits make wild prices, so they
        start low and are raised by `lift`; any price gives a valid bound."""
        self._model = mathopt.Model(name="master")
        self.columns: list[RouteColumn] = []
        self.cuts: list[Cut] = []
        self._seen: set[tuple[int, tuple[int, ...]]] = set()
        self._routes: list[mathopt.Variable] = []
        self._cut_rows: list[mathopt.LinearConstraint] = []
        self._cuts_of: dict[int, list[int]] = {}
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
            row.set_coefficient(chosen, 1.0)
            for task in choice.tasks:
                self._tasks[task].set_coefficient(chosen, -1.0)
        return left_out

    def lift(self, relaxed: Relaxed) -> bool:
        """Raise the ceilings of visits left out; False if none is left out below its drop cost."""
        lifted = False
        for visit, share in enumerate(relaxed.left_out.tolist()):
            if share > 1e-6 and self._ceilings[visit] < min(self._drop[visit], HIGHEST):
                self._ceilings[visit] = min(self._drop[visit], 3 * self._ceilings[visit] + 1, HIGHEST)
                self._model.objective.set_linear_coefficient(
                    self._left_out[visit], float(self._ceilings[visit])
                )
                lifted = True
        return lifted

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
            for task in cut:
                self._cuts_of.setdefault(task, []).append(number)
            for route, share in zip(self.columns, self._routes, strict=True):
                if sum(task in cut for task in route.tasks) >= 2:
                    row.set_coefficient(share, 1.0)

    def _touched(self, tasks: Iterable[int]) -> dict[int, int]:
        count: dict[int, int] = {}
        for task in tasks:
            for cut in self._cuts_of.get(task, ()):
                count[cut] = count.get(cut, 0) + 1
        return count

    def solve(self) -> Relaxed | None:
        """Solve to optimality. None if GLOP fails."""
        result = self._solver.solve()
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        return Relaxed(
            value=result.objective_value(),
            prices=np.array(result.dual_values(self._tasks)),
            shift_prices=np.array(result.dual_values(self._shifts)),
            cut_prices=-np.array(result.dual_values(self._cut_rows), dtype=np.float64),
            shares=np.array(result.variable_values(self._routes)),
            left_out=np.array(result.variable_values(self._left_out)),
        )

    def priced_cuts(self, some: Ints) -> Cuts:
        """The cuts by task, for the search. Where prices are given for the first ones only, the others are
        free."""
        prices = np.zeros(len(self.cuts), dtype=np.int64)
        prices[: len(some)] = some
        begin = np.zeros(len(self._tasks) + 1, dtype=np.int64)
        flat: list[int] = []
        for task in range(len(self._tasks)):
            flat.extend(self._cuts_of.get(task, ()))
            begin[task + 1] = len(flat)
        return Cuts(begin, np.array(flat, dtype=np.int64), prices)
