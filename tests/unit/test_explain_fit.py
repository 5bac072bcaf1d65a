"""When one more stay fits into a line, against times worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.explain.fit import Line, Rest, Stay, merged, slots
from scheduler.model import Window
from tests.support.problems import MINUTE, StreetTravel, at, place, task, window

MATRIX = StreetTravel().matrix(
    [place("home", 0), place("a", 10), place("b", 20), place("c", 30), place("new", 40)]
)


def stay(where: str, minutes: int, *windows: Window, at: int | None = None) -> Stay:
    """A stay at the place of that name."""
    return Stay(task=task(where, where, minutes, *windows), at=at)


def line(*stays: Stay, start: int = at(8), finish: int = at(12), rest: Rest | None = None) -> Line:
    """From home and back, 8:00 to 12:00."""
    return Line(start=start, finish=finish, start_place="home", end_place="home", stays=stays, rest=rest)


NEW = stay("new", 60)
"""An hour, 40 minutes from home."""


def test_alone_it_may_start_after_the_drive_out_and_leaves_time_for_the_drive_back() -> None:
    assert slots(line(), NEW, MATRIX) == [(at(8, 40), at(10, 20))]


def test_windows_cut_the_span() -> None:
    windows = (window(at(8), at(8, 50)), window(at(9), at(9, 30), at(10, 15)), window(at(11), at(12)))
    assert slots(line(), stay("new", 60, *windows), MATRIX) == [(at(8, 40), at(8, 50)), (at(9), at(9, 15))]


def test_a_soft_window_has_no_end() -> None:
    soft = window(at(9), at(9, 10), at(9, 20), soft=True)
    assert slots(line(), stay("new", 60, soft), MATRIX) == [(at(9), at(10, 20))]


def test_one_second_too_few_is_too_few() -> None:
    assert slots(line(finish=at(10, 20)), NEW, MATRIX) == [(at(8, 40), at(8, 40))]
    assert slots(line(finish=at(10, 20) - 1), NEW, MATRIX) == []


def test_before_and_after_another_stay() -> None:
    """At c from 9:30 to 10:00: before it until 9:20, after it from 10:10 on."""
    fixed = stay("c", 30, at=at(9, 30))
    short = stay("new", 10)
    assert slots(line(fixed), short, MATRIX) == [(at(8, 40), at(9, 10)), (at(10, 10), at(11, 10))]


def test_other_stays_move_within_their_windows() -> None:
    moving = stay("c", 30, window(at(8, 30), at(10)))
    assert slots(line(moving), NEW, MATRIX) == [(at(8, 40), at(8, 50)), (at(9, 10), at(10, 20))]


def test_other_stays_use_all_their_windows() -> None:
    """c may be begun at 8:30 or at 10:30, nowhere else: the hour fits between, or after the first."""
    twice = stay("c", 10, window(at(8, 30), at(8, 30)), window(at(10, 30), at(10, 30)))
    assert slots(line(twice), NEW, MATRIX) == [(at(8, 40), at(10, 20))]


@pytest.mark.parametrize(
    ("earliest", "latest_end", "first"),
    [
        (at(8), at(8, 30), at(9, 10)),  # taken before she leaves
        (at(8, 15), at(9), at(9, 10)),  # taken on the way: it delays no more than that
        (at(8, 50), at(9, 20), at(9, 20)),  # she waits for it at the door
    ],
)
def test_a_break_that_must_come_first_delays_the_start(earliest: int, latest_end: int, first: int) -> None:
    """The drive takes from 8:00 to 8:40."""
    rest = Rest(duration=30 * MINUTE, earliest_start=earliest, latest_end=latest_end)
    assert slots(line(rest=rest), NEW, MATRIX) == [(first, at(10, 20))]


def test_a_break_after_the_finish_takes_no_time_from_the_stay() -> None:
    rest = Rest(duration=30 * MINUTE, earliest_start=at(11), latest_end=at(12))
    assert slots(line(rest=rest), NEW, MATRIX) == [(at(8, 40), at(9, 50))]


def test_no_room_for_the_break_is_no_room() -> None:
    rest = Rest(duration=30 * MINUTE, earliest_start=at(8), latest_end=at(12))
    assert slots(line(finish=at(10, 50), rest=replace(rest, latest_end=at(10, 50))), NEW, MATRIX) != []
    assert slots(line(finish=at(10, 49), rest=replace(rest, latest_end=at(10, 49))), NEW, MATRIX) == []


def test_a_pinned_start_is_the_only_one() -> None:
    assert slots(line(), replace(NEW, at=at(9)), MATRIX) == [(at(9), at(9))]
    assert slots(line(), replace(NEW, at=at(8, 39)), MATRIX) == []


def test_spans_that_touch_are_one() -> None:
    assert merged([(5, 9), (1, 2), (3, 4), (7, 12), (20, 21)]) == [(1, 12), (20, 21)]
