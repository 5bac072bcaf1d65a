"""Problem and travel matrix as flat tables for compiled code.

What can never be is left out here: modes that break a pin, contradict themselves or have a task nobody can
do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from scheduler.model import Mode, ModelError, Pin, Problem, Task, Visit
from scheduler.solve.anneal.able import Able
from scheduler.solve.anneal.course_tables import course_tables
from scheduler.solve.anneal.groups import Group, consistent, group_tables, groups_of, offsets, table_of
from scheduler.solve.anneal.layout import (
    FOREVER,
    LATEST_FINISH,
    MOST_STOPS,
    NONE,
    OVERTIME_PRICE,
    REST_DURATION,
    RIVALS,
    RIVALS_END,
    SHIFT_END,
    SHIFT_START,
    TOTALS,
    Ints,
    Packed,
)
from scheduler.solve.anneal.near import nearest
from scheduler.solve.options import Option, most_broken
from scheduler.solve.rosters import near_pairs
from scheduler.travel import TravelMatrix

MAX_COST = 2**53
"""Dearest plan the annealing can reckon with: costs are compared as floats, too."""


@dataclass(frozen=True, slots=True)
class PackedProblem:
    """A problem with its tables. Row t of the tables is `tasks[t]` of visit `visit_of[t]`; visits and
    shifts keep their order."""

    problem: Problem
    matrix: TravelMatrix
    tables: Packed
    tasks: tuple[Task, ...]
    visit_of: tuple[int, ...]


def pack(problem: Problem, matrix: TravelMatrix) -> PackedProblem:
    """Turn `problem` into tables. Raises ModelError where prices are too high to reckon with."""
    pins = {pin.task: pin for pin in problem.pins}
    able = Able(problem, matrix, pins)
    modes = [[mode for mode in visit.modes if _can_be(visit, mode, pins, able)] for visit in problem.visits]
    groups = [[groups_of(mode) for mode in of_visit] for of_visit in modes]
    tasks = [task for of_visit in groups for of_mode in of_visit for group in of_mode for task in group.tasks]
    visit_of = [
        v for v, of_visit in enumerate(groups) for of_mode in of_visit for g in of_mode for _ in g.tasks
    ]
    price = able.prices(
        [
            (visit, mode, task)
            for visit, of_visit, parts in zip(problem.visits, modes, groups, strict=True)
            for mode, of_mode in zip(of_visit, parts, strict=True)
            for group in of_mode
            for task in group.tasks
        ]
    )
    _require_bounded_cost(problem, matrix)

    travel = np.ascontiguousarray(matrix.seconds)
    windows = [able.options(task) for task in tasks]
    window_table = table_of(
        [
            (option.earliest, option.due, option.latest, option.price)
            for options in windows
            for option in options
        ],
        4,
    )
    courses = course_tables(problem, tasks)
    group_table, tie_table = group_tables(groups, {task.id: t for t, task in enumerate(tasks)}, courses.of)
    task_table = _task_table(tasks, windows, group_table, matrix)
    able_begin = np.concatenate(([0], np.cumsum((price >= 0).sum(axis=1)))).astype(np.int64)
    shift_table, rival = _shift_table(problem, matrix)
    effort = _effort(problem)
    horizon = _horizon(tasks, shift_table, window_table, tie_table, travel)
    tables = Packed(
        travel=travel,
        task=task_table,
        window=window_table,
        group=group_table,
        tie=tie_table,
        mode=_mode_table(modes, groups),
        visit=_visit_table(problem, modes),
        shift=shift_table,
        price=price,
        able=np.nonzero(price >= 0)[1].astype(np.int64),
        able_begin=able_begin,
        near=nearest(task_table, window_table, travel, price >= 0, visit_of, courses.apart),
        rival=rival,
        weight=_weights(problem),
        timed=np.array(
            [effort[0] or courses.watched[k] or _is_timed(row, horizon) for k, row in enumerate(shift_table)],
            dtype=np.int64,
        ),
        effort=effort,
        offset=offsets(group_table, tie_table),
        **courses.tables,
    )
    return PackedProblem(problem, matrix, tables, tuple(tasks), tuple(visit_of))


def _can_be(visit: Visit, mode: Mode, pins: Mapping[str, Pin], able: Able) -> bool:
    """Whether the mode keeps the pins, its lags do not contradict each other, and each task has a shift."""
    ids = {task.id for task in mode.tasks}
    pinned = {task.id for task in visit.tasks if task.id in pins}
    return pinned <= ids and consistent(mode) and all(able.task(task) for task in mode.tasks)


def _task_table(
    tasks: list[Task], windows: list[tuple[Option, ...]], groups: Ints, matrix: TravelMatrix
) -> Ints:
    group_of = np.repeat(np.arange(len(groups)), groups[:, 1] - groups[:, 0])
    ends = list(accumulate(map(len, windows)))
    return table_of(
        [
            (
                matrix.row(task.place),
                task.duration,
                group_of[t],
                windows[t][0].earliest,
                windows[t][0].due,
                windows[t][0].latest,
                ends[t] - len(windows[t]),
                ends[t],
            )
            for t, task in enumerate(tasks)
        ],
        8,
    )


def _mode_table(modes: list[list[Mode]], groups: list[list[list[Group]]]) -> Ints:
    table, group, task = [], 0, 0
    for v, of_visit in enumerate(modes):
        for mode, parts in zip(of_visit, groups[v], strict=True):
            apart = int(mode.distinct_nurses and len(mode.tasks) > 1)
            table.append((v, group, group + len(parts), task, task + len(mode.tasks), apart))
            group, task = group + len(parts), task + len(mode.tasks)
    return table_of(table, 6)


def _visit_table(problem: Problem, modes: list[list[Mode]]) -> Ints:
    """A visit that must be served counts, while it is left out, as a rule missed by a whole day."""
    tasks = [task for visit in problem.visits for task in visit.tasks]
    miss = max((task.windows[-1].latest_start + task.duration for task in tasks), default=0) + 1
    ends = list(accumulate(len(of_visit) for of_visit in modes))
    return table_of(
        [
            (
                end - len(of_visit),
                end,
                visit.drop_cost or 0,
                miss if of_visit and visit.drop_cost is None else 0,
            )
            for visit, of_visit, end in zip(problem.visits, modes, ends, strict=True)
        ],
        4,
    )


def _shift_table(problem: Problem, matrix: TravelMatrix) -> tuple[Ints, Ints]:
    shifts = problem.shifts
    nurses = {name: i for i, name in enumerate(sorted({shift.nurse for shift in shifts}))}
    rows: list[tuple[int, ...]] = []
    rival: list[int] = []
    pairs = near_pairs(shifts, problem.rest_s)
    for k, shift in enumerate(shifts):
        begin = len(rival)
        rival += [one for one, other in pairs if other == k]
        later = len(rival)
        rival += [other for one, other in pairs if one == k]
        rest, finish = shift.break_, shift.latest_finish
        rows.append(
            (
                matrix.row(shift.start_place),
                matrix.row(shift.end_place),
                shift.start,
                shift.end,
                finish,
                shift.overtime_cost,
                FOREVER if shift.max_visits is None else shift.max_visits,
                nurses[shift.nurse],
                0 if rest is None else rest.duration,
                0 if rest is None else max(rest.earliest_start, shift.start),
                0 if rest is None else min(rest.latest_end, finish),
                begin,
                len(rival),
                NONE if rest is None or rest.miss_cost is None else rest.miss_cost,
                int(shift.leaves_at_start),
                later,
            )
        )
    return table_of(rows, 16), table_of([(k, problem.rest_s) for k in rival], 2)


def _is_timed(shift: Ints, horizon: int) -> bool:
    """Whether a shift's finish, number of stops or rivals can matter at all."""
    late = shift[LATEST_FINISH] < horizon or (shift[SHIFT_END] < horizon and shift[OVERTIME_PRICE] > 0)
    return bool(
        late or shift[REST_DURATION] or shift[MOST_STOPS] < FOREVER or shift[RIVALS] < shift[RIVALS_END]
    )


def _horizon(tasks: Sequence[Task], tables_shift: Ints, windows: Ints, ties: Ints, travel: Ints) -> int:
    """No plan that dawdles nowhere lasts longer: all waits, stays, drives and lags one after another."""
    farthest = int(travel.max(initial=0))
    wait = max(int(windows[:, 0].max(initial=0)), int(tables_shift[:, SHIFT_START].max(initial=0)))
    work = sum(task.duration + farthest for task in tasks) + farthest
    rest = int(tables_shift[:, REST_DURATION].sum())
    return wait + work + rest + int(np.maximum(ties[:, 2], 0).sum())


def _weights(problem: Problem) -> Ints:
    weights = problem.weights
    row = [weights.travel, weights.lateness, weights.worst_lateness, 1, 1, 1, 1]
    return np.array(row + [0] * (TOTALS - len(row)), dtype=np.int64)


def _effort(problem: Problem) -> Ints:
    weights = problem.weights
    prices = [weights.waiting, weights.longest_idle, weights.imbalance]
    return np.array([int(any(prices)), *prices], dtype=np.int64)


def _require_bounded_cost(problem: Problem, matrix: TravelMatrix) -> None:
    weights, tasks = problem.weights, sum(len(visit.tasks) for visit in problem.visits)
    legs = (tasks + len(problem.shifts)) * int(matrix.seconds.max(initial=0))
    latest = max((shift.end + shift.max_overtime for shift in problem.shifts), default=0)
    ceiling = weights.travel * legs + weights.not_preferred * tasks
    ceiling += (weights.lateness * tasks + weights.worst_lateness) * legs
    ceiling += sum(shift.overtime_cost * min(shift.max_overtime, latest) for shift in problem.shifts)
    ceiling += sum(visit.drop_cost or 0 for visit in problem.visits) + most_broken(problem)
    ceiling += sum(spacing.change_cost for spacing in problem.spacings)
    ceiling += sum(s.break_.miss_cost or 0 for s in problem.shifts if s.break_ is not None)
    ceiling += weights.longest_idle * latest + len(problem.shifts) * weights.waiting * latest
    ceiling += weights.imbalance * (legs // 30 + len(problem.shifts))
    if ceiling > MAX_COST:
        raise ModelError(
            "problem",
            "weights",
            f"a bad plan could cost {ceiling} points, more than {MAX_COST}; "
            "state weights, overtime and drop costs in a larger unit",
        )
