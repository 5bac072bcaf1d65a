"""The lines of a plan: what `fit` asks about, shift by shift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scheduler.explain.fit import Line, Rest, Span, Stay
from scheduler.explain.standing import Standing
from scheduler.model import HourLimit, Plan, Problem, Route, Shift

Lines = dict[str, tuple[Line, ...]]
"""By shift id. Several where the nurse's other shifts cut an unused one in pieces; none if they fill it."""

Hours = Mapping[str, tuple[Span, ...]]
"""By shift id: from when to when she could be on her way."""


def planned_lines(plan: Plan, shifts: tuple[Shift, ...], hours: Hours, standing: Standing) -> Lines:
    """Every shift's line as `plan`, a feasible one, has it."""
    routes = {route.shift: route for route in plan.routes}
    lines = {}
    for shift in shifts:
        route = routes.get(shift.id)
        stays = tuple(standing.stay(stop) for stop in route.stops) if route else ()
        lines[shift.id] = tuple(_line(shift, span, stays) for span in hours[shift.id])
    return lines


def free_hours(problem: Problem, plan: Plan, *, limited: bool = True, rested: bool = True) -> Hours:
    """When each shift could be used beside the nurse's other routes in `plan`, a feasible one; not at all
    where these leave none of her hours, or too little rest (left aside unless `limited`, unless `rested`)."""
    return _FreeHours(problem, plan, problem.hour_limits if limited else (), problem.rest_s if rested else 0)


class _FreeHours(Mapping[str, tuple[Span, ...]]):
    """Worked out as they are asked for: most questions are about a few shifts."""

    def __init__(self, problem: Problem, plan: Plan, limits: tuple[HourLimit, ...], rest: int) -> None:
        self._shifts = {shift.id: shift for shift in problem.shifts}
        self._routes = {route.shift: route for route in plan.routes}
        self._limits, self._rest = limits, rest
        self._used: dict[str, list[tuple[Shift, Route]]] = {}
        for shift in problem.shifts:
            if shift.id in self._routes:
                self._used.setdefault(shift.nurse, []).append((shift, self._routes[shift.id]))
        self._known: dict[str, tuple[Span, ...]] = {}

    def __getitem__(self, shift: str) -> tuple[Span, ...]:
        if shift not in self._known:
            self._known[shift] = tuple(self._spans(self._shifts[shift]))
        return self._known[shift]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shifts)

    def __len__(self) -> int:
        return len(self._shifts)

    def _spans(self, shift: Shift) -> list[Span]:
        others = [pair for pair in self._used.get(shift.nurse, []) if pair[0].id != shift.id]
        latest = min([shift.latest_finish, *_latest_finishes(shift, others, self._limits)])
        if latest < shift.end:  # a used shift counts whole, however soon she is back
            return []
        busy = [_kept_free(other, route, self._rest) for other, route in others]
        spans = _free((shift.start, latest), busy)
        if route := self._routes.get(shift.id):
            spans = [span for span in spans if span[0] <= route.departure and route.finish <= span[1]]
        return spans


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


def _latest_finishes(
    shift: Shift, others: list[tuple[Shift, Route]], limits: tuple[HourLimit, ...]
) -> list[int]:
    """By when she must be back for each of the nurse's hour limits that count the shift."""
    latest = []
    for limit in limits:
        if limit.nurse == shift.nurse and limit.start <= shift.start < limit.end:
            counted = [pair for pair in others if limit.start <= pair[0].start < limit.end]
            worked = sum(max(other.end, route.finish) - other.start for other, route in counted)
            latest.append(shift.start + limit.max_seconds - worked)
    return latest


def _kept_free(shift: Shift, route: Route, rest: int) -> Span:
    """The time of a route, its break at home included, and of the rest before and after it."""
    start, finish = route.departure, route.finish
    if shift.break_ is not None and route.break_start is not None:
        start = min(start, route.break_start)
        finish = max(finish, route.break_start + shift.break_.duration)
    return min(start, route.departure - rest), finish + rest


def _free(hours: Span, busy: list[Span]) -> list[Span]:
    free, start = [], hours[0]
    for low, high in sorted(busy):
        if start < min(low, hours[1]):
            free.append((start, min(low, hours[1])))
        start = max(start, high)
    if start < hours[1]:
        free.append((start, hours[1]))
    return free
