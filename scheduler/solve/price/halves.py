"""Two parts of a part of all plans, that hold all its plans between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from scheduler.solve.price.branch import Branch
from scheduler.solve.price.clash import worst_clash
from scheduler.solve.price.master import Relaxed, RouteColumn
from scheduler.solve.price.tables import NEVER, Arrays, Tables

T = TypeVar("T")

MIXED = 0.01
"""A share that is no nearer to 0 or 1 than this is split."""
NARROW = 2
"""Seconds; a narrower window is not split."""


@dataclass(frozen=True, slots=True)
class Halves:
    """Ways to halve `part`, whose LP says `relaxed`. Of two halves the first is the more likely."""

    tables: Tables
    columns: Sequence[RouteColumn]
    part: Branch
    relaxed: Relaxed

    def apart(self) -> list[Branch] | None:
        """On a visit of which the LP leaves out a share, else on one whose modes or slices it mixes, else
        where tied tasks are done at times that do not agree."""
        return self._by_visit() or self._by_choice() or self._by_time()

    def cut(self) -> list[Branch] | None:
        """On a task that shifts share, else in the widest window of a tied task; None if there is neither."""
        return self._by_shift() or self._by_half()

    def _by_visit(self) -> list[Branch] | None:
        visit = _most_mixed(enumerate(self.relaxed.left_out.tolist()))
        if visit is None:
            return None
        tasks = [task for way in self.tables.choices[visit] for task in way.tasks]
        return [self.part.serving(visit), self.part.without(self.tables, tasks)]

    def _by_choice(self) -> list[Branch] | None:
        """Modes and slices come in order: those before, and those from some one on."""
        shares = {
            (visit, n): share
            for visit, ways in enumerate(self.tables.choices)
            for n, share in enumerate(np.cumsum([self.relaxed.chosen[way.number] for way in ways]).tolist())
        }
        at = _most_mixed(shares.items())
        if at is None:
            return None
        ways = self.tables.choices[at[0]]
        early = [task for way in ways[: at[1] + 1] for task in way.tasks]
        late = [task for way in ways[at[1] + 1 :] for task in way.tasks]
        halves = [self.part.without(self.tables, late), self.part.without(self.tables, early)]
        return halves if shares[at] > 0.5 else halves[::-1]

    def _by_time(self) -> list[Branch] | None:
        """Split where routes end a tied task's time before others begin its partner's."""
        clash = worst_clash(self.part.tables(self.tables), self.columns, self.relaxed.shares)
        if clash is None:
            return None
        before = self.part.within(self.tables, clash.lag, -NEVER, clash.time)
        return [before, self.part.within(self.tables, clash.lag, clash.time + 1, NEVER)]

    def _by_half(self) -> list[Branch] | None:
        """Split the widest window of a tied task that is done."""
        arrays = self.part.arrays(self.tables)
        lags = [
            lag for way in self.tables.numbered if self.relaxed.chosen[way.number] > 0.5 for lag in way.lags
        ]
        wide = {lag: _hours(arrays, lag[0]) for lag in lags}
        lag = max(wide, key=lambda one: wide[one][1] - wide[one][0], default=None)
        if lag is None or wide[lag][1] - wide[lag][0] < NARROW:
            return None
        middle = sum(wide[lag]) // 2
        return [
            self.part.within(self.tables, lag, -NEVER, middle),
            self.part.within(self.tables, lag, middle + 1, NEVER),
        ]

    def _by_shift(self) -> list[Branch] | None:
        shares: dict[tuple[int, int], float] = {}
        for column, share in zip(self.columns, self.relaxed.shares.tolist(), strict=True):
            if share > 0:
                for post in {post for task in column.tasks for post in self.tables.posts_of[task]}:
                    shares[column.shift, post] = shares.get((column.shift, post), 0.0) + share
        at = _most_mixed(shares.items())
        if at is None:
            return None
        tasks = sorted(self.tables.posts[at[1]])
        others = [k for k in range(len(self.tables.shifts)) if k != at[0]]
        return [self.part.without(self.tables, tasks, others), self.part.without(self.tables, tasks, [at[0]])]


def _hours(arrays: Arrays, task: int) -> tuple[int, int]:
    """The first and the last start of a task."""
    spans = slice(arrays.span[task], arrays.span[task + 1])
    return int(arrays.first[spans].min()), int(arrays.last[spans].max())


def _most_mixed(shares: Iterable[tuple[T, float]]) -> T | None:
    """The share nearest to a half."""
    nearest = min(shares, key=lambda one: abs(one[1] - 0.5), default=None)
    return None if nearest is None or not MIXED < nearest[1] < 1 - MIXED else nearest[0]
