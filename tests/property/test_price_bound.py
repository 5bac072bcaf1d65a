"""The proven bound against every plan there is, on days small enough to try them all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.check import check
from scheduler.model import (
    Break,
    Lag,
    Mode,
    Pin,
    Place,
    Plan,
    Problem,
    Promise,
    Shift,
    Supply,
    Task,
    Visit,
    Weights,
    Window,
    Worth,
)
from scheduler.solve.price import choices, choose, halves, price, shifts, tree, warm_up
from scheduler.solve.price.schedule import Variant, settle, variants
from scheduler.solve.price.tables import Tables
from scheduler.solve.price.tabulate import tabulate
from scheduler.travel import TravelMatrix

MINUTE = 60
PLACES = 6


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    warm_up()


@st.composite
def days(draw: st.DrawFn) -> tuple[Problem, TravelMatrix]:
    """Two or three shifts, up to four visits with pairs, hand-offs, breaks, soft windows, pins, stock: any of
    it."""
    minutes = st.integers(min_value=0, max_value=60)
    seconds = np.array(draw(st.lists(minutes, min_size=PLACES**2, max_size=PLACES**2)), dtype=np.int64)
    seconds = seconds.reshape(PLACES, PLACES) * MINUTE
    np.fill_diagonal(seconds, 0)
    soft = draw(st.booleans())
    visits = tuple(draw(_visits(v, soft)) for v in range(draw(st.integers(1, 4))))
    shifts = tuple(draw(_shifts(k)) for k in range(draw(st.integers(1, 3))))
    tasks = [task.id for visit in visits for task in visit.tasks]
    pins: tuple[Pin, ...] = ()
    if draw(st.integers(0, 4)) == 0:
        start = draw(st.one_of(st.none(), st.integers(60, 300).map(lambda n: n * MINUTE)))
        pins = (Pin(task=draw(st.sampled_from(tasks)), shift=shifts[-1].id, start=start),)
    problem = Problem(
        origin=datetime(2026, 1, 5, tzinfo=UTC),
        places=tuple(Place(id=f"p{i}", latitude=0.0, longitude=i / 100) for i in range(PLACES)),
        visits=visits,
        shifts=shifts,
        pins=pins,
        weights=Weights(
            travel=draw(st.sampled_from([1, 7, 40])),
            lateness=draw(st.sampled_from([0, 3, 11])) if soft else 0,
            worst_lateness=draw(st.sampled_from([0, 5])) if soft else 0,
            not_preferred=draw(st.sampled_from([0, 900])),
            changed_nurse=draw(st.sampled_from([0, 7_000])),
            moved_start=draw(st.sampled_from([0, 5_000])),
        ),
        promises=draw(_promises(visits)),
        worths=tuple(
            Worth(task=task, points=draw(st.integers(0, 200_000))) for task in tasks if draw(st.booleans())
        ),
    )
    return problem, TravelMatrix([place.id for place in problem.places], seconds)


@st.composite
def _promises(draw: st.DrawFn, visits: tuple[Visit, ...]) -> tuple[Promise, ...]:
    told = [visit for visit in visits if draw(st.integers(0, 2)) == 0]
    return tuple(
        Promise(
            task=task.id,
            nurse=draw(st.sampled_from(["n0", "n1", "n9"])),
            start=draw(st.integers(0, 400)) * MINUTE,
        )
        for visit in told
        for task in draw(st.sampled_from(visit.modes)).tasks
    )


@st.composite
def _windows(draw: st.DrawFn, soft: bool) -> tuple[Window, ...]:
    found = []
    soft = soft and draw(st.booleans())
    for first in sorted(draw(st.lists(st.integers(0, 300), min_size=1, max_size=2))):
        found.append(
            Window(
                earliest_start=first * MINUTE,
                latest_start=(first + draw(st.integers(0, 120))) * MINUTE,
                soft=soft,
            )
        )
    return tuple(found)


def _supplies(low: int, high: int) -> st.SearchStrategy[tuple[Supply, ...]]:
    """Kits, vials, both or neither."""
    units = st.dictionaries(st.sampled_from(["kit", "vial"]), st.integers(low, high))
    return units.map(lambda found: tuple(Supply(item=item, units=found[item]) for item in sorted(found)))


@st.composite
def _visits(draw: st.DrawFn, number: int, soft: bool) -> Visit:
    def task(n: int) -> Task:
        return Task(
            id=f"v{number}.{n}",
            place=f"p{draw(st.integers(2, PLACES - 1))}",
            duration=draw(st.integers(10, 90)) * MINUTE,
            windows=draw(_windows(soft)),
            credentials=frozenset(draw(st.sampled_from([(), ("a",), ("b",)]))),
            uses=draw(_supplies(0, 2)),
        )

    modes = []
    kind = draw(st.sampled_from(["one", "one", "pair", "either"]))
    if kind != "pair":
        modes.append(Mode(id="one", tasks=(task(0),)))
    if kind != "one":
        low = draw(st.integers(0, 60)) * MINUTE
        high = low + draw(st.sampled_from([0, 20, 90])) * MINUTE
        lag = Lag(first=f"v{number}.1", then=f"v{number}.2", min_s=low, max_s=high)
        modes.append(
            Mode(id="two", tasks=(task(1), task(2)), lags=(lag,), distinct_nurses=draw(st.booleans()))
        )
    nurses = frozenset(draw(st.sets(st.sampled_from(["n0", "n1"]))))
    return Visit(
        id=f"v{number}",
        modes=tuple(modes),
        drop_cost=draw(st.sampled_from([0, 5_000, 100_000, 300_000])),
        preferred_nurses=nurses,
        barred_nurses=frozenset({"n2"}) if draw(st.integers(0, 5)) == 0 else frozenset(),
    )


@st.composite
def _shifts(draw: st.DrawFn, number: int) -> Shift:
    start = draw(st.integers(0, 120))
    end = start + draw(st.integers(120, 480))
    rest = None
    if draw(st.booleans()):
        first = start + draw(st.integers(0, 60))
        last = first + 20 + draw(st.integers(0, 100))
        if last <= end:
            rest = Break(duration=20 * MINUTE, earliest_start=first * MINUTE, latest_end=last * MINUTE)
    return Shift(
        id=f"s{number}",
        nurse=f"n{number}",
        start_place="p0",
        end_place=draw(st.sampled_from(["p0", "p1"])),
        start=start * MINUTE,
        end=end * MINUTE,
        credentials=frozenset(draw(st.sampled_from([("a",), ("a", "b")]))),
        break_=rest,
        max_overtime=draw(st.sampled_from([0, 60])) * MINUTE,
        overtime_cost=draw(st.sampled_from([0, 30])),
        max_visits=draw(st.sampled_from([None, 1, 3])),
        stock=draw(st.one_of(st.just(()), _supplies(0, 5))),
    )


def every_plan(problem: Problem, tables: Tables) -> Iterator[list[list[int]]]:
    """Every way to choose modes or drop visits, give tasks to shifts and order them."""
    ways = [(None, *choices) for choices in tables.choices]
    for chosen in product(*ways):
        tasks = [task for choice in chosen if choice is not None for task in choice.tasks]
        for homes in product(range(len(problem.shifts)), repeat=len(tasks)):
            groups = [
                [t for t, k in zip(tasks, homes, strict=True) if k == s] for s in range(len(problem.shifts))
            ]
            if all(len(group) <= 4 for group in groups):
                yield groups


def optimum(problem: Problem, matrix: TravelMatrix) -> int:
    """The least cost of a plan that the referee passes, all of them tried."""
    tables = tabulate(problem, matrix)
    known: dict[tuple[int, tuple[int, ...]], list[Variant]] = {}

    def timed(k: int, group: list[int]) -> list[Variant]:
        for order in permutations(group):
            if (k, order) not in known:
                known[k, order] = list(variants(tables, k, order))
        return [variant for order in permutations(group) for variant in known[k, order]]

    best = 2**62
    for groups in every_plan(problem, tables):
        if all(tables.able[k, t] for k, group in enumerate(groups) for t in group):
            for routes in product(*(timed(k, group) for k, group in enumerate(groups) if group)):
                best = min(best, _judged(problem, matrix, tables, routes, best))
    return best


def _judged(
    problem: Problem, matrix: TravelMatrix, tables: Tables, routes: Sequence[Variant], best: int
) -> int:
    """The cost of a plan that the referee passes; `best` where there is none or none as cheap."""
    made = settle(tables, routes)
    if made is None or made.missing or made.cost >= best:
        return best
    verdict = check(problem, matrix, made.plan)
    return verdict.cost.total if verdict.feasible and verdict.cost is not None else best


def _first_two(problem: Problem) -> Problem:
    visits = problem.visits[:2]
    tasks = {task.id for visit in visits for task in visit.tasks}
    told = tuple(promise for promise in problem.promises if promise.task in tasks)
    return problem.replace(visits=visits, pins=(), promises=told)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(days())
def test_the_bound_never_exceeds_the_best_plan(day: tuple[Problem, TravelMatrix]) -> None:
    problem, matrix = day
    if sum(len(visit.tasks) for visit in problem.visits) > 6:
        problem = _first_two(problem)
    found = price(problem, matrix, None, time.monotonic() + 3)
    best = optimum(problem, matrix)
    assert found.bound is not None
    assert found.bound <= best
    if found.plan is not None:
        verdict = check(problem, matrix, found.plan)
        assert verdict.feasible, verdict.violations
        assert verdict.cost is not None
        assert verdict.cost.total == found.cost
        assert found.cost >= best


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(days())
def test_an_incumbent_changes_nothing_in_the_bounds_validity(day: tuple[Problem, TravelMatrix]) -> None:
    problem, matrix = day
    problem = _first_two(problem)
    nobody = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    found = price(problem, matrix, nobody, time.monotonic() + 3)
    best = optimum(problem, matrix)
    verdict = check(problem, matrix, nobody)
    assert verdict.cost is not None
    assert found.bound is not None
    assert found.bound <= best
    assert (found.cost if found.cost is not None else verdict.cost.total) >= best


@pytest.fixture(params=["nodes", "pools", "columns"])
def cut_short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits so tight that hardly any list of routes is whole."""
    if request.param == "nodes":
        monkeypatch.setattr(shifts, "MOST_NODES", 2)
        monkeypatch.setattr(shifts, "MOST_NODES_WITHIN", 4)
    if request.param == "pools":
        monkeypatch.setattr(choices, "TO_PROVE", 2)
        monkeypatch.setattr(choices, "TO_IMPROVE", 1)
    if request.param == "columns":
        monkeypatch.setattr(choose, "MOST_COLUMNS", 2)


@pytest.mark.usefixtures("cut_short")
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(days())
def test_routes_left_out_for_want_of_room_never_make_the_bound_too_high(
    day: tuple[Problem, TravelMatrix],
) -> None:
    problem, matrix = day
    problem = _first_two(problem)
    found = price(problem, matrix, None, time.monotonic() + 3)
    best = optimum(problem, matrix)
    assert found.bound is not None
    assert found.bound <= best


@pytest.fixture(params=["settled", "alone", "cut short"])
def branching(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts are split where a choice would have proved the plan at once; at the end with no choice at all, or
    with lists of routes that are not whole."""
    monkeypatch.setattr(choices.Choices, "prove", lambda _: None)
    monkeypatch.setattr(halves, "MIXED", 0.001)
    if request.param != "settled":
        monkeypatch.setattr(choices.Choices, "settle", lambda *_, **__: None)
    if request.param == "cut short":
        monkeypatch.setattr(shifts, "MOST_NODES", 3)
    monkeypatch.setattr(tree, "FAR", 1)


@pytest.mark.usefixtures("branching")
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(days())
def test_parts_of_the_plans_never_make_the_bound_too_high(day: tuple[Problem, TravelMatrix]) -> None:
    problem, matrix = day
    if sum(len(visit.tasks) for visit in problem.visits) > 6:
        problem = _first_two(problem)
    nobody = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    found = price(problem, matrix, nobody, time.monotonic() + 0.7)
    assert found.bound is not None
    assert found.bound <= optimum(problem, matrix)
