"""The routing problem, or a part of it, as one CP-SAT model.

Some visits are free: they may be left out, or done in any of their modes, on any open shift, at any point of
it. All other tasks keep their shift and order, but not their times. With every visit free and every shift
open it is the whole problem, and CP-SAT's bound is a bound of the problem.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ortools.sat.python import cp_model

from scheduler.solve.routes import Routes
from scheduler.solve.scope import Scope
from scheduler.solve.stays import Expr, Stays
from scheduler.solve.timing import Draft, Trip


class Model:
    """The model of a scope. The scope's plan is its hint, so no answer is dearer than that."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.cp = scope, cp_model.CpModel()
        self.stays = Stays(scope, self.cp)
        self.routes = Routes(scope, self.cp, self.stays)
        self._distinct_nurses()
        self._one_shift_at_a_time()
        self._most_visits()
        self._stock()
        self.cp.minimize(sum([*self.stays.terms, *self.routes.terms]))

    def _distinct_nurses(self) -> None:
        """By nurse, not by shift: two shifts of hers do not make her two."""
        nurses = [shift.nurse for shift in self.scope.tables.shifts]
        for mode in (mode for mode in self.scope.modes() if mode.apart and len(mode.tasks) > 1):
            by_nurse: dict[int, list[Expr]] = defaultdict(list)
            for task in mode.tasks:
                for k in (k for k in self.scope.open if (k, task) in self.stays.on):
                    by_nurse[nurses[k]].append(self.stays.on[k, task])
            for literals in by_nurse.values():
                self.cp.add_at_most_one(literals)

    def _one_shift_at_a_time(self) -> None:
        arcs = self.routes.arcs
        for a, b in self.scope.tables.rivals:
            if a in arcs and b in arcs:
                self.cp.add_bool_or([arcs[a][0, 0], arcs[b][0, 0]])

    def _most_visits(self) -> None:
        guests: dict[int, list[Expr]] = defaultdict(list)
        for (k, _), here in self.stays.on.items():
            guests[k].append(here)
        for k, literals in guests.items():
            room = self.scope.tables.shifts[k].most_visits - len(self.scope.kept[k])
            if len(literals) > room:
                self.cp.add(sum(literals) <= room)

    def _stock(self) -> None:
        tables = self.scope.tables
        for k in self.scope.open:
            for supply in tables.shifts[k].stock:
                kept = sum(tables.tasks[task].units(supply.item) for task in self.scope.kept[k])
                guests = [
                    tables.tasks[task].units(supply.item) * here
                    for (shift, task), here in self.stays.on.items()
                    if shift == k
                ]
                self.cp.add(sum(guests) <= supply.units - kept)

    def draft(self, solver: cp_model.CpSolver) -> Draft:
        """What the solver found, as orders."""
        trips = list(self.scope.trips)
        for k in self.scope.moving:
            tasks = tuple(self._order(k, solver)) if k in self.routes.arcs else trips[k].tasks
            rest = 0
            if self.scope.tables.shifts[k].rest is not None:
                rest = sum(not solver.boolean_value(self.routes.rested[task]) for task in tasks)
            trips[k] = Trip(tasks, rest)
        floors = dict(self.scope.plan.draft.floors)
        for task, start in self.stays.start.items():
            floors[task] = self.scope.option(task, solver.value(start))
        return Draft(tuple(trips), {task: floor for task, floor in floors.items() if floor})

    def _order(self, k: int, solver: cp_model.CpSolver) -> Iterator[int]:
        follows = {i: j for (i, j), literal in self.routes.arcs[k].items() if solver.boolean_value(literal)}
        node = follows.get(0, 0)
        while node:
            yield node - 1
            node = follows[node]
