"""From a timed draft to a plan that says when to leave, arrive, rest and be home."""

from __future__ import annotations

from scheduler.model import Plan, Route, Stop
from scheduler.solve.rows import ShiftRow
from scheduler.solve.tables import Tables
from scheduler.solve.timing import Timed, Trip, arrival, finished, unserved


def to_plan(tables: Tables, timed: Timed) -> Plan:
    """The plan. A nurse leaves home as late as her first stop allows, and drives on at once after each
    stay."""
    trips = timed.draft.trips
    routes = (_route(tables, k, trip, timed) for k, trip in enumerate(trips) if trip.tasks)
    left_out = (tables.visits[visit].id for visit in unserved(tables, trips))
    return Plan(routes=tuple(routes), unassigned=tuple(left_out))


def _route(tables: Tables, k: int, trip: Trip, timed: Timed) -> Route:
    shift = tables.shifts[k]
    finish = finished(tables, k, trip, timed.starts)
    departure, first_arrival = _departure(tables, shift, trip, timed)
    arrivals = [arrival(tables, k, trip, i, timed.starts) for i in range(len(trip.tasks))]
    assert finish is not None
    arrivals[0] = first_arrival
    stops = []
    for task, there in zip(trip.tasks, arrivals, strict=True):
        assert there is not None
        row, start = tables.tasks[task], timed.starts[task]
        stops.append(Stop(task=row.id, arrival=there, start=start, end=start + row.duration))
    rest = None
    if shift.rest is not None:
        rest = _break_start(shift, trip, stops, departure, finish)
    return Route(shift=shift.id, departure=departure, stops=tuple(stops), finish=finish, break_start=rest)


def _departure(tables: Tables, shift: ShiftRow, trip: Trip, timed: Timed) -> tuple[int, int]:
    """When to leave for the first stop, and when to be there: just in time. The break comes before, or on the
    way."""
    first = trip.tasks[0]
    start = timed.starts[first]
    latest = start - tables.travel[shift.origin][tables.tasks[first].place]
    if shift.rest is None or trip.rest > 0 or shift.rest.earliest + shift.rest.duration <= latest:
        return latest, start
    return latest - shift.rest.duration, start


def _break_start(shift: ShiftRow, trip: Trip, stops: list[Stop], departure: int, finish: int) -> int:
    """Before the first stop as late as it may be, at home if there is time; after a stay as soon as it may
    be."""
    rest = shift.rest
    assert rest is not None
    if trip.rest == 0:
        latest = min(departure, rest.latest_end) - rest.duration
        return latest if latest >= rest.earliest else max(departure, rest.earliest)
    if trip.rest == len(trip.tasks):
        at_home = max(finish, rest.earliest)
        if at_home + rest.duration <= rest.latest_end:
            return at_home
    return max(stops[trip.rest - 1].end, rest.earliest)
