"""Where a break may lie, and what it delays. One nurse, home at minute 0, stays at minutes 30 and 60."""

from __future__ import annotations

import pytest

from scheduler.check import Code, check
from scheduler.model import Break, Plan, Problem, Route
from tests.support.problems import MINUTE, ORIGIN, at, place, shift, stop, street_matrix, task, visit


def a_day() -> Problem:
    """A break of 30 minutes between 7:00 and 16:00, on a shift from 7:00 to 16:00."""
    rest = Break(duration=30 * MINUTE, earliest_start=at(7), latest_end=at(16))
    return Problem(
        origin=ORIGIN,
        places=(place("home", 0), place("a", 30), place("b", 60)),
        visits=(visit("a", task("a", "a", 60)), visit("b", task("b", "b", 60))),
        shifts=(shift("s", "ana", "home", at(7), at(16), break_=rest),),
    )


def verdict(
    break_start: int,
    *,
    departure: int = at(9),
    arrivals: tuple[int, int] = (at(9, 30), at(11)),
    starts: tuple[int, int] | None = None,
    finish: int = at(13),
) -> set[Code]:
    """The codes broken. As it stands: at a from 9:30 to 10:30, at b from 11:00 to 12:00, home at 13:00."""
    first, second = starts or arrivals
    stops = (stop("a", arrivals[0], first, 60), stop("b", arrivals[1], second, 60))
    route = Route(shift="s", departure=departure, stops=stops, finish=finish, break_start=break_start)
    problem = a_day()
    report = check(problem, street_matrix(problem), Plan(routes=(route,)))
    return {violation.code for violation in report.violations}


def test_at_home_before_leaving_it_delays_nothing() -> None:
    assert verdict(at(8, 30)) == set()


def test_at_home_after_the_finish_it_delays_nothing() -> None:
    assert verdict(at(13)) == set()


@pytest.mark.parametrize("minutes_before", [1, 29])
def test_begun_before_the_departure_only_its_rest_delays(minutes_before: int) -> None:
    departure = at(9)
    late = 30 - minutes_before
    begun = departure - minutes_before * MINUTE
    times = {
        "arrivals": (at(9, 30) + late * MINUTE, at(11) + late * MINUTE),
        "finish": at(13) + late * MINUTE,
    }
    assert verdict(begun, **times) == set()
    times["finish"] -= 1
    times["arrivals"] = (times["arrivals"][0] - 1, times["arrivals"][1] - 1)
    assert verdict(begun, **times) == {Code.TRAVEL_TIME}


def test_on_the_drive_out_it_delays_the_arrival() -> None:
    assert verdict(at(9, 10), arrivals=(at(10), at(11, 30)), finish=at(13, 30)) == set()
    assert verdict(at(9, 10)) == {Code.TRAVEL_TIME, Code.BREAK_OVERLAP}


def test_on_a_drive_between_stays_it_delays_the_arrival() -> None:
    assert verdict(at(10, 45), arrivals=(at(9, 30), at(11, 30)), finish=at(13, 30)) == set()


def test_in_the_wait_at_the_door_it_delays_only_the_start() -> None:
    assert verdict(at(11), starts=(at(9, 30), at(11, 30)), finish=at(13, 30)) == set()
    assert verdict(at(11), starts=(at(9, 30), at(11, 29)), finish=at(13, 30)) == {Code.BREAK_OVERLAP}


def test_right_after_a_stay_it_delays_the_drive() -> None:
    assert verdict(at(10, 30), arrivals=(at(9, 30), at(11, 30)), finish=at(13, 30)) == set()
    assert verdict(at(10, 30), starts=(at(9, 30), at(11, 30)), finish=at(13, 30)) == {Code.TRAVEL_TIME}


def test_on_the_way_home_it_delays_the_finish() -> None:
    assert verdict(at(12, 30), finish=at(13, 30)) == set()
    assert verdict(at(12, 30), finish=at(13, 29)) == {Code.TRAVEL_TIME}


def test_in_a_stay_it_is_refused_and_delays_nothing_else() -> None:
    assert verdict(at(9, 45)) == {Code.BREAK_OVERLAP}


def test_it_may_not_lie_after_the_shift() -> None:
    assert verdict(at(15, 30)) == set()
    assert verdict(at(15, 30) + 1) == {Code.BREAK_WINDOW}


def test_a_stay_of_no_length_is_a_stay() -> None:
    problem = a_day()
    problem = problem.replace(visits=(visit("a", task("a", "a", 0)),))
    route = Route(
        shift="s",
        departure=at(9),
        stops=(stop("a", at(9, 30), at(9, 45), 0),),
        finish=at(10, 30),
        break_start=at(9, 30),
    )
    report = check(problem, street_matrix(problem), Plan(routes=(route,)))
    assert [violation.code for violation in report.violations] == [Code.BREAK_OVERLAP]
