"""A plan changed by hand: one visit taken elsewhere, left out or taken in, and the referee's word on that.

Everything else keeps its nurse and its order, and moves in time only where it must.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from scheduler.check import Code, Cost, Judge, Violation
from scheduler.explain.allowed import ANY_TIME
from scheduler.explain.fit import Stay, meet
from scheduler.explain.placing import Placing, Way
from scheduler.explain.standing import Known
from scheduler.explain.tried import Displaced, Late, Tried, Wish
from scheduler.model import Pin, Plan, Problem, Route, Shift, Task, Visit, Window, relaxed
from scheduler.travel import TravelMatrix

MINUTE = 60
"""Visits that are placed by hand start on full minutes, where their windows have one."""


class Desk:
    """One plan of a problem, feasible but for its exceptions, held ready to be changed by hand.

    `now_s`: seconds since the origin; what was to start by then stays put, and nothing else starts before.
    Raises KeyError where the matrix lacks a place, or the plan speaks of what the problem does not have.
    """

    def __init__(self, problem: Problem, matrix: TravelMatrix, plan: Plan) -> None:
        self.problem, self.matrix, self.plan = problem, matrix, plan
        self.judge = Judge(problem, matrix, plan)
        self.shifts = {shift.id: shift for shift in problem.shifts}
        self.visits = {visit.id: visit for visit in problem.visits}
        self.tasks = problem.task_by_id
        self.visit_by_task = problem.visit_by_task
        self._loose = relaxed(problem)
        self._known = Known.of(self._loose)
        self._loose_shifts = {shift.id: shift for shift in self._loose.shifts}
        self._loose_visits = {visit.id: visit for visit in self._loose.visits}
        self._routes = {route.shift: route for route in plan.routes}
        self._stops = {stop.task: (route, stop) for route in plan.routes for stop in route.stops}

    @cached_property
    def credentials(self) -> frozenset[str]:
        """What the problem's tasks ask for."""
        return frozenset(name for task in self.tasks.values() for name in task.credentials)

    @property
    def cost(self) -> Cost:
        """What the plan costs as it is."""
        return self.judge.cost

    def where(self, visit: str) -> tuple[Wish, ...]:
        """How the plan serves the visit: its tasks with their shifts and starts; nothing where it is left
        out."""
        found = (self._stops.get(task.id) for task in self.visits[visit].tasks)
        return tuple(
            Wish(task=stop.task, shift=route.shift, start=stop.start)
            for route, stop in (each for each in found if each is not None)
        )

    def begun(self, visit: str, now_s: int) -> bool:
        """Whether the visit was to start by now."""
        return any(each.start is not None and each.start <= now_s for each in self.where(visit))

    def moved(self, wish: Wish, now_s: int = 0) -> Tried | None:
        """One task of the visit elsewhere; its other tasks keep their shifts, and stay as far apart from it.

        Without a start to keep, a visit of several tasks may as well be done by this nurse alone, where it
        has a mode for that. One that is left out is taken in, by the cheapest ways its other tasks have; None
        where it finds no way at all. Raises KeyError for a task or shift that is not known.
        """
        visit = self.visit_by_task[wish.task]
        placing = self._placing(visit, now_s)
        return min(self._options(placing, wish, now_s), key=_rank, default=None)

    def everywhere(self, visit: str, task: str, now_s: int = 0) -> dict[str, Tried]:
        """For each shift the task there, when it fits best; shifts that no way leads to are left out."""
        placing = self._placing(self.visits[visit], now_s)
        tried = {
            shift: min(self._options(placing, Wish(task=task, shift=shift), now_s), key=_rank, default=None)
            for shift in self.shifts
        }
        return {shift: each for shift, each in tried.items() if each is not None}

    def _options(self, placing: Placing, wish: Wish, now_s: int) -> Iterator[Tried]:
        visit = placing.visit
        mode = next(mode for mode in visit.modes if wish.task in {task.id for task in mode.tasks})
        if len(mode.tasks) == 1:
            yield self._tried(placing, now_s, (wish,))
            return
        if wish.start is None:
            for alone in (each.tasks[0] for each in visit.modes if len(each.tasks) == 1):
                yield self._tried(placing, now_s, (Wish(task=alone.id, shift=wish.shift),))
        now = self.where(visit.id)
        if any(each.task == wish.task for each in now):
            yield self._tried(placing, now_s, _together(now, wish))
            return
        for way in _ways(placing, self.shifts[wish.shift], wish, now_s):
            yield self._tried(placing, now_s, _wishes(way), asked=wish.start is not None)

    def left_out(self, visit: str, now_s: int = 0) -> Tried:
        """The visit taken out of the plan."""
        return self._tried(self._placing(self.visits[visit], now_s), now_s, ())

    def kept(self, tried: Tried, pins: Sequence[Pin]) -> Problem:
        """The problem with these pins in place of the visit's."""
        return self.problem.replace(pins=(*self._pins_of_others(tried.visit), *pins))

    def _pins_of_others(self, visit: str) -> tuple[Pin, ...]:
        return tuple(pin for pin in self.problem.pins if self.visit_by_task[pin.task].id != visit)

    def _placing(self, visit: Visit, now_s: int) -> Placing:
        """The plan without the visit, whose own pins do not count; what has begun is pinned."""
        pins = {pin.task: pin for pin in self._pins_of_others(visit.id)}
        for task, (route, stop) in self._stops.items():
            if stop.start <= now_s and self.visit_by_task[task].id != visit.id:
                pins[task] = Pin(task=task, shift=route.shift, start=stop.start)
        problem = self._loose
        if tuple(pins.values()) != problem.pins:
            problem = problem.replace(pins=tuple(pins.values()))
        mine = {task.id for task in visit.tasks}
        hers = {self._stops[task][0].shift for task in mine if task in self._stops}
        routes = (_but(route, mine) if route.shift in hers else route for route in self.plan.routes)
        unassigned = dict.fromkeys((*self.plan.unassigned, visit.id))
        plan = Plan(
            routes=tuple(route for route in routes if route is not None), unassigned=tuple(unassigned)
        )
        target = self._loose_visits[visit.id]
        placing = Placing.of(problem, self.matrix, plan, target, MINUTE, self._known)
        return replace(placing, since=now_s)

    def _tried(self, placing: Placing, now_s: int, wishes: Sequence[Wish], *, asked: bool = True) -> Tried:
        visit, changed, late = placing.visit, dict[str, Route](), list[Late]()
        for wish in wishes:
            made = placing.best(self._loose_shifts[wish.shift], _stay(placing, wish, now_s))
            route = made.route
            start = next(stop.start for stop in route.stops if stop.task == wish.task)
            if asked and wish.start is not None and start != wish.start:
                late.append(Late(task=wish.task, shift=wish.shift, asked=wish.start, start=start))
            changed[wish.shift] = route
            placing = replace(placing, routes={**placing.routes, wish.shift: route})
        former = {each.shift for each in self.where(visit.id)} - set(changed)
        for left in former & set(placing.routes):
            changed[left] = placing.without(self._loose_shifts[left]).route
        return self._judged(visit, changed, tuple(sorted(former - set(changed))), tuple(late), bool(wishes))

    def _judged(
        self,
        visit: Visit,
        changed: Mapping[str, Route],
        idle: tuple[str, ...],
        late: tuple[Late, ...],
        served: bool,
    ) -> Tried:
        others = tuple(each for each in self.plan.unassigned if each != visit.id)
        unassigned = others if served else (*others, visit.id)
        routes = tuple(changed.values())
        report = self.judge.judged(routes, unassigned, idle)
        kept = (route for route in self.plan.routes if route.shift not in changed and route.shift not in idle)
        return Tried(
            visit=visit.id,
            plan=Plan(routes=(*kept, *routes), unassigned=unassigned),
            routes=routes,
            idle=idle,
            report=replace(report, violations=tuple(_but_pins(report.violations, visit.id))),
            before=self.cost,
            late=late,
            displaced=tuple(self._displaced(visit, routes)),
        )

    def _displaced(self, visit: Visit, routes: Sequence[Route]) -> Iterator[Displaced]:
        mine = {task.id for task in visit.tasks}
        for route in routes:
            for stop in route.stops:
                before = self._stops[stop.task][1].start if stop.task not in mine else stop.start
                if before != stop.start:
                    yield Displaced(task=stop.task, shift=route.shift, before=before, after=stop.start)


def _but(route: Route, tasks: set[str]) -> Route | None:
    """The route without these tasks, its times as they were; None where nothing is left."""
    stops = tuple(stop for stop in route.stops if stop.task not in tasks)
    if len(stops) == len(route.stops):
        return route
    return route.replace(stops=stops) if stops else None


def _stay(placing: Placing, wish: Wish, now_s: int) -> Stay:
    """The task as it is to be placed: at the wished second, whatever its windows say, or within them, but not
    in the past."""
    task: Task = placing.tasks[wish.task]
    if wish.start is not None:
        at = Window(earliest_start=wish.start, latest_start=wish.start)
        return Stay(task=task.replace(windows=(at,)))
    stay = placing.stay(task)
    if now_s <= 0:
        return stay
    later = (now_s, ANY_TIME[1])
    return replace(stay, within=(later,) if stay.within is None else tuple(meet(stay.within, (later,))))


def _together(now: Sequence[Wish], wish: Wish) -> tuple[Wish, ...]:
    """The tasks of a visit as they are served now, one of them elsewhere: all move by the same time."""
    mine = next(each for each in now if each.task == wish.task)
    assert mine.start is not None
    shift = 0 if wish.start is None else wish.start - mine.start
    return tuple(
        Wish(
            task=each.task,
            shift=wish.shift if each.task == wish.task else each.shift,
            start=(each.start or 0) + shift,
        )
        for each in now
    )


def _ways(placing: Placing, shift: Shift, wish: Wish, now_s: int) -> Iterator[Way]:
    """Ways of several tasks that have this one on this shift; at the wished second, where one is given."""
    if wish.start is not None:
        visit = _starting_with(placing.visit, wish.task, wish.start)
        placing = replace(placing, visit=visit, tasks={**placing.tasks, **{t.id: t for t in visit.tasks}})
    for way in placing.ways():
        tasks = {task.id: each.id for task, each in zip(way.mode.tasks, way.shifts, strict=True)}
        starts = [stay.at for stay in way.stays if stay.at is not None]
        if tasks.get(wish.task) == shift.id and all(start >= now_s for start in starts):
            yield way


def _starting_with(visit: Visit, task: str, start: int) -> Visit:
    """The visit with that task to start at that second."""
    at = (Window(earliest_start=start, latest_start=start),)
    return visit.replace(
        modes=tuple(
            mode.replace(
                tasks=tuple(each.replace(windows=at) if each.id == task else each for each in mode.tasks)
            )
            for mode in visit.modes
        )
    )


def _wishes(way: Way) -> tuple[Wish, ...]:
    return tuple(
        Wish(task=task.id, shift=shift.id, start=stay.at)
        for task, shift, stay in zip(way.mode.tasks, way.shifts, way.stays, strict=True)
    )


def _but_pins(violations: Sequence[Violation], visit: str) -> Iterator[Violation]:
    """A change by hand takes the visit's own pin along."""
    return (each for each in violations if each.code is not Code.PIN or each.visit != visit)


def _rank(tried: Tried) -> tuple[int, int, int]:
    return len(tried.late), len(tried.report.violations), tried.added
