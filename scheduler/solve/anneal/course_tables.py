"""The tables of what ties visits and shifts of several days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.model import Problem, Shift, Task
from scheduler.solve.anneal.layout import FOREVER, NONE, Ints
from scheduler.solve.simplify import covered


@dataclass(frozen=True, slots=True)
class CourseTables:
    """`tables` by name; `of[v]` is where visit v's spacings stand among them; shifts that are `watched` need
    to know what they do; visits `apart` (pairs) are never on one shift."""

    tables: dict[str, Ints]
    of: tuple[tuple[int, int], ...]
    watched: tuple[bool, ...]
    apart: tuple[tuple[int, int], ...]


def course_tables(problem: Problem, tasks: Sequence[Task]) -> CourseTables:
    """The tables; row t of `uses` is `tasks[t]`."""
    visit = {each.id: v for v, each in enumerate(problem.visits)}
    rows = [
        (
            visit[each.first],
            visit[each.then],
            each.min_s,
            FOREVER if each.max_s is None else each.max_s,
            int(each.needs_first),
            each.change_cost,
        )
        for each in problem.spacings
    ]
    kin = [[s for s, row in enumerate(rows) if v in row[:2]] for v in range(len(visit))] if rows else []
    ends = np.cumsum([0, *map(len, kin)]).tolist() if rows else [0] * (len(visit) + 1)
    number = {shift.id: k for k, shift in enumerate(problem.shifts)}
    limited = [
        [number[shift.id] for shift in covered(limit, problem.shifts)] for limit in problem.hour_limits
    ]
    limit_ends = np.cumsum([0, *map(len, limited)]).tolist()
    limits_of = [[i for i, its in enumerate(limited) if k in its] for k in range(len(number))]
    stock, uses = _supplies(problem, tasks)
    longest = max((shift.latest_finish - shift.start for shift in problem.shifts), default=0)
    return CourseTables(
        tables={
            "spacing": _ints(rows, 6),
            "kin": _flat(kin),
            "limit": _ints(
                [
                    (limit_ends[i], limit_ends[i + 1], limit.max_seconds)
                    for i, limit in enumerate(problem.hour_limits)
                ],
                3,
            ),
            "limit_shift": _flat(limited),
            "limit_begin": np.cumsum([0, *map(len, limits_of)]).astype(np.int64),
            "limit_of": _flat(limits_of),
            "step": _steps(problem.shifts),
            "stock": stock,
            "uses": uses,
        },
        of=tuple((ends[v], ends[v + 1]) for v in range(len(visit))),
        watched=tuple(
            bool(limits_of[k]) or bool((stock[k] < FOREVER).any()) for k in range(len(problem.shifts))
        ),
        apart=tuple((row[0], row[1]) for row in rows if row[2] > longest),
    )


def _ints(rows: Sequence[Sequence[int]], columns: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(len(rows), columns)


def _flat(lists: Iterable[Iterable[int]]) -> Ints:
    return np.array([value for each in lists for value in each], dtype=np.int64)


def _steps(shifts: Sequence[Shift]) -> Ints:
    """Each shift's nurse's next and previous one."""
    table = np.full((len(shifts), 2), NONE, dtype=np.int64)
    last: dict[str, int] = {}
    for k in sorted(range(len(shifts)), key=lambda k: (shifts[k].start, k)):
        before = last.get(shifts[k].nurse)
        if before is not None:
            table[before, 0], table[k, 1] = k, before
        last[shifts[k].nurse] = k
    return table


def _supplies(problem: Problem, tasks: Sequence[Task]) -> tuple[Ints, Ints]:
    """Units in stock by shift and item, and taken by task and item; items that no shift limits are left
    out."""
    items = sorted({supply.item for shift in problem.shifts for supply in shift.stock})
    stock = np.full((len(problem.shifts), len(items)), FOREVER, dtype=np.int64)
    for k, shift in enumerate(problem.shifts):
        for supply in shift.stock:
            stock[k, items.index(supply.item)] = supply.units
    uses = np.zeros((len(tasks), len(items)), dtype=np.int64)
    for t, task in enumerate(tasks):
        for supply in task.uses:
            if supply.item in items:
                uses[t, items.index(supply.item)] = supply.units
    return stock, uses
