"""From a published plan to the promises of the next one."""

from __future__ import annotations

from scheduler.model.plan import Plan
from scheduler.model.problem import Problem
from scheduler.model.promise import Promise


def promises_of(plan: Plan, made_for: Problem, problem: Problem, tolerance: int = 900) -> tuple[Promise, ...]:
    """What `plan`, made for one problem, told the patients whose tasks `problem` still has."""
    nurses = {shift.id: shift.nurse for shift in made_for.shifts}
    tasks = problem.task_by_id
    return tuple(
        Promise(task=stop.task, nurse=nurses[route.shift], start=stop.start, tolerance=tolerance)
        for route in plan.routes
        for stop in route.stops
        if stop.task in tasks
    )
