"""The unified home healthcare format, on an instance small enough to check by hand."""

from __future__ import annotations

import copy
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scheduler.check import Code, check
from scheduler.io import FormatError, read
from scheduler.io.instance import Instance
from scheduler.model import Break, Lag, Plan, Route, Stop, Weights, Window
from tests.support.bench import BENCH, instance_files, needs_bench

Data = dict[str, Any]
M = 60
"""A minute of theirs."""

SMALL: Data = {
    "metadata": {
        "time_window_met": "at_service_end",
        "origin": "generated",
        "cost_components": {
            "travel_time": 2,
            "total_tardiness": 3,
            "highest_tardiness": 4,
            "total_waiting_time": 5,
            "total_extra_time": 6,
            "max_idle_time": 7,
            "caregiver_preferences": 8,
            "optional_patients": 100,
            "missed_lunch_break": 50,
        },
    },
    "distances": [[0, 10, 20], [10, 0, 15], [20, 15, 0]],
    "terminal_points": [{"id": "d0", "distance_matrix_index": 0}],
    "services": [{"id": "s1", "default_duration": 30}, {"id": "s2"}],
    "lunch_breaks": {"start": 180, "end": 360, "min_duration": 30},
    "caregivers": [
        {
            "id": "c1",
            "abilities": ["s1", "s2"],
            "departing_point": "d0",
            "arrival_point": "d0",
            "working_shift": {"start": 60, "end": 480},
            "lunch_break": True,
        },
        {
            "id": "c2",
            "abilities": ["s2"],
            "departing_point": "d0",
            "arrival_point": "d0",
            "working_shift": {"start": 0, "end": 480},
        },
    ],
    "patients": [
        {
            "id": "p1",
            "distance_matrix_index": 1,
            "required_services": [{"service": "s1"}],
            "time_windows": [{"start": 60, "end": 120}, {"start": 300, "end": 360}],
            "optional": True,
            "preferred_caregivers": ["c2"],
        },
        {
            "id": "p2",
            "distance_matrix_index": 2,
            "required_services": [{"service": "s1", "duration": 20}, {"service": "s2", "duration": 40}],
            "time_windows": [{"start": 200, "end": 400}],
            "synchronization": {"type": "sequential", "distance": {"min": 0, "max": 30}},
            "incompatible_caregivers": [],
        },
    ],
}


def instance(tmp_path: Path, change: Callable[[Data], object] = lambda data: None) -> Instance:
    """The small instance, changed."""
    data = copy.deepcopy(SMALL)
    change(data)
    path = tmp_path / "small.json"
    path.write_text(json.dumps(data))
    return read(path)


def priced(name: str, weight: object) -> Callable[[Data], object]:
    return lambda data: data["metadata"]["cost_components"].update({name: weight})


def unpriced(name: str) -> Callable[[Data], object]:
    return lambda data: data["metadata"]["cost_components"].pop(name)


def test_a_minute_is_60_seconds_and_a_unit_60_points(tmp_path: Path) -> None:
    problem = instance(tmp_path).problem
    assert problem.points_per_unit == 60
    assert problem.weights == Weights(
        travel=2,
        lateness=3,
        worst_lateness=4,
        waiting=5,
        longest_idle=7,
        not_preferred=8 * 60,
    )
    first, pair = problem.visits
    assert (first.drop_cost, first.preferred_nurses) == (100 * 60, {"c2"})
    assert (pair.drop_cost, pair.preferred_nurses, pair.barred_nurses) == (None, frozenset(), frozenset())
    assert [(task.id, task.duration, task.credentials) for task in pair.tasks] == [
        ("p2/s1", 20 * M, {"s1"}),
        ("p2/s2", 40 * M, {"s2"}),
    ]
    assert pair.modes[0].lags == (Lag(first="p2/s1", then="p2/s2", min_s=0, max_s=30 * M),)
    assert pair.modes[0].distinct_nurses
    shift, other = problem.shifts
    assert (shift.start, shift.end, shift.overtime_cost) == (60 * M, 480 * M, 6)
    assert shift.max_overtime > 480 * M
    assert shift.break_ == Break(
        duration=30 * M, earliest_start=180 * M, latest_end=360 * M, miss_cost=50 * 60
    )
    assert other.break_ is None


def test_windows_are_met_at_the_end_or_at_the_start(tmp_path: Path) -> None:
    task = instance(tmp_path).problem.visits[0].tasks[0]
    assert task.windows == (
        Window(earliest_start=60 * M, latest_start=90 * M, latest_end=120 * M, soft=True),
        Window(earliest_start=300 * M, latest_start=330 * M, latest_end=360 * M, soft=True),
    )
    at_start = instance(tmp_path, lambda d: d["metadata"].update(time_window_met="at_service_start"))
    assert at_start.problem.visits[0].tasks[0].windows[0] == Window(
        earliest_start=60 * M, latest_start=120 * M, soft=True
    )
    rest = at_start.problem.shifts[0].break_
    assert rest is not None
    assert rest.latest_end == 390 * M


def test_hard_components_are_rules(tmp_path: Path) -> None:
    problem = instance(tmp_path, priced("total_tardiness", "HARD")).problem
    windows = problem.visits[0].tasks[0].windows
    assert not any(window.soft for window in windows)
    assert [window.latest_end for window in windows] == [120 * M, 360 * M]
    assert instance(tmp_path, priced("total_extra_time", "HARD")).problem.shifts[0].max_overtime == 0
    assert instance(tmp_path, priced("optional_patients", "HARD")).problem.visits[0].drop_cost is None
    rest = instance(tmp_path, priced("missed_lunch_break", "HARD")).problem.shifts[0].break_
    assert rest is not None
    assert rest.miss_cost is None
    assert instance(tmp_path, priced("caregiver_preferences", "HARD")).problem.visits[0].barred_nurses == {
        "c1"
    }


def test_of_two_hard_windows_that_overlap_the_later_one_counts(tmp_path: Path) -> None:
    def overlapping(data: Data) -> None:
        data["metadata"]["cost_components"]["total_tardiness"] = "HARD"
        data["patients"][0]["time_windows"] = [{"start": 60, "end": 200}, {"start": 100, "end": 400}]

    windows = instance(tmp_path, overlapping).problem.visits[0].tasks[0].windows
    assert [window.latest_start for window in windows] == [100 * M - 1, 370 * M]


@pytest.mark.parametrize("name", ["caregiver_preferences", "optional_patients", "missed_lunch_break"])
def test_what_has_no_price_is_a_rule(tmp_path: Path, name: str) -> None:
    problem = instance(tmp_path, unpriced(name)).problem
    rest = problem.shifts[0].break_
    assert rest is not None
    found = {
        "caregiver_preferences": problem.visits[0].barred_nurses == {"c1"},
        "optional_patients": problem.visits[0].drop_cost is None,
        "missed_lunch_break": rest.miss_cost is None,
    }
    assert [each for each, is_rule in found.items() if is_rule] == [name]


def test_an_independent_pair_may_be_done_by_one_caregiver(tmp_path: Path) -> None:
    both = instance(tmp_path, lambda d: d["patients"][1].update(synchronization={"type": "independent"}))
    (mode,) = both.problem.visits[1].modes
    assert (mode.lags, mode.distinct_nurses) == ((), False)


def test_waiting_from_the_shifts_start_only_where_the_origin_says_so(tmp_path: Path) -> None:
    assert not instance(tmp_path).problem.shifts[0].leaves_at_start
    caie = instance(tmp_path, lambda d: d["metadata"].update(origin="bazirha-caie"))
    assert all(shift.leaves_at_start for shift in caie.problem.shifts)


def test_an_empty_list_of_preferred_caregivers_makes_everyone_a_stranger(tmp_path: Path) -> None:
    visit = instance(tmp_path, lambda d: d["patients"][0].update(preferred_caregivers=[])).problem.visits[0]
    assert visit.preferred_nurses
    assert not visit.preferred_nurses & {"c1", "c2"}


BAD: list[tuple[str, Callable[[Data], object]]] = [
    ("metadata.cost_components.smiles: is not supported", priced("smiles", 1)),
    (
        "metadata.cost_components.travel_time: can have a price, but not be HARD",
        priced("travel_time", "HARD"),
    ),
    ("metadata.cost_components.travel_time: must be HARD or a whole number", priced("travel_time", 1.5)),
    (
        "metadata.time_window_met: must be at_service_start or at_service_end, not 'never'",
        lambda d: d["metadata"].update(time_window_met="never"),
    ),
    (
        "patients[1].required_services[1]: lacks the field 'duration', and service 's2' has no default",
        lambda d: d["patients"][1]["required_services"][1].pop("duration"),
    ),
    (
        "patients[0].required_services: must list 2 services to be simultaneous, not 1",
        lambda d: d["patients"][0].update(synchronization={"type": "simultaneous"}),
    ),
    (
        "patients[1].synchronization.type: must be independent, simultaneous or sequential",
        lambda d: d["patients"][1]["synchronization"].update(type="sometimes"),
    ),
    (
        "patients[1]: distance_matrix_index must be from 0 to 2, not 3",
        lambda d: d["patients"][1].update(distance_matrix_index=3),
    ),
    ("distances: must be a square: 3 rows of 3 columns", lambda d: d["distances"][1].pop()),
    ("distances: must be from 0 to", lambda d: d["distances"][1].__setitem__(0, -1)),
    ("caregivers[0]: lacks the field 'working_shift'", lambda d: d["caregivers"][0].pop("working_shift")),
]


@pytest.mark.parametrize(("message", "change"), BAD, ids=[message for message, _ in BAD])
def test_a_bad_instance_is_named_by_path_value_and_cure(
    tmp_path: Path, message: str, change: Callable[[Data], object]
) -> None:
    with pytest.raises(FormatError) as caught:
        instance(tmp_path, change)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def a_plan(break_start: int | None, *, second: int = 300) -> Plan:
    """c1 does p1 at 100 and p2 at `second`; c2 does p2 with her. Minutes."""
    finish = second + 40 + (30 if break_start is not None and second < break_start < second + 40 else 0)
    return Plan(
        routes=(
            Route(
                shift="c1",
                departure=90 * M,
                stops=(
                    Stop(task="p1/s1", arrival=100 * M, start=100 * M, end=130 * M),
                    Stop(task="p2/s1", arrival=145 * M, start=second * M, end=(second + 20) * M),
                ),
                finish=finish * M,
                break_start=None if break_start is None else break_start * M,
            ),
            Route(
                shift="c2",
                departure=(second - 20) * M,
                stops=(Stop(task="p2/s2", arrival=second * M, start=second * M, end=(second + 40) * M),),
                finish=(second + 60) * M,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("break_start", "where", "begins"),
    [(180, "p1", 180), (200, "p1", 200), (265, "p2", 265), (330, "p2", 330), (345, "d0", 345), (None, "", 0)],
)
def test_a_lunch_is_written_at_a_place_on_the_way(
    tmp_path: Path, break_start: int | None, where: str, begins: int
) -> None:
    given = instance(tmp_path)
    written = given.write_solution(a_plan(break_start))
    ours, _ = written["routes"]
    lunches = [one for one in ours["locations"] if one["service"] == "lunch_break"]
    expected = {"service": "lunch_break", "patient": where, "start_time": begins, "end_time": begins + 30}
    assert lunches == ([expected] if where else [])
    assert ours["locations"][0] == {
        "patient": "p1",
        "service": "s1",
        "arrival_time": 100,
        "departure_time": 130,
    }


def test_a_lunch_on_a_drive_that_begins_too_early_is_taken_at_the_next_place(tmp_path: Path) -> None:
    """Free at 175, lunch from 180, a drive of 15: at the next place at 190."""
    given = instance(tmp_path)
    plan = a_plan(180, second=220)
    route = plan.routes[0]
    stops = (Stop(task="p1/s1", arrival=145 * M, start=145 * M, end=175 * M), route.stops[1])
    written = given.write_solution(plan.replace(routes=(route.replace(stops=stops),)))
    (lunch,) = [one for one in written["routes"][0]["locations"] if one["service"] == "lunch_break"]
    assert (lunch["patient"], lunch["start_time"], lunch["end_time"]) == ("p2", 190, 220)


def test_who_has_no_visits_has_lunch_at_home(tmp_path: Path) -> None:
    given = instance(tmp_path)
    alone = Plan(routes=a_plan(None).routes[1:], unassigned=("p1",))
    written = given.write_solution(alone)
    assert written["routes"][1] == {
        "caregiver_id": "c1",
        "locations": [{"service": "lunch_break", "patient": "d0", "start_time": 180, "end_time": 210}],
    }
    assert given.read_solution(written) == alone


@pytest.mark.parametrize("break_start", [180, 200, 225, 290, 310, None])
def test_a_solution_read_back_is_the_plan(tmp_path: Path, break_start: int | None) -> None:
    given = instance(tmp_path)
    matrix = given.travel.matrix(given.problem.places)
    plan = a_plan(break_start, second=260)
    back = given.read_solution(json.loads(json.dumps(given.write_solution(plan))))
    one, other = check(given.problem, matrix, plan), check(given.problem, matrix, back)
    assert one.feasible
    assert one == other


def test_patients_nobody_visits_are_left_out_or_missing(tmp_path: Path) -> None:
    given = instance(tmp_path)
    empty = given.read_solution({"routes": [{"caregiver_id": "c1", "locations": []}]})
    assert empty == Plan(routes=(), unassigned=("p1",))
    report = check(given.problem, given.travel.matrix(given.problem.places), empty)
    assert {violation.code for violation in report.violations} == {Code.VISIT_MISSING}


def test_a_bad_solution_is_named(tmp_path: Path) -> None:
    location = {"patient": "p1", "service": "s1", "arrival_time": "noon", "departure_time": 1}
    with pytest.raises(FormatError, match=r"routes\[0\]\.locations\[0\]\.arrival_time: must be a number"):
        instance(tmp_path).read_solution({"routes": [{"caregiver_id": "c1", "locations": [location]}]})


@needs_bench
def test_every_published_instance_is_read() -> None:
    with (BENCH / "best_known.csv").open() as table:
        rows = {row["instance"]: row for row in csv.DictReader(table) if row["family"] == "uhhc"}
    files = instance_files("uhhc")
    assert files
    for path in files:
        problem = read(path).problem
        row = rows[path.name.removesuffix(".gz")]
        assert (len(problem.visits), len(problem.shifts)) == (int(row["patients"]), int(row["caregivers"]))
