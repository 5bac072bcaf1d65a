"""Compile everything the annealing needs, so that no user's time limit pays for it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from scheduler.model import Mode, Place, Problem, Shift, Task, Visit, Window
from scheduler.solve.anneal.anneal import Annealer
from scheduler.solve.anneal.pack import pack
from scheduler.travel import TravelMatrix


def warm_up() -> None:
    """Compile every compiled function, or read it from the cache: half a minute once, then half a second.

    Run it at installation or at a worker's start."""
    place = Place(id="p", latitude=0.0, longitude=0.0)
    window = Window(earliest_start=0, latest_start=1)
    task = Task(id="t", place="p", duration=1, windows=(window,))
    visit = Visit(id="v", modes=(Mode(id="m", tasks=(task,)),), drop_cost=1)
    shift = Shift(id="s", nurse="n", start_place="p", end_place="p", start=0, end=9)
    origin = datetime(2000, 1, 1, tzinfo=UTC)
    problem = Problem(origin=origin, places=(place,), visits=(visit,), shifts=(shift,))
    packed = pack(problem, TravelMatrix(["p"], np.zeros((1, 1), dtype=np.int64)))
    annealer = Annealer(packed)
    annealer.improve(annealer.improve(moves=1).plan, moves=1)
