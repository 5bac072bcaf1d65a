"""The problem as arrays: what a route costs and when it is feasible, for compiled code.

Times are whole seconds since the problem's origin, prices whole points, so every cost is exact in 64 bits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scheduler.model import Pin, Problem, Shift, Task
from scheduler.travel import TravelMatrix

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NEVER = 2**60
"""Later than any time, dearer than any cost: "cannot be"."""


class Arrays(NamedTuple):
    """Tasks, drives and prices.

    `place`, `duration`, `visit`, `mode` by task; `apart` by mode. Task t may start in any of the spans
    `first[i]..last[i]`, i from `span[t]` to `span[t + 1]`, late from `due[i]` on; they are sorted and disjoint.
    Bounds are kept for times 2 ** `grid_bits` seconds apart, never more than the shortest stay.
    """

    place: Ints
    duration: Ints
    visit: Ints
    mode: Ints
    apart: Bools
    span: Ints
    first: Ints
    last: Ints
    due: Ints
    travel: Ints
    travel_price: int
    late_price: int
    grid_bits: int


class ShiftArrays(NamedTuple):
    """One shift. `rest` seconds of break (0: none) begun at `rest_first` or later, over by `rest_last`."""

    origin: int
    goal: int
    start: int
    end: int
    finish: int
    overtime: int
    most: int
    rest: int
    rest_first: int
    rest_last: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to serve a visit: all of `tasks`; each of `lags` is (first, then, least, most)."""

    tasks: tuple[int, ...]
    lags: tuple[tuple[int, int, int, int], ...]
    apart: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """The whole problem. `drop[v]` is None for a visit that must be served. `able[k, t]`: shift k may do task t as
    far as persons and pins go; `fee[k, t]` is then what it costs beside the drive."""

    arrays: Arrays
    shifts: tuple[ShiftArrays, ...]
    able: Bools
    fee: Ints
    choices: tuple[tuple[Choice, ...], ...]
    drop: tuple[int | None, ...]
    nurse: tuple[str, ...]
    worst_price: int
    task_ids: tuple[str, ...]
    shift_ids: tuple[str, ...]
    visit_ids: tuple[str, ...]

    @property
    def lagged(self) -> frozenset[int]:
        """The tasks whose start is tied to another one's."""
        ties = (lag for ways in self.choices for way in ways for lag in way.lags)
        return frozenset(task for lag in ties for task in lag[:2])

    @property
    def unit(self) -> int:
        """Every plan's cost is a multiple of this many points."""
        arrays = self.arrays
        prices = [arrays.travel_price, arrays.late_price, self.worst_price, int(self.fee.max(initial=0))]
        prices += [shift.overtime for shift in self.shifts] + [drop or 0 for drop in self.drop]
        return max(1, math.gcd(*prices))


def tabulate(problem: Problem, matrix: TravelMatrix) -> Tables:
    """Turn the problem into arrays."""
    pins = {pin.task: pin for pin in problem.pins}
    horizon = max((shift.latest_finish for shift in problem.shifts), default=0)
    tasks = [(v, mode, task) for v, visit in enumerate(problem.visits) for mode in visit.modes for task in mode.tasks]
    number = {task.id: t for t, (_, _, task) in enumerate(tasks)}
    modes = {id(mode): m for m, mode in enumerate(mode for visit in problem.visits for mode in visit.modes)}
    spans = [_spans(task, pins.get(task.id), horizon) for _, _, task in tasks]
    flat = [span for each in spans for span in each]
    arrays = Arrays(
        place=_ints(matrix.row(task.place) for _, _, task in tasks),
        duration=_ints(task.duration for _, _, task in tasks),
        visit=_ints(v for v, _, _ in tasks),
        mode=_ints(modes[id(mode)] for _, mode, _ in tasks),
        apart=np.array([mode.distinct_nurses for visit in problem.visits for mode in visit.modes], dtype=np.bool_),
        span=np.concatenate((_ints([0]), np.cumsum(_ints(len(each) for each in spans)))),
        first=_ints(span[0] for span in flat),
        last=_ints(span[1] for span in flat),
        due=_ints(span[2] for span in flat),
        travel=np.ascontiguousarray(matrix.seconds, dtype=np.int64),
        travel_price=problem.weights.travel,
        late_price=problem.weights.lateness,
        grid_bits=_grid_bits(task.duration for _, _, task in tasks),
    )
    able, fee = _persons(problem, pins)
    return Tables(
        arrays=arrays,
        shifts=tuple(_shift(shift, matrix) for shift in problem.shifts),
        able=able,
        fee=fee,
        choices=_choices(problem, number, pins),
        drop=tuple(visit.drop_cost for visit in problem.visits),
        nurse=tuple(shift.nurse for shift in problem.shifts),
        worst_price=problem.weights.worst_lateness,
        task_ids=tuple(number),
        shift_ids=tuple(shift.id for shift in problem.shifts),
        visit_ids=tuple(visit.id for visit in problem.visits),
    )


def _ints(values: object) -> Ints:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


def _grid_bits(durations: Iterable[int]) -> int:
    return min(9, max(1, min(durations, default=1)).bit_length() - 1)


def _spans(task: Task, pin: Pin | None, horizon: int) -> list[tuple[int, int, int]]:
    """The allowed starts as disjoint spans (first, last, due).

    A start is judged late by the last window begun by then, and allowed by any window that it keeps.
    """
    edges = sorted({window.earliest_start for window in task.windows}) + [horizon + 1]
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


def _latest(window: object, duration: int) -> int:
    """The last start that is not late."""
    over = window.latest_end  # type: ignore[attr-defined]
    first: int = window.latest_start  # type: ignore[attr-defined]
    return first if over is None else min(first, over - duration)


def _shift(shift: Shift, matrix: TravelMatrix) -> ShiftArrays:
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
    )


def _persons(problem: Problem, pins: dict[str, Pin]) -> tuple[Bools, Ints]:
    count = sum(len(visit.tasks) for visit in problem.visits)
    able = np.zeros((len(problem.shifts), count), dtype=np.bool_)
    fee = np.zeros((len(problem.shifts), count), dtype=np.int64)
    for k, shift in enumerate(problem.shifts):
        t = 0
        for visit in problem.visits:
            liked = not visit.preferred_nurses or shift.nurse in visit.preferred_nurses
            barred = shift.nurse in visit.barred_nurses
            for task in visit.tasks:
                pinned = task.id not in pins or pins[task.id].shift == shift.id
                able[k, t] = not barred and pinned and task.credentials <= shift.credentials
                fee[k, t] = 0 if liked else problem.weights.not_preferred
                t += 1
    return able, fee


def _choices(
    problem: Problem, number: dict[str, int], pins: dict[str, Pin]
) -> tuple[tuple[Choice, ...], ...]:
    """The modes that pins leave open: one that lacks a pinned task of its visit is out."""
    choices = []
    for visit in problem.visits:
        pinned = {task.id for task in visit.tasks if task.id in pins}
        choices.append(
            tuple(
                Choice(
                    tuple(number[task.id] for task in mode.tasks),
                    tuple((number[lag.first], number[lag.then], lag.min_s, lag.max_s) for lag in mode.lags),
                    mode.distinct_nurses,
                )
                for mode in visit.modes
                if pinned <= {task.id for task in mode.tasks}
            )
        )
    return tuple(choices)
