"""The routing library of OR-Tools: guided local search, one thread, so two of them, begun differently.

How a day is put:

- a shift: a vehicle with the shift's own places; times are a dimension whose slack is waiting, free of
  charge;
- credentials and bars: the vehicles that a call may have, by `VehicleVar`;
- preferences: each vehicle has its own arc costs, the drive plus what the nurse costs where it leads if
  she is not preferred there;
- overtime: a soft upper bound of the time at the vehicle's end;
- breaks: break intervals of the time dimension, which may interrupt a drive, or lie before or after the
  route;
- most visits: a dimension that counts;
- a visit that may be left out: a disjunction with the drop cost as penalty.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp
from ortools.constraint_solver.routing_enums_pb2 import FirstSolutionStrategy, LocalSearchMetaheuristic

from benchmarks.peers.cores import on_both
from benchmarks.peers.day import Day, Orders, read
from benchmarks.peers.timing import best_plan
from scheduler.model import Plan, Problem
from scheduler.travel import TravelMatrix

FIRST_PLANS = (FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION, FirstSolutionStrategy.PATH_CHEAPEST_ARC)


class Adapter:
    """The Peer."""

    def plan(self, problem: Problem, matrix: TravelMatrix, seconds: float, seed: int) -> Plan:
        """See Peer."""
        return best_plan(problem, matrix, on_both(search, read(problem, matrix), seconds, seed))


def search(day: Day, seconds: float, seed: int) -> Orders:
    """Guided local search. It has no seed, so ours sets the order in which it is told the calls."""
    order = list(range(len(day.calls)))
    random.Random(seed).shuffle(order)
    model = Model(day, order)
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = FIRST_PLANS[seed % len(FIRST_PLANS)]
    settings.local_search_metaheuristic = LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromMilliseconds(int(1000 * seconds))
    return model.orders(model.routing.SolveWithParameters(settings))


class Model:
    """The day as a routing model. Node i is call `order[i]`, or, beyond the calls, the day's place i."""

    def __init__(self, day: Day, order: list[int]) -> None:
        self.day, self.calls = day, order
        self.places = [*order, *range(len(order), len(day.seconds))]
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.places),
            len(day.crews),
            [crew.origin for crew in day.crews],
            [crew.goal for crew in day.crews],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._say_costs()
        self._say_times()
        self._say_counts()
        self._say_calls()

    def _say_costs(self) -> None:
        day, calls = self.day, len(self.calls)
        drives = day.seconds[np.ix_(self.places, self.places)] * day.travel_cost
        for vehicle in range(len(day.crews)):
            costs = drives.copy()
            costs[:, :calls] += day.extra[self.calls, vehicle]
            evaluator = self.routing.RegisterTransitMatrix(costs.tolist())
            self.routing.SetArcCostEvaluatorOfVehicle(evaluator, vehicle)

    def _say_times(self) -> None:
        day = self.day
        stays = [day.calls[call].duration for call in self.calls] + [0] * (len(self.places) - len(self.calls))
        transit = day.seconds[np.ix_(self.places, self.places)] + np.array(stays)[:, None]
        horizon = max(crew.latest_finish for crew in day.crews)
        self.routing.AddDimension(
            self.routing.RegisterTransitMatrix(transit.tolist()), horizon, horizon, False, "time"
        )
        self.time: Any = self.routing.GetDimensionOrDie("time")
        solver = self.routing.solver()
        node_stays = [stays[self.manager.IndexToNode(i)] for i in range(self.routing.Size())]
        for vehicle, crew in enumerate(day.crews):
            start, end = self.routing.Start(vehicle), self.routing.End(vehicle)
            self.time.CumulVar(start).SetRange(crew.start, crew.latest_finish)
            self.time.CumulVar(end).SetRange(crew.start, crew.latest_finish)
            if crew.overtime_cost and crew.latest_finish > crew.end:
                self.time.SetCumulVarSoftUpperBound(end, crew.end, crew.overtime_cost)
            if crew.rest is not None:
                lasts, first = crew.rest.duration, max(crew.rest.earliest_start, crew.start)
                last = min(crew.rest.latest_end, crew.latest_finish) - lasts
                rest = solver.FixedDurationIntervalVar(first, last, lasts, False, f"rest {vehicle}")
                self.time.SetBreakIntervalsOfVehicle([rest], vehicle, node_stays)

    def _say_counts(self) -> None:
        counted = [1] * len(self.calls) + [0] * (len(self.places) - len(self.calls))
        one = self.routing.RegisterUnaryTransitVector(counted)
        most = [crew.most_visits for crew in self.day.crews]
        self.routing.AddDimensionWithVehicleCapacity(one, 0, most, True, "visits")

    def _say_calls(self) -> None:
        for node, number in enumerate(self.calls):
            call, index = self.day.calls[number], self.manager.NodeToIndex(node)
            self.time.CumulVar(index).SetRange(call.earliest, call.latest)
            self.routing.AddDisjunction([index], call.drop_cost)
            able = np.flatnonzero(self.day.able[number]).tolist()
            self.routing.VehicleVar(index).SetValues([-1, *able])

    def price(self, orders: Orders) -> int | None:
        """What these orders cost in the model's own reckoning, in points; None: it does not allow them."""
        node_of = {call: node for node, call in enumerate(self.calls)}
        nodes = [[node_of[call] for call in calls] for calls in orders]
        found = self.routing.ReadAssignmentFromRoutes(nodes, True)
        return None if found is None else int(found.ObjectiveValue())

    def orders(self, found: Any) -> Orders:
        """Each vehicle's calls."""
        return tuple(tuple(self._calls_of(found, vehicle)) for vehicle in range(len(self.day.crews)))

    def _calls_of(self, found: Any, vehicle: int) -> list[int]:
        calls, index = [], found.Value(self.routing.NextVar(self.routing.Start(vehicle)))
        while not self.routing.IsEnd(index):
            calls.append(self.calls[self.manager.IndexToNode(index)])
            index = found.Value(self.routing.NextVar(index))
        return calls
