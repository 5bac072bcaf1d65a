"""Small sums of the bound, done by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scheduler.solve.price import bound
from scheduler.solve.price.tables import tabulate
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
    none = np.zeros(len(tables.task_ids), dtype=np.int64)
    visit_without_nurse = [v for v, name in enumerate(tables.visit_ids) if name == "v6"]
    assert bound.visit_price(tables, visit_without_nurse[0], none) == 0
    assert bound.lagrangian(tables, none, [5, 0, -7], np.zeros(0, dtype=np.int64)) == -7


def test_a_visit_earns_its_cheapest_mode_or_its_drop_cost() -> None:
    tables = tabulate(street(), street_matrix(street()))
    handoff = tables.visit_ids.index("v4")
    prices = np.zeros(len(tables.task_ids), dtype=np.int64)
    through, shared = tables.choices[handoff]
    prices[through.tasks[0]] = 500
    prices[list(shared.tasks)] = 200
    assert bound.visit_price(tables, handoff, prices) == 400
    prices[:] = 10**9
    assert bound.visit_price(tables, handoff, prices) == tables.drop[handoff]


def test_the_incumbent_costs_what_the_referee_says() -> None:
    problem = street()
    tables = tabulate(problem, street_matrix(problem), 1800)
    assert plan_cost(tables, street_plan()) == STREET_PLAN_COST
