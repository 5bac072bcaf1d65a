"""A real Solver that is simple rather than good: it places visit after visit, each as cheaply as it can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from time import perf_counter

from scheduler.check import check
from scheduler.model import Mode, Plan, Problem, Route, Shift, Solution, Stop, Task, Visit
from scheduler.solve import Cancelled, Limits, Progress, Report
from scheduler.solve.seam import ignore, never
from scheduler.travel import TravelMatrix


@dataclass(frozen=True)
class Tail:
    """A route so far: its stops, and when its break began, if it has begun."""

    stops: tuple[Stop, ...] = ()
    break_start: int | None = None


Tails = dict[str, Tail]


class GreedySolver:
    """Appends visits, those that must be served first, to the ends of routes, each the cheapest way.

    Knows every rule only through the referee. Proves nothing. For problems of a dozen visits.
    """

    def solve(
        self,
        problem: Problem,
        matrix: TravelMatrix,
        limits: Limits,
        report: Report = ignore,
        cancelled: Cancelled = never,
    ) -> Solution:
        """See the seam."""
        begun = perf_counter()
        work = _Work(problem, matrix)
        tails: Tails = {}
        left_out = [visit.id for visit in problem.visits]
        for visit in sorted(problem.visits, key=lambda visit: visit.drop_cost is not None):
            if cancelled() or perf_counter() - begun > limits.seconds:
                break
            without = [id for id in left_out if id != visit.id]
            ways = [(work.cost(way, without), i, way) for i, way in enumerate(work.ways(tails, visit))]
            costs = [(cost, i, way) for cost, i, way in ways if cost is not None]
            if costs:
                _, _, tails = min(costs, key=lambda way: way[:2])
                left_out = without
            report(Progress(stage="append", seconds=perf_counter() - begun))
        plan = work.plan(tails, left_out)
        cost = check(problem, matrix, plan).cost
        assert cost is not None
        return Solution(plan=plan, cost=cost.total, bound=None, seconds=perf_counter() - begun)


class _Work:
    def __init__(self, problem: Problem, matrix: TravelMatrix) -> None:
        self.problem, self.matrix = problem, matrix
        self.tasks = problem.task_by_id
        self.mandatory = {visit.id for visit in problem.visits if visit.drop_cost is None}
        self.pinned = {pin.task: pin.start for pin in problem.pins if pin.start is not None}

    def ways(self, tails: Tails, visit: Visit) -> Iterator[Tails]:
        """Every way to append the visit: modes, shifts, windows, break before a stop or not."""
        for mode in visit.modes:
            choices = [
                [
                    (shift, first, rests)
                    for shift in self.problem.shifts
                    for first in firsts
                    for rests in (0, 1)
                ]
                for firsts in ([window.earliest_start for window in task.windows] for task in mode.tasks)
            ]
            for choice in product(*choices):
                yield self._appended(tails, mode, choice)

    def _appended(self, tails: Tails, mode: Mode, choice: tuple[tuple[Shift, int, int], ...]) -> Tails:
        """The mode's tasks at the ends of the chosen shifts; a few rounds bring the lags in order."""
        lower = {
            task.id: max(first, self.pinned.get(task.id, 0))
            for task, (_, first, _) in zip(mode.tasks, choice, strict=True)
        }
        for _ in range(3 * len(mode.tasks)):
            longer = dict(tails)
            starts: dict[str, int] = {}
            for task, (shift, _, rests) in zip(mode.tasks, choice, strict=True):
                tail = self._with(shift, longer.get(shift.id, Tail()), task, lower[task.id], bool(rests))
                longer[shift.id] = tail
                starts[task.id] = tail.stops[-1].start
            for lag in mode.lags:
                lower[lag.then] = max(lower[lag.then], starts[lag.first] + lag.min_s)
                lower[lag.first] = max(lower[lag.first], starts[lag.then] - lag.max_s)
        return longer

    def _with(self, shift: Shift, tail: Tail, task: Task, lower: int, rests: bool) -> Tail:
        free = tail.stops[-1].end if tail.stops else shift.start
        here = self.tasks[tail.stops[-1].task].place if tail.stops else shift.start_place
        arrival, break_start = free + self.matrix.between(here, task.place), tail.break_start
        if rests and shift.break_ is not None and break_start is None:
            break_start = max(free, shift.break_.earliest_start)
            arrival = max(arrival, break_start) + shift.break_.duration
        start = max(arrival, lower)
        stop = Stop(task=task.id, arrival=arrival, start=start, end=start + task.duration)
        return Tail((*tail.stops, stop), break_start)

    def cost(self, tails: Tails, left_out: list[str]) -> int | None:
        """What the plan costs; None where more is at fault than the visits still left out."""
        plan = self.plan(tails, left_out)
        verdict = check(self.problem, self.matrix, plan)
        faults = [fault for fault in verdict.violations if fault.visit not in self.mandatory & set(left_out)]
        return None if faults or verdict.cost is None else verdict.cost.total

    def plan(self, tails: Tails, left_out: list[str]) -> Plan:
        """The routes, each brought home; a break still owed is taken at home, or on the way if it is late."""
        shifts = {shift.id: shift for shift in self.problem.shifts}
        routes = tuple(self._home(shifts[id], tail) for id, tail in tails.items())
        return Plan(routes=routes, unassigned=tuple(left_out))

    def _home(self, shift: Shift, tail: Tail) -> Route:
        last = tail.stops[-1]
        finish = last.end + self.matrix.between(self.tasks[last.task].place, shift.end_place)
        break_start, rest = tail.break_start, shift.break_
        if rest is not None and break_start is None:
            break_start = max(finish, rest.earliest_start)
            if break_start + rest.duration > min(rest.latest_end, shift.latest_finish):
                break_start = max(last.end, rest.earliest_start)
                finish = max(finish, break_start) + rest.duration
        return Route(
            shift=shift.id,
            departure=shift.start,
            stops=tail.stops,
            finish=finish,
            break_start=break_start,
        )
