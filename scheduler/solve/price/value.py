"""A given plan in the terms of pricing: what it costs, and its routes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from scheduler.model import Plan
from scheduler.solve.price.master import RouteColumn
from scheduler.solve.price.schedule import variants
from scheduler.solve.price.tables import Tables


def plan_cost(tables: Tables, plan: Plan) -> int:
    """The cost in points of a feasible plan; lateness counts from the span that its start lies in."""
    arrays = tables.arrays
    copies = defaultdict(list)
    for t, name in enumerate(tables.task_ids):
        copies[name].append(t)
    shift_of = {name: k for k, name in enumerate(tables.shift_ids)}
    dropped = set(plan.unassigned)
    cost = sum(tables.drop[v] or 0 for v, name in enumerate(tables.visit_ids) if name in dropped)
    worst = 0
    for route in plan.routes:
        k = shift_of[route.shift]
        row, place, drives = tables.shifts[k], tables.shifts[k].origin, 0
        for stop in route.stops:
            t = copies[stop.task][0]
            drives += int(arrays.travel[place, arrays.place[t]])
            place = int(arrays.place[t])
            late = _late(tables, copies[stop.task], stop.start)
            worst = max(worst, late)
            cost += int(tables.fee[k, t]) + arrays.late_price * late + tables.moved(t, stop.start)
        drives += int(arrays.travel[place, row.goal])
        cost += arrays.travel_price * drives + row.overtime * max(0, route.finish - row.end)
    return cost + tables.worst_price * worst


def _late(tables: Tables, tasks: Sequence[int], start: int) -> int:
    """Lateness of a task, given its copies: it counts from the span that the start lies in."""
    arrays = tables.arrays
    for t in tasks:
        for x in range(int(arrays.span[t]), int(arrays.span[t + 1])):
            if arrays.first[x] <= start <= arrays.last[x]:
                return max(0, start - int(arrays.due[x]))
    return 0


def routes_of(tables: Tables, plan: Plan) -> list[RouteColumn]:
    """The plan's routes as columns: each task as the copy whose slice its start lies in."""
    copies = defaultdict(list)
    for t, name in enumerate(tables.task_ids):
        copies[name].append(t)
    starts = {stop.task: stop.start for route in plan.routes for stop in route.stops}
    shift_of = {name: k for k, name in enumerate(tables.shift_ids)}
    found = []
    for route in plan.routes:
        tasks = [_copy(tables, copies[stop.task], starts) for stop in route.stops]
        known = tuple(task for task in tasks if task is not None)
        k = shift_of[route.shift]
        way = min(variants(tables, k, known), key=lambda way: way.cost, default=None) if known else None
        if way is not None and len(known) == len(tasks):
            found.append(RouteColumn(k, known, way.cost))
    return found


def _copy(tables: Tables, copies: Sequence[int], starts: Mapping[str, int]) -> int | None:
    """The copy in whose choice all starts are allowed."""
    for t in copies:
        choice = tables.numbered[int(tables.arrays.mode[t])]
        if all(_may_start(tables, task, starts.get(tables.task_ids[task])) for task in choice.tasks):
            return t
    return None


def _may_start(tables: Tables, task: int, start: int | None) -> bool:
    arrays = tables.arrays
    spans = range(int(arrays.span[task]), int(arrays.span[task + 1]))
    return start is not None and any(arrays.first[x] <= start <= arrays.last[x] for x in spans)
