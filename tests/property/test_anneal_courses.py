"""Over several days: a state that misses no rule is a plan without fault, at the cost it claims."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.courses import REGION, course
from scheduler.check import check
from scheduler.model import Problem
from scheduler.solve import Limits
from scheduler.solve.anneal import Tuning, pack
from scheduler.solve.anneal.anneal import Chain, price
from scheduler.solve.anneal.layout import (
    DROPPED,
    FLOOR,
    LEDGER_STAMP,
    MISSED,
    PREFERENCE,
    SHIFT,
    SKIP,
    STAMP,
    TRAVEL,
    UNSERVED,
)
from scheduler.solve.anneal.schedule import plan_of
from scheduler.solve.anneal.state import empty_state, scratch_for, state_of
from scheduler.solve.anneal.tuning import mix_for
from scheduler.solve.day import Day, without
from scheduler.solve.engine import EngineSolver


def a_course(seed: int) -> Problem:
    """A small course, without the visits that nobody can serve."""
    problem = course(patients=6, nurses=5, days=5 + seed % 4, seed=seed)
    return without(problem, Day.of(problem, REGION.travel.matrix(problem.places)).unservable)


def wandering(problem: Problem, seed: int) -> Chain:
    """A chain that has not moved yet."""
    tables = pack(problem, REGION.travel.matrix(problem.places)).tables
    mix = mix_for(tables, Tuning(mix={**Tuning().mix, "series": 0.3}))
    return Chain(tables, mix, empty_state(tables), scratch_for(tables, seed, 0), 50)


@settings(max_examples=12)
@given(st.integers(0, 2**31))
def test_a_state_that_misses_no_rule_is_a_plan_without_fault(seed: int) -> None:
    problem = a_course(seed)
    matrix = REGION.travel.matrix(problem.places)
    packed = pack(problem, matrix)
    chain = wandering(problem, seed)
    for temperature in (1e7, 1e6, 1e5, 1e4):
        for moves in (1, 10, 100, 1000, 3000):
            chain.run(temperature, moves)
            for state in (chain.state, chain.best):
                report = check(problem, matrix, plan_of(packed, state))
                if int(state.total[MISSED]) == 0:
                    assert not report.violations
                    assert report.cost is not None
                    assert report.cost.total == price(packed.tables, state)


@settings(max_examples=12)
@given(st.integers(0, 2**31))
def test_a_rule_missed_is_a_fault(seed: int) -> None:
    problem = a_course(seed).replace(rest_s=0)
    matrix = REGION.travel.matrix(problem.places)
    packed = pack(problem, matrix)
    chain = wandering(problem, seed)
    for moves in (1, 10, 100, 1000, 3000):
        chain.run(1e6, moves)
        report = check(problem, matrix, plan_of(packed, chain.state))
        assert (int(chain.state.total[MISSED]) == 0) == (not report.violations), report.violations


@settings(max_examples=12)
@given(st.integers(0, 2**31))
def test_moves_made_and_undone_leave_what_a_fresh_start_finds(seed: int) -> None:
    problem = a_course(seed)
    problem = problem.replace(shifts=tuple(shift.replace(break_=None) for shift in problem.shifts))
    chain = wandering(problem, seed)
    for penalty in (10, 100, 1000, 10_000, 100_000):
        chain.penalty = penalty
        chain.run(1e5, 2000)
        state = chain.state
        fresh = state_of(chain.tables, state.task[:, SHIFT].copy(), state.key, state.task[:, FLOOR].copy())
        for total in (TRAVEL, PREFERENCE, DROPPED, UNSERVED):
            assert fresh.total[total] == state.total[total]
        if state.total[MISSED] > 0:
            continue  # who waits for whom, where a spacing cannot be kept, depends on what came first
        assert fresh.total.tolist() == state.total.tolist()
        served = state.task[:, SHIFT] >= 0
        assert (fresh.task[served, :STAMP] == state.task[served, :STAMP]).all()
        assert (fresh.shift[:, :SKIP] == state.shift[:, :SKIP]).all()
        assert (fresh.ledger[:, :LEDGER_STAMP] == state.ledger[:, :LEDGER_STAMP]).all()


@settings(max_examples=4)
@given(st.integers(0, 2**31))
def test_the_engines_plan_of_a_course_is_the_referees(seed: int) -> None:
    problem = course(patients=8, nurses=5, days=5 + seed % 6, seed=seed)
    matrix = REGION.travel.matrix(problem.places)
    solution = EngineSolver().solve(problem, matrix, Limits(seconds=1.5, seed=seed)).whole()
    report = check(problem, matrix, solution.plan)
    assert not report.violations
    assert report.cost is not None
    assert report.cost.total == solution.cost
