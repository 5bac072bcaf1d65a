"""Rows that the LP breaks and no plan does.

Cuts are subset-row cuts (Jepsen et al. 2008) on triples of posts: at most one route does tasks of two or
more. Posts, not tasks: a sliced task is done by one of many copies, and a visit in one of its modes. Parts
keep half a nurse from doing one task of a pair while her other half does the other.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from scheduler.solve.price.master import Master, Relaxed
from scheduler.solve.price.prices import Cut, Part
from scheduler.solve.price.tables import Tables

LEAST_VIOLATION = 0.02
MOST_PER_ROUND = 150
MOST_PER_POST = 3


def violated(tables: Tables, master: Master, relaxed: Relaxed) -> list[Cut]:
    """The most violated cuts, no post in too many of them."""
    visit = [int(tables.arrays.visit[min(post)]) for post in tables.posts]
    together: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    threes: dict[Cut, float] = defaultdict(float)
    # Columns added since have no share.
    for column, share in zip(master.columns, relaxed.shares.tolist(), strict=False):
        if share > 1e-6:
            posts = sorted({post for task in column.tasks for post in tables.posts_of[task]})
            for i, j in combinations(posts, 2):
                together[i][j] += share
                together[j][i] += share
            for i, j, k in combinations(posts, 3):
                threes[i, j, k] += share
    known, scored = set(master.cuts), {}
    for i, near in together.items():
        for j, k in combinations(sorted(near), 2):
            first, second, third = sorted((i, j, k))
            cut = (first, second, third)
            total = near[j] + near[k] + together[j].get(k, 0.0) - 2 * threes.get(cut, 0.0)
            apart = len({visit[first], visit[second], visit[third]}) == 3
            if total > 1 + LEAST_VIOLATION and apart and cut not in known:
                scored[cut] = total
    return _spread(scored)


def broken(tables: Tables, master: Master, relaxed: Relaxed) -> list[Part]:
    """The parts that are played too often."""
    played: dict[Part, float] = defaultdict(float)
    mode = tables.arrays.mode
    for column, share in zip(master.columns, relaxed.shares.tolist(), strict=False):
        if share > 1e-6:
            for number in {int(mode[task]) for task in column.tasks}:
                if tables.numbered[number].apart and len(tables.numbered[number].tasks) > 1:
                    played[column.shift, number] += share
    known = set(master.parts)
    return sorted(
        part
        for part, share in played.items()
        if share > relaxed.chosen[part[1]] + LEAST_VIOLATION and part not in known
    )


def _spread(scored: dict[Cut, float]) -> list[Cut]:
    uses: dict[int, int] = defaultdict(int)
    chosen: list[Cut] = []
    for cut in sorted(scored, key=lambda cut: (-scored[cut], cut)):
        if len(chosen) < MOST_PER_ROUND and all(uses[post] < MOST_PER_POST for post in cut):
            chosen.append(cut)
            for post in cut:
                uses[post] += 1
    return chosen
