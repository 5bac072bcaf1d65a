"""Parts of route pricing: the programme solved outside, narrowed legs, the dive, a plan as columns."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from ortools.math_opt import result_pb2
from ortools.math_opt.python import mathopt

from benchmarks import infusion
from scheduler.check import check
from scheduler.model import Problem
from scheduler.solve.price import outside, shifts
from scheduler.solve.price.choose import Dual
from scheduler.solve.price.dive import Dive
from scheduler.solve.price.legs import find_legs, narrowed
from scheduler.solve.price.master import Master
from scheduler.solve.price.priced import PricedRoute
from scheduler.solve.price.prices import plain
from scheduler.solve.price.pricing import price, warm_up
from scheduler.solve.price.relax import Relaxation
from scheduler.solve.price.shifts import Shifts
from scheduler.solve.price.standing import Standing
from scheduler.solve.price.tables import Tables
from scheduler.solve.price.tabulate import tabulate
from scheduler.solve.price.value import plan_cost, routes_of
from scheduler.solve.seam import ignore, never
from scheduler.travel import TravelMatrix


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    warm_up()


def day(visits: int, *, handoffs: bool = False) -> tuple[Problem, TravelMatrix]:
    problem = infusion.day(visits, "suburbs", 1, handoffs=handoffs)
    return problem, infusion.REGIONS["suburbs"].travel.matrix(problem.places)


def knapsack(items: int) -> mathopt.Model:
    """The dearest of `items` things that together weigh as much as half of them at most."""
    model = mathopt.Model()
    taken = [model.add_binary_variable() for _ in range(items)]
    weights = [7 + 3 * i % 11 for i in range(items)]
    weight = mathopt.fast_sum([w * one for w, one in zip(weights, taken, strict=True)])
    model.add_linear_constraint(weight <= sum(weights) // 2)
    model.maximize(
        mathopt.fast_sum([(w + i % 3) * one for i, (w, one) in enumerate(zip(weights, taken, strict=True))])
    )
    return model


def test_a_process_of_its_own_finds_what_this_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    here = outside.solve(knapsack(20), 30, never)
    monkeypatch.setattr(outside, "SMALL", 0)
    there = outside.solve(knapsack(20), 30, never)
    assert here is not None and there is not None
    assert here.objective_value() == pytest.approx(there.objective_value())


def test_a_process_that_is_stopped_answers_nothing() -> None:
    assert outside.solve(knapsack(outside.SMALL + 1), 3600, lambda: True) is None


def test_what_the_solver_prints_is_no_part_of_the_answer() -> None:
    model = knapsack(20)
    noisy = """
import os, time
from scheduler.solve.price import outside
quiet = outside._solve
def loud(model, seconds):
    os.write(1, b"WARNING: a line of the library's\\n")
    return quiet(model, seconds)
outside._solve = loud
outside.main(time.monotonic() + 30)
"""
    given = model.export_model().SerializeToString()
    done = subprocess.run([sys.executable, "-c", noisy], input=given, capture_output=True, check=True)
    found = mathopt.parse_solve_result(result_pb2.SolveResultProto.FromString(done.stdout), model)
    here = outside.solve(model, 30, never)
    assert here is not None
    assert found.objective_value() == pytest.approx(here.objective_value())


@pytest.mark.parametrize("code", ["print('no answer')", "raise SystemExit(1)", "import os; os.abort()"])
def test_a_process_that_answers_nothing_of_use_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str
) -> None:
    script = tmp_path / "broken.py"
    script.write_text(code)
    monkeypatch.setattr(outside, "__file__", str(script))
    assert outside.solve(knapsack(outside.SMALL + 1), 30, never) is None


def test_narrowed_legs_lead_to_the_nearest_wanted_visits() -> None:
    problem, matrix = day(15, handoffs=True)
    tables = tabulate(problem, matrix, 1800)
    legs = find_legs(tables.arrays, tables.shifts[0], tables.able[0], tables.fee[0])
    wanted = np.ones(len(tables.task_ids), dtype=np.bool_)
    wanted[legs.task[0]] = False
    few = narrowed(legs, tables.arrays.visit, wanted, 2)
    assert set(few.task) == set(legs.task) - {legs.task[0]}
    for i, task in enumerate(few.task):
        old = int(np.flatnonzero(legs.task == task)[0])
        before = slice(legs.begin[old], legs.begin[old + 1])
        there = wanted[legs.task[legs.to[before]]]
        visits = tables.arrays.visit[legs.task[legs.to[before]]][there]
        drives = legs.seconds[before][there]
        nearest = sorted({int(drives[visits == v].min()) for v in set(visits)})[:2]
        now = slice(few.begin[i], few.begin[i + 1])
        assert sorted(set(few.seconds[now].tolist())) == nearest
        assert wanted[few.task[few.to[now]]].all()


def test_too_many_routes_are_no_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, matrix = day(15)
    tables = tabulate(problem, matrix)
    standing, dual, whole = relaxed(tables)
    assert whole[1] > 0
    monkeypatch.setattr(shifts, "MOST_NODES_WITHIN", 3)
    with ThreadPoolExecutor(2) as pool:
        assert Shifts(tables, pool, never).within(dual, standing.bound or 0, 5000) == ([], 0)
        assert Shifts(tables, pool, lambda: True).price(dual.prices, 5, near=False) is None


def relaxed(tables: Tables) -> tuple[Standing, Dual, tuple[list[PricedRoute], int]]:
    """A relaxation solved: where it stands, its prices, and all routes that add less than half of it."""
    standing = Standing(tables.unit, time.monotonic() + 60, ignore, never)
    with ThreadPoolExecutor(2) as pool:
        all_shifts = Shifts(tables, pool, never)
        master = Master(tables, [10**6] * len(tables.visit_ids))
        relaxation = Relaxation(tables, all_shifts, master, standing, standing.raise_bound)
        relaxation.solve(lambda: 60.0, lambda: 60.0)
        assert relaxation.dual is not None and standing.bound is not None
        whole = all_shifts.within(relaxation.dual, standing.bound // 20, 5000)
        return standing, relaxation.dual, whole


@pytest.mark.parametrize("handoffs", [False, True])
def test_a_dive_ends_in_a_plan_that_keeps_all_rules(handoffs: bool) -> None:
    problem, matrix = day(30, handoffs=handoffs)
    tables = tabulate(problem, matrix, 3600)
    standing = Standing(tables.unit, time.monotonic() + 60, ignore, never)
    with ThreadPoolExecutor(2) as pool:
        all_shifts = Shifts(tables, pool, never)
        master = Master(tables, [10**6] * len(tables.visit_ids))
        Relaxation(tables, all_shifts, master, standing, standing.raise_bound).solve(
            lambda: 60.0, lambda: 60.0
        )
        found = Dive(tables, master, all_shifts, lambda: 60.0).plan()
    assert found is not None and standing.bound is not None
    verdict = check(problem, matrix, found.plan)
    assert verdict.feasible, verdict.violations
    assert verdict.cost is not None
    assert standing.bound <= found.cost == verdict.cost.total


def test_a_plans_routes_cost_what_the_plan_costs() -> None:
    problem, matrix = day(15, handoffs=True)
    best = price(problem, matrix, None, time.monotonic() + 60)
    assert best.plan is not None
    tables = tabulate(problem, matrix, 900)
    routes = routes_of(tables, best.plan)
    assert len(routes) == len(best.plan.routes)
    assert sum(route.cost for route in routes) <= plan_cost(tables, best.plan)
    free = plain(np.zeros(len(tables.task_ids), dtype=np.int64))
    for route in routes:
        assert free.reduced(tables, free.tasks, route.tasks, route.cost) == route.cost
