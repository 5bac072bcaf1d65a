"""Which shift can do which task at all, looked at one by one.

One visit that nobody can serve must not empty the plan, so it is set aside before anything is searched.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model import Problem
from scheduler.solve.rows import ModeRow, ShiftRow, TaskRow
from scheduler.solve.tables import Tables


@dataclass(frozen=True, slots=True)
class Candidates:
    """`shifts[t]`: the shifts that can do task t. `modes[v]`: the modes of visit v for whose every task there
    is one; empty for a visit that cannot be served."""

    shifts: tuple[tuple[int, ...], ...]
    modes: tuple[tuple[ModeRow, ...], ...]


def find_candidates(problem: Problem, tables: Tables) -> Candidates:
    """Check each task against each shift: credentials, bars, pins, and whether there is time for it alone.

    The check of times takes the direct drive for the quickest.
    """
    pinned = {pin.task: pin.shift for pin in problem.pins}
    shifts: list[tuple[int, ...]] = []
    for visit in problem.visits:
        for task in visit.tasks:
            row = tables.tasks[len(shifts)]
            able = (
                k
                for k, shift in enumerate(problem.shifts)
                if task.credentials <= shift.credentials
                and shift.nurse not in visit.barred_nurses
                and pinned.get(task.id, shift.id) == shift.id
                and shift.max_visits != 0
                and fits_alone(row, tables.shifts[k], tables.travel)
            )
            shifts.append(tuple(able))
    modes = tuple(
        tuple(mode for mode in visit.modes if all(shifts[task] for task in mode.tasks))
        for visit in tables.visits
    )
    return Candidates(tuple(shifts), modes)


def fits_alone(task: TaskRow, shift: ShiftRow, travel: list[list[int]]) -> bool:
    """Whether the shift has time for this task and nothing else, its break before or after it."""
    there, back = travel[shift.origin][task.place], travel[task.place][shift.goal]
    for rest_first in (False, True) if shift.rest else (False,):
        arrival = shift.reach(shift.start, there, rest_first)
        start = None if arrival is None else task.fit(arrival)
        if start is None:
            continue
        finish = shift.back(start + task.duration, back, not rest_first)
        if finish is not None and finish <= shift.latest_finish:
            return True
    return False
