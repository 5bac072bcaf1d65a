"""Whatever moves are made: a state that misses no rule is a plan without fault, at the cost it claims."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.check import check
from scheduler.model import Break, Lag, Mode, Place, Problem, Promise, Shift, Task, Visit, Weights, Window
from scheduler.solve.anneal import Tuning, pack
from scheduler.solve.anneal.anneal import Chain, price
from scheduler.solve.anneal.layout import FLOOR, MISSED, SHIFT, SKIP, STAMP
from scheduler.solve.anneal.schedule import plan_of
from scheduler.solve.anneal.state import empty_state, scratch_for, state_of
from scheduler.solve.anneal.tuning import mix_for
from scheduler.travel import GreatCircle
from tests.support.problems import HOUR, MINUTE, ORIGIN

WEIGHTS = Weights(
    travel=25, lateness=30, worst_lateness=7, not_preferred=9000, changed_nurse=70_000, moved_start=40_000
)


def a_day(rng: np.random.Generator, *, breaks: bool = True) -> Problem:
    """A small day that uses every rule of the model."""
    places = [
        Place(id=f"p{i}", latitude=40 + rng.normal() / 20, longitude=-83 + rng.normal() / 20)
        for i in range(14)
    ]
    shifts = tuple(a_shift(rng, k, breaks=breaks) for k in range(5))
    visits = tuple(a_visit(rng, i) for i in range(9))
    return Problem(
        origin=ORIGIN,
        places=tuple(places),
        visits=visits,
        shifts=shifts,
        weights=WEIGHTS,
        promises=tuple(a_promise(rng, task) for visit in visits[:5] for task in visit.modes[-1].tasks),
    )


def a_promise(rng: np.random.Generator, task: Task) -> Promise:
    """A promise that can be kept, or not; nurse n5 does not work."""
    start = task.windows[0].earliest_start + int(rng.integers(-1, 5)) * HOUR // 2
    nurse, tolerance = f"n{int(rng.integers(6))}", int(rng.choice([0, 900, HOUR]))
    return Promise(task=task.id, nurse=nurse, start=start, tolerance=tolerance)


def a_shift(rng: np.random.Generator, k: int, *, breaks: bool) -> Shift:
    start = int(rng.integers(6, 10)) * HOUR
    rest = Break(duration=30 * MINUTE, earliest_start=start + 2 * HOUR, latest_end=start + 6 * HOUR)
    return Shift(
        id=f"s{k}",
        nurse=f"n{k}",
        start_place=f"p{k}",
        end_place=f"p{int(rng.integers(14))}",
        start=start,
        end=start + int(rng.integers(6, 10)) * HOUR,
        credentials=frozenset({"rn", "picc"} if rng.random() < 0.6 else {"rn"}),
        break_=rest if breaks and rng.random() < 0.6 else None,
        max_overtime=int(rng.choice([0, HOUR])),
        overtime_cost=20,
        max_visits=int(rng.choice([2, 4])) if rng.random() < 0.5 else None,
    )


def a_visit(rng: np.random.Generator, i: int) -> Visit:
    place, earliest = f"p{5 + i}", int(rng.integers(6, 14)) * HOUR
    width, soft = int(rng.choice([0, 1, 3])) * HOUR, bool(rng.random() < 0.3)
    windows = [Window(earliest_start=earliest, latest_start=earliest + width, soft=soft)]
    if rng.random() < 0.4:
        later = earliest + width + HOUR
        windows.append(
            Window(earliest_start=later, latest_start=later + HOUR, latest_end=later + 3 * HOUR, soft=soft)
        )

    def one(name: str, minutes: int) -> Task:
        credentials = frozenset({"picc"} if rng.random() < 0.3 else {"rn"})
        return Task(
            id=f"v{i}.{name}",
            place=place,
            duration=minutes * MINUTE,
            windows=tuple(windows),
            credentials=credentials,
        )

    modes = [Mode(id="one", tasks=(one("1", 120),))]
    if rng.random() < 0.5:
        lag = Lag(first=f"v{i}.2", then=f"v{i}.3", min_s=0, max_s=int(rng.choice([0, HOUR])))
        lags = (lag,) if rng.random() < 0.8 else ()
        apart = bool(rng.random() < 0.6)
        two = Mode(id="two", tasks=(one("2", 60), one("3", 45)), lags=lags, distinct_nurses=apart)
        modes = [*modes, two] if rng.random() < 0.7 else [two]
    return Visit(
        id=f"v{i}",
        modes=tuple(modes),
        drop_cost=None if rng.random() < 0.2 else int(rng.choice([10**5, 10**6])),
        preferred_nurses=frozenset({"n1"} if rng.random() < 0.3 else ()),
        barred_nurses=frozenset({"n2"} if rng.random() < 0.2 else ()),
    )


def wandering(problem: Problem, seed: int) -> Chain:
    """A chain that has not moved yet, for a problem's tables."""
    tables = pack(problem, GreatCircle().matrix(problem.places)).tables
    return Chain(tables, mix_for(tables, Tuning()), empty_state(tables), scratch_for(tables, seed, 0), 50)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31))
def test_every_state_is_what_the_referee_sees(seed: int) -> None:
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


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31))
def test_moves_made_and_undone_leave_what_a_fresh_start_finds(seed: int) -> None:
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
