"""A problem as its accepted exceptions leave it: for solvers and searches, which know of no exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from scheduler.model.exception import AcceptedException, OperationRule
from scheduler.model.problem import Problem
from scheduler.model.record import MAX_SECONDS
from scheduler.model.shift import Break, Shift
from scheduler.model.visit import Task, Visit, Window


def relaxed(problem: Problem) -> Problem:
    """The problem with every excepted rule loosened so far, and without exceptions. A feasible plan of it
    is one of the problem; a break taken beside the shift is not carried over."""
    if not problem.exceptions:
        return problem
    nurses = {shift.id: shift.nurse for shift in problem.shifts}
    visits, shifts = _by(problem.exceptions, "visit"), _by(problem.exceptions, "shift")
    return problem.replace(
        visits=tuple(
            _visit(visit, visits[visit.id], nurses) if visit.id in visits else visit
            for visit in problem.visits
        ),
        shifts=tuple(reduce(_shift, shifts.get(shift.id, ()), shift) for shift in problem.shifts),
        exceptions=(),
    )


def _by(exceptions: Iterable[AcceptedException], field: str) -> dict[str, list[AcceptedException]]:
    found: dict[str, list[AcceptedException]] = {}
    for each in exceptions:
        found.setdefault(getattr(each, field), []).append(each)
    return found


def _visit(visit: Visit, exceptions: list[AcceptedException], nurses: dict[str, str]) -> Visit:
    for each in exceptions:
        if each.rule is OperationRule.BARRED_NURSE:
            nurse = nurses.get(each.shift or "")
            visit = visit.replace(barred_nurses=visit.barred_nurses - {nurse})
            continue
        modes = (mode.replace(tasks=tuple(_task(task, each) for task in mode.tasks)) for mode in visit.modes)
        visit = visit.replace(modes=tuple(modes))
    return visit


def _task(task: Task, exception: AcceptedException) -> Task:
    return task.replace(windows=tuple(_window(window, exception) for window in task.windows))


def _window(window: Window, exception: AcceptedException) -> Window:
    if exception.rule is OperationRule.TOO_EARLY:
        return window.replace(earliest_start=max(0, window.earliest_start - exception.by))
    if exception.rule is OperationRule.TOO_LATE:
        return window.replace(latest_start=window.latest_start + exception.by)
    if window.latest_end is None:
        return window
    return window.replace(latest_end=window.latest_end + exception.by)


def _shift(shift: Shift, exception: AcceptedException) -> Shift:
    match exception.rule:
        case OperationRule.SHIFT_START:
            return shift.replace(start=max(0, shift.start - exception.by))
        case OperationRule.SHIFT_END:
            return shift.replace(max_overtime=shift.max_overtime + exception.by)
        case OperationRule.MOST_VISITS if shift.max_visits is not None:
            return shift.replace(max_visits=shift.max_visits + exception.by)
        case OperationRule.BREAK_MISSING | OperationRule.BREAK_WINDOW if shift.break_ is not None:
            return shift.replace(break_=_break(shift.break_, exception))
    return shift


def _break(rest: Break, exception: AcceptedException) -> Break:
    if exception.rule is OperationRule.BREAK_MISSING:
        return rest if rest.miss_cost is not None else rest.replace(miss_cost=0)
    return rest.replace(
        earliest_start=max(0, rest.earliest_start - exception.by),
        latest_end=min(MAX_SECONDS, rest.latest_end + exception.by),
    )
