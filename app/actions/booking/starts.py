"""A visit with fewer starts: in one part of the day, or at one second."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from itertools import pairwise

from app.store.mapping import LoadedDay
from scheduler.model import Mode, Visit, Window

PARTS = (time(11), time(14))
"""Where one part of the day ends and the next begins, local times."""

_DAY_S = 30 * 3600
"""No day is longer, nor a window of one."""


def in_parts(visit: Visit, day: LoadedDay) -> Iterator[Visit]:
    """The visit in each part of the day in which it may start."""
    bounds = [0, *(day.today.at(bound) for bound in PARTS), _DAY_S]
    for first, end in pairwise(bounds):
        cut = starting(visit, first, end - 1)
        if cut is not None:
            yield cut


def starting(visit: Visit, first: int, last: int) -> Visit | None:
    """The visit, to start from `first` to `last`, seconds since the day's origin; None: it cannot. Its modes
    start with their first tasks."""
    modes = (_cut(mode, first, last) for mode in visit.modes)
    left = tuple(mode for mode in modes if mode is not None)
    return visit.replace(modes=left) if left else None


def _cut(mode: Mode, first: int, last: int) -> Mode | None:
    task, *others = mode.tasks
    windows = tuple(
        window.replace(
            earliest_start=max(window.earliest_start, first), latest_start=min(window.latest_start, last)
        )
        for window in task.windows
        if _has_room(window, task.duration, first, last)
    )
    return mode.replace(tasks=(task.replace(windows=windows), *others)) if windows else None


def _has_room(window: Window, duration: int, first: int, last: int) -> bool:
    start = max(window.earliest_start, first)
    in_time = window.latest_end is None or start + duration <= window.latest_end
    return start <= min(window.latest_start, last) and in_time
