"""The end of a dive: for the shifts and visits left, a choice among the LP's routes at one go, by CP-SAT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from ortools.math_opt.python import mathopt

from scheduler.solve.price.master import HIGHEST, Relaxed, RouteColumn
from scheduler.solve.price.tables import Tables

MOST_ROUTES = 1000
"""Routes to choose among, at most: those of least reduced cost, and the hint's."""
THREADS = 2


def best_tail(
    tables: Tables,
    relaxed: Relaxed,
    free: Sequence[RouteColumn],
    visits: Sequence[int],
    hint: Collection[tuple[int, tuple[int, ...]]],
    seconds: float,
) -> list[RouteColumn]:
    """The cheapest choice among `free` that is found in `seconds`, at most one route a shift, for `visits`;
    those left out cost their drop. `hint`: shift and tasks of routes that a known choice has. For days
    without tied tasks, whose visits have one way each."""
    order = sorted(free, key=lambda route: ((route.shift, route.tasks) not in hint, _reduced(relaxed, route)))
    routes = order[:MOST_ROUTES]
    model = mathopt.Model(name="tail")
    taken = [model.add_binary_variable() for _ in routes]
    by_visit, by_shift = defaultdict(list), defaultdict(list)
    for route, variable in zip(routes, taken, strict=True):
        by_shift[route.shift].append(variable)
        for visit in tables.arrays.visit[list(route.tasks)].tolist():
            by_visit[visit].append(variable)
    costs = [float(route.cost) * variable for route, variable in zip(routes, taken, strict=True)]
    for visit in visits:
        drop, left_out = tables.drop[visit], model.add_binary_variable()
        costs.append(float(HIGHEST if drop is None else drop) * left_out)
        model.add_linear_constraint(mathopt.fast_sum([left_out, *by_visit[visit]]) == 1)
    for variables in by_shift.values():
        model.add_linear_constraint(mathopt.fast_sum(variables) <= 1)
    model.minimize(mathopt.fast_sum(costs))
    known = {
        variable: float((route.shift, route.tasks) in hint)
        for route, variable in zip(routes, taken, strict=True)
    }
    result = mathopt.solve(
        model,
        mathopt.SolverType.CP_SAT,
        params=mathopt.SolveParameters(time_limit=timedelta(seconds=max(0.05, seconds)), threads=THREADS),
        model_params=mathopt.ModelSolveParameters(
            solution_hints=[mathopt.SolutionHint(variable_values=known)]
        ),
    )
    if not result.has_primal_feasible_solution():
        return []
    values = result.variable_values(taken)
    return [route for route, value in zip(routes, values, strict=True) if value > 0.5]


def _reduced(relaxed: Relaxed, route: RouteColumn) -> float:
    worth = float(relaxed.duals[list(route.tasks)].sum())
    return route.cost - worth - float(relaxed.shift_prices[route.shift])
