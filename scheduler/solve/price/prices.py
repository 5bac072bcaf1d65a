"""Whole prices of the master's rows: what a bound is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scheduler.solve.price.branch import Branch
from scheduler.solve.price.routes import Cuts
from scheduler.solve.price.tables import NEVER, Ints, Tables

Cut = tuple[int, int, int]
"""Three posts of different visits: at most one route does tasks of two of them."""
Part = tuple[int, int]
"""A shift and the number of a choice whose tasks need different nurses: the shift does one of its tasks at
most, and none where another choice is made."""
SHUT = -(10**13)
"""The price of a task for a shift that may not do it: no route is worth that."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Points for doing each task; and, 0 or more, for each cut and each part. They are of the plans of
    `branch`."""

    tasks: Ints
    cuts: tuple[Cut, ...]
    of_cuts: Ints
    parts: tuple[Part, ...]
    of_parts: Ints
    branch: Branch = Branch()  # noqa: RUF009 - frozen

    def of_shifts(self, tables: Tables) -> list[Ints]:
        """The tasks' prices for each shift: less what its parts cost, and SHUT where it may not do them."""
        mine = [self.tasks] * len(tables.shifts)
        if self.branch.able is not None:
            mine = list(np.where(self.branch.able, self.tasks, SHUT))
        for (shift, number), price in zip(self.parts, self.of_parts.tolist(), strict=True):
            if price:
                if mine[shift] is self.tasks:
                    mine[shift] = self.tasks.copy()
                mine[shift][list(tables.numbered[number].tasks)] -= price
        return mine

    def of_choices(self, tables: Tables) -> Ints:
        """What each choice earns: its tasks' prices less what its parts cost."""
        sums = [int(self.tasks[list(choice.tasks)].sum()) for choice in tables.numbered]
        earned = np.array(sums, dtype=np.int64)
        for (_, number), price in zip(self.parts, self.of_parts.tolist(), strict=True):
            earned[number] -= price
        return earned

    def of_visits(self, tables: Tables) -> list[int]:
        """What serving each visit earns in its cheapest choice, or its drop cost where that is less."""
        earned = self.of_choices(tables)
        return [
            _least((earned[choice.number] for choice in ways), drop)
            for ways, drop in zip(self.branch.choices(tables), self.branch.drops(tables), strict=True)
        ]

    def reduced(self, tables: Tables, mine: Ints, tasks: tuple[int, ...], cost: int) -> int:
        """The reduced cost of a route, given its shift's prices."""
        cuts = self.searched(tables)
        touched: dict[int, int] = defaultdict(int)
        for task in tasks:
            for number in cuts.cut[cuts.begin[task] : cuts.begin[task + 1]].tolist():
                touched[number] += 1
        paid = sum(int(cuts.price[number]) for number, count in touched.items() if count >= 2)
        return cost - int(mine[list(tasks)].sum()) + paid

    def searched(self, tables: Tables) -> Cuts:
        """The cuts by task, for the search; the free ones left out."""
        of_task: list[list[int]] = [[] for _ in tables.task_ids]
        paid = np.flatnonzero(self.of_cuts)
        for position, number in enumerate(paid.tolist()):
            for task in inside(tables, self.cuts[number]):
                of_task[task].append(position)
        begin = np.cumsum([0, *(len(each) for each in of_task)], dtype=np.int64)
        flat = np.array([number for each in of_task for number in each], dtype=np.int64)
        return Cuts(begin, flat, self.of_cuts[paid])


def _least(earned: Iterable[int], drop: int | None) -> int:
    """The smallest; 0 where the visit must be served and cannot be."""
    found = [int(value) for value in earned]
    if drop is None and not found:
        return 0
    return min([*found, NEVER if drop is None else drop])


def inside(tables: Tables, cut: Cut) -> frozenset[int]:
    """The tasks that count in a cut."""
    return frozenset().union(*(tables.posts[post] for post in cut))


def plain(tasks: Ints) -> Prices:
    """Prices of tasks only."""
    none = np.zeros(0, dtype=np.int64)
    return Prices(tasks, (), none, (), none)
