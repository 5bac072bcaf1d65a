"""The plan in force as it has really been carried out so far, where that was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.disruption.in_force import InForce
from scheduler.disruption.records import Seen
from scheduler.model import Route, Shift, Stop


def carried_out(in_force: InForce, seen: Seen, now_s: int) -> InForce:
    """The plan with the stays that were seen to begin when they did, in the order in which they did.

    Nobody was at two places at once: a stay is over when the next one has begun. What the plan has begun by
    now and nobody has seen is taken to have gone as planned. `InForce` is feasible no more.
    """
    if not seen.begun:
        return in_force
    stays = _in_line(in_force, {stop.task: stop for stop in seen.begun}, now_s)
    shifts = {shift.id: shift for shift in in_force.problem.shifts}
    routes = (_route(route, shifts[route.shift], stays, in_force, now_s) for route in in_force.plan.routes)
    return InForce(
        problem=in_force.problem, matrix=in_force.matrix, plan=in_force.plan.replace(routes=tuple(routes))
    )


def _in_line(in_force: InForce, seen: Mapping[str, Stop], now_s: int) -> Mapping[str, Stop]:
    """Stays that begin together begin when the last of the nurses does, who is taken to be there if she is to
    be by now; nobody takes over before the other has begun."""
    stays = dict(seen)
    planned = {stop.task: stop for route in in_force.plan.routes for stop in route.stops}
    for visit in in_force.problem.visits:
        for lag in (lag for mode in visit.modes for lag in mode.lags):
            pair = [stays.get(task) or planned.get(task) for task in (lag.first, lag.then)]
            here = [stop for stop in pair if stop and (stop.task in stays or stop.start <= now_s)]
            if len(here) < 2 or not {lag.first, lag.then} & seen.keys():
                continue
            start = max(stop.start for stop in here)
            later = here if lag.max_s == 0 else here[1:]
            stays |= {stop.task: stop.replace(start=start, end=max(stop.end, start)) for stop in later}
    return stays


def _route(route: Route, shift: Shift, stays: Mapping[str, Stop], in_force: InForce, now_s: int) -> Route:
    if not any(stop.task in stays for stop in route.stops):
        return route
    last = max(place for place, stop in enumerate(route.stops) if stop.task in stays)
    gone = [
        stays.get(stop.task, stop)
        for place, stop in enumerate(route.stops)
        if stop.task in stays or (place < last and stop.start <= now_s)
    ]
    tasks = {stop.task for stop in gone}
    begun = _one_after_another(sorted(gone, key=lambda stop: stop.start), shift.start)
    first = in_force.matrix.between(shift.start_place, in_force.problem.task_by_id[begun[0].task].place)
    return route.replace(
        departure=max(shift.start, min(route.departure, begun[0].arrival - first)),
        stops=(*begun, *(stop for stop in route.stops if stop.task not in tasks)),
    )


def _one_after_another(stops: Sequence[Stop], since: int) -> list[Stop]:
    """The stops by start, none before `since`, none while another one goes on."""
    made: list[Stop] = []
    for place, stop in enumerate(stops):
        start = max(stop.start, since)
        until = max(start, stops[place + 1].start) if place + 1 < len(stops) else max(stop.end, start)
        made.append(
            stop.replace(
                arrival=min(max(stop.arrival, since), start),
                start=start,
                end=min(max(stop.end, start), until),
            )
        )
        since = made[-1].end
    return made
