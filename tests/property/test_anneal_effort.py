"""Where waiting, idleness, balance or missed breaks have prices, the annealing agrees with the referee."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.check import check
from scheduler.model import Problem, Shift
from scheduler.solve.anneal import Annealer, Tuning, pack
from scheduler.solve.anneal.anneal import Chain, price
from scheduler.solve.anneal.layout import MISSED
from scheduler.solve.anneal.schedule import plan_of
from scheduler.solve.anneal.state import empty_state, scratch_for
from scheduler.solve.anneal.tuning import mix_for
from scheduler.travel import GreatCircle
from tests.support.anneal_days import WEIGHTS, a_day


def a_priced_day(rng: np.random.Generator) -> Problem:
    """A day of `a_day` with some of these prices, breaks that may be missed, and fixed departures."""

    def changed(shift: Shift) -> Shift:
        rest = shift.break_
        if rest is not None and rng.random() < 0.6:
            rest = rest.replace(miss_cost=int(rng.choice([0, 10**4, 10**6])))
        return shift.replace(break_=rest, leaves_at_start=bool(rng.random() < 0.3))

    day = a_day(rng)
    weights = WEIGHTS.replace(
        travel=int(rng.choice([0, 25])),
        waiting=int(rng.choice([0, 1, 40])),
        longest_idle=int(rng.choice([0, 1, 90])),
        imbalance=int(rng.choice([0, 60, 1500])),
    )
    return day.replace(weights=weights, shifts=tuple(changed(shift) for shift in day.shifts))


@settings(max_examples=25)
@given(st.integers(0, 2**31))
def test_every_state_costs_what_the_referee_says(seed: int) -> None:
    problem = a_priced_day(np.random.default_rng(seed))
    matrix = GreatCircle().matrix(problem.places)
    packed = pack(problem, matrix)
    tables = packed.tables
    chain = Chain(tables, mix_for(tables, Tuning()), empty_state(tables), scratch_for(tables, seed, 0), 50)
    possible = [v for v, row in enumerate(tables.visit) if row[0] < row[1]]
    for moves in (1, 3, 10, 30, 100, 300, 1000, 3000):
        chain.run(200_000.0, moves)
        for state in (chain.state, chain.best):
            report = check(problem, matrix, plan_of(packed, state))
            ids = {problem.visits[v].id for v in possible}
            faults = [fault for fault in report.violations if fault.visit is None or fault.visit in ids]
            assert (int(state.total[MISSED]) == 0) == (not faults), faults
            assert report.cost is not None
            if not faults:
                assert report.cost.total == price(tables, state)


@settings(max_examples=5)
@given(st.integers(0, 2**31))
def test_the_cost_claimed_is_the_referees(seed: int) -> None:
    problem = a_priced_day(np.random.default_rng(seed))
    matrix = GreatCircle().matrix(problem.places)
    found = Annealer(pack(problem, matrix), Tuning(chains=1)).improve(moves=20_000, seed=seed)
    report = check(problem, matrix, found.plan)
    assert report.cost is not None
    if found.feasible:
        assert report.cost.total == found.cost
