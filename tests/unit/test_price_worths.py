"""What tasks are worth: handed from one solve to the next, and never more than a hint."""

from __future__ import annotations

import time

import pytest

from benchmarks import infusion
from scheduler.check import check
from scheduler.model import Worth
from scheduler.solve import Limits
from scheduler.solve.engine import EngineSolver
from scheduler.solve.price import price, warm_up
from tests.support.problems import street, street_matrix

SECONDS = 60.0


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    warm_up()


def test_a_priced_day_says_what_its_tasks_were_worth() -> None:
    given = infusion.day(15, "city", 1)
    matrix = infusion.REGIONS["city"].travel.matrix(given.places)
    solved = EngineSolver().solve(given, matrix, Limits(seconds=SECONDS))
    served = {stop.task for route in solved.plan.routes for stop in route.stops}
    known = {worth.task: worth.points for worth in solved.worths}
    assert known.keys() <= given.task_by_id.keys()
    assert served & known.keys()
    assert all(points > 0 for points in known.values())


@pytest.mark.parametrize("points", [0, 1, 10**9])
def test_no_hint_changes_what_is_proved(points: int) -> None:
    given, matrix = street(), street_matrix(street())
    best = price(given, matrix, None, time.monotonic() + SECONDS)
    worths = tuple(Worth(task=task, points=points) for task in given.task_by_id)
    again = price(given.replace(worths=worths), matrix, None, time.monotonic() + SECONDS)
    assert (again.cost, again.bound) == (best.cost, best.bound)


def test_a_hint_about_a_task_that_is_not_there_is_passed_over() -> None:
    gone = Worth(task="gone.1", points=5)
    given = street().replace(worths=(gone,))
    solved = EngineSolver().solve(given, street_matrix(given), Limits(seconds=0.1))
    assert check(given, street_matrix(given), solved.plan).feasible
    plain = EngineSolver().solve(street(), street_matrix(street()), Limits(seconds=SECONDS))
    assert plain.cost == plain.bound
    hinted = EngineSolver().solve(given, street_matrix(given), Limits(seconds=SECONDS))
    assert (hinted.cost, hinted.bound) == (plain.cost, plain.bound)


def test_with_hints_fewer_routes_make_the_same_relaxation() -> None:
    given = infusion.day(60, "suburbs", 1)
    matrix = infusion.REGIONS["suburbs"].travel.matrix(given.places)
    first = price(given, matrix, None, time.monotonic() + SECONDS)
    hinted = given.replace(worths=first.worths)
    rounds: list[str] = []
    price(given, matrix, None, time.monotonic() + SECONDS, lambda progress: rounds.append(progress.stage))
    with_hints: list[str] = []
    again = price(
        hinted, matrix, None, time.monotonic() + SECONDS, lambda progress: with_hints.append(progress.stage)
    )
    assert again.bound == first.bound
    assert with_hints.count("price") < rounds.count("price")
