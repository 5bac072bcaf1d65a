"""A state as a plan with exact times."""

from __future__ import annotations

from scheduler.model import Plan, Route, Stop
from scheduler.solve.anneal.layout import (
    COUNT,
    DURATION,
    GOAL,
    HEAD,
    NEXT,
    ORIGIN,
    PLACE,
    REST,
    REST_DURATION,
    REST_EARLIEST,
    REST_LATEST_END,
    RESTED,
    SHIFT_START,
    START,
    State,
)
from scheduler.solve.anneal.pack import PackedProblem


def plan_of(packed: PackedProblem, state: State) -> Plan:
    """The plan of `state`: each route at its earliest times, left as late as its first stop allows."""
    shifts = packed.problem.shifts
    routes = tuple(_route(packed, state, k) for k in range(len(shifts)) if state.shift[k, COUNT] > 0)
    unassigned = tuple(
        visit.id for visit, mode in zip(packed.problem.visits, state.mode, strict=True) if mode < 0
    )
    return Plan(routes=routes, unassigned=unassigned)


def _route(packed: PackedProblem, state: State, k: int) -> Route:
    tables = packed.tables
    shift = tables.shift[k]
    free, place, rested = int(shift[SHIFT_START]), int(shift[ORIGIN]), shift[REST_DURATION] == 0
    departure, break_start = -1, None
    stops: list[Stop] = []
    t = int(state.shift[k, HEAD])
    while t >= 0:
        task, row = tables.task[t], state.task[t]
        drive, start = int(tables.travel[place, task[PLACE]]), int(row[START])
        arrival, leave = free + drive, free
        if not rested and row[REST] == RESTED:
            break_start, rested = max(free, int(shift[REST_EARLIEST])), True
            arrival = max(arrival, break_start) + int(shift[REST_DURATION])
            if break_start + int(shift[REST_DURATION]) <= start - drive:
                leave = start - drive
        elif not stops:
            leave = start - drive
        if not stops:
            departure = leave
            arrival = start if leave > free else arrival
        end = start + int(task[DURATION])
        stops.append(Stop(task=packed.tasks[t].id, arrival=arrival, start=start, end=end))
        free, place, t = end, int(task[PLACE]), int(row[NEXT])
    finish = free + int(tables.travel[place, shift[GOAL]])
    if not rested:
        break_start = max(finish, int(shift[REST_EARLIEST]))
        if break_start + shift[REST_DURATION] > shift[REST_LATEST_END]:
            break_start = max(free, int(shift[REST_EARLIEST]))
            finish = max(finish, break_start) + int(shift[REST_DURATION])
    return Route(
        shift=packed.problem.shifts[k].id,
        departure=departure,
        stops=tuple(stops),
        finish=finish,
        break_start=break_start,
    )
