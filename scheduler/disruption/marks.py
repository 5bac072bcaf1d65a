"""Where nurses on the way are now, as stops of no length that the planner must pass.

A nurse in mid-day does not start from home, nor from her last patient as early as she left there. A mark is
a visit of its own, pinned to her shift and to now, at a place of its own; it leaves the plan again once that
is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil

import numpy as np

from scheduler.disruption.in_force import InForce
from scheduler.disruption.roads import driven
from scheduler.disruption.tracks import Track, Tracks
from scheduler.model import Mode, Pin, Place, Plan, Problem, Route, Task, Visit, Window
from scheduler.travel import TravelMatrix

_PREFIX = "now:"


def is_mark(id: str) -> bool:
    """Whether a visit, task or place of this id is a mark."""
    return id.startswith(_PREFIX)


def marked(
    problem: Problem, matrix: TravelMatrix, in_force: InForce, tracks: Tracks, now_s: int
) -> tuple[Problem, TravelMatrix]:
    """The problem and the times with a mark for each nurse who is between two stays."""
    on_shift = {shift.id for shift in problem.shifts}
    for shift, track in tracks.items():
        if track.departed and shift in on_shift and max(track.leave, now_s) > track.free:
            problem, matrix = _with_mark(problem, matrix, in_force, shift, track, now_s)
    return problem, matrix


def unmarked(problem: Problem) -> Problem:
    """The problem without its marks."""
    marks = [visit for visit in problem.visits if is_mark(visit.id)]
    on = {pin.shift for pin in problem.pins if is_mark(pin.task)}
    return problem.replace(
        visits=tuple(visit for visit in problem.visits if visit not in marks),
        places=tuple(place for place in problem.places if not is_mark(place.id)),
        pins=tuple(pin for pin in problem.pins if not is_mark(pin.task)),
        shifts=tuple(
            shift.replace(max_visits=shift.max_visits - 1)
            if shift.id in on and shift.max_visits is not None
            else shift
            for shift in problem.shifts
        ),
    )


def without_marks(plan: Plan) -> Plan:
    """The plan without its marks; a route of nothing else is none."""
    return plan.replace(routes=tuple(_routes(plan)))


def _routes(plan: Plan) -> Iterator[Route]:
    for route in plan.routes:
        stops = tuple(stop for stop in route.stops if not is_mark(stop.task))
        if stops:
            yield route.replace(stops=stops)


def _with_mark(
    problem: Problem, matrix: TravelMatrix, in_force: InForce, shift: str, track: Track, now_s: int
) -> tuple[Problem, TravelMatrix]:
    """She moves on from where she is at `since`, or at `until` if she is kept so long."""
    known = next(each for each in problem.shifts if each.id == shift)
    rest_s = known.break_.duration if known.break_ else 0
    since = max(track.free, now_s)
    if track.break_start is not None and since >= track.break_start:
        since = max(since, track.break_start + rest_s)
    until = max(since, track.leave)
    name = f"{_PREFIX}{shift}"
    window = Window(earliest_start=since, latest_start=since)
    task = Task(id=name, place=name, duration=until - since, windows=(window,))
    visit = Visit(id=name, modes=(Mode(id=name, tasks=(task,)),))
    places = {place.id: place for place in problem.places}
    seconds, share = driven(track, in_force, rest_s, now_s)
    here = _between(places[track.place], places[track.towards], share, name)
    longer = problem.replace(
        places=(*problem.places, here),
        visits=(*problem.visits, visit),
        pins=(*problem.pins, Pin(task=name, shift=shift, start=since)),
        shifts=tuple(
            each.replace(max_visits=each.max_visits + 1)
            if each.id == shift and each.max_visits is not None
            else each
            for each in problem.shifts
        ),
    )
    return longer, _with_place(matrix, track, name, seconds, share)


def _between(here: Place, there: Place, share: float, name: str) -> Place:
    return Place(
        id=name,
        latitude=here.latitude + share * (there.latitude - here.latitude),
        longitude=here.longitude + share * (there.longitude - here.longitude),
    )


def _with_place(matrix: TravelMatrix, track: Track, name: str, seconds: int, share: float) -> TravelMatrix:
    """She goes on, or turns back. What she has driven was not slower than the times say now."""
    a, b = matrix.row(track.place), matrix.row(track.towards)
    times = matrix.seconds
    back, rest = ceil(share * times[b, a]), ceil((1 - share) * times[a, b])
    onward = np.minimum(back + times[a], rest + times[b])
    whole = np.zeros((len(times) + 1, len(times) + 1), dtype=np.int64)
    whole[:-1, :-1] = times
    whole[-1, :-1] = onward
    whole[:-1, -1] = times[:, a] + seconds
    via = np.minimum(times[a], seconds + onward)
    via[a] = 0
    whole[a, :-1] = via
    return TravelMatrix([*matrix.places, name], whole)


def unmarked_times(matrix: TravelMatrix) -> TravelMatrix:
    """The times without the places of marks."""
    rows = [row for row, place in enumerate(matrix.places) if not is_mark(place)]
    return TravelMatrix(_real(matrix.places), matrix.seconds[np.ix_(rows, rows)])


def _real(places: Iterable[str]) -> list[str]:
    return [place for place in places if not is_mark(place)]
