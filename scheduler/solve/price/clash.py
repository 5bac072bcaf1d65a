"""Tied tasks that the LP does at times which do not agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.solve.price.master import RouteColumn
from scheduler.solve.price.schedule import variants
from scheduler.solve.price.tables import Tables

LEAST = 0.1
"""Routes that clash have so much more than 1 together."""

Lag = tuple[int, int, int, int]
Times = dict[int, list[tuple[int, int, float]]]
"""By task: the earliest and the latest start in a route, and the route's share."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Routes with a total of `share` cannot agree: in some the lag's first task starts at `time` at the
    latest, in the others later."""

    lag: Lag
    time: int
    share: float


def worst_clash(
    tables: Tables, columns: Sequence[RouteColumn], shares: npt.NDArray[np.float64]
) -> Clash | None:
    """The one with most share; None where all times agree, two tasks at a time."""
    times = _times(tables, columns, shares)
    lags = [lag for way in tables.numbered for lag in way.lags if lag[0] in times and lag[1] in times]
    clashes = [clash for lag in lags for clash in _clashes(lag, times)]
    worst = max(clashes, key=lambda clash: clash.share, default=None)
    return None if worst is None or worst.share < 1 + LEAST else worst


def _times(tables: Tables, columns: Sequence[RouteColumn], shares: npt.NDArray[np.float64]) -> Times:
    times: Times = defaultdict(list)
    for number in np.flatnonzero(shares > LEAST / 2).tolist():
        route, share = columns[number], float(shares[number])
        tied = [i for i, task in enumerate(route.tasks) if task in tables.lagged]
        ways = list(variants(tables, route.shift, route.tasks)) if tied else []
        for i in tied if ways else []:
            early, late = min(way.earliest[i] for way in ways), max(way.latest[i] for way in ways)
            times[route.tasks[i]].append((early, late, share))
    return times


def _clashes(lag: Lag, times: Times) -> Iterator[Clash]:
    """Both as starts of the lag's first task: what each partner's route allows."""
    one = times[lag[0]]
    other = [(early - lag[3], late - lag[2], share) for early, late, share in times[lag[1]]]
    for a, b in ((one, other), (other, one)):
        for _, limit, _ in a:
            soon = sum(share for _, late, share in a if late <= limit)
            after = [(early, share) for early, _, share in b if early > limit]
            if after:
                time = (limit + min(early for early, _ in after) - 1) // 2
                yield Clash(lag, time, soon + sum(share for _, share in after))
