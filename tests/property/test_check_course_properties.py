"""Random courses over three short days, and random plans of them: the rules against their definitions, second
by second; and the judge of changed routes against the referee."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.check import Code, Judge, Violation, check
from scheduler.model import (
    Gate,
    GateKind,
    HourLimit,
    Lag,
    Mode,
    Plan,
    Problem,
    Route,
    Shift,
    Spacing,
    Span,
    Stop,
    Supply,
    Task,
    Visit,
    Window,
)
from tests.support.problems import ORIGIN, place, street_matrix

DAY, DAYS = 100, 3
NURSES = ("ana", "ben")
KINDS = [kind for kind in GateKind if kind is not GateKind.SPACING]
"""A gate of the other kind breaks the code of spacings within the plan: here the two are told apart."""

GATES = {Code(kind.value) for kind in KINDS}
_seconds = st.integers(0, DAY * DAYS)


@st.composite
def gates(draw: st.DrawFn) -> Gate:
    since = draw(st.integers(0, 20))
    spans = [
        Span(start=start, end=start + draw(st.integers(0, DAY)))
        for start in draw(st.lists(_seconds, max_size=2))
    ]
    return Gate(
        kind=draw(st.sampled_from(KINDS)),
        spans=tuple(spans),
        since=since,
        until=since + draw(st.integers(0, 20)),
    )


@st.composite
def visits(draw: st.DrawFn, id: str) -> Visit:
    """One nurse throughout; or an infusion nurse, whom another one relieves when the infusion ends."""
    infused, overlap, monitored = draw(st.integers(1, 20)), draw(st.integers(0, 5)), draw(st.integers(5, 20))
    lag = Lag(first=f"{id}.2", then=f"{id}.3", min_s=infused, max_s=infused)
    return Visit(
        id=id,
        modes=(
            Mode(id="throughout", tasks=(_task(draw, f"{id}.1", infused + monitored),)),
            Mode(
                id="handed-over",
                tasks=(_task(draw, f"{id}.2", infused + overlap), _task(draw, f"{id}.3", monitored)),
                lags=(lag,),
            ),
        ),
        drop_cost=0,
        gates=tuple(draw(st.lists(gates(), max_size=2))),
    )


def _task(draw: st.DrawFn, id: str, duration: int) -> Task:
    units = draw(st.integers(0, 2))
    return Task(
        id=id,
        place="m0",
        duration=duration,
        windows=(Window(earliest_start=0, latest_start=DAY * DAYS),),
        uses=(Supply(item="kit", units=units),),
    )


@st.composite
def spacings(draw: st.DrawFn, first: str, then: str) -> Spacing:
    low = draw(st.integers(0, DAY))
    return Spacing(
        first=first,
        then=then,
        min_s=low,
        max_s=draw(st.none() | st.integers(low, 2 * DAY)),
        needs_first=draw(st.booleans()),
        change_cost=draw(st.integers(0, 9)),
    )


@st.composite
def courses(draw: st.DrawFn) -> Problem:
    """Each nurse has a shift a day. Visits are tied in the order of their numbers."""
    ids = [f"v{number}" for number in range(draw(st.integers(1, 4)))]
    tied = [(one, other) for one, other in permutations(ids, 2) if one < other and draw(st.booleans())]
    kits = st.none() | st.integers(0, 4)
    return Problem(
        origin=ORIGIN,
        places=(place("m0", 0),),
        visits=tuple(draw(visits(id)) for id in ids),
        shifts=tuple(_shift(nurse, day, draw(kits)) for nurse in NURSES for day in range(DAYS)),
        spacings=tuple(draw(spacings(one, other)) for one, other in tied),
        hour_limits=tuple(
            HourLimit(
                nurse=nurse,
                start=start,
                end=start + draw(st.integers(1, 2 * DAY)),
                max_seconds=draw(st.integers(0, 2 * DAY)),
            )
            for nurse, start in draw(st.lists(st.tuples(st.sampled_from(NURSES), _seconds), max_size=2))
        ),
        rest_s=draw(st.integers(0, DAY)),
    )


def _shift(nurse: str, day: int, kits: int | None) -> Shift:
    return Shift(
        id=f"{nurse}-{day}",
        nurse=nurse,
        start_place="m0",
        end_place="m0",
        start=day * DAY + 10,
        end=day * DAY + 70,
        max_overtime=DAY,
        stock=() if kits is None else (Supply(item="kit", units=kits),),
    )


@st.composite
def plans(draw: st.DrawFn, course: Problem) -> Plan:
    """Each visit left out or served in a mode, on any shifts and at any time of their days."""
    stops: dict[str, list[Stop]] = {}
    left_out = []
    for visit in course.visits:
        mode = draw(st.none() | st.sampled_from(visit.modes))
        if mode is None:
            left_out.append(visit.id)
            continue
        start = draw(_seconds)
        for task, later in zip(mode.tasks, (0, *(lag.min_s for lag in mode.lags)), strict=True):
            begin = start + later + draw(st.sampled_from((0, 0, 0, 0, 1, -1)))
            day = min(max(begin, 0) // DAY, DAYS - 1)
            shift = f"{draw(st.sampled_from(NURSES))}-{day}"
            stop = Stop(
                task=task.id, arrival=max(begin, 0), start=max(begin, 0), end=max(begin, 0) + task.duration
            )
            stops.setdefault(shift, []).append(stop)
    routes = tuple(_route(shift, found) for shift, found in stops.items())
    return Plan(routes=routes, unassigned=tuple(left_out))


def _route(shift: str, stops: list[Stop]) -> Route:
    ordered = sorted(stops, key=lambda stop: stop.start)
    return Route(
        shift=shift,
        departure=ordered[0].start,
        stops=tuple(ordered),
        finish=max(stop.end for stop in ordered),
    )


@st.composite
def planned_courses(draw: st.DrawFn) -> tuple[Problem, Plan]:
    course = draw(courses())
    return course, draw(plans(course))


def violations(course: Problem, plan: Plan) -> tuple[Violation, ...]:
    return check(course, street_matrix(course), plan).violations


def starts(course: Problem, plan: Plan) -> dict[str, int]:
    """When each served visit starts."""
    visit_of = {task.id: visit.id for visit in course.visits for task in visit.tasks}
    found: dict[str, int] = {}
    for stop in (stop for route in plan.routes for stop in route.stops):
        visit = visit_of[stop.task]
        found[visit] = min(stop.start, found.get(visit, stop.start))
    return found


@settings(max_examples=100)
@given(planned_courses())
def test_spacings_and_follow_ups_are_what_they_are_defined_to_be(case: tuple[Problem, Plan]) -> None:
    course, plan = case
    begun = starts(course, plan)
    broken = []
    for spacing in course.spacings:
        if spacing.then in begun and spacing.first in begun:
            last = 10 * DAY * DAYS if spacing.max_s is None else spacing.max_s
            if begun[spacing.then] not in range(
                begun[spacing.first] + spacing.min_s, begun[spacing.first] + last + 1
            ):
                broken.append((Code.SPACING, spacing.then))
        elif spacing.then in begun and spacing.needs_first:
            broken.append((Code.FOLLOW_UP, spacing.then))
    found = [v for v in violations(course, plan) if v.code in (Code.SPACING, Code.FOLLOW_UP)]
    assert sorted((v.code, str(v.visit)) for v in found) == sorted(broken)


@settings(max_examples=100)
@given(planned_courses())
def test_gates_are_open_at_every_second_or_broken(case: tuple[Problem, Plan]) -> None:
    course, plan = case
    begun = starts(course, plan)
    broken = [
        (gate.kind.value, visit.id)
        for visit in course.visits
        for gate in visit.gates
        if visit.id in begun and not _open_throughout(gate, begun[visit.id])
    ]
    found = [v for v in violations(course, plan) if v.code in GATES]
    assert sorted((v.code.value, str(v.visit)) for v in found) == sorted(broken)


def _open_throughout(gate: Gate, start: int) -> bool:
    needed = range(start + gate.since, start + gate.until + 1)
    return any(all(span.start <= second <= span.end for second in needed) for span in gate.spans)


@settings(max_examples=100)
@given(planned_courses())
def test_nobody_is_alone_before_discharge_and_the_overlap_is_kept(case: tuple[Problem, Plan]) -> None:
    """Of a visit whose stays keep their durations and lags, handed over or not."""
    course, plan = case
    faulty = {
        v.visit for v in violations(course, plan) if v.code in (Code.LAG, Code.DURATION, Code.VISIT_TWICE)
    }
    stops = {stop.task: stop for route in plan.routes for stop in route.stops}
    for visit in course.visits:
        present = [
            range(stops[task.id].start, stops[task.id].end) for task in visit.tasks if task.id in stops
        ]
        if not present or visit.id in faulty:
            continue
        whole, (infusing, _) = visit.modes[0].tasks[0], visit.modes[1].tasks
        start, lag = present[0].start, visit.modes[1].lags[0]
        assert all(any(second in stay for stay in present) for second in range(start, start + whole.duration))
        if len(present) == 2:
            both = [second for second in present[0] if second in present[1]]
            assert len(both) == infusing.duration - lag.min_s


@settings(max_examples=100)
@given(planned_courses())
def test_hours_rest_and_stock_are_what_they_are_defined_to_be(case: tuple[Problem, Plan]) -> None:
    course, plan = case
    found = {v.code for v in violations(course, plan)}
    assert (Code.HOUR_LIMIT in found) == any(
        _worked(course, plan, limit) > limit.max_seconds for limit in course.hour_limits
    )
    tight = any(other.departure - one.finish < course.rest_s for one, other in _one_then_other(plan))
    assert bool({Code.REST, Code.NURSE_TWICE} & found) == (tight or Code.NURSE_TWICE in found)
    assert (Code.STOCK in found) == any(
        _kits_used(course, route) > _kits(course, route) for route in plan.routes
    )


def _worked(course: Problem, plan: Plan, limit: HourLimit) -> int:
    """Second by second of each of her shifts."""
    finish = {route.shift: route.finish for route in plan.routes}
    return sum(
        1
        for shift in course.shifts
        if shift.nurse == limit.nurse and shift.id in finish and shift.start in range(limit.start, limit.end)
        for _ in range(shift.start, max(shift.end, finish[shift.id]))
    )


def _one_then_other(plan: Plan) -> Iterator[tuple[Route, Route]]:
    for one, other in permutations(plan.routes, 2):
        if one.shift[:3] == other.shift[:3] and one.departure <= other.departure:
            yield one, other


def _kits(course: Problem, route: Route) -> int:
    (stock,) = (shift.stock for shift in course.shifts if shift.id == route.shift)
    return stock[0].units if stock else 10**6


def _kits_used(course: Problem, route: Route) -> int:
    tasks = course.task_by_id
    return sum(tasks[stop.task].uses[0].units for stop in route.stops)


@settings(max_examples=100)
@given(planned_courses())
def test_continuity_is_the_price_of_each_change_of_nurse(case: tuple[Problem, Plan]) -> None:
    course, plan = case
    begun = starts(course, plan)
    nurse = {stop.task: route.shift[:3] for route in plan.routes for stop in route.stops}
    by = {
        visit.id: next(nurse[task] for task in (f"{visit.id}.1", f"{visit.id}.2") if task in nurse)
        for visit in course.visits
        if visit.id in begun
    }
    report = check(course, street_matrix(course), plan)
    if Code.LAG in {v.code for v in report.violations}:
        return  # then the stay that starts the visit may be the second of its mode
    assert report.cost is not None
    assert report.cost.continuity == sum(
        spacing.change_cost
        for spacing in course.spacings
        if spacing.first in by and spacing.then in by and by[spacing.first] != by[spacing.then]
    )


@settings(max_examples=100)
@given(st.data())
def test_the_judge_says_what_is_new_and_nothing_that_is_not_so(data: st.DataObject) -> None:
    course = data.draw(courses())
    before, after = data.draw(plans(course)), data.draw(plans(course))
    used = {route.shift for route in after.routes}
    kept = tuple(route for route in before.routes if route.shift not in used)
    mixed = Plan(routes=(*kept, *after.routes), unassigned=after.unassigned)
    whole = check(course, street_matrix(course), mixed)
    judged = Judge(course, street_matrix(course), before).judged(after.routes, after.unassigned)
    assert judged.cost == whole.cost
    assert set(judged.violations) <= set(whole.violations)
    assert set(whole.violations) - set(judged.violations) <= set(violations(course, before))
