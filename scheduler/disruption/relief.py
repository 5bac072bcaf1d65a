"""Who waits to be relieved, and may have to stay throughout: her shift gives way, whatever its hours."""

from __future__ import annotations

from scheduler.disruption.tracks import Tracks
from scheduler.explain.unkept import Unkept, UnkeptKind
from scheduler.model import Problem
from scheduler.travel import TravelMatrix


def with_relief(problem: Problem, matrix: TravelMatrix, tracks: Tracks) -> tuple[Problem, tuple[Unkept, ...]]:
    """Where nobody is sure to take over a visit that has begun, the nurse who is there may stay until it is
    over, and be home so late."""
    pinned = {pin.task for pin in problem.pins}
    visits = problem.visit_by_task
    shifts = {shift.id: shift for shift in problem.shifts}
    told = []
    for id, track in tracks.items():
        for stop in track.begun:
            visit = visits[stop.task]
            if len(visit.modes) < 2 or any(task.id in pinned for task in visit.tasks):
                continue
            (whole,) = visit.modes[1].tasks
            over = stop.start + whole.duration
            home = over + matrix.between(whole.place, shifts[id].end_place)
            if home > shifts[id].latest_finish:
                shifts[id] = shifts[id].replace(max_overtime=home - shifts[id].end)
            told.append(Unkept(kind=UnkeptKind.RELIEF, visit=visit.id, nurse=shifts[id].nurse, possible=over))
    return problem.replace(shifts=tuple(shifts[shift.id] for shift in problem.shifts)), tuple(told)
