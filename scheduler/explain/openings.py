"""Where one more visit could go in a plan: every nurse, ranked by what that adds to the cost.

The other visits keep their nurses and their order. They move in time only where they must.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from scheduler.check import Code, Judge
from scheduler.check.windows import lateness
from scheduler.explain.fit import Span, Stay, slots
from scheduler.explain.lines import Lines, break_of, fixed_tasks, planned_lines
from scheduler.explain.partners import first_starts
from scheduler.explain.retime import Held, Retimed, detour, retimed
from scheduler.model import Mode, Pin, Plan, Problem, Promise, Route, Shift, Stop, Task, Visit
from scheduler.travel import TravelMatrix

NEAREST = 10
"""Of a mode of several tasks, so many shifts are looked at for each: those with the shortest detours."""

COMBINATIONS = 20
"""And so many ways to combine them, those with the shortest detours together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """One way to take a visit into a plan, in one of its modes.

    `nurses` and `starts` (seconds since the origin) go with the mode's tasks, `routes` replace those of the
    same shifts. `added` is what the plan's cost rises by, in points, the visit's drop cost not counted;
    `broken` are the rules that would be broken, none where it fits.
    """

    mode: str
    nurses: tuple[str, ...]
    starts: tuple[int, ...]
    added: int
    broken: tuple[Code, ...]
    routes: tuple[Route, ...]

    @property
    def feasible(self) -> bool:
        """It breaks no rule."""
        return not self.broken


def openings(problem: Problem, matrix: TravelMatrix, plan: Plan, visit: Visit) -> tuple[Opening, ...]:
    """The ways to take `visit` into `plan`, a feasible one: those that break fewest rules first, then by what
    they add.

    For a mode of one task there is one for each shift, at its best place; for a mode of several tasks there
    are some that break no rule. `visit` need not be of the problem yet; its places must be, and be in the
    matrix. Raises ValueError where the plan serves it already, KeyError for a place that is not known.
    """
    if visit.id not in {known.id for known in problem.visits}:
        problem = problem.replace(visits=(*problem.visits, visit))
    planned = {stop.task for route in plan.routes for stop in route.stops}
    if any(task.id in planned for task in visit.tasks):
        raise ValueError(f"visit {visit.id!r} is served: take it out of the plan first")
    without = plan.replace(unassigned=tuple({*plan.unassigned, visit.id}))
    search = _Search(
        problem=problem,
        matrix=matrix,
        plan=without,
        visit=visit,
        judge=Judge(problem, matrix, without),
        tasks=problem.task_by_id,
        routes={route.shift: route for route in plan.routes},
        fixed=frozenset(fixed_tasks(problem)),
        pins={pin.task: pin for pin in problem.pins},
        promises={promise.task: promise for promise in problem.promises},
    )
    found = [opening for mode in visit.modes for opening in search.openings(mode)]
    return tuple(sorted(found, key=lambda one: (len(one.broken), one.added, one.nurses)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Search:
    """`plan` leaves the visit out. `routes` are its routes by shift; `fixed` tasks do not move in time."""

    problem: Problem
    matrix: TravelMatrix
    plan: Plan
    visit: Visit
    judge: Judge
    tasks: Mapping[str, Task]
    routes: Mapping[str, Route]
    fixed: frozenset[str]
    pins: Mapping[str, Pin]
    promises: Mapping[str, Promise]

    def openings(self, mode: Mode) -> Iterator[Opening]:
        """Those in this mode."""
        if len(mode.tasks) == 1:
            stay = self._stay(mode.tasks[0])
            yield from (self._judged(mode, [self._best(shift, stay)]) for shift in self.problem.shifts)
            return
        for shifts, starts in self._together(mode):
            stays = [Stay(task=task, at=at) for task, at in zip(mode.tasks, starts, strict=True)]
            opening = self._judged(mode, list(map(self._best, shifts, stays)))
            if opening.feasible:
                yield opening

    def _stay(self, task: Task) -> Stay:
        pin = self.pins.get(task.id)
        return Stay(task=task, at=None if pin is None else pin.start)

    def _judged(self, mode: Mode, best: Sequence[Retimed]) -> Opening:
        routes = tuple(each.route for each in best)
        left_out = tuple(other for other in self.plan.unassigned if other != self.visit.id)
        report = self.judge.judged(routes, left_out)
        assert report.cost is not None
        nurses = {shift.id: shift.nurse for shift in self.problem.shifts}
        placed = {stop.task: (nurses[route.shift], stop.start) for route in routes for stop in route.stops}
        return Opening(
            mode=mode.id,
            nurses=tuple(placed[task.id][0] for task in mode.tasks),
            starts=tuple(placed[task.id][1] for task in mode.tasks),
            added=report.cost.total - self.judge.cost.total + (self.visit.drop_cost or 0),
            broken=tuple(dict.fromkeys(violation.code for violation in report.violations)),
            routes=routes,
        )

    def _best(self, shift: Shift, newcomer: Stay) -> Retimed:
        """The best place for the newcomer on the shift: the least of its times missed, then the cheapest. The
        other stays begin when planned, or later; or earlier, where only that makes room."""
        as_planned = self._cheapest(shift, newcomer, hold=True)
        may = newcomer.task.credentials <= shift.credentials
        if as_planned.missed == 0 or shift.id not in self.routes or not may:
            return as_planned
        anew = self._cheapest(shift, newcomer, hold=False)
        return anew if anew.missed < as_planned.missed else as_planned

    def _cheapest(self, shift: Shift, newcomer: Stay, *, hold: bool) -> Retimed:
        held = [Held.of(self._planned(stop), stop.start if hold else 0) for stop in self._stops(shift)]
        tasks, mine = [each.task for each in held], Held.of(newcomer)
        rest = break_of(shift, (shift.start, shift.latest_finish))
        best: tuple[tuple[int, int], Retimed] | None = None
        for position in range(len(held) + 1):
            longer = [*held[:position], mine, *held[position:]]
            drive = detour(shift, tasks, position, newcomer.task, self.matrix)
            for gap in range(len(longer) + 2) if rest else range(1):
                made = retimed(shift, rest, longer, gap, self.matrix)
                rank = made.missed, self._price(made, drive)
                if best is None or rank < best[0]:
                    best = rank, made
        assert best is not None
        return best[1]

    def _stops(self, shift: Shift) -> tuple[Stop, ...]:
        return self.routes[shift.id].stops if shift.id in self.routes else ()

    def _planned(self, stop: Stop) -> Stay:
        return Stay(task=self.tasks[stop.task], at=stop.start if stop.task in self.fixed else None)

    def _price(self, made: Retimed, drive: int) -> int:
        """What tells one place on a shift from another: drive, overtime, lateness, promised time. The referee
        says what a place adds."""
        weights = self.problem.weights
        price = weights.travel * drive
        price += max(0, made.finish - made.shift.end) * made.shift.overtime_cost
        if weights.lateness:
            price += weights.lateness * sum(lateness(self.tasks[s.task], s) for s in made.route.stops)
        if self.promises and weights.moved_start:
            price += weights.moved_start * sum(map(self._is_moved, made.tasks, made.starts))
        return price

    def _is_moved(self, task: Task, start: int) -> bool:
        promise = self.promises.get(task.id)
        return promise is not None and abs(start - promise.start) > promise.tolerance

    def _together(self, mode: Mode) -> Iterator[tuple[tuple[Shift, ...], tuple[int, ...]]]:
        """Shifts with room for the mode's tasks, and starts that keep its lags; shortest detours first."""
        lines = planned_lines(self.problem, self.plan)
        offers = [sorted(self._offers(task, lines), key=_first)[:NEAREST] for task in mode.tasks]
        ways = sorted(product(*offers), key=lambda way: sum(offer[0] for offer in way))
        found = 0
        for way in ways:
            shifts = tuple(shift for _, shift, _ in way)
            whose = {shift.nurse if mode.distinct_nurses else shift.id for shift in shifts}
            starts = first_starts(mode, [spans for _, _, spans in way])
            if starts is None or len(whose) < len(shifts):
                continue
            yield shifts, starts
            found += 1
            if found == COMBINATIONS:
                return

    def _offers(self, task: Task, lines: Lines) -> Iterator[tuple[int, Shift, list[Span]]]:
        """The shifts with room for the task: the shortest detour, and when it may start there."""
        for shift in self.problem.shifts:
            most = shift.max_visits
            if shift.nurse in self.visit.barred_nurses or not task.credentials <= shift.credentials:
                continue
            if self.pins.get(task.id, Pin(task=task.id, shift=shift.id)).shift != shift.id:
                continue
            stops = [self.tasks[stop.task] for stop in self._stops(shift)]
            if most is not None and len(stops) >= most:
                continue
            spans = [span for line in lines[shift.id] for span in slots(line, self._stay(task), self.matrix)]
            if spans:
                places = range(len(stops) + 1)
                yield min(detour(shift, stops, i, task, self.matrix) for i in places), shift, sorted(spans)


def _first(offer: tuple[int, Shift, list[Span]]) -> int:
    return offer[0]
