"""A day of two visits and two shifts, to compile the code on."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from scheduler.model import Break, Lag, Mode, Place, Problem, Shift, Task, Visit, Window
from scheduler.travel import TravelMatrix


def tiny() -> tuple[Problem, TravelMatrix]:
    """Every kind of thing once: a pair, a break, two windows."""
    window = Window(earliest_start=1000, latest_start=4000)
    later = Window(earliest_start=6000, latest_start=9000)
    tasks = [Task(id=f"t{i}", place="p", duration=1200, windows=(window, later)) for i in range(3)]
    pair = Mode(id="pair", tasks=(tasks[1], tasks[2]), lags=(Lag(first="t1", then="t2"),))
    visits = (
        Visit(id="v0", modes=(Mode(id="one", tasks=(tasks[0],)),), drop_cost=10**6),
        Visit(id="v1", modes=(pair,), drop_cost=10**6),
    )
    rest = Break(duration=600, earliest_start=1000, latest_end=9000)
    shifts = tuple(
        Shift(id=f"s{i}", nurse=f"n{i}", start_place="h", end_place="h", start=0, end=20000, break_=rest)
        for i in range(2)
    )
    places = tuple(Place(id=name, latitude=0.0, longitude=0.0) for name in ("h", "p"))
    origin = datetime(2026, 1, 1, tzinfo=UTC)
    problem = Problem(origin=origin, places=places, visits=visits, shifts=shifts)
    return problem, TravelMatrix(["h", "p"], np.array([[0, 300], [300, 0]], dtype=np.int64))
