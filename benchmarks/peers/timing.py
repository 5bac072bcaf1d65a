"""From a peer's orders to a plan with times.

A peer decides who goes where and in which order. The times, and where the break lies, are set here, as
cheaply as the order allows, for each peer alike: none is charged for how it reports times. The referee judges
the result.
"""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.peers.day import Orders
from scheduler.check import check
from scheduler.model import Plan, Problem
from scheduler.solve.schedule import to_plan
from scheduler.solve.tables import Tables, tabulate
from scheduler.solve.timing import Draft, Trip, timed
from scheduler.travel import TravelMatrix


class UndrivableError(RuntimeError):
    """A peer's route cannot be driven in time."""


def best_plan(problem: Problem, matrix: TravelMatrix, answers: Iterable[Orders]) -> Plan:
    """The cheapest of the answers, by the referee. Raises UndrivableError if none can be driven."""
    tables = tabulate(problem, matrix)
    plans, faults = [], []
    for orders in answers:
        try:
            plans.append(_plan(tables, orders))
        except UndrivableError as fault:
            faults.append(fault)
    if not plans:
        raise faults[0]
    return min(plans, key=lambda plan: _cost(problem, matrix, plan))


def _plan(tables: Tables, orders: Orders) -> Plan:
    trips = tuple(_trip(tables, shift, tasks) for shift, tasks in enumerate(orders))
    whole = timed(tables, Draft(trips, {}))
    assert whole is not None, "without lags, trips that can be timed alone can be timed together"
    return to_plan(tables, whole)


def _trip(tables: Tables, shift: int, tasks: tuple[int, ...]) -> Trip:
    """The tasks in this order, with the break where it costs least."""
    owes = bool(tasks) and tables.shifts[shift].rest is not None
    best, least = None, 0
    for rest in range(len(tasks) + 1) if owes else (0,):
        trip = Trip(tasks, rest)
        trips = [Trip()] * len(tables.shifts)
        trips[shift] = trip
        found = timed(tables, Draft(tuple(trips), {}))
        if found is not None and (best is None or found.cost < least):
            best, least = trip, found.cost
    if best is None:
        ids = ", ".join(tables.tasks[task].id for task in tasks)
        raise UndrivableError(f"shift {tables.shifts[shift].id!r} cannot do {ids} in this order")
    return best


def _cost(problem: Problem, matrix: TravelMatrix, plan: Plan) -> int:
    cost = check(problem, matrix, plan).cost
    assert cost is not None
    return cost.total
