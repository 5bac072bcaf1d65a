"""Our referee and the published instances' own checker agree on solutions made at random, good and bad."""

from __future__ import annotations

import gzip
import importlib.util
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scheduler.check import check
from scheduler.io import read
from tests.support.bench import BENCH, instance_files, needs_bench

Data = dict[str, Any]


def published_checker() -> Callable[[Data, Data], Data]:
    spec = importlib.util.spec_from_file_location("check_hhcrsp", BENCH / "check_hhcrsp.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Data, Data], Data] = module.check
    return found


def a_solution(instance: Data, rng: random.Random) -> Data:
    """Feasible: patients in random order, each appended to the routes of random able caregivers."""
    routes: dict[str, list[Data]] = {caregiver["id"]: [] for caregiver in instance["caregivers"]}
    where = dict.fromkeys(routes, (0, 0.0))
    numbers = {patient["id"]: number for number, patient in enumerate(instance["patients"], start=1)}
    for patient in rng.sample(instance["patients"], len(instance["patients"])):
        needed = patient["required_caregivers"]
        able = [
            [c["id"] for c in instance["caregivers"] if service["service"] in c["abilities"]]
            for service in needed
        ]
        chosen = [rng.choice(able[0])]
        if len(needed) == 2:
            chosen.append(rng.choice([name for name in able[1] if name != chosen[0]]))
        number, slack = numbers[patient["id"]], rng.choice([0, 0, rng.random() * 40])
        ready = [where[name][1] + instance["distances"][where[name][0]][number] for name in chosen]
        starts = [round(max(ready[0], int(patient["time_window"][0])) + slack, 3)]
        if len(needed) == 2:
            starts = _in_step(patient["synchronization"], starts[0], ready[1])
        for name, start, service in zip(chosen, starts, needed, strict=True):
            routes[name].append(
                {"patient": patient["id"], "service": service["service"], "arrival_time": start}
            )
            where[name] = (number, start + service["duration"])
    return {"routes": [{"caregiver_id": name, "locations": stops} for name, stops in routes.items()]}


def _in_step(synchronization: Data, first: float, second_ready: float) -> list[float]:
    least, most = (0, 0) if synchronization["type"] == "simultaneous" else synchronization["distance"]
    first = max(first, round(second_ready - most + 0.01, 3)) if second_ready > first + most else first
    return [first, round(max(first + least, min(second_ready + 0.001, first + most)), 3)]


def spoiled(solution: Data, rng: random.Random) -> Data:
    """With one fault, or with something that only looks like one."""
    routes = [route for route in solution["routes"] if route["locations"]]
    route = rng.choice(routes)
    stop = rng.choice(route["locations"])
    fault = rng.randrange(6)
    if fault == 0:
        stop["arrival_time"] = round(max(0, stop["arrival_time"] + rng.uniform(-60, 60)), 3)
    elif fault == 1:
        route["locations"].remove(stop)
    elif fault == 2:
        route["caregiver_id"] = rng.choice(solution["routes"])["caregiver_id"]
    elif fault == 3:
        rng.choice(routes)["locations"].append(dict(stop))
    elif fault == 4:
        rng.shuffle(route["locations"])
    else:
        stop["service"] = "sing"
    return solution


FILES = [*instance_files("mankowska")[:5], *instance_files("kummer")[:1], *instance_files("italian")[:1]]


@needs_bench
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_verdict_and_cost_are_the_published_checkers(path: Path) -> None:
    published = published_checker()
    with gzip.open(path, "rt") as text:
        data = json.load(text)
    instance = read(path)
    matrix = instance.travel.matrix(instance.problem.places)
    rng = random.Random(path.name)
    verdicts = set()
    for _ in range(40 if len(data["patients"]) < 30 else 8):
        solution = a_solution(data, rng)
        if rng.random() < 0.6:
            solution = spoiled(solution, rng)
        theirs = published(data, solution)
        ours = check(instance.problem, matrix, instance.read_solution(solution))
        verdicts.add(ours.feasible)
        assert ours.feasible == theirs["feasible"], (theirs["errors"], ours.violations)
        if ours.feasible:
            assert ours.cost is not None
            assert ours.cost.total / instance.problem.points_per_unit == pytest.approx(
                theirs["cost"], abs=1e-3
            )
    assert verdicts == {True, False}
