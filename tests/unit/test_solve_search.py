"""Candidates, first plans, neighbourhoods, and the search among them."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from scheduler.check import check
from scheduler.model import Problem
from scheduler.solve.candidates import Candidates, find_candidates
from scheduler.solve.clock import Clock
from scheduler.solve.construct import construct
from scheduler.solve.neighbourhoods import Chooser
from scheduler.solve.prove import is_exact
from scheduler.solve.schedule import to_plan
from scheduler.solve.scope import Freedom, full_freedom
from scheduler.solve.seam import never
from scheduler.solve.search import Answer, Searcher, improve, merged
from scheduler.solve.tables import Tables, tabulate
from scheduler.solve.timing import Draft, Timed, Trip, timed
from tests.support.problems import at, shift, street_matrix, task, visit, window
from tests.support.solver_scenarios import (
    SCENARIOS,
    infusion_day,
    lateness,
    overlapping_shifts,
    pins,
    problem,
    travel_only,
)


def _read(given: Problem) -> tuple[Tables, Candidates]:
    tables = tabulate(given, street_matrix(given))
    return tables, find_candidates(given, tables)


def _day() -> Problem:
    """Sixteen visits for four nurses, some of them in two places at tight times."""
    visits = tuple(
        visit(f"v{n}", task(f"v{n}.1", f"m{10 * (n * 5 % 7)}", 45, window(at(8 + n % 5), at(9 + n % 5, 30))))
        for n in range(16)
    )
    return problem(visits, tuple(shift(f"s{n}", f"n{n}", f"m{n * 20}") for n in range(4)))


def test_candidates_name_who_can_do_what() -> None:
    _, candidates = _read(pins())
    assert candidates.shifts == ((1,), (0, 1), (1,))
    assert all(candidates.modes)


def test_a_visit_that_fits_no_shift_has_no_candidates() -> None:
    early = visit("v1", task("v1.1", "m60", 30, window(at(8), at(8, 59))))
    _, candidates = _read(problem((early,), (shift("s1", "ana", "m0"),)))
    assert candidates.shifts == ((),)
    assert candidates.modes == ((),)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_first_plan_keeps_every_rule(scenario: object) -> None:
    assert callable(scenario)
    given = scenario()
    tables, candidates = _read(given)
    first = construct(tables, candidates, never)
    verdict = check(given, street_matrix(given), to_plan(tables, first))
    assert verdict.violations == ()
    assert verdict.cost is not None
    assert verdict.cost.total == first.cost


def test_no_time_to_construct_gives_the_empty_plan() -> None:
    tables, candidates = _read(travel_only())
    empty = construct(tables, candidates, lambda: True)
    assert empty.starts == {}
    assert empty.cost == sum(row.drop_cost or 0 for row in tables.visits)


def _search(given: Problem, seed: int, rounds: int) -> list[Timed]:
    """The plans found, the first one first."""
    tables, candidates = _read(given)
    first = construct(tables, candidates, never)
    plans = [first]
    searcher = Searcher(tables, candidates, Clock(60, never), lambda: None)
    try:
        last = improve(searcher, Chooser(tables, candidates, seed), first, plans.append, rounds)
    finally:
        searcher.close()
    assert last is plans[-1]
    return plans


def test_search_only_ever_finds_better_plans() -> None:
    plans = _search(_day(), seed=1, rounds=20)
    assert len(plans) > 1
    assert [plan.rank for plan in plans] == sorted((plan.rank for plan in plans), reverse=True)


def test_the_same_seed_and_rounds_give_the_same_plans() -> None:
    assert _search(_day(), seed=3, rounds=12) == _search(_day(), seed=3, rounds=12)


def test_an_infusion_day_is_served_whole() -> None:
    """Cheapest insertion leaves visits out; a few dozen neighbourhoods bring them all in."""
    given = infusion_day()
    plans = _search(given, seed=0, rounds=80)
    plan = to_plan(_read(given)[0], plans[-1])
    assert len(to_plan(_read(given)[0], plans[0]).unassigned) > 0
    assert plan.unassigned == ()
    assert check(given, street_matrix(given), plan).feasible


def test_neighbourhoods_differ_between_seeds_and_agree_within_one() -> None:
    tables, candidates = _read(_day())
    plan = construct(tables, candidates, never)

    def choices(seed: int) -> list[Freedom]:
        chooser = Chooser(tables, candidates, seed)
        return [chooser.choose(plan).freedom for _ in range(5)]

    assert choices(1) == choices(1)
    assert choices(1) != choices(2)


def test_a_neighbourhood_opens_the_shifts_of_what_it_frees() -> None:
    tables, candidates = _read(_day())
    plan = construct(tables, candidates, never)
    chooser = Chooser(tables, candidates, 0)
    home = {tables.tasks[t].visit: k for k, trip in enumerate(plan.draft.trips) for t in trip.tasks}
    for _ in range(30):
        freedom = chooser.choose(plan).freedom
        assert freedom.visits
        assert {home[v] for v in freedom.visits if v in home} <= freedom.shifts


def _four_nurses() -> tuple[Tables, Timed]:
    """Everybody has crossed the street for no reason."""
    visits = tuple(visit(f"v{n}", task(f"v{n}.1", f"m{n * 10}", 30)) for n in range(4))
    tables, _ = _read(problem(visits, tuple(shift(f"s{n}", f"n{n}", f"m{n * 10}") for n in range(4))))
    crossed = timed(tables, Draft((Trip((1,)), Trip((0,)), Trip((3,)), Trip((2,))), {}))
    assert crossed is not None
    return tables, crossed


def _with(tables: Tables, plan: Timed, **trips: Trip) -> Timed:
    changed = [trips.get(f"s{k}", trip) for k, trip in enumerate(plan.draft.trips)]
    found = timed(tables, Draft(tuple(changed), {}))
    assert found is not None
    return found


def test_changes_of_different_shifts_are_put_together() -> None:
    tables, base = _four_nurses()
    one = _with(tables, base, s0=Trip((0,)), s1=Trip((1,)))
    other = _with(tables, base, s2=Trip((2,)), s3=Trip((3,)))
    both = merged(tables, one, base, other)
    assert [trip.tasks for trip in both.draft.trips] == [(0,), (1,), (2,), (3,)]
    assert both.cost == 0


def test_changes_of_the_same_shift_are_not() -> None:
    tables, base = _four_nurses()
    one = _with(tables, base, s0=Trip((0,)), s1=Trip((1,)))
    other = _with(tables, base, s0=Trip((0, 1)), s1=Trip())
    assert merged(tables, one, base, other) in (one, other)


def test_the_whole_model_proves_the_best_plan() -> None:
    tables, candidates = _read(lateness())
    plan = construct(tables, candidates, never)
    searcher = Searcher(tables, candidates, Clock(30, never), lambda: None)
    try:
        asked: Future[Answer] = searcher.ask(plan, full_freedom(tables, candidates), 0, workers=2)
        answer = searcher.wait(asked)
    finally:
        searcher.close()
    assert answer is not None
    assert answer.proven
    assert answer.plan is not None
    assert round(answer.bound) == answer.plan.cost <= plan.cost


def test_a_proof_is_not_claimed_where_plans_were_left_out() -> None:
    assert is_exact(_read(travel_only())[0])
    assert not is_exact(_read(overlapping_shifts())[0])
