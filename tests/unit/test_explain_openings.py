"""Where one more visit could go: the ranking, what it adds, and the rules it would break."""

from __future__ import annotations

import pytest

from scheduler.check import Code, Judge, check
from scheduler.explain import Opening, openings
from scheduler.model import Break, Plan, Problem, Promise, Route, Visit
from tests.support.problems import (
    MINUTE,
    at,
    shift,
    stop,
    street,
    street_matrix,
    street_plan,
    task,
    together,
    visit,
    window,
)
from tests.support.solver_scenarios import RATES, problem


def found(given: Problem, plan: Plan, asked: Visit) -> tuple[Opening, ...]:
    """The openings; each is what the referee says of the whole plan with it."""
    matrix = street_matrix(given)
    ways = openings(given, matrix, plan, asked)
    others = tuple(known for known in given.visits if known.id != asked.id)
    known = given.replace(visits=(*others, asked))
    before = check(known, matrix, plan.replace(unassigned=tuple({*plan.unassigned, asked.id}))).cost
    for way in ways:
        after = check(known, matrix, way.taken(plan, asked.id))
        assert {violation.code for violation in after.violations} == set(way.broken)
        assert before is not None and after.cost is not None
        assert after.cost.total == before.total + way.added - (asked.drop_cost or 0)
    return ways


def two_nurses() -> tuple[Problem, Plan]:
    """Ana from the west has a visit at minute 20 from 9:00 on, Ben from the east is free."""
    given = problem(
        (visit("v1", task("v1.1", "m20", 60, window(at(9), at(12)))),),
        (shift("s1", "ana", "m0"), shift("s2", "ben", "m60")),
    )
    stops = (stop("v1.1", at(9), at(9), 60),)
    return given, Plan(routes=(Route(shift="s1", departure=at(8, 40), stops=stops, finish=at(10, 20)),))


def test_the_nurse_to_whom_it_adds_least_comes_first() -> None:
    first, second = found(*two_nurses(), visit("new", task("new.1", "m30", 60)))
    assert (first.nurses, first.added) == (("ana",), 20 * MINUTE * RATES.travel)
    assert (second.nurses, second.added) == (("ben",), 60 * MINUTE * RATES.travel)
    assert first.feasible and second.feasible


def test_others_move_only_where_they_must() -> None:
    newcomer = visit("new", task("new.1", "m10", 60, window(at(8), at(8, 30))))
    (first, _) = found(*two_nurses(), newcomer)
    (route,) = first.routes
    assert [(each.task, each.start) for each in route.stops] == [
        ("new.1", at(8, 10)),
        ("v1.1", at(9, 20)),
    ]


def test_the_break_stays_where_nobody_need_move_for_it() -> None:
    rest = Break(duration=30 * MINUTE, earliest_start=at(9, 50), latest_end=at(14))
    given = problem(
        (visit("v1", task("v1.1", "m20", 60, window(at(9), at(12)))),),
        (shift("s1", "ana", "m0", break_=rest),),
    )
    stops = (stop("v1.1", at(10), at(10), 60),)
    route = Route(shift="s1", departure=at(9, 40), stops=stops, finish=at(11, 20), break_start=at(11, 20))
    newcomer = visit("new", task("new.1", "m20", 60, window(at(13), at(14))))
    (way,) = found(given, Plan(routes=(route,)), newcomer)
    assert [each.start for each in way.routes[0].stops] == [at(10), at(13)]


def test_rules_that_would_be_broken_are_named_and_come_last() -> None:
    newcomer = visit("new", task("new.1", "m20", 60, credentials=("picc",)), barred=("ana",))
    ways = found(*two_nurses(), newcomer)
    assert [(way.nurses, way.broken) for way in ways] == [
        (("ben",), (Code.CREDENTIAL,)),
        (("ana",), (Code.CREDENTIAL, Code.BARRED_NURSE)),
    ]


def test_a_nurse_who_would_come_too_late_is_said_to() -> None:
    newcomer = visit("new", task("new.1", "m60", 60, window(at(8), at(8))))
    (_, ana) = found(*two_nurses(), newcomer)
    assert (ana.nurses, ana.feasible) == (("ana",), False)
    assert ana.broken == (Code.TOO_LATE,)


def test_what_patients_were_told_is_part_of_what_it_adds() -> None:
    given, plan = two_nurses()
    weights = given.weights.replace(moved_start=500_000)
    told = given.replace(
        promises=(Promise(task="v1.1", nurse="ana", start=at(9)),),
        weights=weights,
    )
    newcomer = visit("new", task("new.1", "m10", 60, window(at(8), at(8, 30))))
    assert [way.nurses for way in found(given, plan, newcomer)] == [("ana",), ("ben",)]
    assert [way.feasible for way in found(told, plan, newcomer)] == [True, False]
    assert found(told, plan, newcomer)[0].added == found(given, plan, newcomer)[0].added + 500_000


def test_a_pair_is_offered_to_two_nurses_together() -> None:
    pair = visit(
        "new", task("new.1", "m30", 60), task("new.2", "m30", 30), lags=(together("new.1", "new.2"),)
    )
    ways = found(*two_nurses(), pair)
    assert {way.nurses for way in ways} == {("ana", "ben"), ("ben", "ana")}
    assert all(way.feasible and way.starts[0] == way.starts[1] for way in ways)


def test_every_mode_is_looked_at() -> None:
    given = street()
    plan = street_plan().replace(
        routes=tuple(
            route.replace(stops=tuple(s for s in route.stops if not s.task.startswith("v4.")))
            for route in street_plan().routes
        ),
        unassigned=("v6", "v4"),
    )
    ways = found(given, plan, given.visits[3])
    assert {way.mode for way in ways if way.feasible} == {"through", "hand-off"}


def test_a_visit_of_the_plan_is_refused() -> None:
    given, plan = two_nurses()
    with pytest.raises(ValueError, match="visit 'v1' is served"):
        openings(given, street_matrix(given), plan, given.visits[0])


def test_the_judge_refuses_a_plan_of_unknown_things() -> None:
    given, plan = two_nurses()
    with pytest.raises(KeyError, match="ghost"):
        Judge(given, street_matrix(given), plan.replace(unassigned=("ghost",)))


@pytest.mark.parametrize("start", [at(9), at(12, 1), at(7)])
def test_the_judge_says_what_the_referee_says(start: int) -> None:
    given, plan = two_nurses()
    route = plan.routes[0].replace(stops=(stop("v1.1", at(9), start, 60),))
    judge = Judge(given, street_matrix(given), plan)
    assert judge.judged((route,), ()) == check(given, street_matrix(given), plan.replace(routes=(route,)))
