"""Small seeded courses over several days, planned visit by visit at openings drawn at random: nothing that is
offered breaks a gate, a spacing, an hour limit, the rest or the stock, and the reasons agree with it."""

from __future__ import annotations

import random

from hypothesis import given, note, settings
from hypothesis import strategies as st

from benchmarks.courses import REGION, course
from scheduler.check import check
from scheduler.explain import Cause, Names, openings, why_unassigned, words
from scheduler.model import Pin, Plan, Problem
from scheduler.travel import TravelMatrix

Case = tuple[Problem, TravelMatrix, Plan, list[str]]


@st.composite
def grown_courses(draw: st.DrawFn) -> Case:
    """A course, its feasible plan, and the visits that it leaves out."""
    dice = random.Random(draw(st.integers(0, 10**6)))
    problem = course(dice.randint(1, 5), dice.randint(1, 3), dice.randint(3, 8), dice.randint(0, 10**6))
    matrix = REGION.travel.matrix(problem.places)
    plan = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    for visit in dice.sample(problem.visits, len(problem.visits)):
        feasible = [one for one in openings(problem, matrix, plan, visit) if one.feasible]
        if feasible and dice.random() < 0.8:
            plan = dice.choice(feasible[:4]).taken(plan, visit.id)
    return problem, matrix, plan, list(plan.unassigned)


@given(grown_courses())
@settings(max_examples=25)
def test_a_plan_grown_at_openings_keeps_every_rule(case: Case) -> None:
    problem, matrix, plan, _ = case
    assert check(problem, matrix, plan).violations == ()


@given(grown_courses())
@settings(max_examples=25)
def test_what_an_opening_would_break_is_what_the_referee_says(case: Case) -> None:
    problem, matrix, plan, left_out = case
    for visit in [visit for visit in problem.visits if visit.id in left_out][:3]:
        for way in openings(problem, matrix, plan, visit):
            report = check(problem, matrix, way.taken(plan, visit.id))
            assert {violation.code for violation in report.violations} == set(way.broken)


@given(grown_courses())
@settings(max_examples=25)
def test_who_is_said_to_fit_has_an_opening_and_nobody_else(case: Case) -> None:
    problem, matrix, plan, left_out = case
    nurse_of = {shift.id: shift.nurse for shift in problem.shifts}
    for visit in [visit for visit in problem.visits if visit.id in left_out and len(visit.modes) == 1][:2]:
        why = why_unassigned(problem, matrix, plan, visit.id)
        note(words(why, Names(clock=str, when="in these days")).summary)
        fits = {entry.shift: entry.starts for entry in why.nurses if entry.cause is Cause.FITS}
        ways = [way for way in openings(problem, matrix, plan, visit) if way.feasible]
        offered = {route.shift for way in ways for route in way.routes}
        assert offered == set(fits)
        for shift, starts in fits.items():
            for start in {starts[0][0], starts[-1][1]}:
                pin = Pin(task=visit.tasks[0].id, shift=shift, start=start)
                ways = openings(problem.replace(pins=(pin,)), matrix, plan, visit)
                assert (ways[0].broken, ways[0].nurses, ways[0].starts) == ((), (nurse_of[shift],), (start,))
