"""Which tasks go well one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from scheduler.solve.anneal.layout import (
    DURATION,
    EARLIEST,
    FOREVER,
    PLACE,
    WINDOW_DUE,
    WINDOW_LATEST,
    WINDOWS_END,
    Ints,
)

MOST = 30
"""Neighbours kept per task."""

WAIT_SHARE = 0.2
"""What a second of forced waiting counts against a second of driving (as in PyVRP's granular
neighbourhoods)."""


def nearest(
    task: Ints,
    window: Ints,
    travel: Ints,
    able: npt.NDArray[np.bool_],
    visit_of: Sequence[int],
    apart: Iterable[tuple[int, int]] = (),
    most: int = MOST,
) -> Ints:
    """Per task up to `most` tasks of other visits that one shift could do just before or after it, best
    first; visits `apart` are never on one shift. Rows with fewer repeat what they have, and a task without
    any names itself."""
    n = len(task)
    last = window[task[:, WINDOWS_END] - 1]
    due, hard = last[:, WINDOW_DUE], last[:, WINDOW_LATEST] < FOREVER
    place, end = task[:, PLACE], task[:, EARLIEST] + task[:, DURATION]
    drive = travel[np.ix_(place, place)].astype(np.float64)
    wait = task[:, EARLIEST][None, :] - (due + task[:, DURATION])[:, None] - drive
    late = end[:, None] + drive - due[None, :]
    after = drive + WAIT_SHARE * np.maximum(0, wait) + np.maximum(0, late)
    after[(late > 0) & hard[None, :]] = np.inf
    distance = np.minimum(after, after.T)
    visits = np.asarray(visit_of)
    shared = able.astype(np.float32) @ able.astype(np.float32).T > 0
    for one, other in apart:
        distance[np.ix_(visits == one, visits == other)] = np.inf
        distance[np.ix_(visits == other, visits == one)] = np.inf
    distance[~shared | (visits[:, None] == visits[None, :])] = np.inf
    table = np.empty((n, max(1, min(most, n - 1))), dtype=np.int64)
    order = np.argsort(distance, axis=1, kind="stable")
    for t in range(n):
        good = order[t][np.isfinite(distance[t][order[t]])][: table.shape[1]]
        table[t] = np.resize(good, table.shape[1]) if len(good) else t
    return table
