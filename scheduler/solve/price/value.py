"""What a given plan costs, for use as a cutoff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from scheduler.model import Plan
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
