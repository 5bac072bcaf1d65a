"""Whatever moves are made: a state that misses no rule is a plan without fault, at the cost it claims."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.check import check
from scheduler.model import Problem
from scheduler.solve.anneal import Tuning, pack
from scheduler.solve.anneal.anneal import Chain, price
from scheduler.solve.anneal.layout import FLOOR, MISSED, SHIFT, SKIP, STAMP
from scheduler.solve.anneal.schedule import plan_of
from scheduler.solve.anneal.state import empty_state, scratch_for, state_of, state_of_plan
from scheduler.solve.anneal.tuning import mix_for
from scheduler.travel import GreatCircle
from tests.support.anneal_days import a_day, a_day_of_double_shifts

MakeDay = Callable[..., Problem]


def wandering(problem: Problem, seed: int) -> Chain:
    """A chain that has not moved yet, for a problem's tables."""
    tables = pack(problem, GreatCircle().matrix(problem.places)).tables
    return Chain(tables, mix_for(tables, Tuning()), empty_state(tables), scratch_for(tables, seed, 0), 50)


@pytest.mark.parametrize("a_day", [a_day, a_day_of_double_shifts])
@settings(max_examples=15)
@given(seed=st.integers(0, 2**31))
def test_every_state_is_what_the_referee_sees(seed: int, a_day: MakeDay) -> None:
    problem = a_day(np.random.default_rng(seed))
    matrix = GreatCircle().matrix(problem.places)
    packed = pack(problem, matrix)
    chain = wandering(problem, seed)
    impossible = {
        visit.id for visit, row in zip(problem.visits, packed.tables.visit, strict=True) if row[0] == row[1]
    }
    for moves in (1, 3, 10, 30, 100, 300, 1000, 3000):
        chain.run(200_000.0, moves)
        report = check(problem, matrix, plan_of(packed, chain.state))
        faults = [fault for fault in report.violations if fault.visit not in impossible]
        assert (int(chain.state.total[MISSED]) == 0) == (not faults), faults
        assert report.cost is not None
        if not faults:
            assert report.cost.total == price(packed.tables, chain.state)


@pytest.mark.parametrize("a_day", [a_day, a_day_of_double_shifts])
@settings(max_examples=15)
@given(seed=st.integers(0, 2**31))
def test_moves_made_and_undone_leave_what_a_fresh_start_finds(seed: int, a_day: MakeDay) -> None:
    problem = a_day(np.random.default_rng(seed), breaks=False)
    chain = wandering(problem, seed)
    for temperature in (1e6, 1e4, 0.0):
        chain.run(temperature, 2000)
        state = chain.state
        fresh = state_of(chain.tables, state.task[:, SHIFT].copy(), state.key, state.task[:, FLOOR].copy())
        assert fresh.total.tolist() == state.total.tolist()
        served = state.task[:, SHIFT] >= 0
        assert (fresh.task[served, :STAMP] == state.task[served, :STAMP]).all()
        assert (fresh.shift[:, :SKIP] == state.shift[:, :SKIP]).all()


@pytest.mark.parametrize("a_day", [a_day, a_day_of_double_shifts])
@settings(max_examples=15)
@given(seed=st.integers(0, 2**31))
def test_a_plan_to_begin_with_is_taken_over_whole(seed: int, a_day: MakeDay) -> None:
    problem = a_day(np.random.default_rng(seed))
    packed = pack(problem, GreatCircle().matrix(problem.places))
    chain = wandering(problem, seed)
    for moves in (10, 100, 1000, 3000):
        chain.run(200_000.0, moves)
        state = chain.state
        if state.total[MISSED] == 0:
            again = state_of_plan(packed, plan_of(packed, state))
            assert again.total[MISSED] == 0
            assert price(packed.tables, again) <= price(packed.tables, state)
