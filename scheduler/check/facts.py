"""A plan read against its problem: each stop beside its task, visit and shift; what is unknown left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduler.model import Mode, Plan, Problem, Route, Shift, Stop, Task, Visit
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """One stop with all it refers to."""

    stop: Stop
    task: Task
    mode: Mode
    visit: Visit
    shift: Shift


Known = dict[str, tuple[Task, Mode, Visit]]
"""Tasks by id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    """One drive: left at `leave`, there at `arrive`. `seconds`: what the matrix says it takes."""

    origin: str
    destination: str
    leave: int
    arrive: int
    seconds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One route with all it refers to: its known stops in the plan's order, and the drives between them,
    those from and to the shift's places included."""

    route: Route
    shift: Shift
    stays: tuple[Stay, ...]
    legs: tuple[Leg, ...]

    @property
    def busy(self) -> tuple[int, int]:
        """From the departure to the finish; from and to the break, where that begins before or ends after."""
        start, end = self.route.departure, self.route.finish
        if self.route.break_start is None or self.shift.break_ is None:
            return start, end
        return min(start, self.route.break_start), max(
            end, self.route.break_start + self.shift.break_.duration
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What every rule is given."""

    problem: Problem
    plan: Plan
    days: tuple[Day, ...]
    served: dict[str, tuple[Stay, ...]]
    """The stays of each served visit, by visit id, in the plan's order."""

    def stays(self) -> Iterator[Stay]:
        """Every known stay, route by route."""
        for day in self.days:
            yield from day.stays

    def first_stay(self, visit: str) -> Stay | None:
        """The stay with which a visit starts, its earliest, of those that start together the first of its
        mode; None where the visit is not served."""
        stays = self.served.get(visit, ())
        return min(stays, key=lambda stay: (stay.stop.start, stay.mode.tasks.index(stay.task)), default=None)


def read(problem: Problem, matrix: TravelMatrix, plan: Plan) -> Facts:
    """Join plan and problem. Raises KeyError where the matrix lacks a place of the problem."""
    shifts = {shift.id: shift for shift in problem.shifts}
    known = known_tasks(problem)
    days = tuple(
        day_of(matrix, route, shifts[route.shift], known) for route in plan.routes if route.shift in shifts
    )
    return Facts(problem=problem, plan=plan, days=days, served=by_visit(days))


def known_tasks(problem: Problem) -> Known:
    """Every task by id, with its mode and visit."""
    return {
        task.id: (task, mode, visit)
        for visit in problem.visits
        for mode in visit.modes
        for task in mode.tasks
    }


def day_of(matrix: TravelMatrix, route: Route, shift: Shift, known: Known) -> Day:
    """A route of this shift, joined with what is known."""
    stays = []
    for stop in route.stops:
        if stop.task in known:
            task, mode, visit = known[stop.task]
            stays.append(Stay(stop=stop, task=task, mode=mode, visit=visit, shift=shift))
    legs = tuple(_legs(matrix, route, shift, stays))
    return Day(route=route, shift=shift, stays=tuple(stays), legs=legs)


def _legs(matrix: TravelMatrix, route: Route, shift: Shift, stays: list[Stay]) -> Iterator[Leg]:
    if not stays:
        return
    origin, leave = shift.start_place, route.departure
    for stay in stays:
        yield _leg(matrix, origin, stay.task.place, leave, stay.stop.arrival)
        origin, leave = stay.task.place, stay.stop.end
    yield _leg(matrix, origin, shift.end_place, leave, route.finish)


def _leg(matrix: TravelMatrix, origin: str, destination: str, leave: int, arrive: int) -> Leg:
    seconds = matrix.between(origin, destination)
    return Leg(origin=origin, destination=destination, leave=leave, arrive=arrive, seconds=seconds)


def by_visit(days: Iterable[Day]) -> dict[str, tuple[Stay, ...]]:
    """The stays of each visit, in the days' order."""
    served: dict[str, tuple[Stay, ...]] = {}
    for day in days:
        for stay in day.stays:
            served[stay.visit.id] = (*served.get(stay.visit.id, ()), stay)
    return served
