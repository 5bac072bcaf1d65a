"""A state as a plan with exact times."""

from __future__ import annotations

from scheduler.model import Plan, Route, Stop
from scheduler.solve.anneal.arrivals import begin_all
from scheduler.solve.anneal.effort import delay_all
from scheduler.solve.anneal.layout import (
    COUNT,
    DURATION,
    EFFORT_COUNTS,
    GOAL,
    HEAD,
    LEAVES_AT_START,
    NEXT,
    NO_REST,
    ORIGIN,
    PLACE,
    REST,
    REST_DURATION,
    REST_EARLIEST,
    REST_LATEST_END,
    REST_MISS_PRICE,
    RESTED,
    SHIFT_START,
    SKIP,
    START,
    Ints,
    State,
)
from scheduler.solve.anneal.pack import PackedProblem


def plan_of(packed: PackedProblem, state: State) -> Plan:
    """The plan of `state`: each route at its earliest times, left as late as its first stop allows. Where
    waiting has a price, stops are delayed as `effort` says."""
    shifts = packed.problem.shifts
    start = state.task[:, START].copy()
    if packed.tables.effort[EFFORT_COUNTS]:
        delay_all(packed.tables, state, start)
    begin = packed.tables.shift[:, SHIFT_START].copy()
    begin_all(packed.tables, state, begin)
    routes = tuple(
        _route(packed, state, start, k, int(begin[k]))
        for k in range(len(shifts))
        if state.shift[k, COUNT] > 0
    )
    unassigned = tuple(
        visit.id for visit, mode in zip(packed.problem.visits, state.mode, strict=True) if mode < 0
    )
    return Plan(routes=routes, unassigned=unassigned)


def _route(packed: PackedProblem, state: State, starts: Ints, k: int, free: int) -> Route:
    """The route of shift k, whose nurse is free from `free` on."""
    tables = packed.tables
    shift = tables.shift[k]
    rest, earliest = int(shift[REST_DURATION]), int(shift[REST_EARLIEST])
    place = int(shift[ORIGIN])
    rested = rest == 0 or state.shift[k, SKIP] == NO_REST
    departure, break_start = free, None
    stops: list[Stop] = []
    t = int(state.shift[k, HEAD])
    while t >= 0:
        task = tables.task[t]
        drive, start = int(tables.travel[place, task[PLACE]]), int(starts[t])
        arrival = free + drive
        if not rested and state.task[t, REST] == RESTED:
            break_start, rested = max(free, earliest), True
            arrival = max(arrival, break_start) + rest
        if not stops and not shift[LEAVES_AT_START]:
            departure, arrival = start - drive, start
            if break_start is not None and break_start + rest > departure:
                departure -= rest
        end = start + int(task[DURATION])
        stops.append(Stop(task=packed.tasks[t].id, arrival=arrival, start=start, end=end))
        free, place, t = end, int(task[PLACE]), int(state.task[t, NEXT])
    finish = free + int(tables.travel[place, shift[GOAL]])
    if not rested:
        break_start = max(finish, earliest)
        if break_start + rest > shift[REST_LATEST_END]:
            break_start = max(free, earliest)
            if break_start + rest > shift[REST_LATEST_END] and shift[REST_MISS_PRICE] >= 0:
                break_start = None
            else:
                finish = max(finish, break_start) + rest
    return Route(
        shift=packed.problem.shifts[k].id,
        departure=departure,
        stops=tuple(stops),
        finish=finish,
        break_start=break_start,
    )
