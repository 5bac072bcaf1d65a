"""From the problem to its tables: a copy of a task for each choice it is part of, and of tied tasks for each
part of their windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scheduler.model import Mode, Pin, Problem, Shift, Supply, Task, Window
from scheduler.solve.gates import Starts, gated_starts
from scheduler.solve.options import Promises, options_of
from scheduler.solve.price.tables import NEVER, Arrays, Bools, Choice, Ints, ShiftArrays, Tables
from scheduler.travel import TravelMatrix

Span = tuple[int, int, int]
"""Starts from the first to the second number; late after the third."""
Spans = dict[str, list[Span]]
"""By task id."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """A task in one choice. A task tied by lags has a copy for each part of its window."""

    visit: int
    mode: int
    of: Mode
    task: Task
    spans: tuple[Span, ...]


def tabulate(problem: Problem, matrix: TravelMatrix, slice_s: int | None = None) -> Tables:
    """Turn the problem into arrays.

    With `slice_s`, a mode with lags becomes several choices: in each, the first task of its first lag
    starts in another part, about `slice_s` seconds long, of its window. The tied tasks' windows shrink
    with it, so that routes priced apart agree on the time to within a slice.
    """
    pins = {pin.task: pin for pin in problem.pins}
    horizon = max((shift.latest_finish for shift in problem.shifts), default=0)
    gated = gated_starts(problem)
    copies: list[_Copy] = []
    choices = []
    for v, visit in enumerate(problem.visits):
        pinned = {task.id for task in visit.tasks if task.id in pins}
        ways: list[Choice] = []
        for mode in visit.modes:
            if not pinned <= {task.id for task in mode.tasks}:
                continue
            spans = {
                task.id: _gated(_spans(task, pins.get(task.id), horizon), gated.get(task.id))
                for task in mode.tasks
            }
            for part in _slices(mode, spans, slice_s):
                number = copies[-1].mode + 1 if copies else 0
                ways.append(_choice(mode, number, len(copies)))
                copies += [_Copy(v, number, mode, t, tuple(part[t.id])) for t in mode.tasks]
        choices.append(tuple(ways))
    promises = Promises(problem)
    able, fee = _persons(problem, pins, promises, copies)
    items = sorted({supply.item for shift in problem.shifts for supply in shift.stock})
    return Tables(
        arrays=_arrays(problem, matrix, copies, items),
        shifts=tuple(_shift(shift, matrix, items) for shift in problem.shifts),
        able=able,
        fee=fee,
        choices=tuple(choices),
        drop=tuple(visit.drop_cost for visit in problem.visits),
        nurse=tuple(shift.nurse for shift in problem.shifts),
        worst_price=problem.weights.worst_lateness,
        task_ids=tuple(copy.task.id for copy in copies),
        shift_ids=tuple(shift.id for shift in problem.shifts),
        visit_ids=tuple(visit.id for visit in problem.visits),
        promised=_promised(problem, pins, promises),
        moved_price=problem.weights.moved_start,
    )


def _slices(mode: Mode, spans: Spans, slice_s: int | None) -> Iterator[Spans]:
    """The parts of a mode's windows; those in which a task has no start left are out."""
    parts = [spans]
    if mode.lags and slice_s is not None and spans[mode.lags[0].first]:
        lead = mode.lags[0].first
        low, high = spans[lead][0][0], max(last for _, last, _ in spans[lead])
        count = max(1, round((high - low) / slice_s))
        edges = [low + (high + 1 - low) * n // count for n in range(count + 1)]
        parts = [_part(mode, spans, lead, a, b - 1) for a, b in pairwise(edges)]
    for part in parts:
        if all(part[task.id] for task in mode.tasks):
            yield part


def _part(mode: Mode, spans: Spans, lead: str, low: int, high: int) -> Spans:
    """The windows left when `lead` starts from `low` to `high`."""
    part = dict(spans)
    part[lead] = _clip(spans[lead], low, high)
    for lag in mode.lags:
        if lag.first == lead:
            part[lag.then] = _clip(part[lag.then], low + lag.min_s, high + lag.max_s)
        if lag.then == lead:
            part[lag.first] = _clip(part[lag.first], low - lag.max_s, high - lag.min_s)
    return part


def _clip(spans: list[Span], low: int, high: int) -> list[Span]:
    return [(max(a, low), min(b, high), due) for a, b, due in spans if max(a, low) <= min(b, high)]


def _choice(mode: Mode, number: int, first: int) -> Choice:
    task = {task.id: first + i for i, task in enumerate(mode.tasks)}
    lags = tuple((task[lag.first], task[lag.then], lag.min_s, lag.max_s) for lag in mode.lags)
    return Choice(number, tuple(task.values()), lags, mode.distinct_nurses)


def _arrays(problem: Problem, matrix: TravelMatrix, copies: list[_Copy], items: list[str]) -> Arrays:
    flat = [span for copy in copies for span in copy.spans]
    apart = {copy.mode: copy.of.distinct_nurses for copy in copies}
    return Arrays(
        place=_ints(matrix.row(copy.task.place) for copy in copies),
        duration=_ints(copy.task.duration for copy in copies),
        visit=_ints(copy.visit for copy in copies),
        mode=_ints(copy.mode for copy in copies),
        apart=np.array([apart[m] for m in range(len(apart))], dtype=np.bool_),
        uses=np.array([_units(copy.task.uses, items, 0) for copy in copies], dtype=np.int64).reshape(
            len(copies), len(items)
        ),
        span=np.concatenate((_ints([0]), np.cumsum(_ints(len(copy.spans) for copy in copies)))),
        first=_ints(span[0] for span in flat),
        last=_ints(span[1] for span in flat),
        due=_ints(span[2] for span in flat),
        travel=np.ascontiguousarray(matrix.seconds, dtype=np.int64),
        travel_price=problem.weights.travel,
        late_price=problem.weights.lateness,
        grid_bits=_grid_bits(copy.task.duration for copy in copies),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _units(supplies: Iterable[Supply], items: list[str], other: int) -> list[int]:
    """Of each item as many units as the supplies say; `other` where they do not name it."""
    units = {supply.item: supply.units for supply in supplies}
    return [units.get(item, other) for item in items]


def _grid_bits(durations: Iterable[int]) -> int:
    return min(9, max(1, min(durations, default=512)).bit_length() - 1)


def _spans(task: Task, pin: Pin | None, horizon: int) -> list[Span]:
    """The allowed starts as disjoint spans (first, last, due).

    A start is judged late by the last window begun by then, and allowed by any window that it keeps.
    """
    edges = [*sorted({window.earliest_start for window in task.windows}), horizon + 1]
    spans = []
    for begin, end in pairwise(edges):
        begun = [window for window in task.windows if window.earliest_start <= begin]
        last = min(end - 1, max(horizon if w.soft else _latest(w, task.duration) for w in begun))
        due = _latest(begun[-1], task.duration) if begun[-1].soft else NEVER
        if pin is not None and pin.start is not None:
            begin, last = max(begin, pin.start), min(last, pin.start)
        if begin <= last:
            spans.append((begin, last, due))
    return spans


def _gated(spans: list[Span], gated: Starts | None) -> list[Span]:
    """What is left of the starts where the visit has gates."""
    if gated is None:
        return spans
    return [part for each in gated for part in _clip(spans, each.start, each.end)]


def _latest(window: Window, duration: int) -> int:
    """The last start that is not late."""
    over = window.latest_end
    return window.latest_start if over is None else min(window.latest_start, over - duration)


def _shift(shift: Shift, matrix: TravelMatrix, items: list[str]) -> ShiftArrays:
    rest = shift.break_
    return ShiftArrays(
        origin=matrix.row(shift.start_place),
        goal=matrix.row(shift.end_place),
        start=shift.start,
        end=shift.end,
        finish=shift.latest_finish,
        overtime=shift.overtime_cost,
        most=10**6 if shift.max_visits is None else shift.max_visits,
        rest=0 if rest is None else rest.duration,
        rest_first=0 if rest is None else max(rest.earliest_start, shift.start),
        rest_last=0 if rest is None else min(rest.latest_end, shift.latest_finish),
        stock=_ints(_units(shift.stock, items, NEVER)),
    )


def _promised(problem: Problem, pins: dict[str, Pin], promises: Promises) -> dict[str, tuple[int, int]]:
    spans = {}
    for task in (task for visit in problem.visits for task in visit.tasks):
        span = promises.promised(task, options_of(task, pins.get(task.id), NEVER))
        if span is not None:
            spans[task.id] = span
    return spans


def _persons(
    problem: Problem, pins: dict[str, Pin], promises: Promises, copies: list[_Copy]
) -> tuple[Bools, Ints]:
    able = np.zeros((len(problem.shifts), len(copies)), dtype=np.bool_)
    fee = np.zeros((len(problem.shifts), len(copies)), dtype=np.int64)
    told = [
        promises.told(
            problem.visits[copy.visit],
            copy.of,
            copy.task,
            options_of(copy.task, pins.get(copy.task.id), NEVER),
        )
        for copy in copies
    ]
    for k, shift in enumerate(problem.shifts):
        for t, copy in enumerate(copies):
            visit, task = problem.visits[copy.visit], copy.task
            barred = shift.nurse in visit.barred_nurses
            pinned = task.id not in pins or pins[task.id].shift == shift.id
            able[k, t] = not barred and pinned and task.credentials <= shift.credentials
            liked = not visit.preferred_nurses or shift.nurse in visit.preferred_nurses
            kept = told[t].nurse in (None, shift.nurse)
            fee[k, t] = told[t].fee + (0 if liked else problem.weights.not_preferred)
            fee[k, t] += 0 if kept else problem.weights.changed_nurse
    return able, fee
