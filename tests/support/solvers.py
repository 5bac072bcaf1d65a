"""Solvers for tests of what surrounds them: quick, slow, wrong and crashing ones."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from itertools import permutations

from scheduler.check import check
from scheduler.model import Plan, Problem, Route, Shift, Solution, Stop, Task, Visit
from scheduler.solve import Cancelled, Limits, Progress, Report
from scheduler.solve.seam import ignore, never
from scheduler.travel import TravelMatrix


class AppendingSolver:
    """Takes the visits in order, and appends each to the first route (or routes) where the referee allows it.

    For nurses without breaks. `faults`: what it says went wrong on the way.
    """

    faults: tuple[Exception, ...] = ()

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        plan = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
        for visit in problem.visits:
            plan = next(self._feasible(problem, matrix, plan, visit), plan)
        cost = check(problem, matrix, plan).cost
        assert cost is not None
        report(Progress(stage="append", seconds=0.0, cost=cost.total))
        return Solution(plan=plan, cost=cost.total, bound=0, seconds=0.0, faults=self.faults)

    def _feasible(self, problem: Problem, matrix: TravelMatrix, plan: Plan, visit: Visit) -> Iterator[Plan]:
        tasks = visit.modes[0].tasks
        left_out = tuple(other for other in plan.unassigned if other != visit.id)
        for shifts in permutations(problem.shifts, len(tasks)):
            longer = _append(matrix, plan.replace(unassigned=left_out), shifts, tasks, problem)
            if check(problem, matrix, longer).feasible:
                yield longer


def _append(
    matrix: TravelMatrix, plan: Plan, shifts: tuple[Shift, ...], tasks: tuple[Task, ...], problem: Problem
) -> Plan:
    """Each shift goes on to one of the tasks; all start together."""
    routes = {route.shift: route for route in plan.routes}
    places = problem.task_by_id
    pinned = {pin.task: pin.start for pin in problem.pins}
    arrivals = []
    for shift, task in zip(shifts, tasks, strict=True):
        route = routes.get(shift.id)
        here = shift.start_place if route is None else places[route.stops[-1].task].place
        free = shift.start if route is None else route.stops[-1].end
        arrivals.append(free + matrix.between(here, task.place))
    start = max(*arrivals, *(task.windows[0].earliest_start for task in tasks), pinned.get(tasks[0].id) or 0)
    for shift, task, arrival in zip(shifts, tasks, arrivals, strict=True):
        stop = Stop(task=task.id, arrival=arrival, start=start, end=start + task.duration)
        before = routes.get(shift.id)
        routes[shift.id] = Route(
            shift=shift.id,
            departure=shift.start if before is None else before.departure,
            stops=(stop,) if before is None else (*before.stops, stop),
            finish=stop.end + matrix.between(task.place, shift.end_place),
        )
    return plan.replace(routes=tuple(routes.values()))


class SlowSolver(AppendingSolver):
    """Reports progress for as long as it may, and then does its work."""

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        began = time.monotonic()
        while (elapsed := time.monotonic() - began) < limits.seconds and not cancelled():
            report(Progress(stage="wait", seconds=elapsed, cost=1000, bound=10))
            time.sleep(0.05)
        return super().solve(problem, matrix, limits, report, cancelled)


class LawlessSolver(AppendingSolver):
    """Forgets the visits it leaves out, so that the referee finds them missing."""

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        return Solution(plan=Plan(routes=()), cost=0, bound=None, seconds=0.0)


class FalteringSolver(AppendingSolver):
    """One of its stages fails, with a message that must not be shown."""

    secret = "Mara Quill"
    faults = (ZeroDivisionError(secret),)


class RaisingSolver(AppendingSolver):
    """Fails on the way, with a message that must not be shown."""

    secret = "Mara Quill"

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        raise KeyError(self.secret)


class DyingSolver(AppendingSolver):
    """Takes its whole process with it."""

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        os._exit(3)
