"""Subset-row cuts (Jepsen et al. 2008) on triples: of three tasks, at most one route does two or more."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from scheduler.solve.price.master import Cut, Master, Relaxed

LEAST_VIOLATION = 0.02
MOST_PER_ROUND = 150
MOST_PER_TASK = 3


def violated(master: Master, relaxed: Relaxed) -> list[Cut]:
    """The most violated cuts, no task in too many of them."""
    together: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    threes: dict[Cut, float] = defaultdict(float)
    for column, share in zip(
        master.columns, relaxed.shares.tolist(), strict=False
    ):  # new columns have no share
        if share > 1e-6:
            for i, j in combinations(column.tasks, 2):
                together[i][j] += share
                together[j][i] += share
            for i, j, k in combinations(sorted(column.tasks), 3):
                threes[i, j, k] += share
    known, scored = set(master.cuts), {}
    for i, near in together.items():
        for j, k in combinations(sorted(near), 2):
            first, second, third = sorted((i, j, k))
            cut = (first, second, third)
            total = near[j] + near[k] + together[j].get(k, 0.0) - 2 * threes.get(cut, 0.0)
            if total > 1 + LEAST_VIOLATION and cut not in known:
                scored[cut] = total
    return _spread(scored)


def _spread(scored: dict[Cut, float]) -> list[Cut]:
    uses: dict[int, int] = defaultdict(int)
    chosen: list[Cut] = []
    for cut in sorted(scored, key=lambda cut: (-scored[cut], cut)):
        if len(chosen) < MOST_PER_ROUND and all(uses[task] < MOST_PER_TASK for task in cut):
            chosen.append(cut)
            for task in cut:
                uses[task] += 1
    return chosen
