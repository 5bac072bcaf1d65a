"""Our referee and the published one agree on plans for the published uhhc instances, good and bad."""

from __future__ import annotations

import gzip
import importlib.util
import json
import random
from pathlib import Path
from typing import Any

import pytest

from scheduler.check import check
from scheduler.io import read
from scheduler.solve.anneal import Annealer, Tuning, pack
from tests.support.bench import BENCH, instance_files, needs_bench

Data = dict[str, Any]
NAMES = ("D3", "E5", "J4", "K7", "L9", "i-116", "i-134", "i-235", "i-083")
FILES = [path for path in instance_files("uhhc") if path.name.split(".")[0] in NAMES]


def published(instance: Data, solution: Data) -> tuple[float, list[str]]:
    """Cost and faults by the instances' own checker."""
    spec = importlib.util.spec_from_file_location("check_uhhc", BENCH / "check_uhhc.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    cost, _, faults, _ = module.check(instance, solution)
    return cost, faults


def spoiled(solution: Data, rng: random.Random) -> Data:
    """A service moved in time, left out or done by another; not on a route with a lunch, as that would then
    be out of the way, which no plan of ours can say."""
    services = [[stop["service"] for stop in route["locations"]] for route in solution["routes"]]
    free = [n for n, given in enumerate(services) if len(given) > 1 and "lunch_break" not in given]
    if not free:
        return solution
    route = solution["routes"][rng.choice(free)]
    stop, fault = rng.choice(route["locations"]), rng.randrange(3)
    if fault == 0:
        by = rng.choice([-40, -5, 5, 40])
        if stop["arrival_time"] + by >= 0:
            stop["arrival_time"] += by
            stop["departure_time"] += by
    elif fault == 1:
        route["locations"].remove(stop)
    else:
        route["locations"].remove(stop)
        rng.choice(solution["routes"])["locations"].append(stop)
    return solution


@needs_bench
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_cost_and_verdict_are_the_published_checkers(path: Path) -> None:
    with gzip.open(path, "rt") as text:
        data = json.load(text)
    instance = read(path)
    problem = instance.problem
    matrix = instance.travel.matrix(problem.places)
    annealer = Annealer(pack(problem, matrix), Tuning(chains=1))
    rng = random.Random(path.name)
    feasible = 0
    for seed, moves in enumerate((0, 500, 30_000, 300_000)):
        plan = annealer.improve(moves=moves, seed=seed).plan
        ours, written = check(problem, matrix, plan), instance.write_solution(plan)
        theirs, faults = published(data, written)
        assert ours.cost is not None
        assert ours.feasible == (not faults), (faults, ours.violations)
        if ours.feasible:
            feasible += 1
            assert ours.cost.total == theirs * problem.points_per_unit
            back = check(problem, matrix, instance.read_solution(json.loads(json.dumps(written))))
            assert back == ours
        for _ in range(10):
            bad = spoiled(json.loads(json.dumps(written)), rng)
            theirs, faults = published(data, bad)
            ours = check(problem, matrix, instance.read_solution(bad))
            assert ours.feasible == (not faults), (faults, ours.violations)
            if ours.feasible:
                assert ours.cost is not None
                assert ours.cost.total == theirs * problem.points_per_unit
    assert feasible
