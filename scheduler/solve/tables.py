"""The problem as the solver sees it: rows in tuples, ids turned into positions, rules turned into numbers.

Times are whole seconds since the problem's origin, prices are points, travel is directed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from scheduler.model import Lag, ModelError, Pin, Problem, Shift, Visit
from scheduler.solve.gates import gated_starts
from scheduler.solve.options import Promises, Told, most_broken, options_of
from scheduler.solve.rosters import latest_finishes, rivals
from scheduler.solve.rows import HoursRow, ModeRow, Rest, ShiftRow, SpacingRow, TaskRow, Tie, VisitRow
from scheduler.solve.simplify import covered
from scheduler.travel import TravelMatrix

MAX_COST = 2**60
"""Dearest plan the solver can reckon with; CP-SAT counts in 64 bits."""

NEVER = 1 << 40
"""More seconds than any plan spans."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The whole problem. `ties[t]` are those that begin at task t. `rivals` are pairs of shifts that overlap
    and belong to one nurse: at most one of them is used. `rivalry` tells whether that, or the clipping of a
    shift's overtime to the nurse's next shift, leaves plans out that the model allows. `leads[t]`: task t is
    the first of its mode."""

    tasks: tuple[TaskRow, ...]
    visits: tuple[VisitRow, ...]
    shifts: tuple[ShiftRow, ...]
    travel: list[list[int]]
    ties: tuple[tuple[Tie, ...], ...]
    rivals: tuple[tuple[int, int], ...]
    rivalry: bool
    leads: tuple[bool, ...]
    spacings: tuple[SpacingRow, ...]
    hours: tuple[HoursRow, ...]
    travel_price: int
    lateness_price: int
    worst_price: int
    not_preferred_price: int
    changed_price: int
    horizon: int
    ceiling: int

    def price(self, task: int, shift: int) -> int:
        """What it costs that this shift's nurse does this task, beside travel."""
        preferred = self.visits[self.tasks[task].visit].preferred
        nurse, row = self.shifts[shift].nurse, self.tasks[task]
        wished = not preferred or nurse in preferred
        changed = row.told is not None and row.told != nurse
        return row.fee + (not wished) * self.not_preferred_price + changed * self.changed_price

    @property
    def lateness_counts(self) -> bool:
        """Whether being late costs anything."""
        return self.lateness_price > 0 or self.worst_price > 0


def tabulate(problem: Problem, matrix: TravelMatrix) -> Tables:
    """Turn problem and matrix into tables.

    Raises ModelError where prices are so high that 64 bits cannot hold the cost of a bad plan.
    """
    travel: list[list[int]] = matrix.seconds.tolist()
    horizon = _horizon(problem, matrix)
    pins, promises = {pin.task: pin for pin in problem.pins}, Promises(problem)
    gated = gated_starts(problem)
    nurses = {name: i for i, name in enumerate(sorted({shift.nurse for shift in problem.shifts}))}
    tasks: list[TaskRow] = []
    visits: list[VisitRow] = []
    for visit in problem.visits:
        visits.append(_visit(visit, len(tasks), pins, nurses))
        for number, mode in enumerate(visit.modes):
            for task in mode.tasks:
                options = options_of(task, pins.get(task.id), horizon, gated.get(task.id))
                told, priced = promises.told(visit, mode, task, options), promises.priced(task, options)
                row = TaskRow(
                    task.id,
                    len(visits) - 1,
                    number,
                    matrix.row(task.place),
                    task.duration,
                    priced,
                    uses=task.uses,
                )
                tasks.append(_promised(row, told, nurses))
    limits = latest_finishes(problem.shifts, problem.rest_s)
    shifts = tuple(
        _shift(shift, nurses[shift.nurse], matrix, min(limit, horizon))
        for shift, limit in zip(problem.shifts, limits, strict=True)
    )
    shut_out = rivals(problem.shifts, problem.rest_s)
    spacings = _spacings(problem)
    ties: list[tuple[Tie, ...]] = [()] * len(tasks)
    for tie in (*_mode_ties(visits), *_spacing_ties(problem, spacings, visits)):
        ties[tie.first] += (tie,)
    clipped = any(limit < shift.latest_finish for limit, shift in zip(limits, problem.shifts, strict=True))
    return Tables(
        tasks=tuple(tasks),
        visits=tuple(visits),
        shifts=shifts,
        travel=travel,
        ties=tuple(ties),
        rivals=shut_out,
        rivalry=clipped or bool(shut_out),
        leads=tuple(task is mode.tasks[0] for v in problem.visits for mode in v.modes for task in mode.tasks),
        spacings=spacings,
        hours=_hours(problem),
        travel_price=problem.weights.travel,
        lateness_price=problem.weights.lateness,
        worst_price=problem.weights.worst_lateness,
        not_preferred_price=problem.weights.not_preferred,
        changed_price=problem.weights.changed_nurse,
        horizon=horizon,
        ceiling=_ceiling(problem, matrix, horizon),
    )


def _visit(visit: Visit, first: int, pins: dict[str, Pin], nurses: dict[str, int]) -> VisitRow:
    """The row of a visit whose tasks are numbered from `first` on. A mode that leaves out a pinned task is
    out."""
    pinned = {task.id for task in visit.tasks if task.id in pins}
    number = {task.id: first + i for i, task in enumerate(visit.tasks)}
    modes = tuple(
        ModeRow(
            tuple(number[task.id] for task in mode.tasks),
            tuple(tie for lag in mode.lags for tie in _ties(lag, number)),
            mode.distinct_nurses,
        )
        for mode in visit.modes
        if pinned <= {task.id for task in mode.tasks}
    )
    preferred = frozenset(nurses.get(name, -1) for name in visit.preferred_nurses)
    return VisitRow(visit.id, modes, visit.drop_cost, preferred)


def _ties(lag: Lag, number: dict[str, int]) -> tuple[Tie, Tie]:
    first, then = number[lag.first], number[lag.then]
    return Tie(first, then, lag.min_s), Tie(then, first, -lag.max_s)


def _promised(row: TaskRow, told: Told, nurses: dict[str, int]) -> TaskRow:
    """The row with what its patient was told."""
    nurse = None if told.nurse is None else nurses.get(told.nurse, -1)
    floor = next((i for i, option in enumerate(row.options) if option.price == 0), 0)
    return replace(row, told=nurse, fee=told.fee, floor=floor)


def _shift(shift: Shift, nurse: int, matrix: TravelMatrix, latest_finish: int) -> ShiftRow:
    rest = None
    if shift.break_ is not None and shift.break_.miss_cost is None:
        window = shift.break_
        rest = Rest(
            window.duration,
            max(window.earliest_start, shift.start),
            min(window.latest_end, latest_finish),
        )
    return ShiftRow(
        id=shift.id,
        nurse=nurse,
        origin=matrix.row(shift.start_place),
        goal=matrix.row(shift.end_place),
        start=shift.start,
        end=shift.end,
        latest_finish=latest_finish,
        overtime_cost=shift.overtime_cost,
        most_visits=10**9 if shift.max_visits is None else shift.max_visits,
        rest=rest,
        stock=shift.stock,
    )


def _spacings(problem: Problem) -> tuple[SpacingRow, ...]:
    number = {visit.id: v for v, visit in enumerate(problem.visits)}
    return tuple(
        SpacingRow(number[each.first], number[each.then], each.needs_first, each.change_cost)
        for each in problem.spacings
    )


def _mode_ties(visits: Sequence[VisitRow]) -> Iterator[Tie]:
    for visit in visits:
        for mode in visit.modes:
            yield from mode.ties


def _spacing_ties(problem: Problem, rows: Sequence[SpacingRow], visits: Sequence[VisitRow]) -> Iterator[Tie]:
    """A spacing ties the first tasks of its visits' modes, one of each being done."""
    for spacing, row in zip(problem.spacings, rows, strict=True):
        back = -NEVER if spacing.max_s is None else -spacing.max_s
        for one, other in product(visits[row.first].modes, visits[row.then].modes):
            yield Tie(one.tasks[0], other.tasks[0], spacing.min_s)
            yield Tie(other.tasks[0], one.tasks[0], back)


def _hours(problem: Problem) -> tuple[HoursRow, ...]:
    number = {shift.id: k for k, shift in enumerate(problem.shifts)}
    return tuple(
        HoursRow(tuple(number[shift.id] for shift in covered(limit, problem.shifts)), limit.max_seconds)
        for limit in problem.hour_limits
    )


def _horizon(problem: Problem, matrix: TravelMatrix) -> int:
    """No start or finish of a plan that dawdles nowhere is later: the last second at which anything may have
    to be waited for, and from then on every stay, drive, break and lag one after another."""
    farthest = matrix.seconds.max(axis=1, initial=0)
    tasks = [task for visit in problem.visits for task in visit.tasks]
    waits = [window.earliest_start for task in tasks for window in task.windows]
    waits += [shift.start for shift in problem.shifts] + [pin.start or 0 for pin in problem.pins]
    rests = [shift.break_ for shift in problem.shifts if shift.break_ is not None]
    waits += [rest.earliest_start for rest in rests]
    work = sum(task.duration + int(farthest[matrix.row(task.place)]) for task in tasks)
    work += sum(int(farthest[matrix.row(shift.start_place)]) for shift in problem.shifts)
    work += sum(rest.duration for rest in rests)
    work += sum(lag.min_s for visit in problem.visits for mode in visit.modes for lag in mode.lags)
    return max(waits, default=0) + work


def _ceiling(problem: Problem, matrix: TravelMatrix, horizon: int) -> int:
    """No plan costs more, by a rough reckoning; refuses prices that overflow."""
    weights, tasks = problem.weights, sum(len(visit.tasks) for visit in problem.visits)
    legs = (tasks + len(problem.shifts)) * int(matrix.seconds.max(initial=0))
    ceiling = weights.travel * legs + weights.not_preferred * tasks
    ceiling += (weights.lateness * tasks + weights.worst_lateness) * horizon
    ceiling += sum(shift.overtime_cost * min(shift.max_overtime, horizon) for shift in problem.shifts)
    ceiling += sum(visit.drop_cost or 0 for visit in problem.visits) + most_broken(problem)
    ceiling += sum(spacing.change_cost for spacing in problem.spacings)
    if ceiling * (len(problem.visits) + 1) > MAX_COST:
        raise ModelError(
            "problem",
            "weights",
            f"a bad plan could cost {ceiling} points, more than the solver can reckon with; "
            "state weights, overtime and drop costs in a larger unit",
        )
    return ceiling
