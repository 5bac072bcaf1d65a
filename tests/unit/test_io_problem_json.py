"""Our own documents: what version 1 looks like, and what is said of a bad one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from scheduler.io import FormatError, plan_json, problem_json, travel_json
from scheduler.model import Break, Lag, Mode, Phase, Pin, Problem, Visit, Weights
from scheduler.travel import GivenTimes, GreatCircle
from tests.support.problems import ORIGIN, place, shift, street, street_matrix, street_plan, task, window

VERSION_1 = """
{
  "format": "rounds/problem",
  "version": 1,
  "origin": "2026-11-23T00:00:00Z",
  "points_per_unit": 3600,
  "weights": {"travel": 25, "lateness": 30, "worst_lateness": 5, "not_preferred": 36000},
  "places": [
    {"id": "home", "latitude": 0.0, "longitude": 0.0},
    {"id": "p", "latitude": 0.0, "longitude": 0.01}
  ],
  "visits": [
    {
      "id": "v",
      "drop_cost": 3600000,
      "preferred_nurses": ["ana"],
      "barred_nurses": ["ben", "cleo"],
      "modes": [
        {
          "id": "pair",
          "distinct_nurses": true,
          "tasks": [
            {
              "id": "v.1",
              "place": "p",
              "duration": 3600,
              "credentials": ["picc", "rn"],
              "windows": [
                {"earliest_start": 100, "latest_start": 200, "latest_end": 9000, "soft": false},
                {"earliest_start": 300, "latest_start": 400, "latest_end": null, "soft": false}
              ],
              "phases": [{"name": "infusion", "duration": 2400}, {"name": "monitoring", "duration": 1200}]
            },
            {
              "id": "v.2",
              "place": "p",
              "duration": 60,
              "windows": [{"earliest_start": 0, "latest_start": 500, "soft": true}]
            }
          ],
          "lags": [{"first": "v.1", "then": "v.2", "min_s": 60, "max_s": 120}]
        }
      ]
    }
  ],
  "shifts": [
    {
      "id": "s",
      "nurse": "ana",
      "start_place": "home",
      "end_place": "home",
      "start": 0,
      "end": 36000,
      "credentials": ["rn"],
      "break": {"duration": 1800, "earliest_start": 3600, "latest_end": 18000},
      "max_overtime": 3600,
      "overtime_cost": 10,
      "max_visits": 4
    }
  ],
  "pins": [{"task": "v.1", "shift": "s", "start": 150}],
  "travel": {"kind": "great_circle", "detour": 1.3, "speed_kmh": 40}
}
"""


def version_1_problem() -> Problem:
    first = task(
        "v.1",
        "p",
        60,
        window(100, 200, 9000),
        window(300, 400),
        credentials=("rn", "picc"),
        phases=(Phase(name="infusion", duration=2400), Phase(name="monitoring", duration=1200)),
    )
    second = task("v.2", "p", 1, window(0, 500, soft=True), credentials=())
    lag = Lag(first="v.1", then="v.2", min_s=60, max_s=120)
    visit = Visit(
        id="v",
        modes=(Mode(id="pair", tasks=(first, second), lags=(lag,)),),
        drop_cost=3_600_000,
        preferred_nurses=frozenset({"ana"}),
        barred_nurses=frozenset({"ben", "cleo"}),
    )
    rest = Break(duration=1800, earliest_start=3600, latest_end=18000)
    ana = shift("s", "ana", "home", 0, 36000, break_=rest, max_overtime=3600, overtime_cost=10, max_visits=4)
    return Problem(
        origin=ORIGIN,
        places=(place("home", 0), place("p", 10)),
        visits=(visit,),
        shifts=(ana,),
        pins=(Pin(task="v.1", shift="s", start=150),),
        weights=Weights(travel=25, lateness=30, worst_lateness=5, not_preferred=36000),
    )


def test_version_1_is_read_for_good() -> None:
    assert problem_json.from_dict(json.loads(VERSION_1)) == version_1_problem()
    assert problem_json.travel_from_dict(json.loads(VERSION_1)) == GreatCircle(detour=1.3, speed_kmh=40)


def test_version_1_is_written_as_documented() -> None:
    written = problem_json.to_dict(version_1_problem(), GreatCircle(detour=1.3, speed_kmh=40))
    expected = json.loads(VERSION_1)
    (mode,) = expected["visits"][0]["modes"]
    mode["tasks"][1] |= {"credentials": [], "phases": []}
    mode["tasks"][1]["windows"][0] |= {"latest_end": None}
    expected["weights"] |= {"changed_nurse": 0, "moved_start": 0}
    expected["weights"] |= {"waiting": 0, "longest_idle": 0, "imbalance": 0}
    for written_task in mode["tasks"]:
        written_task["uses"] = []
    expected["visits"][0]["gates"] = []
    expected["shifts"][0] |= {"leaves_at_start": False, "stock": []}
    expected["shifts"][0]["break"] |= {"miss_cost": None}
    expected |= {"promises": [], "spacings": [], "hour_limits": [], "rest_s": 0, "exceptions": []}
    expected |= {"worths": []}
    assert json.loads(json.dumps(written)) == expected


def test_fields_with_defaults_may_be_missing() -> None:
    data = {"format": "rounds/problem", "version": 1, "origin": "2026-11-23T00:00:00Z"}
    bare = problem_json.from_dict({**data, "places": [], "visits": [], "shifts": []})
    assert bare == Problem(origin=ORIGIN, places=(), visits=(), shifts=())


def test_an_origin_in_another_zone_is_the_same_instant() -> None:
    data = json.loads(VERSION_1)
    data["origin"] = "2026-11-22T19:00:00-05:00"
    assert problem_json.from_dict(data) == version_1_problem()


Change = Callable[[dict[str, Any]], object]

BAD_PROBLEMS: list[tuple[str, Change]] = [
    ("format: must be 'rounds/problem' here, not 'rounds/plan'", lambda d: d.update(format="rounds/plan")),
    ("version: this program reads version 1 of rounds/problem, not 2", lambda d: d.update(version=2)),
    ("version: must be a whole number, not '1'", lambda d: d.update(version="1")),
    ("the document: lacks the field 'format'; add it", lambda d: d.pop("format")),
    ("the document: lacks the field 'shifts'; add it", lambda d: d.pop("shifts")),
    ("has no field 'shfits'; its fields are", lambda d: d.update(shfits=[])),
    ("origin: must be an instant with its zone", lambda d: d.update(origin="2026-11-23T00:00:00")),
    ("origin: must be an instant with its zone", lambda d: d.update(origin="tomorrow")),
    ("visits: must be a list [...], not {}", lambda d: d.update(visits={})),
    ("visits[0]: must be an object {...}, not 'v'", lambda d: d.update(visits=["v"])),
    ("visits[0]: lacks the field 'modes'; add it", lambda d: d["visits"][0].pop("modes")),
    (
        "visits[0]: visit 'v': barred_nurses: both preferred and barred: ana",
        lambda d: d["visits"][0].update(barred_nurses=["ana"]),
    ),
    (
        "visits[0].preferred_nurses: names something twice; list each once",
        lambda d: d["visits"][0].update(preferred_nurses=["ana", "ana"]),
    ),
    (
        "visits[0].modes[0].tasks[1].duration: must be a whole number, not 60.5",
        lambda d: d["visits"][0]["modes"][0]["tasks"][1].update(duration=60.5),
    ),
    (
        "visits[0].modes[0].distinct_nurses: must be true or false, not 'yes'",
        lambda d: d["visits"][0]["modes"][0].update(distinct_nurses="yes"),
    ),
    (
        "visits[0].modes[0].tasks[0].windows[1]: has no field 'latest'; its fields are earliest_start",
        lambda d: d["visits"][0]["modes"][0]["tasks"][0]["windows"][1].update(latest=5),
    ),
    (
        "shifts[0].break: break: duration: must be from 1",
        lambda d: d["shifts"][0]["break"].update(duration=0),
    ),
    ("places[1].latitude: must be a number, not '40'", lambda d: d["places"][1].update(latitude="40")),
    ("places[1].latitude: must be a number, not True", lambda d: d["places"][1].update(latitude=True)),
    ("places[1].id: must be a string", lambda d: d["places"][1].update(id=7)),
    ("the document: shift 's': start_place: no place 'home'", lambda d: d["places"].pop(0)),
]


@pytest.mark.parametrize(("message", "change"), BAD_PROBLEMS, ids=[message for message, _ in BAD_PROBLEMS])
def test_a_bad_problem_is_named_by_path_value_and_cure(message: str, change: Change) -> None:
    data = json.loads(VERSION_1)
    change(data)
    with pytest.raises(FormatError) as caught:
        problem_json.from_dict(data)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


BAD_TRAVEL: list[tuple[str, dict[str, Any]]] = [
    ("travel: lacks the field 'kind'", {}),
    ("travel.kind: must be great_circle or matrix, not 'road'", {"kind": "road"}),
    ("travel: lacks the field 'detour'", {"kind": "great_circle", "speed_kmh": 40}),
    (
        "travel: great circle: detour: must be 1 or more, not 0.5",
        {"kind": "great_circle", "detour": 0.5, "speed_kmh": 40},
    ),
    ("travel: has no field 'speed'", {"kind": "great_circle", "detour": 2, "speed": 40}),
    (
        "travel.seconds: has 1 rows for 2 places",
        {"kind": "matrix", "places": ["a", "b"], "seconds": [[0, 1]]},
    ),
    (
        "travel.seconds[1]: has 1 columns for 2 places",
        {"kind": "matrix", "places": ["a", "b"], "seconds": [[0, 1], [1]]},
    ),
    (
        "travel.seconds[0][1]: must be a whole number, not 1.5",
        {"kind": "matrix", "places": ["a", "b"], "seconds": [[0, 1.5], [1, 0]]},
    ),
    (
        "travel.seconds[1]: must be from 0 to 1000000000 seconds, not -1",
        {"kind": "matrix", "places": ["a", "b"], "seconds": [[0, 1], [-1, 0]]},
    ),
    ("travel: travel matrix: from a place to itself", {"kind": "matrix", "places": ["a"], "seconds": [[1]]}),
    (
        "a place is listed more than once",
        {"kind": "matrix", "places": ["a", "a"], "seconds": [[0, 0], [0, 0]]},
    ),
]


@pytest.mark.parametrize(("message", "data"), BAD_TRAVEL, ids=[message for message, _ in BAD_TRAVEL])
def test_a_bad_travel_source_is_named(message: str, data: dict[str, Any]) -> None:
    with pytest.raises(FormatError) as caught:
        travel_json.from_dict(data)
    assert message in str(caught.value)


def test_a_matrix_survives_json() -> None:
    matrix = street_matrix(street())
    read = travel_json.from_dict(json.loads(json.dumps(travel_json.to_dict(matrix))))
    assert isinstance(read, GivenTimes)
    assert read.times.places == matrix.places
    assert (read.times.seconds == matrix.seconds).all()
    assert travel_json.to_dict(read) == travel_json.to_dict(matrix)


def test_a_problem_without_travel_says_so_when_asked() -> None:
    with pytest.raises(FormatError, match="lacks the field 'travel'"):
        problem_json.travel_from_dict(problem_json.to_dict(street()))


def test_the_street_plan_as_a_document() -> None:
    data = plan_json.to_dict(street_plan())
    assert data["format"] == "rounds/plan"
    assert data["routes"][0]["stops"][0] == {"task": "v1.1", "arrival": 30600, "start": 30600, "end": 37800}
    assert plan_json.from_dict(data) == street_plan()


def test_a_bad_plan_is_named() -> None:
    data = copy.deepcopy(plan_json.to_dict(street_plan()))
    data["routes"][1]["stops"][0]["arrival"] = None
    with pytest.raises(FormatError, match=r"^routes\[1\]\.stops\[0\]\.arrival: must be a whole number"):
        plan_json.from_dict(data)
