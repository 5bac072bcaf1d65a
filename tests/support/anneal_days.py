"""Small days that use every rule of the model, by a seeded generator."""

from __future__ import annotations

import numpy as np

from scheduler.model import Break, Lag, Mode, Place, Problem, Shift, Task, Visit, Weights, Window
from tests.support.problems import HOUR, MINUTE, ORIGIN

WEIGHTS = Weights(travel=25, lateness=30, worst_lateness=7, not_preferred=9000)


def a_day(rng: np.random.Generator, *, breaks: bool = True) -> Problem:
    """A small day that uses every rule of the model."""
    places = [
        Place(id=f"p{i}", latitude=40 + rng.normal() / 20, longitude=-83 + rng.normal() / 20)
        for i in range(14)
    ]
    shifts = tuple(a_shift(rng, k, breaks=breaks) for k in range(5))
    visits = tuple(a_visit(rng, i) for i in range(9))
    return Problem(origin=ORIGIN, places=tuple(places), visits=visits, shifts=shifts, weights=WEIGHTS)


def a_day_of_double_shifts(rng: np.random.Generator, *, breaks: bool = True) -> Problem:
    """The same with two or three shifts to a nurse, which may overlap, and a rest between them."""
    problem = a_day(rng, breaks=breaks)
    shifts = tuple(_double(rng, k, shift) for k, shift in enumerate(problem.shifts))
    return problem.replace(shifts=shifts, rest_s=int(rng.choice([0, 30, 60, 180])) * MINUTE)


def _double(rng: np.random.Generator, k: int, shift: Shift) -> Shift:
    """Another nurse's, perhaps later on the day."""
    later, rest = int(rng.choice([0, 0, 2, 4])) * HOUR, shift.break_
    if rest is not None:
        rest = rest.replace(earliest_start=rest.earliest_start + later, latest_end=rest.latest_end + later)
    return shift.replace(nurse=f"n{k % 2}", start=shift.start + later, end=shift.end + later, break_=rest)


def a_shift(rng: np.random.Generator, k: int, *, breaks: bool) -> Shift:
    start = int(rng.integers(6, 10)) * HOUR
    rest = Break(duration=30 * MINUTE, earliest_start=start + 2 * HOUR, latest_end=start + 6 * HOUR)
    return Shift(
        id=f"s{k}",
        nurse=f"n{k}",
        start_place=f"p{k}",
        end_place=f"p{int(rng.integers(14))}",
        start=start,
        end=start + int(rng.integers(6, 10)) * HOUR,
        credentials=frozenset({"rn", "picc"} if rng.random() < 0.6 else {"rn"}),
        break_=rest if breaks and rng.random() < 0.6 else None,
        max_overtime=int(rng.choice([0, HOUR])),
        overtime_cost=20,
        max_visits=int(rng.choice([2, 4])) if rng.random() < 0.5 else None,
    )


def a_visit(rng: np.random.Generator, i: int) -> Visit:
    place, earliest = f"p{5 + i}", int(rng.integers(6, 14)) * HOUR
    width, soft = int(rng.choice([0, 1, 3])) * HOUR, bool(rng.random() < 0.3)
    windows = [Window(earliest_start=earliest, latest_start=earliest + width, soft=soft)]
    if rng.random() < 0.4:
        later = earliest + width + HOUR
        windows.append(
            Window(earliest_start=later, latest_start=later + HOUR, latest_end=later + 3 * HOUR, soft=soft)
        )

    def one(name: str, minutes: int) -> Task:
        credentials = frozenset({"picc"} if rng.random() < 0.3 else {"rn"})
        return Task(
            id=f"v{i}.{name}",
            place=place,
            duration=minutes * MINUTE,
            windows=tuple(windows),
            credentials=credentials,
        )

    modes = [Mode(id="one", tasks=(one("1", 120),))]
    if rng.random() < 0.5:
        lag = Lag(first=f"v{i}.2", then=f"v{i}.3", min_s=0, max_s=int(rng.choice([0, HOUR])))
        lags = (lag,) if rng.random() < 0.8 else ()
        apart = bool(rng.random() < 0.6)
        two = Mode(id="two", tasks=(one("2", 60), one("3", 45)), lags=lags, distinct_nurses=apart)
        modes = [*modes, two] if rng.random() < 0.7 else [two]
    return Visit(
        id=f"v{i}",
        modes=tuple(modes),
        drop_cost=None if rng.random() < 0.2 else int(rng.choice([10**5, 10**6])),
        preferred_nurses=frozenset({"n1"} if rng.random() < 0.3 else ()),
        barred_nurses=frozenset({"n2"} if rng.random() < 0.2 else ()),
    )
