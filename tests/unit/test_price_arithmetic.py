"""Small sums of the bound, done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scheduler.solve.price import bound
from scheduler.solve.price.prices import Prices, plain
from scheduler.solve.price.tabulate import tabulate
from scheduler.solve.price.value import plan_cost
from tests.support.problems import STREET_PLAN_COST, street, street_matrix, street_plan


@pytest.mark.parametrize(
    ("value", "unit", "up"), [(0, 20, 0), (1, 20, 20), (20, 20, 20), (-1, 20, 0), (7, 1, 7)]
)
def test_a_bound_rises_to_the_next_cost_there_can_be(value: int, unit: int, up: int) -> None:
    assert bound.round_up(value, unit) == up


def test_a_floating_bound_loses_half_a_unit() -> None:
    assert bound.safe(100.0, 20) == 90.0
    assert bound.safe(0.2, 20) == 0.0
    assert bound.safe(math.inf, 20) == math.inf
    assert bound.safe(-math.inf, 20) == 0.0


def test_the_floating_tolerance_grows_with_the_bound() -> None:
    assert bound.safe(1e9, 1) == 1e9 - 1000


def test_without_prices_nothing_is_earned() -> None:
    tables = tabulate(street(), street_matrix(street()))
    none = plain(np.zeros(len(tables.task_ids), dtype=np.int64))
    assert none.of_visits(tables)[tables.visit_ids.index("v6")] == 0
    assert bound.lagrangian(tables, none, [5, 0, -7]) == -7


def test_a_visit_earns_its_cheapest_mode_or_its_drop_cost() -> None:
    tables = tabulate(street(), street_matrix(street()))
    handoff = tables.visit_ids.index("v4")
    prices = np.zeros(len(tables.task_ids), dtype=np.int64)
    through, shared = tables.choices[handoff]
    prices[through.tasks[0]] = 500
    prices[list(shared.tasks)] = 200
    assert plain(prices).of_visits(tables)[handoff] == 400
    prices[:] = 10**9
    assert plain(prices).of_visits(tables)[handoff] == tables.drop[handoff]


def test_a_part_makes_the_shift_dearer_and_the_choice_cheaper() -> None:
    tables = tabulate(street(), street_matrix(street()))
    shared = tables.choices[tables.visit_ids.index("v4")][1]
    tasks = np.full(len(tables.task_ids), 200, dtype=np.int64)
    part = ((1, shared.number),)
    prices = Prices(tasks, (), np.zeros(0, dtype=np.int64), part, np.array([30], dtype=np.int64))
    assert prices.of_choices(tables)[shared.number] == 370
    assert [mine[shared.tasks[0]] for mine in prices.of_shifts(tables)][:2] == [200, 170]
    assert prices.reduced(tables, prices.of_shifts(tables)[1], shared.tasks[:1], 1000) == 830


def test_a_cut_is_paid_once_by_a_route_with_two_of_its_posts() -> None:
    tables = tabulate(street(), street_matrix(street()), 1800)
    visits = [tables.visit_ids.index(name) for name in ("v1", "v2", "v3")]
    posts = [tables.posts_of[tables.choices[v][0].tasks[0]][0] for v in visits]
    none, price = np.zeros(0, dtype=np.int64), np.array([50], dtype=np.int64)
    tasks = np.zeros(len(tables.task_ids), dtype=np.int64)
    prices = Prices(tasks, ((posts[0], posts[1], posts[2]),), price, (), none)
    sliced = tables.choices[visits[2]]
    one, two = tables.choices[visits[0]][0].tasks[0], tables.choices[visits[1]][0].tasks[0]
    assert len(sliced) > 1
    assert prices.reduced(tables, tasks, (one,), 100) == 100
    for choice in sliced:
        assert prices.reduced(tables, tasks, (one, choice.tasks[0]), 100) == 150
        assert prices.reduced(tables, tasks, (one, choice.tasks[0], two), 100) == 150


def test_the_incumbent_costs_what_the_referee_says() -> None:
    problem = street()
    tables = tabulate(problem, street_matrix(problem), 1800)
    assert plan_cost(tables, street_plan()) == STREET_PLAN_COST
