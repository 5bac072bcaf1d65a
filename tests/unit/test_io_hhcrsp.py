"""Published instances: a small one of their format done by hand, and every one this machine has."""

from __future__ import annotations

import copy
import csv
import json
from pathlib import Path
from typing import Any

import pytest

from scheduler.check import Code, check
from scheduler.io import FormatError, Instance, read, read_solution
from scheduler.model import Plan, Route, Stop
from tests.support.bench import BENCH, instance_files, needs_bench

OFFICE_AND_THREE = [[0, 10.5, 20, 30], [10.5, 0, 12, 20.25], [20, 12, 0, 10], [30, 20.25, 10, 0]]

SMALL: dict[str, Any] = {
    "patients": [
        {
            "id": "p1",
            "location": [1, 2],
            "time_window": [32.999999, 60.0],
            "required_caregivers": [{"service": "wash", "duration": 15}],
        },
        {
            "id": "p2",
            "location": [3, 4],
            "time_window": [0, 40],
            "required_caregivers": [{"service": "wash", "duration": 10}, {"service": "lift"}],
            "synchronization": {"type": "simultaneous"},
        },
        {
            "id": "p3",
            "location": [5, 95],
            "time_window": [50, 120],
            "required_caregivers": [{"service": "lift", "duration": 5}, {"service": "wash", "duration": 5}],
            "synchronization": {"type": "sequential", "distance": [10, 30]},
        },
    ],
    "services": [{"id": "wash", "default_duration": 9}, {"id": "lift", "default_duration": 12.5}],
    "caregivers": [{"id": "c1", "abilities": ["wash"]}, {"id": "c2", "abilities": ["lift", "wash"]}],
    "central_offices": [{"id": "d", "location": [0, 0]}],
    "distances": OFFICE_AND_THREE,
}

SOLUTION: dict[str, Any] = {
    "routes": [
        {
            "caregiver_id": "c1",
            "locations": [
                {"patient": "p2", "service": "wash", "arrival_time": 20.0, "departure_time": 30.0},
                {"patient": "p1", "service": "wash", "arrival_time": 61.25, "departure_time": 76.25},
                {"patient": "p3", "service": "wash", "arrival_time": 96.5, "departure_time": 101.5},
            ],
        },
        {
            "caregiver_id": "c2",
            "locations": [
                {"patient": "p2", "service": "lift", "arrival_time": 20.0, "departure_time": 32.5},
                {"patient": "p3", "service": "lift", "arrival_time": 86.5, "departure_time": 91.5},
            ],
        },
    ]
}


def written(folder: Path, document: object) -> Path:
    path = folder / "instance.json"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def small(tmp_path: Path) -> Instance:
    """The small instance, read."""
    return read(written(tmp_path, SMALL))


def test_patients_are_visits_and_caregivers_shifts(small: Instance) -> None:
    problem = small.problem
    assert small.family == "hhcrsp"
    assert [visit.id for visit in problem.visits] == ["p1", "p2", "p3"]
    assert all(visit.drop_cost is None for visit in problem.visits)
    assert [(shift.id, sorted(shift.credentials)) for shift in problem.shifts] == [
        ("c1", ["wash"]),
        ("c2", ["lift", "wash"]),
    ]
    assert {(shift.start_place, shift.end_place, shift.start) for shift in problem.shifts} == {("d", "d", 0)}


def test_one_minute_is_a_thousand_seconds(small: Instance) -> None:
    matrix = small.travel.matrix(small.problem.places)
    assert (matrix.between("d", "p1"), matrix.between("p1", "p3")) == (10500, 20250)
    tasks = small.problem.task_by_id
    assert tasks["p1/wash"].duration == 15000
    assert tasks["p2/lift"].duration == 12500  # the service's default
    assert small.seconds_per_minute == 1000
    assert not small.dated


def test_window_starts_lose_their_fraction_and_ends_are_soft(small: Instance) -> None:
    (window,) = small.problem.task_by_id["p1/wash"].windows
    assert (window.earliest_start, window.latest_start, window.latest_end, window.soft) == (
        32000,
        60000,
        None,
        True,
    )


def test_pairs_are_lags_in_the_order_listed(small: Instance) -> None:
    (together,), (apart,) = (visit.modes[0].lags for visit in small.problem.visits[1:])
    assert (together.first, together.then, together.min_s, together.max_s) == ("p2/wash", "p2/lift", 0, 0)
    assert (apart.first, apart.then, apart.min_s, apart.max_s) == ("p3/lift", "p3/wash", 10000, 30000)
    assert all(visit.modes[0].distinct_nurses for visit in small.problem.visits)


def test_the_cost_is_a_third_of_the_sum(small: Instance, tmp_path: Path) -> None:
    plan = read_solution(small, written(tmp_path, SOLUTION))
    report = check(small.problem, small.travel.matrix(small.problem.places), plan)
    assert report.violations == ()
    assert report.cost is not None
    drives = (20 + 12 + 20.25 + 30) + (20 + 10 + 30)
    late = 61.25 - 60
    assert report.cost.total / small.problem.points_per_unit == pytest.approx((drives + late + late) / 3)


def test_a_solution_is_written_as_it_was_read(small: Instance, tmp_path: Path) -> None:
    plan = read_solution(small, written(tmp_path, SOLUTION))
    assert small.write_solution(plan) == SOLUTION


def test_other_names_and_empty_routes_of_published_solutions_are_read(
    small: Instance, tmp_path: Path
) -> None:
    data = copy.deepcopy(SOLUTION)
    for location in data["routes"][1]["locations"]:
        location["patient_id"], location["service_id"] = location.pop("patient"), location.pop("service")
    data["routes"] += [{"caregiver_id": "c3", "locations": []}, {"caregiver_id": "c4"}]
    plan = read_solution(small, written(tmp_path, data))
    assert plan == read_solution(small, written(tmp_path, SOLUTION))


@pytest.mark.parametrize(
    ("code", "route", "stop", "changes"),
    [
        (Code.TOO_EARLY, 0, 1, {"arrival_time": 31.9}),
        (Code.STARTS_BEFORE_ARRIVAL, 0, 2, {"arrival_time": 96.499}),
        (Code.LAG, 0, 2, {"arrival_time": 117.0}),
        (Code.UNKNOWN_TASK, 0, 1, {"service": "sing"}),
        (Code.UNKNOWN_TASK, 0, 1, {"patient": "p9"}),
    ],
)
def test_faults_of_a_solution_are_found(
    small: Instance, tmp_path: Path, code: Code, route: int, stop: int, changes: dict[str, Any]
) -> None:
    data = copy.deepcopy(SOLUTION)
    data["routes"][route]["locations"][stop].update(changes)
    plan = read_solution(small, written(tmp_path, data))
    report = check(small.problem, small.travel.matrix(small.problem.places), plan)
    assert code in {violation.code for violation in report.violations}


def test_a_patient_whom_no_route_names_is_missing(small: Instance, tmp_path: Path) -> None:
    data = copy.deepcopy(SOLUTION)
    data["routes"][0]["locations"].pop(1)
    plan = read_solution(small, written(tmp_path, data))
    report = check(small.problem, small.travel.matrix(small.problem.places), plan)
    assert Code.VISIT_MISSING in {violation.code for violation in report.violations}


def test_an_unknown_caregiver_is_found(small: Instance, tmp_path: Path) -> None:
    data = copy.deepcopy(SOLUTION)
    data["routes"][0]["caregiver_id"] = "c9"
    plan = read_solution(small, written(tmp_path, data))
    report = check(small.problem, small.travel.matrix(small.problem.places), plan)
    assert Code.UNKNOWN_SHIFT in {violation.code for violation in report.violations}


def bad(change: str, value: object = None) -> dict[str, Any]:
    """The small instance with the field at path `change` set to `value`, or dropped where that is None."""
    data = copy.deepcopy(SMALL)
    *way, last = [int(part) if part.isdecimal() else part for part in change.split(".")]
    target: Any = data
    for part in way:
        target = target[part]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return data


BAD = [
    ("patients[0]: lacks the field 'id'; add it", bad("patients.0.id")),
    ("patients[0].time_window: must list two numbers, not 1", bad("patients.0.time_window", [5])),
    ("latest_start: 60000 is before earliest_start 99000", bad("patients.0.time_window.0", 99)),
    ("patients[0].time_window[0]: must be a number, not 'x'", bad("patients.0.time_window.0", "x")),
    ("patients[1]: lacks the field 'synchronization'", bad("patients.1.synchronization")),
    (
        "patients[1].synchronization.type: must be simultaneous or sequential, not 'later'",
        bad("patients.1.synchronization.type", "later"),
    ),
    ("patients[2].synchronization: lacks the field 'distance'", bad("patients.2.synchronization.distance")),
    ("max_s: 30000 is less than min_s 40000", bad("patients.2.synchronization.distance.0", 40)),
    (
        "patients[0].required_caregivers: must list 1 or 2 services, not 3",
        bad("patients.0.required_caregivers", [{"service": s, "duration": 1} for s in "abc"]),
    ),
    ("patients[0]: mode 'only': tasks: needs at least one", bad("patients.0.required_caregivers", [])),
    (
        "patients[0].required_caregivers[0]: lacks the field 'duration'",
        bad("patients.0.required_caregivers.0", {"service": "sing"}),
    ),
    ("caregivers[0].abilities: must be a list", bad("caregivers.0.abilities", "wash")),
    ("central_offices: must list one office, not 0", bad("central_offices", [])),
    ("distances: has 3 rows for the office and 3 patients", bad("distances.3")),
    ("distances[1]: has 3 columns for the office and 3 patients", bad("distances.1.0")),
    ("distances[1]: must be from 0", bad("distances.1.0", -1)),
    ("distances[2][1]: must be a number, not 'far'", bad("distances.2.1", "far")),
    ("ids must be unique, given more than once: c1", bad("caregivers.1.id", "c1")),
    ("a place is listed more than once", bad("patients.0.id", "d")),
]


@pytest.mark.parametrize(("message", "document"), BAD, ids=[message for message, _ in BAD])
def test_a_bad_instance_is_named(message: str, document: dict[str, Any], tmp_path: Path) -> None:
    path = written(tmp_path, document)
    with pytest.raises(FormatError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bad_solution_is_named(small: Instance, tmp_path: Path) -> None:
    data = copy.deepcopy(SOLUTION)
    data["routes"][0]["locations"][0]["arrival_time"] = -1
    path = written(tmp_path, data)
    with pytest.raises(
        FormatError, match=r"instance\.json: routes\[0\]\.locations\[0\]: stop 'p2/wash': start: must be"
    ):
        read_solution(small, path)


def test_longer_decimals_are_rounded_to_the_safe_side(tmp_path: Path) -> None:
    document = bad("distances.0.1", 10.0001)
    document["patients"][2]["synchronization"]["distance"] = [10.0001, 29.9999]
    instance = read(written(tmp_path, document))
    assert instance.travel.matrix(instance.problem.places).between("d", "p1") == 10001
    (lag,) = instance.problem.visits[2].modes[0].lags
    assert (lag.min_s, lag.max_s) == (10001, 29999)


def test_a_plan_is_written_in_minutes(small: Instance) -> None:
    stop = Stop(task="p1/wash", arrival=10500, start=32001, end=47001)
    plan = Plan(
        routes=(Route(shift="c1", departure=0, stops=(stop,), finish=57501),), unassigned=("p2", "p3")
    )
    assert small.write_solution(plan)["routes"] == [
        {
            "caregiver_id": "c1",
            "locations": [
                {"patient": "p1", "service": "wash", "arrival_time": 32.001, "departure_time": 47.001}
            ],
        }
    ]


@needs_bench
@pytest.mark.parametrize("family", ["mankowska", "kummer", "italian"])
def test_every_published_instance_is_read(family: str) -> None:
    with (BENCH / "best_known.csv").open() as table:
        rows = {row["instance"]: row for row in csv.DictReader(table) if row["family"] == family}
    files = instance_files(family)
    assert files
    for path in files:
        problem = read(path).problem
        row = rows[path.name.removesuffix(".gz")]
        assert (len(problem.visits), len(problem.shifts)) == (int(row["patients"]), int(row["caregivers"]))
