"""Which shift may do which task, and at what price beside the drive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from scheduler.model import Mode, Pin, Problem, Shift, Task, Visit
from scheduler.solve.anneal.layout import FOREVER, Ints
from scheduler.solve.gates import gated_starts
from scheduler.solve.options import Option, Promises, options_of
from scheduler.travel import TravelMatrix

Bools = npt.NDArray[np.bool_]


class Able:
    """Every task of the problem against every shift, looked at pair by pair: credentials, bars, pins, and
    time for it alone."""

    def __init__(self, problem: Problem, matrix: TravelMatrix, pins: Mapping[str, Pin]) -> None:
        self._problem, self._promises = problem, Promises(problem)
        tasks = [(visit, task) for visit in problem.visits for task in visit.tasks]
        self._row = {task.id: t for t, (_, task) in enumerate(tasks)}
        gated = gated_starts(problem)
        self._options = [
            options_of(task, pins.get(task.id), FOREVER, gated.get(task.id)) for _, task in tasks
        ]
        in_time = _in_time(problem, matrix, [task for _, task in tasks], self._options)
        self._may = _allowed(problem, tasks, pins) & in_time

    def task(self, task: Task) -> bool:
        """Whether some shift may do the task."""
        return bool(self._may[self._row[task.id]].any())

    def options(self, task: Task) -> tuple[Option, ...]:
        """When the task may start, with the prices of what its patient was told."""
        return self._promises.priced(task, self._options[self._row[task.id]])

    def prices(self, tasks: Sequence[tuple[Visit, Mode, Task]]) -> Ints:
        """Per task and shift what it costs beside travel and times, -1 where it may not be."""
        shifts, weights = self._problem.shifts, self._problem.weights
        on = _shifts_of_nurses(shifts)
        table = np.zeros((len(tasks), len(shifts)), dtype=np.int64)
        for t, (visit, mode, task) in enumerate(tasks):
            told = self._promises.told(visit, mode, task, self._options[self._row[task.id]])
            table[t] += told.fee
            if visit.preferred_nurses and weights.not_preferred:
                table[t] += weights.not_preferred
                table[t, _of(visit.preferred_nurses, on)] -= weights.not_preferred
            if told.nurse is not None:
                table[t] += weights.changed_nurse
                table[t, _of([told.nurse], on)] -= weights.changed_nurse
        rows = [self._row[task.id] for _, _, task in tasks]
        table[~self._may[rows]] = -1
        return table


def _shifts_of_nurses(shifts: Sequence[Shift]) -> dict[str, list[int]]:
    on: dict[str, list[int]] = {}
    for k, shift in enumerate(shifts):
        on.setdefault(shift.nurse, []).append(k)
    return on


def _of(nurses: Sequence[str] | frozenset[str], on: Mapping[str, list[int]]) -> list[int]:
    return [k for nurse in nurses for k in on.get(nurse, ())]


def _allowed(problem: Problem, tasks: Sequence[tuple[Visit, Task]], pins: Mapping[str, Pin]) -> Bools:
    """As far as persons and pins go."""
    shifts, on = problem.shifts, _shifts_of_nurses(problem.shifts)
    works = np.array([shift.max_visits != 0 for shift in shifts], dtype=np.bool_)
    holders: dict[frozenset[str], Bools] = {}
    table = np.zeros((len(tasks), len(shifts)), dtype=np.bool_)
    for t, (visit, task) in enumerate(tasks):
        needs = task.credentials
        if needs not in holders:
            held = [needs <= shift.credentials for shift in shifts]
            holders[needs] = works & np.array(held, dtype=np.bool_)
        table[t] = holders[needs]
        table[t, _of(visit.barred_nurses, on)] = False
        if task.id in pins:
            table[t] &= [shift.id == pins[task.id].shift for shift in shifts]
    return table


def _in_time(
    problem: Problem, matrix: TravelMatrix, tasks: Sequence[Task], options: Sequence[tuple[Option, ...]]
) -> Bools:
    """Whether a shift that does nothing else reaches a stretch of time in which the task may start, and is
    home in time after the first of these."""
    shifts, travel = problem.shifts, matrix.seconds
    place = np.array([matrix.row(task.place) for task in tasks], dtype=np.intp)
    origin = np.array([matrix.row(shift.start_place) for shift in shifts], dtype=np.intp)
    goal = np.array([matrix.row(shift.end_place) for shift in shifts], dtype=np.intp)
    begin = np.array([shift.start for shift in shifts], dtype=np.int64)
    finish = np.array([shift.latest_finish for shift in shifts], dtype=np.int64)
    arrival = begin[None, :] + travel[np.ix_(origin, place)].T
    start = np.full(arrival.shape, FOREVER, dtype=np.int64)
    for w in range(max(map(len, options), default=0) - 1, -1, -1):
        earliest = np.array([each[w].earliest if w < len(each) else 0 for each in options], dtype=np.int64)
        latest = np.array([each[w].latest if w < len(each) else -1 for each in options], dtype=np.int64)
        start = np.where(arrival <= latest[:, None], np.maximum(arrival, earliest[:, None]), start)
    stay = np.array([task.duration for task in tasks], dtype=np.int64)
    back = start + stay[:, None] + travel[np.ix_(place, goal)]
    in_time: Bools = back <= finish[None, :]
    return in_time
