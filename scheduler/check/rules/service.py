"""What is served, by which mode, and what the dispatcher fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from scheduler.check.facts import Facts
from scheduler.check.report import Code, Violation


def shifts_exist(facts: Facts) -> Iterator[Violation]:
    """Every route is of a shift of the problem."""
    known = {shift.id for shift in facts.problem.shifts}
    for route in facts.plan.routes:
        if route.shift not in known:
            yield Violation(code=Code.UNKNOWN_SHIFT, message=f"no shift {route.shift!r}", shift=route.shift)


def tasks_exist(facts: Facts) -> Iterator[Violation]:
    """Every stop is at a task of the problem."""
    known = facts.problem.task_by_id
    for route in facts.plan.routes:
        for stop in route.stops:
            if stop.task not in known:
                yield Violation(
                    code=Code.UNKNOWN_TASK,
                    message=f"no task {stop.task!r}",
                    task=stop.task,
                    shift=route.shift,
                )


def visits_exist(facts: Facts) -> Iterator[Violation]:
    """Every visit left out is one of the problem."""
    known = {visit.id for visit in facts.problem.visits}
    for visit in facts.plan.unassigned:
        if visit not in known:
            yield Violation(code=Code.UNKNOWN_VISIT, message=f"no visit {visit!r} to leave out", visit=visit)


def one_route_per_shift(facts: Facts) -> Iterator[Violation]:
    """A shift has at most one route."""
    for shift in _repeated(day.shift.id for day in facts.days):
        yield Violation(code=Code.SHIFT_TWICE, message=f"shift {shift!r} has several routes", shift=shift)


def every_visit_accounted_for(facts: Facts) -> Iterator[Violation]:
    """A visit is served, or left out and said to be: never both, never neither."""
    left_out = set(facts.plan.unassigned)
    for visit in facts.problem.visits:
        served, unassigned = visit.id in facts.served, visit.id in left_out
        if served and unassigned:
            message = f"visit {visit.id!r} is served and yet listed as left out"
            yield Violation(code=Code.SERVED_AND_UNASSIGNED, message=message, visit=visit.id)
        if not served and not unassigned:
            message = f"visit {visit.id!r} is neither served nor listed as left out"
            yield Violation(code=Code.VISIT_MISSING, message=message, visit=visit.id)


def left_out_once(facts: Facts) -> Iterator[Violation]:
    """A visit left out is listed once."""
    for visit in _repeated(facts.plan.unassigned):
        message = f"visit {visit!r} is listed more than once as left out"
        yield Violation(code=Code.UNASSIGNED_TWICE, message=message, visit=visit)


def served_once(facts: Facts) -> Iterator[Violation]:
    """A visit is served in one mode, each task of it once."""
    for visit, stays in facts.served.items():
        for task in _repeated(stay.task.id for stay in stays):
            message = f"task {task!r} is done more than once"
            yield Violation(code=Code.VISIT_TWICE, message=message, visit=visit, task=task)
        modes = sorted({stay.mode.id for stay in stays})
        if len(modes) > 1:
            message = f"visit {visit!r} is served in several modes: {', '.join(modes)}"
            yield Violation(code=Code.VISIT_TWICE, message=message, visit=visit)


def whole_mode(facts: Facts) -> Iterator[Violation]:
    """Of the mode a visit is served in, no task is left undone."""
    for visit, stays in facts.served.items():
        if len({stay.mode.id for stay in stays}) > 1:
            continue  # served_once has said so; which mode was meant is not to be known
        done = {stay.task.id for stay in stays}
        for task in stays[0].mode.tasks:
            if task.id not in done:
                message = f"visit {visit!r} is served without its task {task.id!r}"
                yield Violation(code=Code.MODE_INCOMPLETE, message=message, visit=visit, task=task.id)


def mandatory_served(facts: Facts) -> Iterator[Violation]:
    """A visit without a drop cost is not left out."""
    left_out = set(facts.plan.unassigned)
    for visit in facts.problem.visits:
        if visit.drop_cost is None and visit.id in left_out:
            message = f"visit {visit.id!r} has no drop cost, so it must be served"
            yield Violation(code=Code.MANDATORY_UNASSIGNED, message=message, visit=visit.id)


def pins_kept(facts: Facts) -> Iterator[Violation]:
    """A served visit with a pinned task is served by that task, on the pin's shift and at its start."""
    visit_by_task = facts.problem.visit_by_task
    for pin in facts.problem.pins:
        visit = visit_by_task[pin.task].id
        stays = facts.served.get(visit, ())
        if not stays:
            continue
        kept = any(
            stay.task.id == pin.task
            and stay.shift.id == pin.shift
            and (pin.start is None or stay.stop.start == pin.start)
            for stay in stays
        )
        if not kept:
            when = "" if pin.start is None else f" at {pin.start}"
            message = f"task {pin.task!r} is pinned to shift {pin.shift!r}{when}"
            yield Violation(code=Code.PIN, message=message, visit=visit, task=pin.task, shift=pin.shift)


def _repeated(ids: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(ids).items() if count > 1]
