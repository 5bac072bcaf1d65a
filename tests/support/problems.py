"""A small problem whose plan and cost can be checked by hand, and builders for variations of it.

All places lie on one straight street; a place's `minute` says how many minutes it is from the west end, so
a drive between minutes 10 and 40 takes 30 minutes. Times are seconds after midnight: `at(9, 30)` is half past
nine.

The street, in minutes:   0 Ana   10 v1   20 v2   30 v5, Cleo   40 v3   50 v4   55 v6   60 Ben
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from scheduler.model import (
    POINTS_PER_DOLLAR,
    Break,
    Lag,
    Mode,
    Phase,
    Place,
    Plan,
    Problem,
    Route,
    Shift,
    Stop,
    Task,
    Visit,
    Weights,
    Window,
)
from scheduler.travel import TravelMatrix

MINUTE = 60
HOUR = 3600
ORIGIN = datetime(2026, 11, 23, tzinfo=UTC)
_MINUTES_PER_DEGREE = 1000


def at(hour: int, minute: int = 0) -> int:
    """Seconds after the origin's midnight."""
    return hour * HOUR + minute * MINUTE


def place(id: str, minute: int) -> Place:
    """A place on the street, `minute` minutes from its west end."""
    return Place(id=id, latitude=0.0, longitude=minute / _MINUTES_PER_DEGREE)


def window(first: int, last: int, latest_end: int | None = None, *, soft: bool = False) -> Window:
    """Starts from `first` to `last`."""
    return Window(earliest_start=first, latest_start=last, latest_end=latest_end, soft=soft)


def task(
    id: str,
    place: str,
    minutes: int,
    *windows: Window,
    credentials: Sequence[str] = ("rn",),
    phases: Sequence[Phase] = (),
) -> Task:
    """A stay of `minutes` minutes; without windows, any time of the day."""
    return Task(
        id=id,
        place=place,
        duration=minutes * MINUTE,
        windows=windows or (window(0, at(24)),),
        credentials=frozenset(credentials),
        phases=tuple(phases),
    )


def visit(
    id: str,
    *tasks: Task,
    lags: Sequence[Lag] = (),
    dollars: int | None = 1000,
    preferred: Sequence[str] = (),
    barred: Sequence[str] = (),
) -> Visit:
    """A visit of one mode, "only"; `dollars` is the price of leaving it out (None: it must be served)."""
    return Visit(
        id=id,
        modes=(Mode(id="only", tasks=tasks, lags=tuple(lags)),),
        drop_cost=None if dollars is None else dollars * POINTS_PER_DOLLAR,
        preferred_nurses=frozenset(preferred),
        barred_nurses=frozenset(barred),
    )


def together(first: str, then: str) -> Lag:
    """Both tasks start at the same second."""
    return Lag(first=first, then=then)


def shift(
    id: str,
    nurse: str,
    home: str,
    start: int = at(8),
    end: int = at(16),
    *,
    credentials: Sequence[str] = ("rn",),
    break_: Break | None = None,
    max_overtime: int = 0,
    overtime_cost: int = 0,
    max_visits: int | None = None,
) -> Shift:
    """A shift that starts and ends at `home`."""
    return Shift(
        id=id,
        nurse=nurse,
        start_place=home,
        end_place=home,
        start=start,
        end=end,
        credentials=frozenset(credentials),
        break_=break_,
        max_overtime=max_overtime,
        overtime_cost=overtime_cost,
        max_visits=max_visits,
    )


def stop(task: str, arrival: int, start: int, minutes: int) -> Stop:
    """A stay of `minutes` minutes from `start` on."""
    return Stop(task=task, arrival=arrival, start=start, end=start + minutes * MINUTE)


class StreetTravel:
    """A real TravelSource: the drive between two places is the difference of their minutes."""

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        """Symmetric times between all `places`."""
        minutes = np.array([round(place.longitude * _MINUTES_PER_DEGREE) for place in places], dtype=np.int64)
        seconds = np.abs(minutes[:, None] - minutes[None, :]) * MINUTE
        return TravelMatrix([place.id for place in places], seconds)


def street_matrix(problem: Problem) -> TravelMatrix:
    """The drives between the problem's places."""
    return StreetTravel().matrix(problem.places)


def street() -> Problem:
    """Three nurses, six visits: a mandatory one, one with two windows, a pair, a hand-off, one with a soft
    window, and one (v6) that nobody has the credential for."""
    return Problem(
        origin=ORIGIN,
        places=(
            place("ana-home", 0),
            place("ben-home", 60),
            place("cleo-home", 30),
            place("p1", 10),
            place("p2", 20),
            place("p3", 40),
            place("p4", 50),
            place("p5", 30),
            place("p6", 55),
        ),
        visits=(
            visit("v1", task("v1.1", "p1", 120, window(at(8), at(10), at(12))), dollars=None),
            visit(
                "v2",
                task(
                    "v2.1", "p2", 90, window(at(8), at(9)), window(at(13), at(15)), credentials=("rn", "picc")
                ),
                barred=("ben",),
            ),
            visit(
                "v3",
                task("v3.1", "p3", 45, window(at(12), at(13))),
                task("v3.2", "p3", 45, window(at(12), at(13))),
                lags=(together("v3.1", "v3.2"),),
                preferred=("ana",),
            ),
            _handoff(),
            visit("v5", task("v5.1", "p5", 60, window(at(14), at(14, 30), at(15, 30), soft=True))),
            visit("v6", task("v6.1", "p6", 60, credentials=("rn", "acls"))),
        ),
        shifts=(
            shift(
                "s-ana",
                "ana",
                "ana-home",
                credentials=("rn", "picc"),
                break_=Break(duration=30 * MINUTE, earliest_start=at(11), latest_end=at(14)),
                max_visits=3,
            ),
            shift("s-ben", "ben", "ben-home", max_overtime=HOUR, overtime_cost=10),
            shift("s-cleo", "cleo", "cleo-home", at(9), at(18), credentials=("rn", "picc")),
        ),
        weights=Weights(travel=25, lateness=30, worst_lateness=5, not_preferred=10 * POINTS_PER_DOLLAR),
    )


def _handoff() -> Visit:
    """One nurse for three hours; or one for 90 minutes, then another, 80 to 90 minutes later, for 100."""
    start = window(at(9), at(11))
    through = Mode(id="through", tasks=(task("v4.1", "p4", 180, start),))
    handoff = Mode(
        id="hand-off",
        tasks=(task("v4.2", "p4", 90, start), task("v4.3", "p4", 100, window(at(9), at(14)))),
        lags=(Lag(first="v4.2", then="v4.3", min_s=80 * MINUTE, max_s=90 * MINUTE),),
    )
    return Visit(id="v4", modes=(through, handoff), drop_cost=1000 * POINTS_PER_DOLLAR)


def street_plan() -> Plan:
    """A feasible plan of `street()`: all but v6 served, nobody late, no overtime.

    Drives: Ana 10 + 30 + 20 + 20, Ben 10 + 10 + 20, Cleo 20 + 20 + 0: 160 minutes. For v3, Ben is not
    preferred.
    """
    return Plan(
        routes=(
            Route(
                shift="s-ana",
                departure=at(8, 20),
                stops=(
                    stop("v1.1", at(8, 30), at(8, 30), 120),
                    stop("v3.1", at(11), at(12), 45),
                    stop("v2.1", at(13, 5), at(13, 5), 90),
                ),
                finish=at(14, 55),
                break_start=at(11),
            ),
            Route(
                shift="s-ben",
                departure=at(8, 50),
                stops=(stop("v4.2", at(9), at(9), 90), stop("v3.2", at(10, 40), at(12), 45)),
                finish=at(13, 5),
            ),
            Route(
                shift="s-cleo",
                departure=at(10, 5),
                stops=(stop("v4.3", at(10, 25), at(10, 25), 100), stop("v5.1", at(12, 25), at(14), 60)),
                finish=at(15),
            ),
        ),
        unassigned=("v6",),
    )


STREET_PLAN_COST = 160 * MINUTE * 25 + 10 * POINTS_PER_DOLLAR + 1000 * POINTS_PER_DOLLAR
"""The cost of `street_plan()` in points: drives, one nurse who is not preferred, v6 left out."""
