"""The annealing keeps every rule of the model, and claims the referee's cost."""

from __future__ import annotations

import pytest

from scheduler.check import check
from scheduler.model import Break, Lag, Pin, Problem, Shift
from scheduler.solve.anneal import Annealer, pack
from scheduler.solve.anneal.layout import MISSED
from scheduler.solve.anneal.state import state_of_plan
from tests.support.problems import (
    HOUR,
    MINUTE,
    STREET_PLAN_COST,
    at,
    shift,
    street,
    street_matrix,
    street_plan,
    task,
    together,
    visit,
    window,
)

MOVES = 40_000


def solved(problem: Problem, seed: int = 0) -> tuple[int, frozenset[str]]:
    """The cost of the plan found, which the referee must confirm, and the visits left out."""
    matrix = street_matrix(problem)
    result = Annealer(pack(problem, matrix)).improve(moves=MOVES, seed=seed)
    report = check(problem, matrix, result.plan)
    assert report.violations == ()
    assert report.cost is not None
    assert (result.feasible, report.cost.total) == (True, result.cost)
    return result.cost, frozenset(result.plan.unassigned)


def small(*visits: object, shifts: tuple[Shift, ...], **changes: object) -> Problem:
    """The street's places and prices with other visits and shifts."""
    return street().replace(visits=visits, shifts=shifts, **changes)


def test_the_street_is_solved_at_least_as_well_as_by_hand() -> None:
    cost, left_out = solved(street())
    assert cost <= STREET_PLAN_COST
    assert left_out == {"v6"}  # nobody has its credential


def test_a_plan_to_begin_with_is_never_made_worse() -> None:
    problem = street()
    packed = pack(problem, street_matrix(problem))
    result = Annealer(packed).improve(street_plan(), moves=0)
    assert result.feasible
    assert result.cost <= STREET_PLAN_COST


def test_the_same_seed_and_moves_give_the_same_plan() -> None:
    problem = street()
    packed = pack(problem, street_matrix(problem))
    plans = {Annealer(packed).improve(moves=MOVES, seed=7).plan for _ in range(3)}
    assert len(plans) == 1


def test_a_cancelled_search_ends_at_once_with_its_best_plan() -> None:
    problem = street()
    matrix = street_matrix(problem)
    result = Annealer(pack(problem, matrix)).improve(seconds=3600, cancelled=lambda: True)
    assert check(problem, matrix, result.plan).violations == ()


def test_better_costs_are_reported_as_they_fall() -> None:
    problem = street()
    seen: list[int] = []
    result = Annealer(pack(problem, street_matrix(problem))).improve(moves=MOVES, watch=seen.append)
    assert seen[-1] == result.cost
    assert seen == sorted(seen, reverse=True)


def test_a_budget_is_asked_for() -> None:
    problem = street()
    with pytest.raises(ValueError, match="either seconds or moves"):
        Annealer(pack(problem, street_matrix(problem))).improve()


def test_no_time_at_all_gives_the_plan_to_begin_with() -> None:
    problem = street()
    matrix = street_matrix(problem)
    annealer = Annealer(pack(problem, matrix))
    start = annealer.improve(moves=2000).plan
    found = annealer.improve(start, seconds=0.0)
    assert found.feasible
    assert check(problem, matrix, found.plan).feasible


def test_an_empty_problem_has_an_empty_plan() -> None:
    assert solved(small(shifts=street().shifts)) == (0, frozenset())


def test_the_break_falls_into_the_wait_between_two_stays() -> None:
    rest = Break(duration=30 * MINUTE, earliest_start=at(9), latest_end=at(12))
    early, late = (
        task("a.1", "p1", 60, window(at(8), at(8, 30))),
        task("b.1", "p2", 60, window(at(10), at(10))),
    )
    one = shift("s", "ana", "ana-home", at(7, 30), at(11, 20), break_=rest)
    cost, left_out = solved(small(visit("a", early), visit("b", late), shifts=(one,)))
    assert (cost, left_out) == (40 * MINUTE * 25, frozenset())


def test_a_visit_that_leaves_no_time_for_the_break_is_left_out() -> None:
    rest = Break(duration=30 * MINUTE, earliest_start=at(9), latest_end=at(9, 40))
    before = task("a.1", "p1", 60, window(at(8), at(8, 10)))
    meanwhile = task("b.1", "p2", 60, window(at(9), at(9, 20)))
    one = shift("s", "ana", "ana-home", at(7, 30), at(16), break_=rest)
    _, left_out = solved(small(visit("a", before), visit("b", meanwhile, dollars=2000), shifts=(one,)))
    assert left_out == {"b"}


def test_a_plan_to_begin_with_keeps_its_break_before_the_last_chance() -> None:
    """Taken later, as it could be after the second stay, the break would make her late for the third."""
    rest = Break(duration=30 * MINUTE, earliest_start=at(10), latest_end=at(15, 15))
    stays = (
        task("a.1", "p1", 60, window(at(9), at(9))),
        task("b.1", "p1", 240, window(at(10, 15), at(10, 30))),
        task("c.1", "p1", 30, window(at(14, 30), at(14, 30))),
    )
    one = shift("s", "ana", "ana-home", at(8), at(17), break_=rest)
    problem = small(*(visit(stay.id[0], stay) for stay in stays), shifts=(one,))
    packed = pack(problem, street_matrix(problem))
    found = Annealer(packed).improve(moves=MOVES)
    assert (found.feasible, found.plan.unassigned) == (True, ())
    assert state_of_plan(packed, found.plan).total[MISSED] == 0


def test_of_two_nurses_the_preferred_one_goes_where_that_pays() -> None:
    stay = task("a.1", "p2", 60)
    shifts = (shift("s-ana", "ana", "ana-home"), shift("s-ben", "ben", "ben-home"))
    cost, _ = solved(small(visit("a", stay, preferred=("ana",)), shifts=shifts))
    assert cost == 40 * MINUTE * 25


def test_a_barred_nurse_does_not_go_and_neither_does_one_without_the_credential() -> None:
    stay = task("a.1", "p2", 60, credentials=("rn", "picc"))
    shifts = (
        shift("s-ana", "ana", "ana-home", credentials=("rn", "picc")),
        shift("s-ben", "ben", "ben-home"),
    )
    _, left_out = solved(small(visit("a", stay, barred=("ana",)), shifts=shifts))
    assert left_out == {"a"}


def test_overtime_is_paid_where_it_is_cheaper_than_leaving_out() -> None:
    stay = task("a.1", "p1", 120, window(at(15), at(15)))
    one = shift("s", "ana", "ana-home", max_overtime=2 * HOUR, overtime_cost=10)
    cost, left_out = solved(small(visit("a", stay), shifts=(one,)))
    assert left_out == frozenset()
    assert cost == 20 * MINUTE * 25 + (HOUR + 10 * MINUTE) * 10


def test_nobody_is_back_later_than_overtime_allows() -> None:
    stay = task("a.1", "p1", 120, window(at(15), at(15)))
    one = shift("s", "ana", "ana-home", max_overtime=HOUR, overtime_cost=10)
    _, left_out = solved(small(visit("a", stay), shifts=(one,)))
    assert left_out == {"a"}


def test_no_shift_has_more_stops_than_its_most() -> None:
    stays = [visit(name, task(f"{name}.1", "p1", 30)) for name in ("a", "b", "c")]
    one = shift("s", "ana", "ana-home", max_visits=2)
    _, left_out = solved(small(*stays, shifts=(one,)))
    assert len(left_out) == 1


def test_two_nurses_meet_for_a_pair() -> None:
    pair = visit("a", task("a.1", "p2", 60), task("a.2", "p2", 45), lags=(together("a.1", "a.2"),))
    cost, left_out = solved(small(pair, shifts=street().shifts[1:]))
    assert left_out == frozenset()
    assert cost == (80 + 20) * MINUTE * 25  # Ben and Cleo, who both come from the east


def test_one_nurse_cannot_be_a_pair() -> None:
    pair = visit("a", task("a.1", "p2", 60), task("a.2", "p2", 45), lags=(together("a.1", "a.2"),))
    shifts = (
        shift("s-am", "ana", "ana-home", at(8), at(12)),
        shift("s-pm", "ana", "ana-home", at(12), at(16)),
    )
    _, left_out = solved(small(pair, shifts=shifts))
    assert left_out == {"a"}


def test_the_maximum_lag_holds_the_first_task_back() -> None:
    lag = Lag(first="a.1", then="a.2", min_s=HOUR, max_s=HOUR)
    first, then = task("a.1", "p2", 60, window(at(8), at(14))), task("a.2", "p2", 60, window(at(12), at(12)))
    _, left_out = solved(small(visit("a", first, then, lags=(lag,)), shifts=street().shifts))
    assert left_out == frozenset()


def test_one_nurse_may_do_two_tasks_of_a_mode_that_allows_it() -> None:
    both = visit("a", task("a.1", "p2", 60), task("a.2", "p2", 60))
    mode = both.modes[0].replace(distinct_nurses=False)
    one = shift("s", "ana", "ana-home")
    assert solved(small(both.replace(modes=(mode,)), shifts=(one,))) == (40 * MINUTE * 25, frozenset())


def test_a_later_window_is_waited_for_where_that_is_cheaper_than_lateness() -> None:
    soft = (window(at(7), at(7, 30), soft=True), window(at(9), at(10), soft=True))
    one = shift("s", "ana", "ana-home", at(8), at(16))
    cost, _ = solved(small(visit("a", task("a.1", "p1", 60, *soft)), shifts=(one,)))
    assert cost == 20 * MINUTE * 25


def test_pins_are_kept() -> None:
    problem = street().replace(
        pins=(Pin(task="v5.1", shift="s-ben", start=at(14, 10)), Pin(task="v4.1", shift="s-cleo"))
    )
    solved(problem)  # the referee knows the pins


def test_a_visit_that_must_be_served_beats_dear_ones() -> None:
    must, dear = task("a.1", "p1", 60, window(at(9), at(9))), task("b.1", "p2", 60, window(at(9), at(9)))
    one = shift("s", "ana", "ana-home")
    _, left_out = solved(
        small(visit("a", must, dollars=None), visit("b", dear, dollars=100_000), shifts=(one,))
    )
    assert left_out == {"b"}


def test_a_nurse_with_two_shifts_at_once_works_one_of_them() -> None:
    stays = [visit(name, task(f"{name}.1", "p1", 60, window(at(9), at(9)))) for name in ("a", "b")]
    shifts = (shift("s-1", "ana", "ana-home"), shift("s-2", "ana", "ana-home", at(8), at(15)))
    _, left_out = solved(small(*stays, shifts=shifts))
    assert len(left_out) == 1
