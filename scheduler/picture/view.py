"""Everything the page shows, in the order of the page; the template adds no thought of its own."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.check import Violation
from scheduler.check.facts import read
from scheduler.picture.chart import Chart, chart
from scheduler.picture.clock import Clock
from scheduler.picture.figures import CostPart, Figure, cost_parts, figures
from scheduler.picture.left_out import LeftOut, left_out
from scheduler.picture.material import Material
from scheduler.picture.routes import routes_of
from scheduler.picture.timeline import Timeline, hours_text, timeline


@dataclass(frozen=True, kw_only=True, slots=True)
class IdleShift:
    """A shift without visits."""

    shift: str
    nurse: str
    hours: str


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """The page's parts. `about` says what the page's times count from."""

    title: str
    about: str
    violations: tuple[Violation, ...]
    figures: tuple[Figure, ...]
    cost_parts: tuple[CostPart, ...]
    chart: Chart
    timeline: Timeline
    idle: tuple[IdleShift, ...]
    left_out: tuple[LeftOut, ...]
    clock: Clock


def view(material: Material) -> View:
    """What is to be shown of it. Raises KeyError where the matrix lacks a place of the problem."""
    problem, cost = material.problem, material.report.cost
    clock = Clock(seconds_per_minute=material.seconds_per_minute)
    facts = read(problem, material.matrix, material.plan)
    routes, ties = routes_of(facts, clock)
    missing = left_out(material, facts, clock)
    busy = {route.day.shift.id for route in routes}
    return View(
        title=material.name,
        about=_about(material),
        violations=material.report.violations,
        figures=figures(material, routes, len(missing), clock),
        cost_parts=() if cost is None else cost_parts(cost, problem.points_per_unit),
        chart=chart(problem, material.matrix, routes, missing, clock),
        timeline=timeline(problem, routes, ties, clock),
        idle=tuple(
            IdleShift(shift=shift.id, nurse=shift.nurse, hours=hours_text(shift, clock))
            for shift in problem.shifts
            if shift.id not in busy
        ),
        left_out=missing,
        clock=clock,
    )


def _about(material: Material) -> str:
    if not material.dated:
        return "A published instance: times count from its minute 0."
    origin = material.problem.origin
    return f"Times count from the problem's origin, {origin:%A, %B} {origin.day}, {origin:%Y, %H:%M} UTC."
