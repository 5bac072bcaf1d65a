"""The best slots for a new visit, what they displace, and the dates of a series."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from scheduler.explain import (
    Moved,
    NoSeries,
    Series,
    SeriesRule,
    SeriesRules,
    Slot,
    SlotDay,
    best_slots,
    cheapest_series,
)
from scheduler.model import ModelError, Plan, Route, Visit
from tests.support.problems import HOUR, MINUTE, ORIGIN, at, shift, stop, street_matrix, task, visit, window
from tests.support.solver_scenarios import RATES, problem

MONDAY = ORIGIN.date()


def day(number: int, asked: Visit, *, booked: bool = True) -> SlotDay:
    """So many days after Monday: Ana from the west has a visit at minute 20 at 9:00 where `booked`, and is
    off at 10:30; Ben from the east is free."""
    given = problem(
        (visit("v1", task("v1.1", "m20", 60, window(at(9), at(12)))),) if booked else (),
        (
            shift("s1", "ana", "m0", at(8), at(10, 30), max_overtime=HOUR, overtime_cost=60),
            shift("s2", "ben", "m60"),
        ),
    )
    moved = given.replace(origin=ORIGIN + timedelta(days=number))
    stops = (stop("v1.1", at(9), at(9), 60),)
    route = Route(shift="s1", departure=at(8, 40), stops=stops, finish=at(10, 20))
    return SlotDay(
        day=MONDAY + timedelta(days=number),
        problem=moved,
        matrix=street_matrix(moved),
        plan=Plan(routes=(route,) if booked else ()),
        visit=asked,
    )


def newcomer(place: str, first: int, last: int, *, preferred: tuple[str, ...] = ()) -> Visit:
    return visit("new", task("new.1", place, 60, window(first, last)), preferred=preferred)


def test_the_cheapest_slot_of_all_days_comes_first() -> None:
    asked = newcomer("m50", at(9), at(12))
    found = best_slots([day(0, asked), day(1, asked)], 1)
    assert [(slot.day, slot.opening.nurses, slot.added) for slot in found] == [
        (MONDAY, ("ben",), 20 * MINUTE * RATES.travel),
        (MONDAY + timedelta(days=1), ("ben",), 20 * MINUTE * RATES.travel),
    ]
    assert found[0].start == ORIGIN + timedelta(hours=9)
    assert (found[0].moved, found[0].overtime_s, found[0].preferred) == ((), 0, None)


def test_a_slot_says_what_it_displaces() -> None:
    (slot,) = best_slots([day(0, newcomer("m10", at(8), at(8, 30), preferred=("ben",)))], 5)
    assert slot.opening.nurses == ("ana",)
    assert slot.moved == (Moved(task="v1.1", before=at(9), after=at(9, 20)),)
    assert slot.overtime_s == 10 * MINUTE
    assert slot.preferred is False
    assert slot.added == 10 * MINUTE * 60 + RATES.not_preferred


def test_a_day_without_room_has_no_slot() -> None:
    assert best_slots([day(0, newcomer("m60", at(7), at(7, 30)))], 5) == ()


def test_a_day_without_a_plan_has_the_slots_of_its_shifts() -> None:
    asked = newcomer("m30", at(9), at(9))
    found = best_slots([day(0, asked, booked=False)], 5)
    assert [slot.opening.nurses for slot in found] == [("ana",), ("ben",)]


def test_a_slot_begins_on_the_full_step_where_it_can() -> None:
    asked = newcomer("m50", at(8, 3), at(9))
    (early, *_), (late, *_) = (best_slots([day(0, asked)], 1, step) for step in (MINUTE, 15 * MINUTE))
    assert (early.opening.starts, late.opening.starts) == ((at(8, 10),), (at(8, 15),))
    (narrow, *_) = best_slots([day(0, newcomer("m50", at(8, 16), at(8, 17)))], 1, 15 * MINUTE)
    assert narrow.opening.starts == (at(8, 16),)


def week(*numbers: int) -> tuple[Slot, ...]:
    """A slot at 9:00 on each of these days after Monday."""
    return best_slots([day(number, newcomer("m50", at(9), at(9))) for number in numbers], 1)


def test_sessions_keep_their_spacing() -> None:
    rules = SeriesRules(sessions=3, min_s=48 * HOUR, max_s=72 * HOUR)
    found = cheapest_series(week(0, 1, 2, 3, 5), rules)
    assert isinstance(found, Series)
    assert [slot.day.day - MONDAY.day for slot in found.slots] == [0, 2, 5]
    assert found.cost == sum(slot.added for slot in found.slots)


@pytest.mark.parametrize(
    ("numbers", "rules", "blocking"),
    [
        ((0, 1), SeriesRules(sessions=2, min_s=48 * HOUR), (SeriesRule.MIN_SPACING,)),
        ((0, 4), SeriesRules(sessions=2, max_s=72 * HOUR), (SeriesRule.MAX_SPACING,)),
        ((0, 1), SeriesRules(sessions=2, weekdays=frozenset({0, 2})), (SeriesRule.WEEKDAYS,)),
        ((0, 4), SeriesRules(sessions=2, not_after=date(2026, 11, 26)), (SeriesRule.NOT_AFTER,)),
        ((0, 1), SeriesRules(sessions=3), ()),
    ],
)
def test_the_rule_that_blocks_a_series_is_named(
    numbers: tuple[int, ...], rules: SeriesRules, blocking: tuple[SeriesRule, ...]
) -> None:
    assert cheapest_series(week(*numbers), rules) == NoSeries(
        most=rules.sessions - 1, days=2, blocking=blocking
    )


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"sessions": 0}, "sessions: 0 is too few"),
        ({"weekdays": frozenset()}, "no weekday is allowed"),
        ({"min_s": 2, "max_s": 1}, "max_s: 1 is less than min_s 2"),
    ],
)
def test_rules_that_cannot_be_are_refused(changed: dict[str, object], fault: str) -> None:
    with pytest.raises(ModelError, match=fault):
        SeriesRules(**({"sessions": 2} | changed))  # type: ignore[arg-type]
