"""Whether one more stay fits into a route: every start that is offered can be planned, and none is missed."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, note, settings
from hypothesis import strategies as st

from scheduler.check import check
from scheduler.explain import Cause, Names, openings, why_unassigned, words
from scheduler.model import Break, Plan, Problem, Route, Shift, Stop, Task, Visit, Window
from scheduler.travel import GreatCircle
from tests.support.problems import MINUTE, ORIGIN, place, shift, street_matrix, visit
from tests.support.strategies import problems

_short = st.integers(0, 6)


@dataclass(frozen=True)
class Day:
    """A feasible day, in minutes, and which of its stays is to be taken out and asked about."""

    problem: Problem
    plan: Plan
    asked: str


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A route laid out minute by minute, and windows and hours drawn around it."""
    count = draw(st.integers(1, 4))
    spots = [draw(st.integers(0, 5)) for _ in range(count)]
    breaks_in = draw(st.none() | st.integers(0, count))
    rest_minutes = draw(st.integers(1, 4))
    now, here, rest_at = 20, 0, None
    departure = now
    stops, tasks = [], []
    for index, spot in enumerate([*spots, 0]):
        drive = abs(spot - here)
        if breaks_in == index:
            before = draw(st.integers(0, drive + 3))
            rest_at = now + before
            now = max(now + drive, rest_at) + rest_minutes
        else:
            now += drive
        if index == count:
            break
        arrival = now
        now += draw(_short)
        duration = draw(_short)
        stops.append(Stop(task=f"t{index}", arrival=arrival, start=now, end=now + duration))
        tasks.append(_task(draw, index, now, duration))
        now, here = now + duration, spot
    nurse = _shift(draw, departure, now, rest_at, rest_minutes)
    return _day(draw, tasks, spots, nurse, stops, departure, now, rest_at)


def _task(draw: st.DrawFn, index: int, start: int, duration: int) -> Task:
    earliest, latest = start - draw(_short), start + draw(_short)
    latest_end = draw(st.none() | st.integers(start + duration, start + duration + 6))
    found = [Window(earliest_start=earliest, latest_start=latest, latest_end=latest_end)]
    if draw(st.booleans()):
        later = latest + draw(st.integers(1, 5))
        found.append(Window(earliest_start=later, latest_start=later + draw(_short)))
    return Task(id=f"t{index}", place=f"p{index}", duration=duration, windows=tuple(found))


def _shift(draw: st.DrawFn, departure: int, finish: int, rest_at: int | None, rest_minutes: int) -> Shift:
    rest = None
    if rest_at is not None:
        earliest = max(0, rest_at - draw(_short))
        rest = Break(
            duration=rest_minutes, earliest_start=earliest, latest_end=rest_at + rest_minutes + draw(_short)
        )
    return shift(
        "s", "ana", "home", departure - draw(_short), finish + draw(_short) + 1, credentials=(), break_=rest
    )


def _day(
    draw: st.DrawFn,
    tasks: list[Task],
    spots: list[int],
    nurse: Shift,
    stops: list[Stop],
    departure: int,
    finish: int,
    rest_at: int | None,
) -> Day:
    """Minutes become seconds, so that the street's drives fit."""
    visits = tuple(visit(f"v{index}", _scaled_task(task)) for index, task in enumerate(tasks))
    problem = Problem(
        origin=ORIGIN,
        places=(place("home", 0), *(place(f"p{index}", spot) for index, spot in enumerate(spots))),
        visits=visits,
        shifts=(_scaled_shift(nurse),),
    )
    route = Route(
        shift="s",
        departure=departure * MINUTE,
        stops=tuple(
            Stop(task=s.task, arrival=s.arrival * MINUTE, start=s.start * MINUTE, end=s.end * MINUTE)
            for s in stops
        ),
        finish=finish * MINUTE,
        break_start=None if rest_at is None else rest_at * MINUTE,
    )
    return Day(
        problem=problem, plan=Plan(routes=(route,)), asked=draw(st.sampled_from([v.id for v in visits]))
    )


def _scaled_task(task: Task) -> Task:
    found = tuple(
        Window(
            earliest_start=window.earliest_start * MINUTE,
            latest_start=window.latest_start * MINUTE,
            latest_end=None if window.latest_end is None else window.latest_end * MINUTE,
        )
        for window in task.windows
    )
    return task.replace(duration=task.duration * MINUTE, windows=found)


def _scaled_shift(nurse: Shift) -> Shift:
    rest = nurse.break_ and nurse.break_.replace(
        duration=nurse.break_.duration * MINUTE,
        earliest_start=nurse.break_.earliest_start * MINUTE,
        latest_end=nurse.break_.latest_end * MINUTE,
    )
    return nurse.replace(start=nurse.start * MINUTE, end=nurse.end * MINUTE, break_=rest)


@given(day=days())
@settings(max_examples=300)
def test_a_start_that_was_planned_is_offered(day: Day) -> None:
    assert check(day.problem, street_matrix(day.problem), day.plan).violations == ()
    asked = next(v for v in day.problem.visits if v.id == day.asked)
    (entry,) = why_unassigned(
        day.problem, street_matrix(day.problem), _without(day.plan, asked), asked.id
    ).nurses
    planned = next(s.start for s in day.plan.routes[0].stops if s.task == asked.tasks[0].id)
    note(f"planned {planned}, offered {entry.starts}")
    assert entry.cause is Cause.FITS
    assert any(low <= planned <= high for low, high in entry.starts)


@given(day=days(), other=days())
@settings(max_examples=300)
def test_a_start_that_is_offered_can_be_planned(day: Day, other: Day) -> None:
    """Asked about a visit made for another day, so that it need not fit."""
    newcomer = visit("new", other.problem.visits[0].tasks[0].replace(id="new", place="new"))
    spot = place("new", 3)
    problem = day.problem.replace(places=(*day.problem.places, spot), visits=(*day.problem.visits, newcomer))
    plan = day.plan.replace(unassigned=("new",))
    (entry,) = why_unassigned(problem, street_matrix(problem), plan, "new").nurses
    for start in {second for span in entry.starts for second in span}:
        assert _can_be_planned(problem, plan, newcomer, start), f"offered {entry.starts}, refused {start}"


@given(day=days(), other=days())
@settings(max_examples=300)
def test_there_is_an_opening_exactly_where_nothing_stands_in_the_way(day: Day, other: Day) -> None:
    newcomer = visit("new", other.problem.visits[0].tasks[0].replace(id="new", place="new"))
    problem = day.problem.replace(places=(*day.problem.places, place("new", 3)))
    known = problem.replace(visits=(*problem.visits, newcomer))
    matrix, left_out = street_matrix(problem), day.plan.replace(unassigned=("new",))
    (opening,) = openings(problem, matrix, day.plan, newcomer)
    (entry,) = why_unassigned(known, matrix, left_out, "new").nurses
    note(f"{opening}, {entry}")
    assert opening.feasible == (entry.cause is Cause.FITS)
    taken = check(known, matrix, Plan(routes=opening.routes))
    before = check(known, matrix, left_out)
    assert {violation.code for violation in taken.violations} == set(opening.broken)
    assert taken.cost is not None and before.cost is not None
    assert taken.cost.total == before.cost.total + opening.added - (newcomer.drop_cost or 0)


@given(problem=problems())
@settings(max_examples=150)
def test_there_are_words_for_whatever_stands_in_the_way(problem: Problem) -> None:
    nobody = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    for left_out in nobody.unassigned:
        why = why_unassigned(problem, GreatCircle().matrix(problem.places), nobody, left_out)
        said = words(why, Names(clock=str))
        assert said.summary.endswith(".")
        assert {nurse for nurse, _ in said.nurses} == {shift.nurse for shift in problem.shifts}
        assert all(reason for _, reason in said.nurses)


def _without(plan: Plan, asked: Visit) -> Plan:
    (route,) = plan.routes
    stops = tuple(stop for stop in route.stops if stop.task != asked.tasks[0].id)
    return Plan(routes=(route.replace(stops=stops),) if stops else (), unassigned=(asked.id,))


def _can_be_planned(problem: Problem, plan: Plan, newcomer: Visit, start: int) -> bool:
    """Some place in the route and some gap for the break make a plan that the referee finds feasible, every
    other stay begun as early as it can be."""
    order = [stop.task for stop in plan.routes[0].stops]
    for position in range(len(order) + 1):
        tasks = [*order[:position], newcomer.tasks[0].id, *order[position:]]
        for gap in range(len(tasks) + 1):
            route = _as_early_as_possible(problem, tasks, gap, newcomer.tasks[0].id, start)
            if route is not None and check(problem, street_matrix(problem), Plan(routes=(route,))).feasible:
                return True
    return False


def _as_early_as_possible(
    problem: Problem, order: list[str], gap: int, fixed: str, start: int
) -> Route | None:
    nurse, tasks, matrix = problem.shifts[0], problem.task_by_id, street_matrix(problem)
    rest, rest_at = nurse.break_, None
    now, here, stops = nurse.start, nurse.start_place, []
    for index, name in enumerate([*order, ""]):
        there = tasks[name].place if name else nurse.end_place
        arrival = now + matrix.between(here, there)
        ready = arrival
        if rest is not None and gap == index:
            rest_at = max(now, rest.earliest_start)
            arrival += rest.duration if rest_at < arrival else 0
            ready = max(arrival, rest_at + rest.duration)
            if not name and max(arrival, rest_at) + rest.duration <= rest.latest_end:
                arrival = now + matrix.between(here, there)  # at home, after the finish
                rest_at = max(arrival, rest.earliest_start)
        if not name:
            break
        begun = [
            max(ready, w.earliest_start) for w in tasks[name].windows if ready <= _last_start(w, tasks[name])
        ]
        if name == fixed:
            begun = [start] if start >= ready else []
        if not begun:
            return None
        stops.append(
            Stop(task=name, arrival=arrival, start=min(begun), end=min(begun) + tasks[name].duration)
        )
        now, here = stops[-1].end, there
    return Route(
        shift=nurse.id, departure=nurse.start, stops=tuple(stops), finish=arrival, break_start=rest_at
    )


def _last_start(window: Window, task: Task) -> int:
    if window.latest_end is None:
        return window.latest_start
    return min(window.latest_start, window.latest_end - task.duration)
