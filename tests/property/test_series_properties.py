"""Days of a series: no arrangement breaks a rule, and one is found wherever there is one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.series import BlockedError, Rules, Session, arrange

MONDAY = date(2030, 6, 10)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    first = draw(st.integers(-3, 4))
    shortest = draw(st.integers(0, 80))
    return Rules(
        first_day=day(first),
        last_day=day(first + draw(st.integers(0, 11))),
        min_hours=shortest,
        max_hours=draw(st.none() | st.integers(shortest, 160)),
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
    )


@st.composite
def series(draw: st.DrawFn) -> list[Session]:
    days = sorted(draw(st.sets(st.integers(-6, 12), max_size=3)))
    placed = [Session(number=0, day=day(each), fixed=draw(st.booleans())) for each in days]
    new = [Session(number=0) for _ in range(draw(st.integers(0 if placed else 1, 4 - len(placed))))]
    return [
        Session(number=number, day=each.day, fixed=each.fixed) for number, each in enumerate(placed + new, 1)
    ]


def keeps(rules: Rules, sessions: list[Session], days: list[date] | tuple[date, ...]) -> bool:
    for session, each in zip(sessions, days, strict=True):
        past = session.day is not None and session.day < MONDAY
        if (past or session.fixed) and session.day is not None and each != session.day:
            return False
        if not past and (each < MONDAY or not rules.first_day <= each <= rules.last_day):
            return False
        if not past and each.weekday() not in rules.weekdays:
            return False
    for earlier, later in pairwise(days):
        hours = (later - earlier).days * 24
        longest = rules.max_hours
        fits = hours >= max(rules.min_hours, 24) and (longest is None or hours <= longest)
        if later >= MONDAY and not fits:
            return False
    return True


@given(rules(), series())
def test_an_arrangement_keeps_every_rule_or_there_is_none(rules: Rules, sessions: list[Session]) -> None:
    try:
        days = arrange(rules, sessions, not_before=MONDAY)
    except BlockedError as error:
        assert str(error).startswith("Session ")
        span = [day(number) for number in range(16)]
        choices = [
            [each.day] if each.day and (each.fixed or each.day < MONDAY) else span for each in sessions
        ]
        if len(sessions) <= 3:
            assert not any(keeps(rules, sessions, some) for some in product(*choices))
    else:
        assert keeps(rules, sessions, days)


@given(rules(), st.integers(1, 5))
def test_arranging_again_changes_nothing(rules: Rules, count: int) -> None:
    sessions = [Session(number=number) for number in range(1, count + 1)]
    try:
        days = arrange(rules, sessions, not_before=MONDAY)
    except BlockedError:
        return
    placed = [Session(number=each.number, day=on) for each, on in zip(sessions, days, strict=True)]
    assert arrange(rules, placed, not_before=MONDAY) == days


def three_a_week(**changes: object) -> Rules:
    values = {
        "first_day": MONDAY,
        "last_day": day(20),
        "min_hours": 48,
        "max_hours": 96,
        "weekdays": frozenset({0, 2, 4}),
    }
    return Rules(**(values | changes))  # type: ignore[arg-type]


def test_six_sessions_as_early_as_the_rules_allow() -> None:
    sessions = [Session(number=number) for number in range(1, 7)]
    assert arrange(three_a_week(), sessions, not_before=MONDAY) == [day(n) for n in (0, 2, 4, 7, 9, 11)]


def test_a_later_session_shifts_only_as_far_as_it_must() -> None:
    # The second, missed on Wednesday, is made up on Friday; the third must follow it, the fourth may stay.
    sessions = [
        Session(number=1, day=day(0)),
        Session(number=2),
        Session(number=3, day=day(4)),
        Session(number=4, day=day(9)),
    ]
    assert arrange(three_a_week(), sessions, not_before=day(3)) == [day(n) for n in (0, 4, 7, 9)]


@pytest.mark.parametrize(
    ("rules", "sessions", "reason"),
    [
        (
            three_a_week(last_day=day(8)),
            [Session(number=number) for number in range(1, 6)],
            "Session 5 finds no day: the order allows none after Tue, Jun 18. Prolong the order.",
        ),
        (
            three_a_week(),
            [Session(number=1), Session(number=2), Session(number=3, day=day(2), fixed=True)],
            "Session 3 finds no day: session 3 stays on Wed, Jun 12. Free it, or move it.",
        ),
        (
            three_a_week(max_hours=48, last_day=day(30)),
            [Session(number=number) for number in range(1, 5)],
            "Session 4 finds no day: at most 48 h may pass from one start to the next.",
        ),
        (
            three_a_week(weekdays=frozenset({0}), max_hours=72, min_hours=72),
            [Session(number=1), Session(number=2)],
            "Session 2 finds no day: at most 72 h may pass from one start to the next.",
        ),
    ],
)
def test_the_rule_that_blocks_is_named(rules: Rules, sessions: list[Session], reason: str) -> None:
    with pytest.raises(BlockedError) as caught:
        arrange(rules, sessions, not_before=MONDAY)
    assert str(caught.value) == reason
