"""Impossible input is refused when built, and the refusal names the record and the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from scheduler.model import (
    Break,
    Lag,
    Mode,
    ModelError,
    Phase,
    Pin,
    Place,
    Plan,
    Promise,
    Route,
    Shift,
    Stop,
    Task,
    Visit,
    Weights,
    Window,
)
from tests.support.problems import HOUR, at, place, shift, stop, street, task, together, visit, window

Build = Callable[[], object]

ANY_TIME = (window(0, at(24)),)


def a_task(**changes: object) -> Task:
    return task("t", "p", 60).replace(**changes)


def a_shift(**changes: object) -> Shift:
    return shift("s", "ana", "home").replace(**changes)


def a_visit(**changes: object) -> Visit:
    return visit("v", task("t", "p", 60)).replace(**changes)


def a_break(**changes: object) -> Break:
    return Break(duration=1800, earliest_start=at(11), latest_end=at(14)).replace(**changes)


def promise(task: str) -> Promise:
    return Promise(task=task, nurse="ana", start=at(9))


def a_mode(**changes: object) -> Mode:
    return Mode(id="m", tasks=(task("t", "p", 60), task("u", "p", 60))).replace(**changes)


REFUSALS: list[tuple[str, str, Build]] = [
    ("place", "id", lambda: Place(id=" ", latitude=0, longitude=0)),
    ("place 'p'", "latitude", lambda: Place(id="p", latitude=90.1, longitude=0)),
    ("place 'p'", "latitude", lambda: Place(id="p", latitude=float("nan"), longitude=0)),
    ("place 'p'", "latitude", lambda: Place(id="p", latitude=True, longitude=0)),
    ("place 'p'", "longitude", lambda: Place(id="p", latitude=0, longitude=-180.1)),
    ("place 'p'", "longitude", lambda: Place(id="p", latitude=0, longitude="82 W")),  # type: ignore[arg-type]
    ("window", "earliest_start", lambda: window(-1, 5)),
    ("window", "latest_start", lambda: window(5, 4)),
    ("window", "latest_start", lambda: window(0, 10**9 + 1)),
    ("window", "latest_end", lambda: window(0, 5, -1)),
    ("window", "earliest_start", lambda: Window(earliest_start=1.5, latest_start=2)),  # type: ignore[arg-type]
    ("phase", "name", lambda: Phase(name="", duration=1)),
    ("phase 'infusion'", "duration", lambda: Phase(name="infusion", duration=-1)),
    ("task", "id", lambda: a_task(id="")),
    ("task 't'", "place", lambda: a_task(place="")),
    ("task 't'", "duration", lambda: a_task(duration=-1)),
    ("task 't'", "duration", lambda: a_task(duration=True)),
    ("task 't'", "credentials", lambda: a_task(credentials="rn")),
    ("task 't'", "credentials", lambda: a_task(credentials=frozenset({""}))),
    ("task 't'", "windows", lambda: a_task(windows=())),
    ("task 't'", "windows", lambda: a_task(windows=(window(5, 9), window(1, 2)))),
    ("task 't'", "windows", lambda: a_task(windows=(window(1, 2), window(5, 9, soft=True)))),
    ("task 't'", "windows", lambda: a_task(windows=(window(0, 10, HOUR - 1),))),
    ("task 't'", "phases", lambda: a_task(phases=(Phase(name="infusion", duration=HOUR - 1),))),
    ("lag 'a' to 'a'", "then", lambda: Lag(first="a", then="a")),
    ("lag 'a' to 'b'", "min_s", lambda: Lag(first="a", then="b", min_s=-1, max_s=5)),
    ("lag 'a' to 'b'", "max_s", lambda: Lag(first="a", then="b", min_s=6, max_s=5)),
    ("mode", "id", lambda: a_mode(id="")),
    ("mode 'm'", "tasks", lambda: a_mode(tasks=())),
    ("mode 'm'", "lags", lambda: a_mode(lags=(together("t", "elsewhere"),))),
    ("visit", "id", lambda: a_visit(id="")),
    ("visit 'v'", "modes", lambda: a_visit(modes=())),
    ("visit 'v'", "modes", lambda: a_visit(modes=(a_mode(), a_mode()))),
    ("visit 'v'", "drop_cost", lambda: a_visit(drop_cost=-1)),
    ("visit 'v'", "drop_cost", lambda: a_visit(drop_cost=10**12 + 1)),
    ("visit 'v'", "preferred_nurses", lambda: a_visit(preferred_nurses=frozenset({""}))),
    ("visit 'v'", "barred_nurses", lambda: a_visit(barred_nurses=["ana"])),
    (
        "visit 'v'",
        "barred_nurses",
        lambda: a_visit(barred_nurses=frozenset({"ana"}), preferred_nurses=frozenset({"ana", "ben"})),
    ),
    ("break", "duration", lambda: a_break(duration=0)),
    ("break", "earliest_start", lambda: a_break(earliest_start=-1)),
    ("break", "latest_end", lambda: a_break(latest_end=at(11, 29))),
    ("break", "miss_cost", lambda: a_break(miss_cost=-1)),
    ("shift", "id", lambda: a_shift(id="")),
    ("shift 's'", "nurse", lambda: a_shift(nurse="")),
    ("shift 's'", "start_place", lambda: a_shift(start_place="")),
    ("shift 's'", "end_place", lambda: a_shift(end_place="")),
    ("shift 's'", "start", lambda: a_shift(start=-1)),
    ("shift 's'", "end", lambda: a_shift(end=at(8))),
    ("shift 's'", "credentials", lambda: a_shift(credentials="rn")),
    ("shift 's'", "max_overtime", lambda: a_shift(max_overtime=-1)),
    ("shift 's'", "overtime_cost", lambda: a_shift(overtime_cost=-1)),
    ("shift 's'", "max_visits", lambda: a_shift(max_visits=-1)),
    ("shift 's'", "break_", lambda: a_shift(break_=a_break(), start=at(13, 31))),
    ("shift 's'", "break_", lambda: a_shift(break_=a_break(), end=at(11, 29))),
    ("pin", "task", lambda: Pin(task="", shift="s")),
    ("pin of 't'", "shift", lambda: Pin(task="t", shift="")),
    ("pin of 't'", "start", lambda: Pin(task="t", shift="s", start=-1)),
    ("weights", "travel", lambda: Weights(travel=-1)),
    ("weights", "lateness", lambda: Weights(lateness=-1)),
    ("weights", "worst_lateness", lambda: Weights(worst_lateness=-1)),
    ("weights", "not_preferred", lambda: Weights(not_preferred=-1)),
    ("stop", "task", lambda: stop("", 0, 0, 1)),
    ("stop 't'", "arrival", lambda: Stop(task="t", arrival=-1, start=0, end=1)),
    ("stop 't'", "start", lambda: Stop(task="t", arrival=0, start=-1, end=1)),
    ("stop 't'", "end", lambda: Stop(task="t", arrival=0, start=0, end=-1)),
    ("route", "shift", lambda: Route(shift="", departure=0, stops=(stop("t", 0, 0, 1),), finish=1)),
    ("route of 's'", "stops", lambda: Route(shift="s", departure=0, stops=(), finish=1)),
    (
        "route of 's'",
        "departure",
        lambda: Route(shift="s", departure=-1, stops=(stop("t", 0, 0, 1),), finish=1),
    ),
    ("route of 's'", "finish", lambda: Route(shift="s", departure=0, stops=(stop("t", 0, 0, 1),), finish=-1)),
    (
        "route of 's'",
        "break_start",
        lambda: Route(shift="s", departure=0, stops=(stop("t", 0, 0, 1),), finish=1, break_start=-1),
    ),
    ("plan", "unassigned", lambda: Plan(routes=(), unassigned=("",))),
    ("problem", "origin", lambda: street().replace(origin=datetime(2026, 11, 23))),
    (
        "problem",
        "origin",
        lambda: street().replace(origin=datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=-5)))),
    ),
    ("problem", "points_per_unit", lambda: street().replace(points_per_unit=0)),
    ("problem", "places", lambda: street().replace(places=(*street().places, place("p1", 3)))),
    (
        "problem",
        "visits",
        lambda: street().replace(visits=(*street().visits, visit("v1", task("x", "p1", 5)))),
    ),
    ("problem", "shifts", lambda: street().replace(shifts=street().shifts * 2)),
    (
        "problem",
        "tasks",
        lambda: street().replace(visits=(*street().visits, visit("v7", task("v1.1", "p1", 5)))),
    ),
    (
        "task 'x'",
        "place",
        lambda: street().replace(visits=(*street().visits, visit("v7", task("x", "nowhere", 5)))),
    ),
    ("shift 'x'", "start_place", lambda: street().replace(shifts=(shift("x", "ana", "nowhere"),))),
    (
        "shift 'x'",
        "end_place",
        lambda: street().replace(shifts=(shift("x", "ana", "ana-home").replace(end_place="nowhere"),)),
    ),
    ("pin of 'x'", "task", lambda: street().replace(pins=(Pin(task="x", shift="s-ana"),))),
    ("pin of 'v1.1'", "shift", lambda: street().replace(pins=(Pin(task="v1.1", shift="x"),))),
    (
        "problem",
        "pins",
        lambda: street().replace(pins=(Pin(task="v1.1", shift="s-ana"), Pin(task="v1.1", shift="s-ben"))),
    ),
    ("promise", "task", lambda: Promise(task="", nurse="n", start=0)),
    ("promise of 't'", "nurse", lambda: Promise(task="t", nurse=" ", start=0)),
    ("promise of 't'", "start", lambda: Promise(task="t", nurse="n", start=-1)),
    ("promise of 't'", "tolerance", lambda: Promise(task="t", nurse="n", start=0, tolerance=-1)),
    ("weights", "moved_start", lambda: Weights(moved_start=-1)),
    ("weights", "waiting", lambda: Weights(waiting=-1)),
    ("weights", "longest_idle", lambda: Weights(longest_idle=-1)),
    ("weights", "imbalance", lambda: Weights(imbalance=-1)),
    ("promise of 'x'", "task", lambda: street().replace(promises=(promise("x"),))),
    ("problem", "promises", lambda: street().replace(promises=(promise("v1.1"), promise("v1.1")))),
    ("visit 'v4'", "promises", lambda: street().replace(promises=(promise("v4.1"), promise("v4.2")))),
    (
        "visit 'v4'",
        "pins",
        lambda: street().replace(pins=(Pin(task="v4.1", shift="s-ana"), Pin(task="v4.2", shift="s-ben"))),
    ),
]


@pytest.mark.parametrize(
    ("record", "field", "build"), REFUSALS, ids=[f"{record}-{field}" for record, field, _ in REFUSALS]
)
def test_impossible_input_is_refused_by_record_and_field(record: str, field: str, build: Build) -> None:
    with pytest.raises(ModelError) as caught:
        build()
    assert (caught.value.record, caught.value.field) == (record, field)
    assert str(caught.value).startswith(f"{record}: {field}: ")
    assert len(caught.value.reason) > 5


def test_the_reason_names_the_value() -> None:
    with pytest.raises(ModelError, match=r"from -90 to 90 degrees, not 91"):
        Place(id="p", latitude=91, longitude=0)


def test_utc_by_another_name_is_utc() -> None:
    same = street().replace(origin=datetime(2026, 11, 23, tzinfo=timezone(timedelta(0), "Z")))
    assert same.origin == datetime(2026, 11, 23, tzinfo=UTC)
