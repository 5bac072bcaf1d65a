"""The part of the CP-SAT model that says in which order: one circuit through each open shift, drives and
breaks.

Node 0 is home, node t + 1 is task t. A break is one more start time per shift, and a literal per task tells
whether the break comes before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ortools.sat.python import cp_model

from scheduler.solve.scope import Scope
from scheduler.solve.stays import Expr, Stays, add_when
from scheduler.solve.timing import finished

Arc = tuple[int, int]


class Routes:
    """`arcs[k]` are the literals of an open shift's steps, `rested[t]` that the nurse's break is before task
    t; `terms` add up to the price of travel and overtime."""

    def __init__(self, scope: Scope, cp: cp_model.CpModel, stays: Stays) -> None:
        self.scope, self.cp, self.stays, self.tables = scope, cp, stays, scope.tables
        self.arcs: dict[int, dict[Arc, Expr]] = {}
        self.rested: dict[int, Expr] = {}
        self.terms: list[Expr] = []
        self.modes = {task: mode for mode in scope.modes() for task in mode.tasks}
        self.latest = {task: scope.latest(task) for task in stays.start}
        for k in scope.open:
            self._circuit(k)
        for k in scope.moving:
            if k not in self.arcs:
                self._chain(k)

    def _circuit(self, k: int) -> None:
        """One way through an open shift: kept tasks in their order, free ones anywhere that time allows."""
        kept, planned = self.scope.kept[k], self.scope.trips[k].tasks
        guests = [task for shift, task in self.stays.on if shift == k]
        steps = [*self._between_kept(kept), *self._of_guests(kept, guests), *([] if kept else [(0, 0)])]
        hinted = set(pairwise([0, *(task + 1 for task in planned), 0]))
        arcs = {arc: self.cp.new_bool_var("") for arc in steps}
        for arc, literal in arcs.items():
            self.cp.add_hint(literal, arc in hinted)
        absent = [(task + 1, task + 1, ~self.stays.on[k, task]) for task in guests]
        self.cp.add_circuit([*((i, j, literal) for (i, j), literal in arcs.items()), *absent])
        self.arcs[k] = arcs
        self._times(k, [*kept, *guests], [(arc, literal) for arc, literal in arcs.items() if arc != (0, 0)])
        for i, j in pairwise(kept):
            leg = self.tables.travel[self._place(k, i + 1, 0)][self._place(k, j + 1, 0)]
            self.cp.add(self.stays.start[j] >= self._end(i) + leg)

    def _between_kept(self, kept: tuple[int, ...]) -> Iterator[Arc]:
        """Steps along what stays."""
        if kept:
            yield from pairwise([0, *(task + 1 for task in kept), 0])

    def _of_guests(self, kept: tuple[int, ...], guests: list[int]) -> Iterator[Arc]:
        """Steps to and from what may come."""
        for i in guests:
            yield 0, i + 1
            yield i + 1, 0
            yield from ((i + 1, j + 1) for j in guests if i != j and self._can_follow(i, j))
            for j in kept:
                if self._can_follow(i, j):
                    yield i + 1, j + 1
                if self._can_follow(j, i):
                    yield j + 1, i + 1

    def _can_follow(self, i: int, j: int) -> bool:
        """Whether a nurse may go from i straight to j: not within a visit whose tasks are apart, and in
        time."""
        a, b = self.tables.tasks[i], self.tables.tasks[j]
        if a.visit == b.visit and (a.mode != b.mode or self.modes[i].apart):
            return False
        leg = self.tables.travel[a.place][b.place]
        return a.options[0].earliest + a.duration + leg <= self.latest[j]

    def _chain(self, k: int) -> None:
        """A shift that keeps its stops; only its times move."""
        nodes = [0, *(task + 1 for task in self.scope.kept[k]), 0]
        self._times(k, list(self.scope.kept[k]), [(arc, None) for arc in pairwise(nodes)])

    def _times(self, k: int, tasks: list[int], arcs: list[tuple[Arc, Expr | None]]) -> None:
        """No stop before the drive to it is over, nor the finish before the drive home; travel has its
        price."""
        shift = self.tables.shifts[k]
        rest = shift.rest.duration if shift.rest else 0
        finish = self._finish(k)
        at_home = self._break(k, tasks, finish) if rest else 0
        for (i, j), literal in arcs:
            leg = self.tables.travel[self._place(k, i, shift.origin)][self._place(k, j, shift.goal)]
            if literal is not None and leg and self.tables.travel_price:
                self.terms.append(self.tables.travel_price * leg * literal)
            there = (self._end(i - 1) if i else shift.start) + leg
            if rest:
                before, after = self.rested[i - 1] if i else 0, self.rested[j - 1] if j else 1 - at_home
                there = there + rest * (after - before)
            add_when(self.cp, [literal], (self.stays.start[j - 1] if j else finish) >= there)

    def _place(self, k: int, node: int, home: int) -> int:
        return self.tables.tasks[node - 1].place if node else home

    def _end(self, task: int) -> Expr:
        return self.stays.start[task] + self.tables.tasks[task].duration

    def _finish(self, k: int) -> Expr:
        """The shift's finish, and the price of its overtime. A number where nothing hangs on it but the
        limit."""
        shift, trip = self.tables.shifts[k], self.scope.trips[k]
        overtime_costs = shift.overtime_cost > 0 and shift.latest_finish > shift.end
        if not overtime_costs and shift.rest is None:
            return shift.latest_finish
        planned = finished(self.tables, k, trip, self.scope.plan.starts) if trip.tasks else shift.start
        assert planned is not None
        finish = self.cp.new_int_var(shift.start, shift.latest_finish, "")
        self.cp.add_hint(finish, planned)
        if overtime_costs:
            overtime = self.cp.new_int_var(0, shift.latest_finish - shift.end, "")
            self.cp.add_hint(overtime, max(0, planned - shift.end))
            self.cp.add(overtime >= finish - shift.end)
            self.terms.append(shift.overtime_cost * overtime)
        return finish

    def _break(self, k: int, tasks: list[int], finish: Expr) -> Expr:
        """The break lies between two stays, and the drive between them is longer by it (see `_times`), or
        before or after them all. Returns the literal "taken at home, after the finish"."""
        rest, planned = self.tables.shifts[k].rest, self.scope.trips[k]
        assert rest is not None
        begin = self.cp.new_int_var(rest.earliest, rest.latest_end - rest.duration, "")
        at_home = self.cp.new_bool_var("")
        add_when(self.cp, [at_home], begin >= finish)
        before = planned.tasks[: planned.rest]
        for task in tasks:
            if task not in self.rested:
                self.rested[task] = self.cp.new_bool_var("")
            rested, here = self.rested[task], self.stays.on.get((k, task))
            if task in planned.tasks:
                self.cp.add_hint(rested, task not in before)
            add_when(self.cp, [here, rested], self.stays.start[task] >= begin + rest.duration)
            add_when(self.cp, [here, ~rested], begin >= self._end(task))
            add_when(self.cp, [here, at_home], rested == 0)
        return at_home
