"""Visits that go, come, last longer, or can only be done from now on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from scheduler.disruption.history import lasting
from scheduler.explain.unkept import Unkept, UnkeptKind
from scheduler.model import Problem, Task, Visit, Window


def without(problem: Problem, visits: Collection[str]) -> Problem:
    """The problem without some visits, and all that speaks of them."""
    tasks = {task.id for visit in problem.visits if visit.id in visits for task in visit.tasks}
    return problem.replace(
        visits=tuple(visit for visit in problem.visits if visit.id not in visits),
        pins=tuple(pin for pin in problem.pins if pin.task not in tasks),
        promises=tuple(promise for promise in problem.promises if promise.task not in tasks),
        spacings=tuple(
            each for each in problem.spacings if each.first not in visits and each.then not in visits
        ),
    )


def with_one_more(problem: Problem, visit: Visit) -> Problem:
    """The problem with the visit; as it is where it has one of this id. Raises ModelError for an unknown
    place."""
    if any(known.id == visit.id for known in problem.visits):
        return problem
    return problem.replace(visits=(*problem.visits, visit))


def longer(problem: Problem, visit: str, seconds: int) -> Problem:
    """The problem where every stay of `visit` lasts so much longer."""
    return problem.replace(
        visits=tuple(_longer(known, seconds) if known.id == visit else known for known in problem.visits)
    )


def _longer(visit: Visit, seconds: int) -> Visit:
    modes = []
    for mode in visit.modes:
        tasks = tuple(lasting(task, task.duration + seconds) for task in mode.tasks)
        lags = tuple(
            lag.replace(min_s=lag.min_s + seconds, max_s=lag.max_s + seconds) if lag.min_s else lag
            for lag in mode.lags
        )
        modes.append(mode.replace(tasks=tasks, lags=lags))
    return visit.replace(modes=tuple(modes))


def from_now(problem: Problem, begun: Collection[str], now_s: int) -> tuple[Problem, tuple[Unkept, ...]]:
    """The problem where nothing but the `begun` visits starts before now. Visits whose windows are over are
    taken out, and told; a start the dispatcher fixed that is past is forgotten."""
    missed = [visit for visit in problem.visits if visit.id not in begun and not _able(visit, now_s)]
    kept = without(problem, {visit.id for visit in missed})
    visits = tuple(visit if visit.id in begun else _cut(visit, now_s) for visit in kept.visits)
    known = {task.id for visit in visits for task in visit.tasks}
    visit_of = kept.visit_by_task
    pins = tuple(
        pin
        for pin in kept.pins
        if pin.task in known and (visit_of[pin.task].id in begun or pin.start is None or pin.start >= now_s)
    )
    told = tuple(Unkept(kind=UnkeptKind.MISSED, visit=visit.id) for visit in missed)
    return kept.replace(visits=visits, pins=pins), told


def _able(visit: Visit, now_s: int) -> bool:
    return any(all(any(_windows(task, now_s)) for task in mode.tasks) for mode in visit.modes)


def _cut(visit: Visit, now_s: int) -> Visit:
    modes = (mode for mode in visit.modes if all(any(_windows(task, now_s)) for task in mode.tasks))
    return visit.replace(
        modes=tuple(
            mode.replace(
                tasks=tuple(task.replace(windows=tuple(_windows(task, now_s))) for task in mode.tasks)
            )
            for mode in modes
        )
    )


def _windows(task: Task, now_s: int) -> Iterator[Window]:
    """What is left of the task's windows."""
    for window in task.windows:
        first = max(window.earliest_start, now_s)
        if window.soft:
            yield window.replace(earliest_start=first, latest_start=max(window.latest_start, first))
            continue
        over_by = window.latest_end is not None and first + task.duration > window.latest_end
        if first <= window.latest_start and not over_by:
            yield window.replace(earliest_start=first)
