"""Travel times: slower from now on, and as they were where a drive is over."""

from __future__ import annotations

import numpy as np

from scheduler.disruption.in_force import InForce
from scheduler.disruption.records import RoadClosed
from scheduler.disruption.tracks import Track, Tracks
from scheduler.model import ModelError, Shift
from scheduler.travel import TravelMatrix


def slowed(matrix: TravelMatrix, closed: RoadClosed) -> TravelMatrix:
    """The times with the road closed. Raises ModelError for a place without times."""
    for place in (*closed.places, *(closed.leg or ())):
        if place not in matrix.places:
            raise ModelError("road closed", "places", f"no times for place {place!r}")
    hit = np.zeros(matrix.seconds.shape, dtype=np.bool_)
    if closed.leg:
        one, other = map(matrix.row, closed.leg)
        hit[one, other] = hit[other, one] = True
    elif closed.places:
        rows = [matrix.row(place) for place in closed.places]
        hit[rows, :] = hit[:, rows] = True
    else:
        hit[:] = True
    slow = np.ceil(matrix.seconds * closed.factor).astype(np.int64)
    return TravelMatrix(matrix.places, np.where(hit, slow, matrix.seconds))


def as_driven(matrix: TravelMatrix, in_force: InForce, tracks: Tracks) -> TravelMatrix:
    """No drive that is over takes longer than it did by the plan in force, or than there was time for."""
    seconds = matrix.seconds.copy()
    shifts = {shift.id: shift for shift in in_force.problem.shifts}
    tasks = in_force.problem.task_by_id
    for id, track in tracks.items():
        shift = shifts[id]
        here, left = shift.start_place, track.route.departure
        for stop in track.begun:
            there = tasks[stop.task].place
            leg = matrix.row(here), matrix.row(there)
            time = stop.arrival - left - _rest_between(track, shift, left, stop.arrival)
            seconds[leg] = min(seconds[leg], in_force.matrix.between(here, there), max(time, 0))
            here, left = there, stop.end
    return TravelMatrix(matrix.places, seconds)


def _rest_between(track: Track, shift: Shift, leave: int, arrive: int) -> int:
    """Seconds of a break that has begun within [leave, arrive]."""
    if track.break_start is None or shift.break_ is None:
        return 0
    over = track.break_start + shift.break_.duration
    return max(0, min(arrive, over) - max(leave, track.break_start))


def driven(track: Track, in_force: InForce, rest_s: int, now_s: int) -> tuple[int, float]:
    """Seconds driven by now on the way under way, and which share of it that is. `rest_s`: how long the
    nurse's break lasts."""
    whole = in_force.matrix.between(track.place, track.towards)
    elapsed = now_s - track.leave
    if track.break_start is not None and track.break_start >= track.leave:
        elapsed -= min(rest_s, now_s - track.break_start)
    seconds = min(max(elapsed, 0), whole)
    return seconds, seconds / whole if whole else 1.0
