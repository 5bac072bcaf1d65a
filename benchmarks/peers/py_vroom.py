"""VROOM: construction heuristics and local search on two threads, at its highest exploration level.

How a day is put:

- a shift: a vehicle with the shift's own places, hours and break;
- credentials and bars: skills. A call that not every nurse may do needs a skill of its own, which those
  have who may;
- preferences: each vehicle has a profile, whose cost matrix adds to a drive what the nurse costs where it
  leads if she is not preferred there;
- most visits: the vehicle's most tasks;
- a visit that may be left out: all may. VROOM first serves the greatest sum of priorities, and only then
  looks at costs. On our days a visit left out costs more than what it takes to serve it, so that is what
  we want too; drop costs become priorities from 1 to 100 in proportion;
- overtime: VROOM has none.

VROOM stops by itself, often long before the time is over, and has no seed.
"""

from __future__ import annotations

from datetime import timedelta

import vroom

from benchmarks.peers.cores import CORES
from benchmarks.peers.day import Crew, Day, InexpressibleError, Orders, read
from benchmarks.peers.timing import best_plan
from scheduler.model import Plan, Problem
from scheduler.travel import TravelMatrix

EXPLORATION = 5
TOP_PRIORITY = 100


class Adapter:
    """The Peer."""

    def plan(self, problem: Problem, matrix: TravelMatrix, seconds: float, seed: int) -> Plan:
        """See Peer. The seed changes nothing."""
        day = read(problem, matrix)
        if any(crew.latest_finish > crew.end for crew in day.crews):
            raise InexpressibleError("VROOM has no overtime")
        return best_plan(problem, matrix, [orders_of(day, solution_of(day, seconds))])


def solution_of(day: Day, seconds: float) -> vroom.Solution:
    """VROOM's answer, its cost in the day's units."""
    return input_of(day).solve(EXPLORATION, nb_threads=CORES, timeout=timedelta(seconds=seconds))


def orders_of(day: Day, found: vroom.Solution) -> Orders:
    """Each vehicle's calls."""
    steps = found.routes
    orders: list[tuple[int, ...]] = [()] * len(day.crews)
    for crew, calls in steps[steps["type"] == "job"].groupby("vehicle_id", sort=False)["id"]:
        orders[int(crew)] = tuple(int(call) for call in calls)
    return tuple(orders)


def input_of(day: Day) -> vroom.Input:
    """The day in VROOM's terms; costs are points divided by the day's unit."""
    given = vroom.Input()
    drives = day.seconds * (day.travel_cost // day.unit)
    for number in range(len(day.crews)):
        costs = drives.copy()
        costs[:, : len(day.calls)] += day.extra[:, number] // day.unit
        given.set_durations_matrix(str(number), day.seconds)
        given.set_costs_matrix(str(number), costs)
    given.add_vehicle([_vehicle(day, number, crew) for number, crew in enumerate(day.crews)])
    given.add_job(_jobs(day))
    return given


def _vehicle(day: Day, number: int, crew: Crew) -> vroom.Vehicle:
    rest = crew.rest
    breaks = []
    if rest is not None:
        first = max(rest.earliest_start, crew.start)
        last = min(rest.latest_end, crew.end) - rest.duration
        breaks = [vroom.Break(number, time_windows=[vroom.TimeWindow(first, last)], service=rest.duration)]
    return vroom.Vehicle(
        number,
        start=crew.origin,
        end=crew.goal,
        profile=str(number),
        skills={call for call in range(len(day.calls)) if day.able[call, number]},
        time_window=(crew.start, crew.end),
        breaks=breaks,
        max_tasks=crew.most_visits,
    )


def _jobs(day: Day) -> list[vroom.Job]:
    dearest = max(call.drop_cost for call in day.calls)
    return [
        vroom.Job(
            number,
            location=number,
            default_service=call.duration,
            skills=set() if day.able[number].all() else {number},
            priority=max(1, TOP_PRIORITY * call.drop_cost // max(1, dearest)),
            time_windows=[(call.earliest, call.latest)],
        )
        for number, call in enumerate(day.calls)
    ]
