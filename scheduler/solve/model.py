"""The routing problem, or a part of it, as one CP-SAT model.

Some visits are free: they may be left out, or done in any of their modes, on any open shift, at any point of it. All
other tasks keep their shift and order, but not their times. With every visit free and every shift open it is the
whole problem, and CP-SAT's bound is a bound of the problem.

One circuit runs through each open shift: node 0 is home, node t + 1 is task t. Start times belong to tasks, not to
shifts. A break is one more start time per shift, and a literal per task tells whether the break comes before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from scheduler.solve.candidates import Candidates
from scheduler.solve.tables import ModeRow, Tables
from scheduler.solve.timing import Draft, Timed, Trip, finished

Expr = Any
"""A CP-SAT variable, literal or linear expression, or a whole number."""


@dataclass(frozen=True, slots=True)
class Freedom:
    """What a model may change: the free visits, and the shifts that they may go to. No task may be later than the
    latest of the plan is by more than `leeway` seconds (None: no such limit)."""

    visits: frozenset[int]
    shifts: frozenset[int]
    leeway: int | None = None


def full_freedom(tables: Tables, candidates: Candidates) -> Freedom:
    """Everything that can be served, everywhere."""
    servable = frozenset(v for v, modes in enumerate(candidates.modes) if modes)
    return Freedom(servable, frozenset(range(len(tables.shifts))))


class Model:
    """The model built around a plan that is known: the plan is its hint, and nothing dearer is looked for."""

    def __init__(self, tables: Tables, candidates: Candidates, plan: Timed, freedom: Freedom) -> None:
        self.tables, self.candidates, self.plan = tables, candidates, plan
        self.free = freedom.visits
        self.kept = [
            [t for t in trip.tasks if tables.tasks[t].visit not in self.free] for trip in plan.draft.trips
        ]
        self.open = self._open(freedom)
        self.leeway = freedom.leeway
        self.worst = max((tables.tasks[t].lateness(s) for t, s in plan.starts.items()), default=0)
        self.moving = self._moving()
        self.cp = cp_model.CpModel()
        self.start: dict[int, Expr] = {}
        self.on: dict[tuple[int, int], Expr] = {}
        self.arcs: dict[int, dict[tuple[int, int], Expr]] = {}
        self.served: dict[int, Expr] = {}
        self.late: dict[int, Expr] = {}
        self.rested: dict[int, Expr] = {}
        self.terms: list[Expr] = []
        self._modes()
        self._starts()
        for k in sorted(self.moving):
            if k in self.open:
                self._circuit(k)
            else:
                self._chain(k)
        self._ties()
        self._nurses()
        self._lateness()
        self.cp.minimize(sum(self.terms))

    # -- what is in the model ------------------------------------------------------------------------------

    def _open(self, freedom: Freedom) -> set[int]:
        """The open shifts but those whose nurse is busy on an overlapping one that is not open."""
        used = {k for k, trip in enumerate(self.kept) if trip}
        shut = {b for a, b in self.tables.rivals if a in used} | {
            a for a, b in self.tables.rivals if b in used
        }
        return set(freedom.shifts) - shut

    def _moving(self) -> set[int]:
        """The shifts whose times may move: the open ones, and those tied to one of them by a visit."""
        tables = self.tables
        home = {t: k for k, trip in enumerate(self.kept) for t in trip}
        tied = (tie.then for k in self.open for t in self.kept[k] for tie in tables.ties[t])
        return self.open | {home[t] for t in tied if t in home}

    def _free_tasks(self) -> Iterable[tuple[int, int, ModeRow]]:
        """Task, visit and mode of everything free."""
        for visit in sorted(self.free):
            for mode in self.candidates.modes[visit]:
                for task in mode.tasks:
                    yield task, visit, mode

    # -- who does what ---------------------------------------------------------------------------------------

    def _modes(self) -> None:
        """A free visit is done in one of its modes, or dropped; one that must be served is never given up again."""
        tables, cp = self.tables, self.cp
        planned = self.plan.starts
        for visit in sorted(self.free):
            chosen = []
            for mode in self.candidates.modes[visit]:
                done = cp.new_bool_var("")
                self.served.update(dict.fromkeys(mode.tasks, done))
                cp.add_hint(done, mode.tasks[0] in planned)
                chosen.append(done)
                for task in mode.tasks:
                    self._place(task, done)
            is_served = any(mode.tasks[0] in planned for mode in self.candidates.modes[visit])
            drop_cost = tables.visits[visit].drop_cost
            if drop_cost is None and is_served:
                cp.add_exactly_one(chosen)
                continue
            dropped = cp.new_bool_var("")
            cp.add_hint(dropped, not is_served)
            cp.add_exactly_one([*chosen, dropped])
            self.terms.append((tables.ceiling + 1 if drop_cost is None else drop_cost) * dropped)

    def _place(self, task: int, done: Expr) -> None:
        """The task is on one open shift if its mode is done, else on none."""
        trips = self.plan.draft.trips
        places = []
        for k in self.candidates.shifts[task]:
            if k not in self.open:
                continue
            here = self.cp.new_bool_var("")
            self.cp.add_hint(here, task in trips[k].tasks)
            self.on[k, task] = here
            places.append(here)
            price = self.tables.price(task, k)
            if price:
                self.terms.append(price * here)
        self.cp.add_exactly_one([*places, ~done])

    def _nurses(self) -> None:
        """Distinct nurses; no two overlapping shifts of one nurse; most visits of a shift."""
        tables, cp = self.tables, self.cp
        modes = [
            m for v in sorted(self.free) for m in self.candidates.modes[v] if m.apart and len(m.tasks) > 1
        ]
        for mode in modes:
            by_nurse: dict[int, list[Expr]] = defaultdict(list)
            for task in mode.tasks:
                for k in self.open:
                    if (k, task) in self.on:
                        by_nurse[tables.shifts[k].nurse].append(self.on[k, task])
            for literals in by_nurse.values():
                cp.add_at_most_one(literals)
        for a, b in tables.rivals:
            if a in self.open and b in self.open:
                cp.add_bool_or([self.arcs[a][0, 0], self.arcs[b][0, 0]])
        for k in self.open:
            room = tables.shifts[k].most_visits - len(self.kept[k])
            guests = [here for (shift, _), here in self.on.items() if shift == k]
            if len(guests) > room:
                cp.add(sum(guests) <= room)

    # -- when --------------------------------------------------------------------------------------------------

    def _starts(self) -> None:
        tables = self.tables
        tasks = [t for k in sorted(self.moving) for t in self.kept[k]]
        for task in [*tasks, *(t for t, _, _ in self._free_tasks())]:
            options = tables.tasks[task].options
            last = max(option.latest for option in options)
            if tables.lateness_counts:
                last = min(last, self._latest_worth(task))
            first = min(option.earliest for option in options)
            start = self.cp.new_int_var(first, max(first, last), "")
            self.cp.add_hint(start, self.plan.starts.get(task, first))
            self.start[task] = start
            self._choose_option(task, last)

    def _latest_worth(self, task: int) -> int:
        """From here on the task's lateness alone would cost more than the whole plan does."""
        due = max(option.due for option in self.tables.tasks[task].options)
        if self.leeway is not None:
            return due + self.worst + self.leeway
        price = self.tables.lateness_price + self.tables.worst_price
        cost = self.plan.cost + self.plan.missing * (self.tables.ceiling + 1)
        return due + cost // price + 1

    def _choose_option(self, task: int, last: int) -> None:
        """The start lies in one of the task's windows; lateness counts from that window's due time."""
        tables, cp, start = self.tables, self.cp, self.start[task]
        row = tables.tasks[task]
        soft = [o for o in row.options if o.latest > o.due and last > o.due]
        late = None
        if soft and tables.lateness_counts:
            late = cp.new_int_var(0, max(0, last - min(o.due for o in soft)), "")
            self.late[task] = late
            planned = self.plan.starts.get(task)
            cp.add_hint(late, 0 if planned is None else row.lateness(planned))
        served = self.served.get(task)
        if len(row.options) == 1:
            if late is not None:
                self._when([served], late >= start - row.options[0].due)
            return
        chosen = []
        hinted = self._option(task, self.plan.starts.get(task))
        for i, option in enumerate(row.options):
            taken = cp.new_bool_var("")
            cp.add_hint(taken, i == hinted)
            cp.add(start >= option.earliest).only_enforce_if(taken)
            cp.add(start <= option.latest).only_enforce_if(taken)
            if late is not None and option in soft:
                self._when([taken, served], late >= start - option.due)
            chosen.append(taken)
        cp.add_exactly_one(chosen)

    def _option(self, task: int, start: int | None) -> int:
        """The option that this start lies in."""
        options = self.tables.tasks[task].options
        return next(
            (i for i, o in enumerate(options) if start is not None and o.earliest <= start <= o.latest), 0
        )

    def _when(self, literals: Sequence[Expr | None], constraint: Expr) -> None:
        """Add a constraint that holds where all given literals do."""
        self.cp.add(constraint).only_enforce_if([literal for literal in literals if literal is not None])

    def _ties(self) -> None:
        """Lags, of free visits where their mode is done; a kept task on a shift that does not move is a number."""
        for task, start in self.start.items():
            for tie in self.tables.ties[task]:
                served = self.served.get(task)
                then = self.start.get(tie.then, self.plan.starts.get(tie.then))
                if then is None:
                    continue
                self._when([served], then >= start + tie.delta)
                if tie.then not in self.start:
                    back = next(t for t in self.tables.ties[tie.then] if t.then == task)
                    self.cp.add(start >= then + back.delta)

    def _lateness(self) -> None:
        tables = self.tables
        if not tables.lateness_counts:
            return
        outside = [tables.tasks[t].lateness(s) for t, s in self.plan.starts.items() if t not in self.start]
        self.terms.extend(tables.lateness_price * late for late in self.late.values())
        if tables.worst_price == 0:
            return
        most = max([late for late in outside], default=0)
        planned = max((tables.tasks[t].lateness(s) for t, s in self.plan.starts.items()), default=0)
        worst = self.cp.new_int_var(most, max(tables.horizon, most), "")
        self.cp.add_hint(worst, planned)
        for late in self.late.values():
            self.cp.add(worst >= late)
        self.terms.append(tables.worst_price * worst)

    # -- routes ------------------------------------------------------------------------------------------------

    def _circuit(self, k: int) -> None:
        """One way through an open shift: kept tasks in their order, free ones anywhere that time allows."""
        cp, kept = self.cp, self.kept[k]
        guests = [task for (shift, task) in self.on if shift == k]
        order = [0, *(t + 1 for t in self.plan.draft.trips[k].tasks), 0]
        hinted = set(pairwise(order)) if len(order) > 2 else {(0, 0)}
        arcs: dict[tuple[int, int], Expr] = {}
        for tail, head in self._allowed(k, guests):
            arcs[tail, head] = cp.new_bool_var("")
        if not kept:
            arcs[0, 0] = cp.new_bool_var("")
        for arc, literal in arcs.items():
            cp.add_hint(literal, arc in hinted)
        self.arcs[k] = arcs
        absent = [(t + 1, t + 1, ~self.on[k, t]) for t in guests]
        if arcs:
            cp.add_circuit([(i, j, literal) for (i, j), literal in arcs.items()] + absent)
        self._times(
            k, [*kept, *guests], [(i, j, literal) for (i, j), literal in arcs.items() if (i, j) != (0, 0)]
        )

    def _allowed(self, k: int, guests: list[int]) -> Iterable[tuple[int, int]]:
        """The arcs of a shift's circuit."""
        kept = self.kept[k]
        follows = dict(pairwise(kept))
        for i, j in follows.items():
            a, b = self.tables.tasks[i], self.tables.tasks[j]
            self.cp.add(self.start[j] >= self.start[i] + a.duration + self.tables.travel[a.place][b.place])
        for i in [*kept, *guests]:
            if i not in follows:
                yield i + 1, 0
            for j in guests:
                if i != j and self._can_follow(i, j):
                    yield i + 1, j + 1
        for i in guests:
            for j in kept:
                if self._can_follow(i, j):
                    yield i + 1, j + 1
        for i, j in follows.items():
            yield i + 1, j + 1
        for j in [*kept[:1], *guests]:
            yield 0, j + 1

    def _can_follow(self, i: int, j: int) -> bool:
        """Whether a nurse may go from i straight to j: one visit's tasks apart, and in time."""
        tables = self.tables
        a, b = tables.tasks[i], tables.tasks[j]
        if a.visit == b.visit and (a.mode != b.mode or self._mode(i).apart):
            return False
        earliest = min(option.earliest for option in a.options)
        latest = max(option.latest for option in b.options)
        if tables.lateness_counts:
            latest = min(latest, self._latest_worth(j))
        return earliest + a.duration + tables.travel[a.place][b.place] <= latest

    def _mode(self, task: int) -> ModeRow:
        modes = self.tables.visits[self.tables.tasks[task].visit].modes
        return next(mode for mode in modes if task in mode.tasks)

    def _chain(self, k: int) -> None:
        """A shift that keeps its stops; only its times move."""
        tasks = self.kept[k]
        nodes = [0, *(t + 1 for t in tasks), 0]
        self._times(k, tasks, [(i, j, None) for i, j in pairwise(nodes)])

    def _times(self, k: int, tasks: list[int], arcs: list[tuple[int, int, Expr | None]]) -> None:
        """No stop before the drive to it is over, nor the shift before the drive home; the price of both."""
        tables, shift = self.tables, self.tables.shifts[k]
        rest = shift.rest.duration if shift.rest else 0
        finish = self._finish(k)
        at_home = self._break(k, tasks, finish) if rest else 0
        for i, j, literal in arcs:
            origin = shift.origin if i == 0 else tables.tasks[i - 1].place
            goal = shift.goal if j == 0 else tables.tasks[j - 1].place
            leg = tables.travel[origin][goal]
            if literal is not None and leg and tables.travel_price:
                self.terms.append(tables.travel_price * leg * literal)
            free: Expr = shift.start if i == 0 else self.start[i - 1] + tables.tasks[i - 1].duration
            if rest:
                rested_after = 1 - at_home if j == 0 else self.rested[j - 1]
                free = free + rest * (rested_after - (self.rested[i - 1] if i else 0))
            self._when([literal], (finish if j == 0 else self.start[j - 1]) >= free + leg)

    def _finish(self, k: int) -> Expr:
        """The shift's finish, in time, and the price of its overtime."""
        shift = self.tables.shifts[k]
        overtime_costs = shift.overtime_cost > 0 and shift.latest_finish > shift.end
        if not overtime_costs and shift.rest is None:
            return shift.latest_finish
        finish = self.cp.new_int_var(shift.start, shift.latest_finish, "")
        if not overtime_costs:
            return finish
        overtime = self.cp.new_int_var(0, shift.latest_finish - shift.end, "")
        trip = self.plan.draft.trips[k]
        planned = finished(self.tables, k, trip, self.plan.starts) if trip.tasks else shift.start
        assert planned is not None
        self.cp.add_hint(finish, planned)
        self.cp.add_hint(overtime, max(0, planned - shift.end))
        self.cp.add(overtime >= finish - shift.end)
        self.terms.append(shift.overtime_cost * overtime)
        return finish

    def _break(self, k: int, tasks: list[int], finish: Expr) -> Expr:
        """The break lies between two stays, and the drive between them is longer by it (see `_times`), or before or
        after all of them. Returns the literal "taken at home, after the finish"."""
        cp, rest, planned = self.cp, self.tables.shifts[k].rest, self.plan.draft.trips[k]
        assert rest is not None
        begin = cp.new_int_var(rest.earliest, rest.latest_end - rest.duration, "")
        at_home = cp.new_bool_var("")
        self._when([at_home], begin >= finish)
        before = planned.tasks[: planned.rest]
        for task in tasks:
            if task not in self.rested:
                self.rested[task] = cp.new_bool_var("")
            if task in planned.tasks:
                cp.add_hint(self.rested[task], task not in before)
            rested, here = self.rested[task], self.on.get((k, task))
            end = self.start[task] + self.tables.tasks[task].duration
            self._when([here, rested], self.start[task] >= begin + rest.duration)
            self._when([here, ~rested], begin >= end)
            self._when([here, at_home], rested == 0)
        return at_home

    # -- the answer ----------------------------------------------------------------------------------------------

    def draft(self, solver: cp_model.CpSolver) -> Draft:
        """What the solver found, as orders."""
        trips = list(self.plan.draft.trips)
        for k in self.moving:
            tasks = tuple(self._order(k, solver)) if k in self.open else trips[k].tasks
            rest = sum(t in self.rested and not solver.boolean_value(self.rested[t]) for t in tasks)
            trips[k] = Trip(tasks, rest if self.tables.shifts[k].rest else 0)
        floors = dict(self.plan.draft.floors)
        for task, start in self.start.items():
            floors[task] = self._option(task, solver.value(start))
        return Draft(tuple(trips), {task: floor for task, floor in floors.items() if floor})

    def _order(self, k: int, solver: cp_model.CpSolver) -> Iterable[int]:
        follows = {i: j for (i, j), literal in self.arcs[k].items() if solver.boolean_value(literal)}
        node = follows.get(0, 0)
        while node:
            yield node - 1
            node = follows[node]
