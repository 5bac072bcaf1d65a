"""A day without lags as the routing libraries see it: places in one row, who may do what at which price."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.model import Break, Problem, Visit, Weights, Window
from scheduler.solve.candidates import find_candidates
from scheduler.solve.tables import tabulate
from scheduler.travel import TravelMatrix

Orders = tuple[tuple[int, ...], ...]
"""For each shift, in the problem's order, the positions of its visits, one after the other."""


class InexpressibleError(ValueError):
    """The problem says something for which these peers have no words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One visit: it starts in [earliest, latest] and stays `duration` seconds. `drop_cost` in points."""

    earliest: int
    latest: int
    duration: int
    drop_cost: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """One shift: from place `origin` at `start` or later, at place `goal` by `latest_finish`. Each second
    past `end` costs `overtime_cost` points."""

    origin: int
    goal: int
    start: int
    end: int
    latest_finish: int
    overtime_cost: int
    most_visits: int
    rest: Break | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """Places are numbered: first one for each call, then the shifts' own.

    `seconds[i, j]`: driving from place i to place j, at `travel_cost` points a second. `able[c, s]`: call c
    can be on shift s as far as credentials, bars and times alone say. `extra[c, s]`: the points it costs if
    it is (a nurse who is not preferred). All prices are multiples of `unit` points.
    """

    calls: tuple[Call, ...]
    crews: tuple[Crew, ...]
    seconds: npt.NDArray[np.int64]
    able: npt.NDArray[np.bool_]
    extra: npt.NDArray[np.int64]
    travel_cost: int
    unit: int


def read(problem: Problem, matrix: TravelMatrix) -> Day:
    """The day. Raises InexpressibleError for what not one of the peers' models has."""
    _require_plain(problem)
    calls = tuple(_call(visit) for visit in problem.visits)
    homes = list(dict.fromkeys(place for s in problem.shifts for place in (s.start_place, s.end_place)))
    place_of = {home: len(calls) + i for i, home in enumerate(homes)}
    crews = tuple(
        Crew(
            origin=place_of[shift.start_place],
            goal=place_of[shift.end_place],
            start=shift.start,
            end=shift.end,
            latest_finish=shift.latest_finish,
            overtime_cost=shift.overtime_cost,
            most_visits=len(calls) if shift.max_visits is None else shift.max_visits,
            rest=shift.break_,
        )
        for shift in problem.shifts
    )
    rows = [matrix.row(visit.tasks[0].place) for visit in problem.visits] + [
        matrix.row(home) for home in homes
    ]
    prices = [problem.weights.travel, problem.weights.not_preferred]
    prices += [call.drop_cost for call in calls] + [crew.overtime_cost for crew in crews]
    return Day(
        calls=calls,
        crews=crews,
        seconds=matrix.seconds[np.ix_(rows, rows)],
        able=_able(problem, matrix),
        extra=_extra(problem),
        travel_cost=problem.weights.travel,
        unit=max(1, math.gcd(*prices)),
    )


def _require_plain(problem: Problem) -> None:
    nurses = [shift.nurse for shift in problem.shifts]
    prices = Weights(travel=problem.weights.travel, not_preferred=problem.weights.not_preferred)
    for holds, what in (
        (all(len(visit.tasks) == 1 for visit in problem.visits), "a visit of several tasks or modes"),
        (all(len(visit.tasks[0].windows) == 1 for visit in problem.visits), "a visit with several windows"),
        (not any(visit.tasks[0].windows[0].soft for visit in problem.visits), "a soft window"),
        (all(visit.drop_cost is not None for visit in problem.visits), "a visit that must be served"),
        (not problem.pins and not problem.promises, "a pin or a promise"),
        (problem.weights == prices, "a price of anything but driving and preference"),
        (len(set(nurses)) == len(nurses), "a nurse with two shifts"),
    ):
        if not holds:
            raise InexpressibleError(f"{what}: compare on infusion days without hand-offs")


def _call(visit: Visit) -> Call:
    task, window = visit.tasks[0], visit.tasks[0].windows[0]
    assert visit.drop_cost is not None
    return Call(
        earliest=window.earliest_start,
        latest=_latest(window, task.duration),
        duration=task.duration,
        drop_cost=visit.drop_cost,
    )


def _latest(window: Window, duration: int) -> int:
    if window.latest_end is None:
        return window.latest_start
    return min(window.latest_start, window.latest_end - duration)


def _able(problem: Problem, matrix: TravelMatrix) -> npt.NDArray[np.bool_]:
    able = np.zeros((len(problem.visits), len(problem.shifts)), dtype=np.bool_)
    for call, shifts in enumerate(find_candidates(problem, tabulate(problem, matrix)).shifts):
        able[call, list(shifts)] = True
    return able


def _extra(problem: Problem) -> npt.NDArray[np.int64]:
    nurses = [shift.nurse for shift in problem.shifts]
    strange = [
        [bool(visit.preferred_nurses) and nurse not in visit.preferred_nurses for nurse in nurses]
        for visit in problem.visits
    ]
    return np.array(strange, dtype=np.int64) * problem.weights.not_preferred
