"""What ties visits and shifts over days: what is just allowed, and what a change of nurse costs."""

from __future__ import annotations

import pytest

from scheduler.check import CheckReport, Code, Judge, check
from scheduler.model import Gate, GateKind, HourLimit, Problem, Spacing, Span, Supply
from tests.support.problems import HOUR, MINUTE, STREET_PLAN_COST, at, street, street_matrix, street_plan

V1_TO_V5 = at(14) - at(8, 30)
"""Of `street_plan`: Ana starts v1 at 8:30, Cleo v5 at 14:00."""


def report(problem: Problem) -> CheckReport:
    return check(problem, street_matrix(problem), street_plan())


def gated(gate: Gate) -> Problem:
    """The street, with the gate on v4, which is handed off: its first nurse starts at 9:00."""
    problem = street()
    visits = [visit.replace(gates=(gate,)) if visit.id == "v4" else visit for visit in problem.visits]
    return problem.replace(visits=tuple(visits))


def stocked(*stock: Supply) -> Problem:
    """The street, where Ana's three tasks use a kit each."""
    problem = street()
    kit = (Supply(item="kit", units=1),)
    visits = [
        visit.replace(
            modes=tuple(
                mode.replace(tasks=tuple(task.replace(uses=kit) for task in mode.tasks))
                for mode in visit.modes
            )
        )
        for visit in problem.visits
    ]
    ana, *others = problem.shifts
    return problem.replace(visits=tuple(visits), shifts=(ana.replace(stock=stock), *others))


ALLOWED = {
    "a spacing to the second": street().replace(
        spacings=(Spacing(first="v1", then="v5", min_s=V1_TO_V5, max_s=V1_TO_V5, needs_first=True),)
    ),
    "a spacing to a visit left out": street().replace(
        spacings=(Spacing(first="v1", then="v6", min_s=1, max_s=1, needs_first=True, change_cost=1),)
    ),
    "a spacing from a visit left out": street().replace(
        spacings=(Spacing(first="v6", then="v1", min_s=1, max_s=1, change_cost=1),)
    ),
    "a gate open to the second": gated(
        Gate(kind=GateKind.ADULT, spans=(Span(start=at(10), end=at(11)),), since=HOUR, until=2 * HOUR)
    ),
    "a gate open on another day too": gated(
        Gate(kind=GateKind.ORDER, spans=(Span(start=at(30), end=at(40)), Span(start=-9, end=at(9))))
    ),
    "all hours used": street().replace(
        hour_limits=(HourLimit(nurse="ana", start=at(8), end=at(8) + 1, max_seconds=8 * HOUR),)
    ),
    "hours of another week": street().replace(
        hour_limits=(HourLimit(nurse="ana", start=at(8) + 1, end=at(99), max_seconds=0),)
    ),
    "all kits used": stocked(Supply(item="kit", units=3)),
    "other stock only": stocked(Supply(item="pump", units=0)),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_just_allowed(name: str) -> None:
    found = report(ALLOWED[name])
    assert found.violations == ()
    assert found.cost is not None and found.cost.total == STREET_PLAN_COST


def test_another_nurse_costs_the_change_cost_of_each_spacing_once() -> None:
    course = street().replace(
        spacings=(
            Spacing(first="v1", then="v2", change_cost=7),  # both Ana
            Spacing(first="v4", then="v5", change_cost=11),  # Ben starts v4, Cleo takes over and does v5
            Spacing(first="v1", then="v5", change_cost=13),
        )
    )
    cost = report(course).cost
    assert cost is not None
    assert (cost.continuity, cost.total) == (24, STREET_PLAN_COST + 24)


def test_a_pair_is_begun_by_the_first_nurse_of_its_mode() -> None:
    course = street().replace(spacings=(Spacing(first="v1", then="v3", change_cost=7),))
    cost = report(course).cost
    assert cost is not None and cost.continuity == 0


def test_a_gate_without_a_span_never_opens_and_each_gate_is_told() -> None:
    problem = gated(Gate(kind=GateKind.ORDER))
    shut = (Gate(kind=GateKind.ORDER), Gate(kind=GateKind.AGREEMENT))
    visits = [visit.replace(gates=shut) if visit.gates else visit for visit in problem.visits]
    found = report(problem.replace(visits=tuple(visits))).violations
    assert [each.code for each in found] == [Code.ORDER, Code.AGREEMENT]
    assert {(each.visit, each.shift) for each in found} == {("v4", "s-ben")}


def test_the_judge_sees_what_a_changed_route_does_to_visits_on_other_routes() -> None:
    course = street().replace(spacings=(Spacing(first="v1", then="v5", min_s=V1_TO_V5),))
    ana = street_plan().routes[0]
    v1, v3, v2 = ana.stops
    later = v1.replace(arrival=at(8, 45), start=at(8, 45), end=at(10, 45))
    route = ana.replace(departure=at(8, 35), stops=(later, v3.replace(arrival=at(11, 45)), v2))
    judge = Judge(course, street_matrix(course), street_plan())
    found = judge.judged((route,), ("v6",)).violations
    assert [(each.code, each.visit, each.shift) for each in found] == [(Code.SPACING, "v5", "s-cleo")]


def test_the_judge_sees_a_follow_up_whose_session_is_taken_out() -> None:
    course = street().replace(spacings=(Spacing(first="v5", then="v2", needs_first=True),))
    cleo = street_plan().routes[2]
    without = cleo.replace(stops=cleo.stops[:1], finish=at(12, 25))
    judge = Judge(course, street_matrix(course), street_plan())
    found = judge.judged((without,), ("v6", "v5")).violations
    assert [(each.code, each.visit) for each in found] == [(Code.FOLLOW_UP, "v2")]


def test_the_judge_adds_up_the_hours_of_the_nurses_whose_routes_change_only() -> None:
    limits = (
        HourLimit(nurse="ana", start=0, end=at(24), max_seconds=MINUTE),
        HourLimit(nurse="ben", start=0, end=at(24), max_seconds=MINUTE),
    )
    course = street().replace(hour_limits=limits)
    judge = Judge(course, street_matrix(course), street_plan())
    found = judge.judged((street_plan().routes[0],), ("v6",)).violations
    assert [(each.code, each.shift) for each in found] == [(Code.HOUR_LIMIT, "s-ana")]
