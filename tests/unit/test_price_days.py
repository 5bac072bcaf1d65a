"""Pricing whole days: proofs, and when it gives up."""

from __future__ import annotations

import time

import numpy as np
import pytest

from benchmarks import infusion
from scheduler.check import check
from scheduler.model import Plan, Problem
from scheduler.solve.price import price, warm_up
from scheduler.solve.price.tabulate import tabulate
from scheduler.travel import TravelMatrix
from tests.support.problems import STREET_PLAN_COST, street, street_matrix, street_plan


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    warm_up()


def soon(seconds: float = 30) -> float:
    return time.monotonic() + seconds


def cost(problem: Problem, matrix: TravelMatrix, plan: Plan | None) -> int:
    assert plan is not None
    verdict = check(problem, matrix, plan)
    assert verdict.feasible, verdict.violations
    assert verdict.cost is not None
    return verdict.cost.total


def test_the_street_is_solved_to_the_end() -> None:
    problem, matrix = street(), street_matrix(street())
    found = price(problem, matrix, None, soon())
    assert cost(problem, matrix, found.plan) == found.cost == found.bound
    assert found.cost <= STREET_PLAN_COST


def test_a_plan_that_is_the_best_already_is_proved_and_not_found_again() -> None:
    problem, matrix = street(), street_matrix(street())
    best = price(problem, matrix, street_plan(), soon())
    again = price(problem, matrix, best.plan or street_plan(), soon())
    assert again.plan is None
    assert again.bound == (best.cost or STREET_PLAN_COST)


@pytest.mark.parametrize("region", sorted(infusion.REGIONS))
@pytest.mark.parametrize("handoffs", [False, True])
def test_a_small_infusion_day_is_proved_optimal(region: str, handoffs: bool) -> None:
    problem = infusion.day(15, region, 1, handoffs=handoffs)
    matrix = infusion.REGIONS[region].travel.matrix(problem.places)
    found = price(problem, matrix, None, soon(240))
    assert cost(problem, matrix, found.plan) == found.cost == found.bound


def test_a_programme_that_breaks_the_presolve_is_solved_all_the_same() -> None:
    problem = infusion.day(30, "country", 4, visits_per_nurse=infusion.ROOMY)
    problem = infusion.simpler(problem, breaks=False, overtime=False)
    matrix = infusion.REGIONS["country"].travel.matrix(problem.places)
    best = price(problem, matrix, None, soon())
    again = price(problem, matrix, best.plan, soon())
    assert again.bound == best.cost == best.bound


def test_the_same_day_twice() -> None:
    assert infusion.day(30, "city", 7, handoffs=True) == infusion.day(30, "city", 7, handoffs=True)
    assert infusion.day(30, "city", 7) != infusion.day(30, "city", 8)


def test_cancelling_ends_it_at_once() -> None:
    problem = infusion.day(60, "suburbs", 1)
    matrix = infusion.REGIONS["suburbs"].travel.matrix(problem.places)
    began = time.process_time()
    found = price(problem, matrix, None, soon(60), cancelled=lambda: True)
    assert time.process_time() - began < 10
    assert found.plan is None


def test_routes_too_long_to_price_are_given_up() -> None:
    problem = infusion.day(120, "city", 1)
    long = problem.replace(visits=tuple(_short(visit) for visit in problem.visits), shifts=problem.shifts[:5])
    matrix = infusion.REGIONS["city"].travel.matrix(problem.places)
    began = time.process_time()
    found = price(long, matrix, None, soon(60))
    assert (found.plan, found.bound) == (None, None)
    assert time.process_time() - began < 5


def _short(visit: infusion.Visit) -> infusion.Visit:
    """The same visit over in a quarter of a minute."""
    modes = tuple(
        mode.replace(tasks=tuple(task.replace(duration=15, phases=()) for task in mode.tasks))
        for mode in visit.modes
    )
    return visit.replace(modes=modes)


def test_a_tied_task_is_sliced_and_its_partner_with_it() -> None:
    problem = street()
    whole, sliced = (tabulate(problem, street_matrix(problem), width) for width in (None, 1800))
    pair = whole.visit_ids.index("v3")
    assert len(whole.choices[pair]) == 1
    assert len(sliced.choices[pair]) == 2
    for choice in sliced.choices[pair]:
        first, then = choice.tasks
        spans = [sliced.arrays.span[t] for t in (first, then)]
        assert sliced.arrays.first[spans[0]] == sliced.arrays.first[spans[1]]
        assert sliced.arrays.last[spans[0]] == sliced.arrays.last[spans[1]]
        assert sliced.arrays.last[spans[0]] - sliced.arrays.first[spans[0]] < 1801
    starts = [int(sliced.arrays.first[sliced.arrays.span[c.tasks[0]]]) for c in sliced.choices[pair]]
    assert np.diff(starts) > 0
