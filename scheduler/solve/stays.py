"""The part of the CP-SAT model that says who does what, and when: modes, shifts, start times, windows,
lags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

from scheduler.solve.scope import Scope

Expr = Any
"""A CP-SAT variable, literal or linear expression, or a whole number."""


def add_when(cp: cp_model.CpModel, literals: Sequence[Expr | None], constraint: Expr) -> None:
    """Add a constraint that holds where all literals do; None stands for "always"."""
    cp.add(constraint).only_enforce_if([literal for literal in literals if literal is not None])


class Stays:
    """`start[t]` is the start of a task that moves, `served[t]` the literal that a free task's mode is done,
    `on[k, t]` that it is done on shift k, `late[t]` the task's lateness; `terms` add up to their price.

    Start times belong to tasks, not to shifts: one variable however many shifts can do the task.
    """

    def __init__(self, scope: Scope, cp: cp_model.CpModel) -> None:
        self.scope, self.cp, self.tables = scope, cp, scope.tables
        self.start: dict[int, Expr] = {}
        self.served: dict[int, Expr] = {}
        self.on: dict[tuple[int, int], Expr] = {}
        self.late: dict[int, Expr] = {}
        self.terms: list[Expr] = []
        for visit in scope.visits:
            self._choose_mode(visit)
        for task in scope.tasks():
            self._choose_start(task)
        self._keep_lags()
        self._price_lateness()

    def _choose_mode(self, visit: int) -> None:
        """One mode, or the visit is dropped; one that must be served is never given up again."""
        chosen = []
        planned = self.scope.plan.starts
        for mode in self.scope.candidates.modes[visit]:
            done = self.cp.new_bool_var("")
            self.cp.add_hint(done, mode.tasks[0] in planned)
            chosen.append(done)
            for task in mode.tasks:
                self.served[task] = done
                self._choose_shift(task, done)
        is_served = any(mode.tasks[0] in planned for mode in self.scope.candidates.modes[visit])
        drop_cost = self.tables.visits[visit].drop_cost
        if drop_cost is None and is_served:
            self.cp.add_exactly_one(chosen)
            return
        dropped = self.cp.new_bool_var("")
        self.cp.add_hint(dropped, not is_served)
        self.cp.add_exactly_one([*chosen, dropped])
        self.terms.append((self.tables.ceiling + 1 if drop_cost is None else drop_cost) * dropped)

    def _choose_shift(self, task: int, done: Expr) -> None:
        """One open shift if the task's mode is done, else none."""
        places = []
        able = set(self.scope.candidates.shifts[task])
        for k in (k for k in self.scope.open if k in able):
            here = self.cp.new_bool_var("")
            self.cp.add_hint(here, task in self.scope.trips[k].tasks)
            self.on[k, task] = here
            places.append(here)
            price = self.tables.price(task, k)
            if price:
                self.terms.append(price * here)
        self.cp.add_exactly_one([*places, ~done])

    def _choose_start(self, task: int) -> None:
        row, planned = self.tables.tasks[task], self.scope.plan.starts.get(task)
        first, last = row.options[0].earliest, self.scope.latest(task)
        start = self.cp.new_int_var(first, last, "")
        self.cp.add_hint(start, first if planned is None else planned)
        self.start[task] = start
        if self.tables.lateness_counts and any(last > option.due for option in row.options):
            self.late[task] = self.cp.new_int_var(0, last - min(option.due for option in row.options), "")
            self.cp.add_hint(self.late[task], 0 if planned is None else row.lateness(planned))
        self._choose_option(task)

    def _choose_option(self, task: int) -> None:
        """The start lies in one option, and lateness counts from that option's due time."""
        options, start = self.tables.tasks[task].options, self.start[task]
        late, served = self.late.get(task), self.served.get(task)
        hinted = self.scope.option(task, self.scope.plan.starts.get(task))
        chosen = []
        for i, option in enumerate(options):
            taken = self.cp.new_bool_var("") if len(options) > 1 else None
            if option.price:
                paid = self._priced(option.price, taken, served)
                self.cp.add_hint(paid, i == hinted and task in self.scope.plan.starts)
            if taken is not None:
                self.cp.add_hint(taken, i == hinted)
                add_when(self.cp, [taken], start >= option.earliest)
                add_when(self.cp, [taken], start <= option.latest)
                chosen.append(taken)
            if late is not None and option.latest > option.due:
                add_when(self.cp, [taken, served], late >= start - option.due)
        if chosen:
            self.cp.add_exactly_one(chosen)

    def _priced(self, price: int, taken: Expr | None, served: Expr | None) -> Expr:
        """True where the task starts in this option, and its mode is done: then the price is paid."""
        paid = self.cp.new_bool_var("")
        self.cp.add_bool_or([paid, *(~literal for literal in (taken, served) if literal is not None)])
        self.terms.append(price * paid)
        return paid

    def _keep_lags(self) -> None:
        """Of free visits where their mode is done. A task whose shift does not move has its planned start."""
        ties = self.tables.ties
        for task, start in self.start.items():
            for tie in ties[task]:
                if tie.then in self.start:
                    add_when(self.cp, [self.served.get(task)], self.start[tie.then] >= start + tie.delta)
                elif tie.then in self.scope.plan.starts:
                    fixed = self.scope.plan.starts[tie.then]
                    self.cp.add(start + tie.delta <= fixed)
                    for back in (back for back in ties[tie.then] if back.then == task):
                        self.cp.add(start >= fixed + back.delta)

    def _price_lateness(self) -> None:
        """The sum, and the largest: of all that moves, and of what does not."""
        tables, planned = self.tables, self.scope.plan.starts
        self.terms.extend(tables.lateness_price * late for late in self.late.values())
        if tables.worst_price == 0:
            return
        still = [tables.tasks[t].lateness(s) for t, s in planned.items() if t not in self.start]
        worst = self.cp.new_int_var(max(still, default=0), tables.horizon, "")
        self.cp.add_hint(worst, self.scope.worst)
        for late in self.late.values():
            self.cp.add(worst >= late)
        self.terms.append(tables.worst_price * worst)
