"""A broken rule in words: every rule has some, for a refusal and, where it can be wished away, for a wish."""

from __future__ import annotations

import pytest

from scheduler.check import Code, Violation
from scheduler.explain import Names, Scene
from scheduler.explain.wish_words import wish
from scheduler.model import Break, Pin, Plan, Route
from tests.support.problems import MINUTE, at, shift, stop, task, visit, window
from tests.support.solver_scenarios import problem

NAMES = Names(
    clock=lambda seconds: f"{seconds // 3600}:{seconds // 60 % 60:02}",
    nurses={"n1": "Ana"},
    visits={"v1": "V-101"},
    credentials={"picc": "PICC-line access"},
)


@pytest.fixture
def scene() -> Scene:
    """Ana has a visit from 12:00 to 13:00 and a break at 13:10, and is home at 14:00."""
    rest = Break(duration=30 * MINUTE, earliest_start=at(10), latest_end=at(12))
    asked = task("v1.1", "m10", 60, window(at(9), at(11)), credentials=frozenset({"picc"}))
    given = problem(
        (visit("v1", asked),),
        (shift("s1", "n1", "m0", at(8), at(13), break_=rest, max_visits=2, max_overtime=15 * MINUTE),),
        pins=(Pin(task="v1.1", shift="s1", start=at(10)),),
    )
    stops = (stop("v1.1", at(12), at(12), 60),)
    route = Route(shift="s1", departure=at(7), stops=stops, finish=at(14), break_start=at(13, 10))
    return Scene(problem=given, plan=Plan(routes=(route,)), names=NAMES)


def broken(code: Code, by: int = 45 * MINUTE) -> Violation:
    return Violation(code=code, message="", visit="v1", task="v1.1", shift="s1", by=by)


@pytest.mark.parametrize("code", Code)
def test_every_rule_has_words(scene: Scene, code: Code) -> None:
    said = scene.say(broken(code))
    assert said[0].isupper() and said.endswith(".")
    assert "v1" not in said and "n1" not in said and "{" not in said


@pytest.mark.parametrize(
    ("code", "said", "wished"),
    [
        (
            Code.CREDENTIAL,
            "Ana lacks PICC-line access for V-101.",
            "Ana held PICC-line access",
        ),
        (
            Code.TOO_EARLY,
            "V-101 would start at 12:00, 45 min before its window.",
            "V-101 might start from 12:00 on",
        ),
        (
            Code.TOO_LATE,
            "V-101 would start at 12:00, 45 min after its latest start, 11:15.",
            "V-101 might start until 12:00",
        ),
        (
            Code.ENDS_TOO_LATE,
            "V-101 would end at 13:00, 45 min after it must be over, 12:15.",
            "V-101 might last until 13:00",
        ),
        (
            Code.SHIFT_START,
            "Ana would have to leave 45 min before her shift begins at 8:00.",
            "Ana's shift began 45 min earlier",
        ),
        (
            Code.SHIFT_END,
            "Ana would be home at 14:00, 45 min after her shift's end and all allowed overtime, 15 min.",
            "Ana's shift were 45 min longer",
        ),
        (
            Code.BREAK_WINDOW,
            "Ana would have her break at 13:10, and not within her shift between 10:00 and 12:00.",
            "Ana's break might begin at 13:10",
        ),
        (
            Code.PIN,
            "V-101 is pinned to Ana at 10:00: unpin it first.",
            "V-101 were not pinned",
        ),
    ],
)
def test_says_what_is_broken_and_what_would_have_to_be_otherwise(
    scene: Scene, code: Code, said: str, wished: str
) -> None:
    assert scene.say(broken(code)) == said
    assert wish([broken(code)], scene) == wished


def test_counts_visits(scene: Scene) -> None:
    most = broken(Code.MOST_VISITS, by=1)
    assert scene.say(most) == "Ana would have three visits, two are the most."
    assert wish([most], scene) == "Ana might have 3 visits"


def test_wishes_are_added_up_and_one_that_cannot_be_granted_ends_them(scene: Scene) -> None:
    late, end, rest = broken(Code.TOO_LATE), broken(Code.SHIFT_END), broken(Code.REST)
    assert (
        wish([late, late, end], scene) == "V-101 might start until 12:00 and Ana's shift were 45 min longer"
    )
    assert wish([late, rest], scene) is None
