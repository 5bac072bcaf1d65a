"""The ways to place one visit in a plan, and the best place for each of its tasks on a shift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from scheduler.check.windows import lateness
from scheduler.explain.fit import Span, Stay, slots
from scheduler.explain.lines import Hours, Lines, break_of, free_hours, planned_lines
from scheduler.explain.partners import first_starts
from scheduler.explain.retime import Held, Retimed, detour, retimed
from scheduler.explain.standing import Known, Standing
from scheduler.explain.supplies import lacking
from scheduler.model import Mode, Pin, Plan, Problem, Promise, Route, Shift, Stop, Task, Visit
from scheduler.travel import TravelMatrix

NEAREST = 10
"""Of a mode of several tasks, so many shifts are looked at for each: those with the shortest detours."""

COMBINATIONS = 20
"""And so many ways to combine them, those with the shortest detours together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """The tasks of a mode, each on a shift; a stay that starts together with others has its second."""

    mode: Mode
    shifts: tuple[Shift, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Placing:
    """`plan` leaves the visit out. `routes` are its routes by shift; `hours` when each could be on its way.

    A visit of one task starts at a multiple of `step` seconds, where its windows have one. Nobody starts
    earlier than `since` who was to start later."""

    problem: Problem
    matrix: TravelMatrix
    plan: Plan
    visit: Visit
    tasks: Mapping[str, Task]
    routes: Mapping[str, Route]
    standing: Standing
    hours: Hours
    pins: Mapping[str, Pin]
    promises: Mapping[str, Promise]
    step: int = 1
    since: int = 0

    @classmethod
    def of(
        cls,
        problem: Problem,
        matrix: TravelMatrix,
        plan: Plan,
        visit: Visit,
        step: int = 1,
        known: Known | None = None,
    ) -> Placing:
        """`visit` is of the problem. `known`: what is known of the problem, where it was read before."""
        known = known or Known.of(problem)
        return cls(
            problem=problem,
            matrix=matrix,
            plan=plan,
            visit=visit,
            tasks=known.tasks,
            routes={route.shift: route for route in plan.routes},
            standing=Standing(problem, plan, visit, known),
            hours=free_hours(problem, plan),
            pins={pin.task: pin for pin in problem.pins},
            promises={promise.task: promise for promise in problem.promises},
            step=step,
        )

    def ways(self) -> Iterator[Way]:
        """Of a mode of one task one for each shift, be it able or not; of a mode of several some combinations
        of shifts that have room, shortest detours first."""
        for mode in self.visit.modes:
            if len(mode.tasks) > 1:
                yield from islice(self._together(mode), COMBINATIONS)
                continue
            stay = self.stay(mode.tasks[0])
            yield from (Way(mode=mode, shifts=(shift,), stays=(stay,)) for shift in self.problem.shifts)

    def stay(self, task: Task) -> Stay:
        """A task of the visit, at its pin's start if it has one."""
        return self.standing.newcomer(task)

    def planned(self, shift: Shift) -> list[tuple[Stop, Stay]]:
        """The shift's stops, and their stays as far as these may be moved."""
        stops = self.routes[shift.id].stops if shift.id in self.routes else ()
        return [(stop, self.standing.stay(stop)) for stop in stops]

    def may_do(self, shift: Shift, task: Task) -> bool:
        """Whether nothing but time speaks against the task on this shift."""
        if shift.nurse in self.visit.barred_nurses or not task.credentials <= shift.credentials:
            return False
        if task.id in self.pins and self.pins[task.id].shift != shift.id:
            return False
        stops = self.routes[shift.id].stops if shift.id in self.routes else ()
        if lacking(shift, [*(self.tasks[stop.task] for stop in stops), task]):
            return False
        return shift.max_visits is None or len(stops) < shift.max_visits

    def best(self, shift: Shift, newcomer: Stay) -> Retimed:
        """The best place for the newcomer on the shift: the least of its times missed, then the cheapest,
        then that which moves the others least, then the shortest day. They begin when planned, or later; or
        earlier, where only that makes room."""
        as_planned = self._cheapest(shift, newcomer, hold=True)
        may = newcomer.task.credentials <= shift.credentials
        if as_planned.missed == 0 or shift.id not in self.routes or not may:
            return as_planned
        anew = self._cheapest(shift, newcomer, hold=False)
        return anew if anew.missed < as_planned.missed else as_planned

    def without(self, shift: Shift) -> Retimed:
        """The shift's stops that are left, as planned as far as may be; there is at least one."""
        planned = self.planned(shift)
        held = [Held.of(stay, stop.start) for stop, stay in planned]

        def rank(made: Retimed) -> tuple[int, int, int, int]:
            return made.missed, self._price(made, 0), _apart(made.starts, planned), made.away

        return min(self._retimed(shift, held), key=rank)

    def is_moved(self, task: Task, start: int) -> bool:
        """Whether the start is not what the patient was told."""
        promise = self.promises.get(task.id)
        return promise is not None and abs(start - promise.start) > promise.tolerance

    def _cheapest(self, shift: Shift, newcomer: Stay, *, hold: bool) -> Retimed:
        planned = self.planned(shift)
        held = [Held.of(stay, stop.start if hold else self.since) for stop, stay in planned]
        tasks, mine = [each.task for each in held], self._on(shift, newcomer)
        best: tuple[tuple[int, int, int, int], Retimed] | None = None
        for position in range(len(held) + 1):
            longer = [*held[:position], mine, *held[position:]]
            drive = detour(shift, tasks, position, newcomer.task, self.matrix)
            for made in self._retimed(shift, longer):
                others = (*made.starts[:position], *made.starts[position + 1 :])
                rank = made.missed, self._price(made, drive), _apart(others, planned), made.away
                if best is None or rank < best[0]:
                    best = rank, made
        assert best is not None
        return best[1]

    def _on(self, shift: Shift, newcomer: Stay) -> Held:
        """The newcomer on this shift: where its gates and spacings leave no start in her hours, they will be
        broken, and its windows alone say when."""
        held = Held.of(newcomer, step=self.step)
        if any(low <= shift.latest_finish and shift.start <= high for low, high in held.spans):
            return held
        return Held.of(replace(newcomer, within=None), step=self.step)

    def _retimed(self, shift: Shift, held: list[Held]) -> Iterator[Retimed]:
        """The stays in this order, with the break in each gap, in each of her free hours; where she has none,
        in those of the shift: the referee then says why not."""
        for hours in self.hours[shift.id] or ((shift.start, shift.latest_finish),):
            rest = break_of(shift, hours)
            for gap in range(len(held) + 2) if rest else range(1):
                yield retimed(shift, rest, held, gap, self.matrix, hours)

    def _price(self, made: Retimed, drive: int) -> int:
        """What tells one place on a shift from another: drive, overtime, lateness, promised time. The referee
        says what a place adds."""
        weights = self.problem.weights
        price = weights.travel * drive
        price += max(0, made.finish - made.shift.end) * made.shift.overtime_cost
        if weights.lateness:
            price += weights.lateness * sum(lateness(self.tasks[s.task], s) for s in made.route.stops)
        if self.promises and weights.moved_start:
            price += weights.moved_start * sum(map(self.is_moved, made.tasks, made.starts))
        return price

    def _together(self, mode: Mode) -> Iterator[Way]:
        """Shifts with room for the mode's tasks, and starts that keep its lags; shortest detours first."""
        lines = planned_lines(self.plan, self.problem.shifts, self.hours, self.standing)
        offers = [list(islice(self._offers(task, lines), NEAREST)) for task in mode.tasks]
        for offered in sorted(product(*offers), key=lambda offered: sum(offer[0] for offer in offered)):
            shifts = tuple(shift for _, shift, _ in offered)
            whose = {shift.nurse if mode.distinct_nurses else shift.id for shift in shifts}
            if len(whose) < len(shifts):
                continue
            starts = first_starts(mode, [spans for _, _, spans in offered])
            if starts is not None:
                stays = map(lambda task, at: Stay(task=task, at=at), mode.tasks, starts)
                yield Way(mode=mode, shifts=shifts, stays=tuple(stays))

    def _offers(self, task: Task, lines: Lines) -> Iterator[tuple[int, Shift, list[Span]]]:
        """The shifts with room for the task, shortest detours first: the detour, and when it may start."""
        able = [
            (self._detour(shift, task), shift) for shift in self.problem.shifts if self.may_do(shift, task)
        ]
        for drive, shift in sorted(able, key=lambda each: each[0]):
            spans = [span for line in lines[shift.id] for span in slots(line, self.stay(task), self.matrix)]
            if spans:
                yield drive, shift, sorted(spans)

    def _detour(self, shift: Shift, task: Task) -> int:
        tasks = [stay.task for _, stay in self.planned(shift)]
        return min(detour(shift, tasks, i, task, self.matrix) for i in range(len(tasks) + 1))


def _apart(starts: Sequence[int], planned: Sequence[tuple[Stop, Stay]]) -> int:
    """Seconds by which these starts differ from the planned ones."""
    return sum(abs(start - stop.start) for start, (stop, _) in zip(starts, planned, strict=True))
