"""The problem as arrays: what a route costs and when it is feasible, for compiled code.

Times are whole seconds since the problem's origin, prices whole points, so every cost is exact in 64 bits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NEVER = 2**60
"""Later than any time, dearer than any cost: "cannot be"."""


class Arrays(NamedTuple):
    """Tasks, drives and prices.

    `place`, `duration`, `visit`, `mode` by task; `apart` by mode; `uses[t, i]` units of item i are used up by
    task t. Task t may start in any of the spans
    `first[i]..last[i]`, i from `span[t]` to `span[t + 1]`, late from `due[i]` on; they are sorted and
    disjoint. Bounds are kept for times 2 ** `grid_bits` seconds apart, never more than the shortest stay.
    """

    place: Ints
    duration: Ints
    visit: Ints
    mode: Ints
    apart: Bools
    uses: Ints
    span: Ints
    first: Ints
    last: Ints
    due: Ints
    travel: Ints
    travel_price: int
    late_price: int
    grid_bits: int


class ShiftArrays(NamedTuple):
    """One shift. `rest` seconds of break (0: none) begun at `rest_first` or later, over by `rest_last`.
    `stock[i]` units of item i are there (NEVER: no limit)."""

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
    stock: Ints


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to serve a visit: all of `tasks`; each of `lags` is (first, then, least, most). `number`
    counts all visits' choices."""

    number: int
    tasks: tuple[int, ...]
    lags: tuple[tuple[int, int, int, int], ...]
    apart: bool


@dataclass(frozen=True)
class Tables:
    """The whole problem. `drop[v]` is None for a visit that must be served. `able[k, t]`: shift k may do
    task t as far as persons and pins go; `fee[k, t]` is then what it costs beside the drive. A start outside
    `promised` (by task id) costs `moved_price`; of the plan, not of its routes, so that bounds ignore it."""

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
    promised: Mapping[str, tuple[int, int]]
    moved_price: int

    def moved(self, task: int, start: int) -> int:
        """Points for a start of the task that its patient was not promised."""
        first, last = self.promised.get(self.task_ids[task], (start, start))
        return 0 if first <= start <= last else self.moved_price

    @cached_property
    def numbered(self) -> tuple[Choice, ...]:
        """All visits' choices, by number."""
        return tuple(way for ways in self.choices for way in ways)

    @cached_property
    def posts(self) -> tuple[frozenset[int], ...]:
        """Sets of tasks of which no plan does more than one: the n-th task of a visit in each of its
        choices (the last one where a choice has fewer)."""
        found = []
        for ways in self.choices:
            for n in range(max((len(way.tasks) for way in ways), default=0)):
                found.append(frozenset(way.tasks[min(n, len(way.tasks) - 1)] for way in ways))
        return tuple(found)

    @cached_property
    def posts_of(self) -> tuple[tuple[int, ...], ...]:
        """The posts that each task is in."""
        found: list[list[int]] = [[] for _ in self.task_ids]
        for number, post in enumerate(self.posts):
            for task in post:
                found[task].append(number)
        return tuple(tuple(each) for each in found)

    @cached_property
    def lagged(self) -> frozenset[int]:
        """The tasks whose start is tied to another one's."""
        ties = (lag for ways in self.choices for way in ways for lag in way.lags)
        return frozenset(task for lag in ties for task in lag[:2])

    @cached_property
    def unit(self) -> int:
        """Every plan's cost, moved starts left aside, is a multiple of this many points."""
        arrays = self.arrays
        prices = [arrays.travel_price, arrays.late_price, self.worst_price, *np.unique(self.fee).tolist()]
        prices += [shift.overtime for shift in self.shifts] + [drop or 0 for drop in self.drop]
        return max(1, math.gcd(*prices))
