"""What ties visits over several days, and the gates of a visit: what the model refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scheduler.io import FormatError, problem_json
from scheduler.model import (
    Gate,
    GateKind,
    HourLimit,
    Mode,
    ModelError,
    Problem,
    Spacing,
    Span,
    Supply,
    Visit,
)
from tests.support.problems import street, task


def course(**changes: Any) -> Problem:
    """Two visits tied by a spacing."""
    problem = street()
    first, then = (visit.id for visit in problem.visits[:2])
    return problem.replace(
        spacings=(Spacing(first=first, then=then, min_s=3600, max_s=7200, needs_first=True, change_cost=5),),
        hour_limits=(HourLimit(nurse=problem.shifts[0].nurse, start=-86400, end=86400, max_seconds=36000),),
        rest_s=39600,
    ).replace(**changes)


def test_a_course_survives_its_file() -> None:
    gate = Gate(kind=GateKind.ADULT, spans=(Span(start=-60, end=9000),), since=100, until=200)
    problem = course()
    visit, *others = problem.visits
    nurse, *more = problem.shifts
    full = problem.replace(
        visits=(visit.replace(gates=(gate,)), *others),
        shifts=(nurse.replace(stock=(Supply(item="kit", units=2),)), *more),
    )

    assert problem_json.from_dict(problem_json.to_dict(full)) == full


def test_an_unknown_kind_of_gate_is_refused_with_the_kinds_there_are() -> None:
    document = problem_json.to_dict(course())
    document["visits"][0]["gates"] = [{"kind": "moon"}]

    with pytest.raises(FormatError, match=r"kind.*'order', 'prescriber'.*'moon'"):
        problem_json.from_dict(document)


IMPOSSIBLE: dict[str, tuple[Callable[[], object], str]] = {
    "a spacing of a visit to itself": (lambda: Spacing(first="a", then="a"), "another visit"),
    "a spacing that ends before it begins": (
        lambda: Spacing(first="a", then="b", min_s=9, max_s=3),
        "3 is less than min_s 9",
    ),
    "a spacing of an unknown visit": (
        lambda: course(spacings=(Spacing(first="nobody", then=street().visits[0].id),)),
        "no visit 'nobody'",
    ),
    "spacings in a circle": (lambda: course(spacings=(pair(0, 1), pair(1, 0))), "circle"),
    "one spacing twice": (lambda: course(spacings=(pair(0, 1), pair(0, 1))), "unique"),
    "hours of somebody without a shift": (
        lambda: course(hour_limits=(HourLimit(nurse="nobody", start=0, end=9, max_seconds=1),)),
        "has no shift",
    ),
    "hours of no time": (lambda: HourLimit(nurse="n", start=9, end=9, max_seconds=1), "not after start"),
    "a span that ends before it begins": (lambda: Span(start=5, end=4), "before start"),
    "a gate that ends before it begins": (
        lambda: Gate(kind=GateKind.ORDER, since=5, until=4),
        "before since",
    ),
    "stock listed twice": (
        lambda: street().shifts[0].replace(stock=(Supply(item="kit", units=1),) * 2),
        "more than once: kit",
    ),
    "gates on a visit whose second task may come first": (
        lambda: Visit(
            id="v",
            modes=(Mode(id="m", tasks=(task("v.1", "p", 10), task("v.2", "p", 10))),),
            gates=(Gate(kind=GateKind.ORDER),),
        ),
        "by a lag",
    ),
}


def pair(first: int, then: int) -> Spacing:
    """Between two visits of the street, by their numbers."""
    visits = street().visits
    return Spacing(first=visits[first].id, then=visits[then].id)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_refused(name: str) -> None:
    make, said = IMPOSSIBLE[name]
    with pytest.raises(ModelError, match=said):
        make()
