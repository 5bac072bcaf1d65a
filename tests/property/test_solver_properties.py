"""Random small problems with every rule in them: the plan is feasible, rightly priced, and the best one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.check import Code, check
from scheduler.model import Break, Lag, Mode, Pin, Problem, Promise, Shift, Task, Visit, Weights, Window
from scheduler.solve import Limits
from scheduler.solve.cp_sat import CpSatSolver
from tests.support.brute_force import best_cost
from tests.support.fake_solver import GreedySolver
from tests.support.problems import MINUTE, at, street_matrix
from tests.support.solver_scenarios import PLACES, problem

_places = st.sampled_from([place.id for place in PLACES])
_minutes = st.integers(0, 300).map(lambda minutes: at(8) + minutes * MINUTE)
_skills = st.sets(st.sampled_from(["picc", "acls"]), max_size=1).map(frozenset)


@st.composite
def _windows(draw: st.DrawFn, duration: int) -> tuple[Window, ...]:
    soft = draw(st.booleans())
    windows = []
    for earliest in sorted(draw(st.sets(_minutes, min_size=1, max_size=2))):
        latest = earliest + draw(st.integers(0, 120)) * MINUTE
        end = draw(st.none() | st.integers(earliest + duration, latest + duration))
        windows.append(Window(earliest_start=earliest, latest_start=latest, latest_end=end, soft=soft))
    return tuple(windows)


@st.composite
def _tasks(draw: st.DrawFn, name: str, place: str) -> Task:
    duration = draw(st.integers(0, 150)) * MINUTE
    windows = draw(_windows(duration))
    return Task(id=name, place=place, duration=duration, windows=windows, credentials=draw(_skills))


@st.composite
def _modes(draw: st.DrawFn, name: str) -> Mode:
    place = draw(_places)
    tasks = tuple(draw(_tasks(f"{name}.{i}", place)) for i in range(draw(st.integers(1, 2))))
    low, high = sorted(draw(st.lists(st.integers(0, 120), min_size=2, max_size=2)))
    lags = [Lag(first=tasks[0].id, then=task.id, min_s=low * 60, max_s=high * 60) for task in tasks[1:]]
    return Mode(id=name, tasks=tasks, lags=tuple(lags), distinct_nurses=draw(st.booleans()))


@st.composite
def _visits(draw: st.DrawFn, name: str) -> Visit:
    modes = tuple(draw(_modes(f"{name}{letter}")) for letter in "ab"[: draw(st.integers(1, 2))])
    liked = draw(st.sets(st.sampled_from(["n0", "n1"]), max_size=1).map(frozenset))
    barred = draw(st.sets(st.sampled_from(["n0", "n1"]), max_size=1).map(frozenset))
    drop_cost = draw(st.none() | st.integers(0, 10**6))
    return Visit(
        id=name, modes=modes, drop_cost=drop_cost, preferred_nurses=liked - barred, barred_nurses=barred
    )


@st.composite
def _shifts(draw: st.DrawFn, number: int) -> Shift:
    start, length = draw(_minutes), draw(st.integers(60, 480)) * MINUTE
    overtime = draw(st.integers(0, 120)) * MINUTE
    rest = None
    if draw(st.booleans()):
        duration = draw(st.integers(1, 60)) * MINUTE
        earliest = start + draw(st.integers(0, length + overtime - duration))
        latest_end = draw(st.integers(earliest + duration, start + length + overtime))
        rest = Break(duration=duration, earliest_start=earliest, latest_end=latest_end)
    return Shift(
        id=f"s{number}",
        nurse=f"n{number}",
        start_place=draw(_places),
        end_place=draw(_places),
        start=start,
        end=start + length,
        credentials=draw(_skills) | draw(_skills),
        break_=rest,
        max_overtime=overtime,
        overtime_cost=draw(st.integers(0, 50)),
        max_visits=draw(st.none() | st.integers(0, 3)),
    )


@st.composite
def _problems(draw: st.DrawFn) -> Problem:
    visits = tuple(draw(_visits(f"v{i}")) for i in range(draw(st.integers(0, 3))))
    shifts = tuple(draw(_shifts(i)) for i in range(draw(st.integers(0, 2))))
    pins = []
    if visits and shifts and draw(st.booleans()):
        task = draw(st.sampled_from(visits[0].tasks))
        pins.append(
            Pin(task=task.id, shift=draw(st.sampled_from(shifts)).id, start=draw(st.none() | _minutes))
        )
    weights = Weights(
        travel=draw(st.integers(0, 50)),
        lateness=draw(st.integers(0, 50)),
        worst_lateness=draw(st.integers(0, 50)),
        not_preferred=draw(st.integers(0, 10**5)),
        changed_nurse=draw(st.integers(0, 10**5)),
        moved_start=draw(st.integers(0, 10**5)),
    )
    return problem(visits, shifts, tuple(pins), weights).replace(promises=draw(_promises(visits)))


@st.composite
def _promises(draw: st.DrawFn, visits: tuple[Visit, ...]) -> tuple[Promise, ...]:
    """To some visits, for all or some tasks of a mode; nurse n2 is gone."""
    told = draw(st.sets(st.sampled_from(visits or (None,)), max_size=2))
    return tuple(
        Promise(
            task=task.id,
            nurse=draw(st.sampled_from(["n0", "n1", "n2"])),
            start=draw(_minutes),
            tolerance=draw(st.integers(0, 30)) * MINUTE,
        )
        for visit in visits
        if visit in told
        for task in draw(st.sampled_from(visit.modes)).tasks
    )


@given(_problems())
@settings(max_examples=60)
def test_the_real_solver_finds_the_best_plan_of_any_small_problem(small: Problem) -> None:
    matrix = street_matrix(small)
    solution = CpSatSolver().solve(small, matrix, Limits(seconds=3))
    verdict = check(small, matrix, solution.plan)
    assert verdict.cost is not None
    assert verdict.cost.total == solution.cost
    best = best_cost(small, matrix)
    if best is None:
        assert {fault.code for fault in verdict.violations} == {Code.MANDATORY_UNASSIGNED}
        assert solution.bound is None
        return
    assert verdict.violations == ()
    assert solution.cost == best
    assert solution.bound is None or solution.bound <= best


@given(_problems())
@settings(max_examples=40)
def test_the_simple_solver_breaks_no_rule(small: Problem) -> None:
    matrix = street_matrix(small)
    solution = GreedySolver().solve(small, matrix, Limits(seconds=3))
    verdict = check(small, matrix, solution.plan)
    assert {fault.code for fault in verdict.violations} <= {Code.MANDATORY_UNASSIGNED}
    assert verdict.cost is not None
    assert verdict.cost.total == solution.cost
