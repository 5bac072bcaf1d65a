"""PyVRP: iterated local search, one thread, so two of them with different seeds.

How a day is put:

- a shift: a vehicle type of one vehicle, whose start and end depots are the shift's own places;
- credentials, bars and preferences: each shift has a routing profile. The cost of reaching a call is its
  drive plus what the nurse costs there if she is not preferred, or, if she may not go there, a sum that
  no plan can win back;
- overtime: PyVRP counts it from a route's start, the referee from the shift's end. A vehicle that must
  start with its shift makes the two the same; waiting is free in both;
- most visits: a load of LOAD for each call. One unit each would be too little: PyVRP weighs a unit too
  many by 100,000 at most, and leaving a call out may cost more than that;
- a visit that may be left out: an optional client, the drop cost its prize;
- breaks: PyVRP has none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyvrp
from pyvrp.stop import MaxRuntime

from benchmarks.peers.cores import on_both
from benchmarks.peers.day import Day, InexpressibleError, Orders, read
from benchmarks.peers.timing import best_plan
from scheduler.model import Plan, Problem
from scheduler.travel import TravelMatrix

LOAD = 100


class Adapter:
    """The Peer."""

    def plan(self, problem: Problem, matrix: TravelMatrix, seconds: float, seed: int) -> Plan:
        """See Peer."""
        day = read(problem, matrix)
        if any(crew.rest for crew in day.crews):
            raise InexpressibleError("PyVRP has no breaks")
        return best_plan(problem, matrix, on_both(search, day, seconds, seed))


def search(day: Day, seconds: float, seed: int) -> Orders:
    """PyVRP's own solve with its own settings."""
    result = pyvrp.solve(data_of(day), MaxRuntime(seconds), seed=seed, collect_stats=False)
    orders: list[tuple[int, ...]] = [()] * len(day.crews)
    for route in result.best.routes():
        orders[route.vehicle_type()] = tuple(step.idx for step in route if step.is_client())
    return tuple(orders)


def data_of(day: Day) -> pyvrp.ProblemData:
    """The day in PyVRP's terms; distances are points divided by the day's unit, durations seconds."""
    places = len(day.seconds)
    homes = range(len(day.calls), places)
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * places,
        clients=[
            pyvrp.Client(
                location=place,
                delivery=[LOAD],
                service_duration=call.duration,
                tw_early=call.earliest,
                tw_late=call.latest,
                prize=call.drop_cost // day.unit,
                required=False,
            )
            for place, call in enumerate(day.calls)
        ],
        depots=[pyvrp.Depot(location=home) for home in homes],
        vehicle_types=[
            pyvrp.VehicleType(
                capacity=[LOAD * crew.most_visits],
                start_depot=crew.origin - len(day.calls),
                end_depot=crew.goal - len(day.calls),
                tw_early=crew.start,
                tw_late=crew.latest_finish,
                start_late=crew.start,
                shift_duration=crew.end - crew.start,
                max_overtime=crew.latest_finish - crew.end,
                unit_overtime_cost=crew.overtime_cost // day.unit,
                profile=number,
            )
            for number, crew in enumerate(day.crews)
        ],
        distance_matrices=[_prices(day, number) for number in range(len(day.crews))],
        duration_matrices=[day.seconds] * len(day.crews),
    )


def _prices(day: Day, crew: int) -> npt.NDArray[np.int64]:
    """What each drive costs this shift, in units."""
    calls = len(day.calls)
    drives = day.seconds * (day.travel_cost // day.unit)
    never = int(drives.max()) * 2 * calls + sum(call.drop_cost for call in day.calls) // day.unit
    prices = drives.copy()
    prices[:, :calls] += np.where(day.able[:, crew], day.extra[:, crew] // day.unit, never)
    np.fill_diagonal(prices, 0)
    return prices
