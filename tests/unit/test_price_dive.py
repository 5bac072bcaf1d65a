"""Dives: the end of a hasty one, chosen at one go as cheaply as the routes known allow; one short of time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import infusion
from scheduler.check import check
from scheduler.model import promises_of
from scheduler.solve import Limits
from scheduler.solve.engine import EngineSolver
from scheduler.solve.price import warm_up
from scheduler.solve.price.dive import Dive
from scheduler.solve.price.master import Master, Relaxed, RouteColumn
from scheduler.solve.price.shifts import Shifts
from scheduler.solve.price.tables import Tables
from scheduler.solve.price.tabulate import tabulate
from scheduler.solve.price.tail import best_tail
from tests.support.problems import at, shift, street_matrix, task, visit, window
from tests.support.solver_scenarios import problem

VISITS, SHIFTS = 4, 3
MANY_SECONDS = 60.0


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    warm_up()


@pytest.fixture(scope="module")
def left() -> Tables:
    """Four visits and three shifts."""
    stays = tuple(
        visit(f"v{n}", task(f"v{n}.1", f"m{10 * n}", 60, window(at(8), at(14))), dollars=500 + 100 * n)
        for n in range(VISITS)
    )
    day = problem(stays, tuple(shift(f"s{k}", f"n{k}", "m0") for k in range(SHIFTS)))
    return tabulate(day, street_matrix(day), None)


def relaxed(tables: Tables, routes: list[RouteColumn]) -> Relaxed:
    master = Master(tables, [drop or 0 for drop in tables.drop])
    master.add_routes(routes)
    solved = master.solve()
    assert solved is not None
    return solved


routes_known = st.dictionaries(
    st.tuples(
        st.integers(0, SHIFTS - 1),
        st.lists(st.integers(0, VISITS - 1), min_size=1, max_size=3, unique=True).map(tuple),
    ),
    st.integers(0, 4_000_000),
    min_size=1,
    max_size=12,
).map(lambda known: [RouteColumn(k, tasks, cost) for (k, tasks), cost in known.items()])


def price_of(tables: Tables, chosen: list[RouteColumn]) -> int | None:
    """What a choice costs with the drops of visits left out; None where it is none."""
    done = [t for route in chosen for t in route.tasks]
    if len(done) != len(set(done)) or len({route.shift for route in chosen}) < len(chosen):
        return None
    drops = sum(tables.drop[v] or 0 for v in range(VISITS) if v not in done)
    return drops + sum(route.cost for route in chosen)


@settings(max_examples=60, deadline=None)
@given(routes=routes_known, data=st.data())
def test_the_cheapest_of_all_choices_is_found(
    left: Tables, routes: list[RouteColumn], data: st.DataObject
) -> None:
    hint = {(route.shift, route.tasks) for route in routes if data.draw(st.booleans())}
    chosen = best_tail(left, relaxed(left, routes), routes, range(VISITS), hint, MANY_SECONDS)
    prices = (
        price_of(left, list(some)) for count in range(SHIFTS + 1) for some in combinations(routes, count)
    )
    assert price_of(left, chosen) == min(price for price in prices if price is not None)


@pytest.mark.parametrize("hasty", [False, True])
@pytest.mark.parametrize("looks", range(1, 45, 3))
def test_a_dive_whose_time_is_over_takes_what_the_last_lp_says(looks: int, hasty: bool) -> None:
    day = infusion.day(30, "city", 2)
    matrix = infusion.REGIONS["city"].travel.matrix(day.places)
    tables = tabulate(day, matrix, None)
    clock = iter([MANY_SECONDS] * looks)
    with ThreadPoolExecutor(2) as pool:
        shifts = Shifts(tables, pool, lambda: False)
        master = Master(tables, [drop or 0 for drop in tables.drop])
        first = frozenset({0, 7})
        found = Dive(tables, master, shifts, lambda: next(clock, 0.0), hasty=hasty, first=first).plan()
    assert found is not None
    assert check(day, matrix, found.plan).feasible


@pytest.mark.parametrize(("looks", "hurried"), [(1000, False), (60, True), (40, True)])
def test_a_dive_short_of_time_takes_bigger_steps_and_serves_all(looks: int, hurried: bool) -> None:
    day = infusion.day(60, "city", 2)
    matrix = infusion.REGIONS["city"].travel.matrix(day.places)
    tables = tabulate(day, matrix, None)
    clock = iter(range(looks, 0, -1))
    with ThreadPoolExecutor(2) as pool:
        shifts = Shifts(tables, pool, lambda: False)
        master = Master(tables, [drop or 0 for drop in tables.drop])
        dive = Dive(tables, master, shifts, lambda: float(next(clock, 0)))
        found = dive.plan()
    assert dive.hurried == hurried
    assert found is not None and not found.missing
    assert found.plan.unassigned == ()
    assert check(day, matrix, found.plan).feasible


def test_a_rushed_re_plan_finds_places_for_all_of_a_lost_nurses_visits() -> None:
    day = infusion.day(60, "suburbs", 2, visits_per_nurse=infusion.ROOMY)
    matrix = infusion.REGIONS["suburbs"].travel.matrix(day.places)
    before = EngineSolver().solve(day, matrix, Limits(seconds=20))
    lost = max(before.plan.routes, key=lambda route: len(route.stops)).shift
    gone = day.replace(shifts=tuple(own for own in day.shifts if own.id != lost))
    told = gone.replace(promises=promises_of(before.plan, day, gone), worths=before.worths)
    after = EngineSolver().solve(told, matrix, Limits(seconds=0.049 * 60))
    verdict = check(told, matrix, after.plan)
    assert verdict.feasible
    assert verdict.cost is not None and verdict.cost.total == after.cost
    assert len(after.plan.unassigned) <= len(before.plan.unassigned)
