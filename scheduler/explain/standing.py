"""The stays of a plan as far as they may be moved in time for one more visit, and those of that visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.explain.allowed import Ties
from scheduler.explain.fit import Span, Stay
from scheduler.model import Plan, Problem, Stop, Task, Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is the same for every question about a problem: its tasks, their visits, and which tasks cannot be
    moved alone, as a lag ties them."""

    tasks: Mapping[str, Task]
    visits: Mapping[str, Visit]
    tied: frozenset[str]

    @classmethod
    def of(cls, problem: Problem) -> Known:
        """Read once."""
        lags = (lag for visit in problem.visits for mode in visit.modes for lag in mode.lags)
        tied = frozenset(end for lag in lags for end in (lag.first, lag.then))
        return cls(tasks=problem.task_by_id, visits=problem.visit_by_task, tied=tied)


class Standing:
    """`asked` is the visit that is to be taken in; the plan does not serve it.

    Tasks tied by a lag or pinned to a second stay put. So do visits tied by a spacing to `asked` or to
    another one of the same route: else both could move, each as far as the spacing allows, and break it
    together.
    """

    def __init__(self, problem: Problem, plan: Plan, asked: Visit, known: Known | None = None) -> None:
        known = known or Known.of(problem)
        self._asked = asked
        self._tasks, self._visits = known.tasks, known.visits
        self._pins = {pin.task: pin for pin in problem.pins}
        self._ties = Ties(problem, plan)
        self._within: dict[str, tuple[Span, ...] | None] = {}
        pinned = {pin.task for pin in problem.pins if pin.start is not None}
        self._fixed = known.tied | pinned | _fixed_by_ties(problem, plan, asked, self._ties)

    def stay(self, stop: Stop) -> Stay:
        """A stop of the plan."""
        task = self._tasks[stop.task]
        if stop.task in self._fixed:
            return Stay(task=task, at=stop.start)
        return Stay(task=task, within=self._starts(self._visits[stop.task]))

    def newcomer(self, task: Task) -> Stay:
        """A task of the asked visit. Where a mode has several, its first is the one that starts the visit."""
        pin = self._pins.get(task.id)
        leads = any(mode.tasks[0].id == task.id for mode in self._asked.modes)
        return Stay(
            task=task,
            at=None if pin is None else pin.start,
            within=self._starts(self._asked) if leads else None,
        )

    def _starts(self, visit: Visit) -> tuple[Span, ...] | None:
        if visit.id not in self._within:
            self._within[visit.id] = self._ties.starts(visit)
        return self._within[visit.id]


def _fixed_by_ties(problem: Problem, plan: Plan, asked: Visit, ties: Ties) -> set[str]:
    if not problem.spacings:
        return set()
    visit_by_task = problem.visit_by_task
    fixed: set[str] = set()
    for route in plan.routes:
        here = {visit_by_task[stop.task].id for stop in route.stops} | {asked.id}
        for stop in route.stops:
            visit = visit_by_task[stop.task].id
            tied = {end for spacing in ties.to(visit) for end in (spacing.first, spacing.then)}
            if (tied - {visit}) & here:
                fixed.add(stop.task)
    return fixed
