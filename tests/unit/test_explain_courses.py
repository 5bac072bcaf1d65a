"""Why a session or follow-up finds no place, and which starts it is offered."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.check import Code, check
from scheduler.explain import Cause, Names, Opening, openings, why_unassigned, words
from scheduler.model import Gate, GateKind, HourLimit, Plan, Problem, Route, Spacing, Span, Supply, Visit
from tests.support.problems import HOUR, at, shift, stop, street_matrix, task, visit, window
from tests.support.solver_scenarios import problem

TUESDAY = 24 * HOUR
NAMES = Names(clock=lambda seconds: f"{seconds // HOUR}:00", nurses={"ana": "Ana Ruiz"})
ASKED = visit("s2", task("s2.1", "m0", 60, window(at(8), at(12)), window(TUESDAY + at(8), TUESDAY + at(12))))


def course(asked: Visit, **more: Any) -> tuple[Problem, Plan]:
    """Ana works on Monday and Tuesday from 8:00 to 16:00; on Monday she gives session s1 at 9:00. The asked
    visit may be on either day until 12:00."""
    first = visit("s1", task("s1.1", "m0", 60, window(at(8), at(12))))
    days = (
        shift("mon", "ana", "m0"),
        shift("tue", "ana", "m0", TUESDAY + at(8), TUESDAY + at(16)),
    )
    stops = (stop("s1.1", at(9), at(9), 60),)
    plan = Plan(
        routes=(Route(shift="mon", departure=at(9), stops=stops, finish=at(10)),), unassigned=(asked.id,)
    )
    return problem((first, asked), days).replace(**more), plan


def gated(kind: GateKind, *spans: Span, since: int = 0, until: int = 0) -> Visit:
    return ASKED.replace(gates=(Gate(kind=kind, spans=spans, since=since, until=until),))


def spaced(min_s: int = 0, max_s: int | None = None, *, after: bool = True) -> dict[str, Any]:
    first, then = ("s1", "s2") if after else ("s2", "s1")
    return {"spacings": (Spacing(first=first, then=then, min_s=min_s, max_s=max_s),)}


def causes(given: Problem, plan: Plan) -> list[Cause]:
    """Of Monday and Tuesday."""
    return [entry.cause for entry in why_unassigned(given, street_matrix(given), plan, "s2").nurses]


def offered(given: Problem, plan: Plan) -> list[Opening]:
    """The openings, each as the referee has it."""
    asked = next(visit for visit in given.visits if visit.id == "s2")
    ways = openings(given, street_matrix(given), plan, asked)
    for way in ways:
        report = check(given, street_matrix(given), way.taken(plan, "s2"))
        assert {violation.code for violation in report.violations} == set(way.broken)
    return list(ways)


@pytest.mark.parametrize("kind", GateKind)
def test_a_gate_that_opens_on_tuesday_leaves_tuesday(kind: GateKind) -> None:
    given, plan = course(
        gated(kind, Span(start=TUESDAY + at(10), end=TUESDAY + at(20)), since=HOUR, until=2 * HOUR)
    )
    # Other days' sessions narrow the order's rules.
    cause = Cause.ORDER if kind is GateKind.SPACING else Cause(kind.value)
    assert causes(given, plan) == [cause, Cause.FITS]
    first, then = offered(given, plan)
    assert (first.starts, first.broken) == ((TUESDAY + at(9),), ())
    assert then.broken == (Code(kind.value),)


def test_a_gate_without_spans_is_told_of_the_visit() -> None:
    given, plan = course(gated(GateKind.ORDER))
    said = words(why_unassigned(given, street_matrix(given), plan, "s2"), NAMES)
    assert said.summary == "No order is valid then."
    assert said.nurses == (("ana", "could only come when no order is valid"),)


def test_a_session_is_offered_far_enough_from_the_one_before() -> None:
    given, plan = course(ASKED, **spaced(25 * HOUR))
    assert causes(given, plan) == [Cause.TOO_CLOSE, Cause.FITS]
    assert offered(given, plan)[0].starts == (TUESDAY + at(10),)


def test_a_session_too_long_after_the_one_before_is_not_offered() -> None:
    given, plan = course(ASKED, **spaced(max_s=22 * HOUR))
    assert causes(given, plan) == [Cause.FITS, Cause.TOO_FAR_APART]
    way = offered(given, plan)[0]
    assert (way.starts, way.feasible) == ((at(10),), True)


def test_a_session_before_the_next_one_is_offered_at_its_distance() -> None:
    given, plan = course(ASKED, **spaced(HOUR, after=False))
    assert causes(given, plan) == [Cause.FITS, Cause.TOO_CLOSE]
    assert offered(given, plan)[0].starts == (at(8),)


def test_a_follow_up_of_a_visit_left_out_has_no_start() -> None:
    given, plan = course(ASKED)
    tied = given.replace(spacings=(Spacing(first="s1", then="s2", needs_first=True),))
    nothing = Plan(routes=(), unassigned=("s1", "s2"))
    assert causes(tied, nothing) == [Cause.FOLLOW_UP, Cause.FOLLOW_UP]
    assert causes(tied, plan) == [Cause.FITS, Cause.FITS]
    assert {way.broken for way in offered(tied, nothing)} == {(Code.FOLLOW_UP,)}


def test_a_nurse_without_hours_left_is_said_to_be() -> None:
    week = HourLimit(nurse="ana", start=0, end=7 * TUESDAY, max_seconds=15 * HOUR)
    given, plan = course(gated(GateKind.ORDER, Span(start=TUESDAY, end=2 * TUESDAY)), hour_limits=(week,))
    assert causes(given, plan) == [Cause.ORDER, Cause.HOUR_LIMIT]
    assert {way.broken for way in offered(given, plan)} == {(Code.ORDER,), (Code.HOUR_LIMIT,)}


def test_a_nurse_starts_later_after_too_short_a_night() -> None:
    given, plan = course(gated(GateKind.ORDER, Span(start=TUESDAY, end=2 * TUESDAY)), rest_s=23 * HOUR)
    assert causes(given, plan) == [Cause.ORDER, Cause.FITS]
    assert offered(given, plan)[0].starts == (TUESDAY + at(9),)
    tired = given.replace(rest_s=27 * HOUR)
    assert causes(tired, plan) == [Cause.ORDER, Cause.REST]
    assert not offered(tired, plan)[0].feasible


def test_a_nurse_without_kits_left_is_said_to_be() -> None:
    kit = (Supply(item="kit", units=1),)
    using = visit("s2", task("s2.1", "m0", 60, window(at(8), at(12))).replace(uses=kit))
    given, plan = course(using)
    none_left = given.replace(
        visits=(
            given.visits[0].replace(
                modes=(given.visits[0].modes[0].replace(tasks=(given.visits[0].tasks[0].replace(uses=kit),)),)
            ),
            using,
        ),
        shifts=(given.shifts[0].replace(stock=kit), given.shifts[1]),
    )
    assert causes(none_left, plan) == [Cause.STOCK, Cause.WINDOW_OUTSIDE_SHIFT]
    assert (Code.STOCK,) in {way.broken for way in offered(none_left, plan)}


def test_a_session_already_planned_moves_only_as_far_as_its_gate() -> None:
    """s1 could make room from 9:00 to 8:00 and the other way round, were its prescriber there."""
    early = visit("s2", task("s2.1", "m0", 60, window(at(9), at(9))))
    given, plan = course(early)
    assert causes(given, plan) == [Cause.FITS, Cause.WINDOW_OUTSIDE_SHIFT]
    held = Gate(kind=GateKind.PRESCRIBER, spans=(Span(start=at(8, 30), end=at(9, 30)),))
    given = given.replace(visits=(given.visits[0].replace(gates=(held,)), early))
    assert causes(given, plan) == [Cause.NO_ROOM, Cause.WINDOW_OUTSIDE_SHIFT]
    assert not any(way.feasible for way in offered(given, plan))
