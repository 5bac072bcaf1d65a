"""A part of all plans: some shifts may not do some tasks, some visits must be served, some tasks start
earlier or later than their windows allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from scheduler.solve.price.tables import Arrays, Bools, Choice, Tables


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """`able[k, t]`: shift k may do task t (None: whatever the tables say); `served`: visits that may not be
    left out; `hours`: narrower first and last starts, by task."""

    able: Bools | None = None
    served: frozenset[int] = frozenset()
    hours: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    def arrays(self, tables: Tables) -> Arrays:
        """The tables' arrays with the windows of this part."""
        if not self.hours:
            return tables.arrays
        arrays = tables.arrays
        first, last = arrays.first.copy(), arrays.last.copy()
        for task, (low, high) in self.hours.items():
            spans = slice(arrays.span[task], arrays.span[task + 1])
            first[spans], last[spans] = np.maximum(first[spans], low), np.minimum(last[spans], high)
        return arrays._replace(first=first, last=last)

    def tables(self, tables: Tables) -> Tables:
        """The tables with the windows of this part."""
        return replace(tables, arrays=self.arrays(tables)) if self.hours else tables

    def choices(self, tables: Tables) -> Sequence[tuple[Choice, ...]]:
        """For each visit, the choices of which some shift may do every task."""
        if self.able is None:
            return tables.choices
        done: Bools = np.any(self.able, axis=0)
        return [tuple(way for way in ways if done[list(way.tasks)].all()) for ways in tables.choices]

    def drops(self, tables: Tables) -> list[int | None]:
        """What leaving out each visit costs; None where it must be served."""
        return [None if v in self.served else drop for v, drop in enumerate(tables.drop)]

    def is_empty(self, tables: Tables) -> bool:
        """Whether a visit that must be served cannot be."""
        ways = self.choices(tables)
        return any(not ways[v] for v in self.served)

    def allows(self, shift: int, tasks: Sequence[int]) -> bool:
        """Whether the shift may do these tasks."""
        return self.able is None or bool(self.able[shift, list(tasks)].all())

    def serving(self, visit: int) -> Branch:
        """The plans that serve the visit."""
        return replace(self, served=self.served | {visit})

    def without(self, tables: Tables, tasks: Sequence[int], shifts: Sequence[int] | None = None) -> Branch:
        """The plans in which these shifts (None: all) do none of these tasks."""
        able = (tables.able if self.able is None else self.able).copy()
        able[np.ix_(range(len(able)) if shifts is None else shifts, tasks)] = False
        return replace(self, able=able)

    def within(self, tables: Tables, lag: tuple[int, int, int, int], low: int, high: int) -> Branch:
        """The plans in which the first task of the lag, if done, starts from `low` to `high`, the second as
        far from it as the lag says."""
        first, then, least, most = lag
        hours = dict(self.hours)
        for task, begin, end in ((first, low, high), (then, low + least, high + most)):
            before = hours.get(task, (begin, end))
            hours[task] = (max(begin, before[0]), min(end, before[1]))
        part = replace(self, hours=hours)
        arrays = part.arrays(tables)
        shut = [t for t in (first, then) if not _has_start(arrays, t)]
        return part.without(tables, shut) if shut else part


def _has_start(arrays: Arrays, task: int) -> bool:
    spans = slice(arrays.span[task], arrays.span[task + 1])
    return bool((arrays.first[spans] <= arrays.last[spans]).any())
