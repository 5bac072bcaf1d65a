"""The lines of a plan: what `fit` asks about, shift by shift."""

from __future__ import annotations

from scheduler.explain.fit import Line, Rest, Span, Stay
from scheduler.model import Plan, Problem, Route, Shift, Stop

Lines = dict[str, tuple[Line, ...]]
"""By shift id. Several where the nurse's other shifts cut an unused one in pieces; none if they fill it."""


def planned_lines(problem: Problem, plan: Plan) -> Lines:
    """Every shift's line as `plan`, a feasible one, has it."""
    routes = {route.shift: route for route in plan.routes}
    fixed = fixed_tasks(problem)
    tasks = problem.task_by_id
    lines = {}
    for shift in problem.shifts:
        route = routes.get(shift.id)
        stops: tuple[Stop, ...] = route.stops if route else ()
        stays = tuple(
            Stay(task=tasks[stop.task], at=stop.start if stop.task in fixed else None) for stop in stops
        )
        others = [
            _busy(routes[other.id], other)
            for other in problem.shifts
            if other.nurse == shift.nurse and other.id != shift.id and other.id in routes
        ]
        spans = _free((shift.start, shift.latest_finish), others)
        if route:
            spans = [span for span in spans if span[0] <= route.departure and route.finish <= span[1]]
        lines[shift.id] = tuple(_line(shift, span, stays) for span in spans)
    return lines


def empty_line(shift: Shift) -> Line:
    """The shift with nothing in it."""
    return _line(shift, (shift.start, shift.latest_finish), ())


def _line(shift: Shift, span: Span, stays: tuple[Stay, ...]) -> Line:
    return Line(
        start=span[0],
        finish=span[1],
        start_place=shift.start_place,
        end_place=shift.end_place,
        stays=stays,
        rest=break_of(shift, span),
    )


def break_of(shift: Shift, span: Span) -> Rest | None:
    """The break that the shift owes, its window cut to `span`."""
    if shift.break_ is None:
        return None
    return Rest(
        duration=shift.break_.duration,
        earliest_start=max(shift.break_.earliest_start, span[0]),
        latest_end=min(shift.break_.latest_end, span[1]),
    )


def fixed_tasks(problem: Problem) -> set[str]:
    """Tasks that cannot be moved alone: tied by a lag, or pinned to a second."""
    lags = (lag for visit in problem.visits for mode in visit.modes for lag in mode.lags)
    tied = {end for lag in lags for end in (lag.first, lag.then)}
    return tied | {pin.task for pin in problem.pins if pin.start is not None}


def _busy(route: Route, shift: Shift) -> Span:
    start, finish = route.departure, route.finish
    if shift.break_ is not None and route.break_start is not None:
        start = min(start, route.break_start)
        finish = max(finish, route.break_start + shift.break_.duration)
    return start, finish


def _free(hours: Span, busy: list[Span]) -> list[Span]:
    free, start = [], hours[0]
    for low, high in sorted(busy):
        if start < min(low, hours[1]):
            free.append((start, min(low, hours[1])))
        start = max(start, high)
    if start < hours[1]:
        free.append((start, hours[1]))
    return free
