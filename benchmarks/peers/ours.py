"""The engine."""

from __future__ import annotations

from scheduler.model import Plan, Problem
from scheduler.solve import Limits, Solver, anneal, price, solver_named
from scheduler.travel import TravelMatrix


class Adapter:
    """The Peer that is ours: the engine as it is, compiled when this is built."""

    def __init__(self) -> None:
        anneal.warm_up()
        price.warm_up()
        self._solver: Solver = solver_named("engine")

    def plan(self, problem: Problem, matrix: TravelMatrix, seconds: float, seed: int) -> Plan:
        """See Peer. Packing the problem does count here."""
        return self._solver.solve(problem, matrix, Limits(seconds=seconds, seed=seed)).plan
