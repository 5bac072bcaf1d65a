"""Earliest times of given orders, and the plan made from them."""

from __future__ import annotations

from scheduler.model import Break, Lag, Pin, Problem
from scheduler.solve.schedule import to_plan
from scheduler.solve.tables import Tables, tabulate
from scheduler.solve.timing import Draft, Timed, Trip, timed
from tests.support.problems import HOUR, MINUTE, at, shift, street_matrix, task, visit, window
from tests.support.solver_scenarios import break_first, crossed_pairs, held_back, problem


def _tables(given: Problem) -> Tables:
    return tabulate(given, street_matrix(given))


def _timed(given: Problem, *trips: Trip, floors: dict[int, int] | None = None) -> Timed:
    found = timed(_tables(given), Draft(trips, floors or {}))
    assert found is not None
    return found


def test_a_nurse_leaves_as_late_as_her_first_stop_allows_and_drives_on_at_once() -> None:
    given = problem(
        (
            visit("v1", task("v1.1", "m10", 60, window(at(10), at(11)))),
            visit("v2", task("v2.1", "m30", 60, window(at(13), at(14)))),
        ),
        (shift("s1", "ana", "m0"),),
    )
    (route,) = to_plan(_tables(given), _timed(given, Trip((0, 1)))).routes
    assert (route.departure, route.stops[0].arrival, route.stops[0].start) == (at(9, 50), at(10), at(10))
    assert (route.stops[1].arrival, route.stops[1].start) == (at(11, 20), at(13))
    assert route.finish == at(14, 30)


def test_the_most_lag_holds_the_first_task_back() -> None:
    """The second starts at eleven, so the first no earlier than forty minutes before."""
    found = _timed(held_back(), Trip((0,)), Trip((1,)))
    assert found.starts == {0: at(10, 20), 1: at(11)}


def test_pairs_that_wait_for_each_other_have_no_times() -> None:
    tables = _tables(crossed_pairs())
    assert timed(tables, Draft((Trip((0, 3)), Trip((2, 1))), {})) is not None
    assert timed(tables, Draft((Trip((3, 0)), Trip((1, 2))), {})) is None


def test_a_start_skips_the_gap_between_two_hard_windows() -> None:
    windows = (window(at(8), at(8, 5)), window(at(10), at(11)))
    given = problem((visit("v1", task("v1.1", "m10", 60, *windows)),), (shift("s1", "ana", "m0"),))
    assert _timed(given, Trip((0,))).starts == {0: at(10)}


def test_a_floor_waits_for_a_later_soft_window() -> None:
    windows = (window(at(8), at(8, 5), soft=True), window(at(10), at(11), soft=True))
    given = problem((visit("v1", task("v1.1", "m10", 60, *windows)),), (shift("s1", "ana", "m0"),))
    late, waiting = _timed(given, Trip((0,))), _timed(given, Trip((0,)), floors={0: 1})
    assert (late.starts, waiting.starts) == ({0: at(8, 10)}, {0: at(10)})
    assert late.cost - waiting.cost == 5 * MINUTE * (30 + 50)


def test_a_pinned_start_is_kept_to_the_second() -> None:
    given = problem(
        (visit("v1", task("v1.1", "m10", 60)),),
        (shift("s1", "ana", "m0"),),
        (Pin(task="v1.1", shift="s1", start=at(11) + 7),),
    )
    assert _timed(given, Trip((0,))).starts == {0: at(11) + 7}


def test_a_break_before_the_first_stop_is_taken_at_home_when_there_is_time() -> None:
    rest = Break(duration=30 * MINUTE, earliest_start=at(8), latest_end=at(12))
    given = problem(
        (visit("v1", task("v1.1", "m10", 60, window(at(10), at(11)))),),
        (shift("s1", "ana", "m0", break_=rest),),
    )
    (route,) = to_plan(_tables(given), _timed(given, Trip((0,), rest=0))).routes
    assert (route.break_start, route.departure, route.stops[0].start) == (at(9, 20), at(9, 50), at(10))


def test_a_break_that_cannot_wait_interrupts_the_first_drive() -> None:
    given = break_first()
    (route,) = to_plan(_tables(given), _timed(given, Trip((0, 1, 2), rest=0))).routes
    assert (route.departure, route.break_start, route.stops[0].start) == (at(8), at(8, 5), at(8, 40))


def test_a_break_at_home_after_the_last_stop_is_no_overtime() -> None:
    rest = Break(duration=30 * MINUTE, earliest_start=at(8), latest_end=at(17))
    given = problem(
        (visit("v1", task("v1.1", "m10", 450)),),
        (shift("s1", "ana", "m0", break_=rest, max_overtime=HOUR, overtime_cost=40),),
    )
    (route,) = to_plan(_tables(given), _timed(given, Trip((0,), rest=1))).routes
    assert (route.finish, route.break_start) == (at(15, 50), at(15, 50))


def test_distances_that_break_the_triangle_still_give_times() -> None:
    lag = Lag(first="v1.1", then="v1.2", min_s=0, max_s=0)
    given = problem(
        (visit("v1", task("v1.1", "m10", 0), task("v1.2", "m20", 0), lags=(lag,)),),
        (shift("s1", "ana", "m0"), shift("s2", "ben", "m60")),
    )
    assert _timed(given, Trip((0,)), Trip((1,))).starts == {0: at(8, 40), 1: at(8, 40)}
