"""The referee for many plans that differ from one in a few routes: quick, as only those are read anew."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.check.cost import cost_of
from scheduler.check.exceptions import told_apart
from scheduler.check.facts import Day, Facts, Stay, by_visit, day_of, known_tasks, read
from scheduler.check.report import CheckReport
from scheduler.check.rules import RULES
from scheduler.model import Plan, Problem, Route, Spacing
from scheduler.travel import TravelMatrix


class Judge:
    """Knows one plan of a problem, and judges others by the routes they change.

    Raises KeyError where the matrix lacks a place of the problem, or the plan speaks of shifts, tasks or
    visits that the problem does not have.
    """

    def __init__(self, problem: Problem, matrix: TravelMatrix, plan: Plan) -> None:
        self._problem, self._matrix = problem, matrix
        self._known = known_tasks(problem)
        self._shifts = {shift.id: shift for shift in problem.shifts}
        self._spacings = _by_visit(problem)
        self._facts = read(problem, matrix, plan)
        _require_known(plan, set(self._shifts), set(self._known), {visit.id for visit in problem.visits})
        self.cost = cost_of(self._facts)

    def judged(
        self, routes: Sequence[Route], unassigned: Sequence[str], idle: Sequence[str] = ()
    ) -> CheckReport:
        """The plan with these routes in place of those of the same shifts, none for the shifts of `idle`, and
        these visits left out.

        The cost is the whole plan's. The violations are those of the changed routes' shifts, nurses and
        visits, and of the visits that spacings tie to these, be they new or not.
        """
        changed = tuple(
            day_of(self._matrix, route, self._shifts[route.shift], self._known) for route in routes
        )
        shifts = {*(route.shift for route in routes), *idle}
        kept = [day for day in self._facts.days if day.shift.id not in shifts]
        replaced = (day for day in self._facts.days if day.shift.id in shifts)
        whole = Facts(
            problem=self._problem,
            plan=self._facts.plan.replace(unassigned=tuple(unassigned)),
            days=(*kept, *changed),
            served=self._served(shifts, changed),
        )
        nurses = {day.shift.nurse for day in changed}
        near = (*(day for day in kept if day.shift.nurse in nurses), *changed)
        visits = {stay.visit.id for day in replaced for stay in day.stays}
        visits |= set(self._facts.plan.unassigned) ^ set(unassigned)
        part = self._part(whole, near, visits)
        violations = (violation for rule in RULES for violation in rule(part))
        broken, excepted = told_apart(violations, self._problem.exceptions)
        return CheckReport(violations=broken, cost=cost_of(whole), excepted=excepted)

    def _served(self, shifts: set[str], changed: Sequence[Day]) -> dict[str, tuple[Stay, ...]]:
        """The stays of each visit, those of `shifts` now as `changed` has them."""
        served, new = dict(self._facts.served), by_visit(changed)
        before = by_visit(day for day in self._facts.days if day.shift.id in shifts)
        for visit in {*before, *new}:
            kept = tuple(stay for stay in served.pop(visit, ()) if stay.shift.id not in shifts)
            if stays := (*kept, *new.get(visit, ())):
                served[visit] = stays
        return served

    def _part(self, whole: Facts, days: tuple[Day, ...], visits: set[str]) -> Facts:
        """These days, with all stays of the visits there, of `visits`, and of those tied to any of them."""
        visits = visits | {stay.visit.id for day in days for stay in day.stays}
        spacings = {spacing for visit in visits for spacing in self._spacings.get(visit, ())}
        visits |= {end for spacing in spacings for end in (spacing.first, spacing.then)}
        pins = tuple(pin for pin in self._problem.pins if self._known[pin.task][2].id in visits)
        shifts = {day.shift.id for day in days} | {pin.shift for pin in pins}
        nurses = {day.shift.nurse for day in days}
        problem = self._problem.replace(
            visits=tuple(visit for visit in self._problem.visits if visit.id in visits),
            shifts=tuple(self._shifts[shift] for shift in sorted(shifts)),
            pins=pins,
            promises=(),
            exceptions=(),
            spacings=tuple(spacing for spacing in self._problem.spacings if spacing in spacings),
            hour_limits=tuple(limit for limit in self._problem.hour_limits if limit.nurse in nurses),
        )
        left_out = tuple(visit for visit in whole.plan.unassigned if visit in visits)
        return Facts(
            problem=problem,
            plan=Plan(routes=tuple(day.route for day in days), unassigned=left_out),
            days=days,
            served={visit: whole.served[visit] for visit in visits if visit in whole.served},
        )


def _by_visit(problem: Problem) -> dict[str, list[Spacing]]:
    """The spacings of each visit that has any."""
    spacings: dict[str, list[Spacing]] = {}
    for spacing in problem.spacings:
        for visit in (spacing.first, spacing.then):
            spacings.setdefault(visit, []).append(spacing)
    return spacings


def _require_known(plan: Plan, shifts: set[str], tasks: set[str], visits: set[str]) -> None:
    for route in plan.routes:
        if route.shift not in shifts:
            raise KeyError(f"no shift {route.shift!r}")
        for stop in route.stops:
            if stop.task not in tasks:
                raise KeyError(f"no task {stop.task!r}")
    for visit in plan.unassigned:
        if visit not in visits:
            raise KeyError(f"no visit {visit!r}")
