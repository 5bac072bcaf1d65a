"""Random days, disturbed at a random time: the proposal is feasible; the past and the frozen stay."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import infusion
from scheduler.check import check
from scheduler.disruption import (
    Changed,
    Disruption,
    InForce,
    NurseIll,
    NurseLate,
    RoadClosed,
    Seen,
    UrgentVisit,
    VisitCancelled,
    VisitOverruns,
    apply,
)
from scheduler.explain import UnkeptKind
from scheduler.model import POINTS_PER_DOLLAR, Plan, Problem, Stop
from scheduler.solve import Limits
from scheduler.solve.cp_sat import CpSatSolver
from scheduler.travel import TravelMatrix

HOUR = 3600
PRICE = 5 * POINTS_PER_DOLLAR
FREEZE = 2 * HOUR
LIMITS = Limits(seconds=0.5)
SEEDS = range(6)


@cache
def in_force(seed: int) -> InForce:
    """A day of ten visits, some of them shared by two nurses, planned."""
    problem = infusion.day(10, "city", seed, handoffs=True, visits_per_nurse=infusion.ROOMY)
    problem = problem.replace(
        weights=problem.weights.replace(changed_nurse=PRICE, moved_start=PRICE),
    )
    matrix = infusion.REGIONS["city"].travel.matrix(problem.places)
    plan = CpSatSolver().solve(problem, matrix, LIMITS).plan
    assert check(problem, matrix, plan).feasible
    return InForce(problem=problem, matrix=matrix, plan=plan)


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[InForce, Disruption | None, int]:
    """A planned day, what happens, and when."""
    day = in_force(draw(st.sampled_from(SEEDS)))
    now = draw(st.integers(6 * HOUR, 18 * HOUR))
    shifts = st.sampled_from([shift.id for shift in day.problem.shifts])
    visits = st.sampled_from([visit.id for visit in day.problem.visits])
    minutes = st.integers(1, 120)
    places = st.frozensets(st.sampled_from([place.id for place in day.problem.places]), max_size=4)
    urgent = infusion.day(3, "city", 99).visits[0]
    urgent = urgent.replace(
        id="urgent",
        modes=tuple(
            mode.replace(
                tasks=tuple(
                    task.replace(id=f"urgent.{task.id}", place=day.problem.places[0].id)
                    for task in mode.tasks
                )
            )
            for mode in urgent.modes
        ),
        preferred_nurses=frozenset(),
        barred_nurses=frozenset(),
    )
    happened = draw(
        st.none()
        | st.builds(NurseIll, shift=shifts, from_s=st.integers(6 * HOUR, 18 * HOUR), goes_on=st.booleans())
        | st.builds(NurseLate, shift=shifts, minutes=minutes)
        | st.builds(VisitOverruns, visit=visits, minutes=minutes)
        | st.builds(VisitCancelled, visit=visits, no_show=st.just(True))
        | st.just(UrgentVisit(visit=urgent))
        | st.builds(RoadClosed, factor=st.floats(1.1, 3), places=places)
    )
    return day, happened, now


def stops(plan: Plan, problem: Problem) -> dict[str, tuple[str, Stop]]:
    """Nurse and stop by task."""
    nurses = {shift.id: shift.nurse for shift in problem.shifts}
    return {stop.task: (nurses[route.shift], stop) for route in plan.routes for stop in route.stops}


def planned_again(changed: Changed) -> Plan:
    """The solver's plan for the rest of the day."""
    made = CpSatSolver().solve(changed.to_solve, changed.to_solve_matrix, LIMITS).plan
    solved = check(changed.to_solve, changed.to_solve_matrix, made)
    assert solved.feasible, solved.violations
    return changed.settled(made)


def put_off(day: InForce, happened: Disruption | None, now: int) -> set[str]:
    """Tasks that the disruption itself keeps from having begun, though planned to start before now."""
    visits = day.visits
    routes = {route.shift: route for route in day.plan.routes}
    if isinstance(happened, VisitCancelled):
        return {task for task in visits if visits[task].id == happened.visit}
    if isinstance(happened, NurseLate) and happened.shift in routes:
        mine = routes[happened.shift].stops
        late = {stop.task for stop in mine if stop.start + 60 * happened.minutes > now}
        return {task for task in visits if any(own.id in late for own in visits[task].tasks)}
    if isinstance(happened, VisitOverruns):
        hit = set()
        for route in day.plan.routes:
            seen = False
            for stop in route.stops:
                hit |= {stop.task} if seen else set()
                seen = seen or visits[stop.task].id == happened.visit
        return {task for task in visits if any(own.id in hit for own in visits[task].tasks)}
    return set()


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(disturbed())
def test_the_proposal_is_feasible_and_changes_nothing_that_has_begun(
    case: tuple[InForce, Disruption | None, int],
) -> None:
    day, happened, now = case
    changed = apply(day.problem, day.matrix, day, happened, now_s=now, freeze_until_s=now + FREEZE)
    plan = planned_again(changed)
    report = check(changed.problem, changed.matrix, plan)
    assert report.feasible, report.violations

    before, after = stops(day.plan, day.problem), stops(plan, changed.problem)
    excused = put_off(day, happened, now)
    for task, (nurse, stop) in before.items():
        if stop.start <= now and task not in excused:
            mine = [own.id for own in day.visits[task].tasks if own.id in after]
            same = [after[own] for own in mine if after[own][0] == nurse]
            assert any(own.start == stop.start and own.end >= stop.end for _, own in same)
    begun = {(day.visits[task].id, nurse, stop.start) for task, (nurse, stop) in before.items()}
    visit_of = changed.problem.visit_by_task
    for task, (nurse, stop) in after.items():
        assert (visit_of[task].id, nurse, stop.start) in begun or stop.start >= now


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(disturbed())
def test_what_is_frozen_stays_or_is_told(case: tuple[InForce, Disruption | None, int]) -> None:
    day, happened, now = case
    changed = apply(day.problem, day.matrix, day, happened, now_s=now, freeze_until_s=now + FREEZE)
    pins = {(pin.task, pin.shift, pin.start) for pin in changed.problem.pins}
    told = {unkept.visit for unkept in changed.unkept}
    for route in day.plan.routes:
        for stop in route.stops:
            frozen = now < stop.start < now + FREEZE
            gone = isinstance(happened, VisitCancelled) and happened.visit == day.visits[stop.task].id
            partly = any(
                other.task != stop.task and day.visits[other.task] == day.visits[stop.task]
                for each in day.plan.routes
                for other in each.stops
            )
            if frozen and not gone and not partly:
                kept = (stop.task, route.shift, stop.start) in pins
                assert kept or day.visits[stop.task].id in told
    plan = planned_again(changed)
    kinds = {unkept.kind for unkept in changed.unkept}
    served = stops(plan, changed.problem)
    for task, shift, start in pins:
        if start is not None and task in served and UnkeptKind.MISSED not in kinds:
            nurse = next(each.nurse for each in changed.problem.shifts if each.id == shift)
            assert (served[task][0], served[task][1].start) == (nurse, start)


@st.composite
def carried_out(draw: st.DrawFn) -> tuple[InForce, Seen, int]:
    """A planned day, and how it went until some time: earlier, later, shorter, longer, or hardly as told."""
    day = in_force(draw(st.sampled_from(SEEDS)))
    now = draw(st.integers(8 * HOUR, 18 * HOUR))
    begun = []
    for route in day.plan.routes:
        late = draw(st.integers(-1800, 3600))
        for stop in route.stops:
            start = stop.start + late + draw(st.integers(-300, 300))
            if start > now or draw(st.integers(0, 9)) == 0:
                continue
            took = (stop.end - stop.start) * draw(st.integers(50, 150)) // 100
            end = start + took if start + took <= now or draw(st.booleans()) else now + 600
            arrival = max(0, start - draw(st.integers(0, 900)))
            begun.append(Stop(task=stop.task, arrival=arrival, start=max(start, 0), end=end))
            late += took - (stop.end - stop.start)
    return day, Seen(begun=tuple(begun)), now


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(carried_out())
def test_a_day_is_planned_from_how_it_went(case: tuple[InForce, Seen, int]) -> None:
    day, seen, now = case
    changed = apply(day.problem, day.matrix, day, now_s=now, freeze_until_s=now + FREEZE, seen=seen)
    plan = planned_again(changed)
    report = check(changed.problem, changed.matrix, plan)
    assert report.feasible, report.violations
    after = stops(plan, changed.problem)
    nurses = {stop.task: nurse for nurse, stop in stops(day.plan, day.problem).values()}
    waits = {lag.then for visit in day.problem.visits for mode in visit.modes for lag in mode.lags}
    waits |= {lag.first for visit in day.problem.visits for mode in visit.modes for lag in mode.lags}
    for stop in seen.begun:
        if stop.task not in waits:
            nurse, stay = after[stop.task]
            assert nurse == nurses[stop.task]
            assert stay.start >= stop.start and (stay.start <= now or stay.start == stop.start)


def test_nobody_flies_to_an_urgent_visit() -> None:
    """A nurse who has gone home starts from there, now, not from her last patient when she left him."""
    day = in_force(0)
    now = 17 * HOUR
    changed = apply(day.problem, day.matrix, day, None, now_s=now, freeze_until_s=now)
    marks = [visit for visit in changed.to_solve.visits if visit.id.startswith("now:")]
    assert marks
    for mark in marks:
        task = mark.tasks[0]
        assert task.windows[0].earliest_start >= now
        shift = next(each for each in changed.to_solve.shifts if f"now:{each.id}" == mark.id)
        route = next(route for route in day.plan.routes if route.shift == shift.id)
        if route.finish <= now:
            assert changed.to_solve_matrix.between(task.place, shift.end_place) == 0
    assert not any(place.startswith("now:") for place in changed.matrix.places)


def travel_unchanged(one: TravelMatrix, other: TravelMatrix) -> bool:
    """The same times between the same places."""
    return one.places == other.places and bool((one.seconds == other.seconds).all())


def test_in_the_night_before_nothing_is_begun_and_nothing_frozen() -> None:
    day = in_force(1)
    changed = apply(day.problem, day.matrix, day, None, now_s=-8 * HOUR, freeze_until_s=-6 * HOUR)
    assert changed.problem.replace(promises=()) == day.problem
    assert changed.to_solve == changed.problem
    assert travel_unchanged(changed.matrix, day.matrix)
    assert {promise.task for promise in changed.problem.promises} == set(stops(day.plan, day.problem))
