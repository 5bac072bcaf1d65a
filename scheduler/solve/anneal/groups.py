"""The parts of a mode whose tasks lags tie together; they get their times together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.model import Lag, Mode, Task
from scheduler.solve.anneal.layout import Ints


def table_of(rows: Sequence[Sequence[int]], columns: int) -> Ints:
    """As an array, be it without rows."""
    return np.array(rows, dtype=np.int64).reshape(len(rows), columns)


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks, in the mode's order, and the lags between them."""

    tasks: tuple[Task, ...]
    ties: tuple[Lag, ...]


def consistent(mode: Mode) -> bool:
    """No chain of lags asks a task to start after itself."""
    row = {task.id: i for i, task in enumerate(mode.tasks)}
    ties = [tie for lag in mode.lags for tie in _ties(lag, row)]
    start = [0] * len(row)
    for _ in range(len(row) + 1):
        moved = False
        for first, then, delta in ties:
            if start[then] < start[first] + delta:
                start[then], moved = start[first] + delta, True
        if not moved:
            return True
    return False


def groups_of(mode: Mode) -> list[Group]:
    """The mode's tasks in parts that lags tie together, each in the mode's order."""
    part = {task.id: task.id for task in mode.tasks}
    for lag in mode.lags:
        old, new = part[lag.then], part[lag.first]
        part = {task: new if of == old else of for task, of in part.items()}
    return [
        Group(
            tuple(task for task in mode.tasks if part[task.id] == name),
            tuple(lag for lag in mode.lags if part[lag.first] == name),
        )
        for name in dict.fromkeys(part.values())
    ]


def _ties(lag: Lag, row: dict[str, int]) -> list[tuple[int, int, int]]:
    """Of each: one task, and by how many seconds, at least, the other one starts after it."""
    first, then = row[lag.first], row[lag.then]
    return [(first, then, lag.min_s), (then, first, -lag.max_s)]


def group_tables(
    groups: list[list[list[Group]]], row: dict[str, int], kin: Sequence[tuple[int, int]]
) -> tuple[Ints, Ints]:
    """The tables of all groups, in order, and of their ties; `row[task]` is a task's row, `kin[v]` where the
    spacings of visit v stand."""
    table: list[tuple[int, ...]] = []
    ties: list[tuple[int, int, int]] = []
    first, mode = 0, 0
    for of_visit, its in zip(groups, kin, strict=True):
        for of_mode in of_visit:
            for group in of_mode:
                begin = len(ties)
                ties += [tie for lag in group.ties for tie in _ties(lag, row)]
                table.append((first, first + len(group.tasks), begin, len(ties), mode, *its))
                first += len(group.tasks)
            mode += 1
    return table_of(table, 7), table_of(ties, 3)


def offsets(groups: Ints, ties: Ints) -> Ints:
    """By how many seconds each task must start after the first of its group."""
    offset = np.zeros(groups[-1, 1] if len(groups) else 0, dtype=np.int64)
    for first, end, begin, last in groups[:, :4]:
        for _ in range(end - first):
            for one, then, delta in ties[begin:last]:
                offset[then] = max(offset[then], offset[one] + delta)
    return offset
