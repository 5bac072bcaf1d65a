"""The best plan of a tiny problem by trying every one; the referee decides what is feasible, and its cost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from scheduler.check import check
from scheduler.model import Lag, Mode, Plan, Problem, Route, Shift, Stop, Task, Window
from scheduler.travel import TravelMatrix

HOME = -1
"""A break taken at home after the last stop, instead of before some stop or on the drive home."""

LONG = 10**7
"""More seconds than any of these problems spans."""

Orders = dict[str, tuple[Task, ...]]
Gaps = dict[str, int]


def best_cost(problem: Problem, matrix: TravelMatrix) -> int | None:
    """The least cost of a feasible plan, in points; None: there is none."""
    costs = []
    for plan in every_plan(problem, matrix):
        verdict = check(problem, matrix, plan)
        if verdict.feasible:
            assert verdict.cost is not None
            costs.append(verdict.cost.total)
    return min(costs, default=None)


def every_plan(problem: Problem, matrix: TravelMatrix) -> Iterator[Plan]:
    """Every choice of modes, shifts, orders, break positions and windows, each at its earliest times: of two
    visits that must not be too far apart the first one waits."""
    choices = [(*visit.modes, *((None,) if visit.drop_cost is not None else ())) for visit in problem.visits]
    for modes in product(*choices):
        left_out = tuple(v.id for v, mode in zip(problem.visits, modes, strict=True) if mode is None)
        done = [mode for mode in modes if mode is not None]
        for orders in _orders(problem, [task for mode in done for task in mode.tasks]):
            for gaps in _gaps(problem, orders):
                for turns in permutations(orders) if _shared(problem, orders) else [tuple(orders)]:
                    turned = {id: orders[id] for id in turns}
                    yield from _timed(problem, matrix, done, turned, gaps, left_out)


def _orders(problem: Problem, tasks: list[Task]) -> Iterator[Orders]:
    able = [[s for s in problem.shifts if task.credentials <= s.credentials] for task in tasks]
    for shifts in product(*able):
        groups = [
            [task for task, its in zip(tasks, shifts, strict=True) if its is shift]
            for shift in problem.shifts
        ]
        for order in product(*(permutations(group) for group in groups)):
            yield {shift.id: stops for shift, stops in zip(problem.shifts, order, strict=True) if stops}


def _shared(problem: Problem, orders: Orders) -> bool:
    """Whether a nurse is on two of these shifts, so that it matters which of them comes first."""
    nurses = [shift.nurse for shift in problem.shifts if shift.id in orders]
    return len(set(nurses)) < len(nurses)


def _gaps(problem: Problem, orders: Orders) -> Iterator[Gaps]:
    owing = [shift.id for shift in problem.shifts if shift.break_ is not None and shift.id in orders]
    for gaps in product(*([HOME, *range(len(orders[id]) + 1)] for id in owing)):
        yield dict(zip(owing, gaps, strict=True))


def _timed(
    problem: Problem,
    matrix: TravelMatrix,
    modes: list[Mode],
    orders: Orders,
    gaps: Gaps,
    left_out: tuple[str, ...],
) -> Iterator[Plan]:
    tasks = [task for order in orders.values() for task in order]
    pins = {pin.task: pin.start for pin in problem.pins if pin.start is not None}
    shifts = {shift.id: shift for shift in problem.shifts}
    lags = [lag for mode in modes for lag in mode.lags] + list(_spacings(problem, modes))
    for windows in product(*(_windows(problem, task) for task in tasks)):
        starts = {
            task.id: max(window.earliest_start, pins.get(task.id, 0))
            for task, window in zip(tasks, windows, strict=True)
        }
        for _ in range(2 * len(tasks) + 2):
            before = dict(starts)
            routes, rested = [], dict[str, int]()
            for id, order in orders.items():
                shift = shifts[id]
                free = max(shift.start, rested.get(shift.nurse, 0))
                routes.append(_route(matrix, shift, order, gaps.get(id), starts, free))
                rested[shift.nurse] = _over(shift, routes[-1]) + problem.rest_s
                starts.update({stop.task: stop.start for stop in routes[-1].stops})
            for lag in lags:
                starts[lag.then] = max(starts[lag.then], starts[lag.first] + lag.min_s)
                starts[lag.first] = max(starts[lag.first], starts[lag.then] - lag.max_s)
            if starts == before:
                yield Plan(routes=tuple(routes), unassigned=left_out)
                break
            if not _may_still_do(tasks, windows, starts):
                break


def _spacings(problem: Problem, modes: list[Mode]) -> Iterator[Lag]:
    """What the spacings ask of the first tasks of these modes."""
    lead = {visit.id: mode.tasks[0].id for visit in problem.visits for mode in visit.modes if mode in modes}
    for spacing in problem.spacings:
        if spacing.first in lead and spacing.then in lead:
            most = LONG if spacing.max_s is None else spacing.max_s
            yield Lag(first=lead[spacing.first], then=lead[spacing.then], min_s=spacing.min_s, max_s=most)


def _windows(problem: Problem, task: Task) -> list[Window]:
    """The task's windows, and what is left of them from the promised time on, or once a gate opens: to wait
    for it may pay."""
    first = [promise.start - promise.tolerance for promise in problem.promises if promise.task == task.id]
    first += [
        max(0, span.start - gate.since)
        for visit in problem.visits
        if task in visit.tasks
        for gate in visit.gates
        for span in gate.spans
    ]
    later = [
        window.replace(earliest_start=start, latest_start=max(start, window.latest_start))
        for start in first
        for window in task.windows
        if window.earliest_start < start
    ]
    return [*task.windows, *later]


def _may_still_do(tasks: list[Task], windows: tuple[Window, ...], starts: dict[str, int]) -> bool:
    """A shortcut: a start beyond a hard window only ever gets later."""
    return all(
        any(other.soft for other in task.windows) or starts[task.id] <= window.latest_start
        for task, window in zip(tasks, windows, strict=True)
    )


def _over(shift: Shift, route: Route) -> int:
    """When the route is, and a break after it."""
    if shift.break_ is None or route.break_start is None:
        return route.finish
    return max(route.finish, route.break_start + shift.break_.duration)


def _route(
    matrix: TravelMatrix,
    shift: Shift,
    order: tuple[Task, ...],
    gap: int | None,
    lower: dict[str, int],
    departure: int,
) -> Route:
    """The stops in order, none before its `lower`; the break before the stop at position `gap`."""
    free, here, break_start = departure, shift.start_place, None
    rest, stops = shift.break_, []
    for position, task in enumerate(order):
        arrival = free + matrix.between(here, task.place)
        if rest is not None and gap == position:
            break_start = max(free, rest.earliest_start)
            arrival = max(arrival, break_start) + rest.duration
        start = max(arrival, lower[task.id])
        stops.append(Stop(task=task.id, arrival=arrival, start=start, end=start + task.duration))
        free, here = stops[-1].end, task.place
    finish = free + matrix.between(here, shift.end_place)
    if rest is not None and gap == len(order):
        break_start = max(free, rest.earliest_start)
        finish = max(finish, break_start) + rest.duration
    if rest is not None and gap == HOME:
        break_start = max(finish, rest.earliest_start)
    return Route(
        shift=shift.id, departure=departure, stops=tuple(stops), finish=finish, break_start=break_start
    )
