"""A day to be planned, with its tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scheduler.model import Plan, Problem
from scheduler.solve.candidates import Candidates, find_candidates
from scheduler.solve.follow import first_plan, follow, planned
from scheduler.solve.schedule import to_plan
from scheduler.solve.tables import Tables, tabulate
from scheduler.solve.timing import Timed
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, slots=True)
class Day:
    """A problem with its travel times and tables; made by `Day.of`."""

    problem: Problem
    matrix: TravelMatrix
    tables: Tables
    candidates: Candidates

    @classmethod
    def of(cls, problem: Problem, matrix: TravelMatrix) -> Day:
        """Raises ModelError for prices that overflow 64 bits."""
        tables = tabulate(problem, matrix)
        return cls(problem, matrix, tables, find_candidates(problem, tables))

    @property
    def unservable(self) -> frozenset[str]:
        """The visits that no shift can serve in any mode, and those that make no sense without them: they
        would only spoil the search for the others."""
        pairs = zip(self.problem.visits, self.candidates.modes, strict=True)
        hopeless = {visit.id for visit, able in pairs if not able}
        needed = {(each.first, each.then) for each in self.problem.spacings if each.needs_first}
        while more := {then for first, then in needed if first in hopeless} - hopeless:
            hopeless |= more
        return frozenset(hopeless)

    def first_plan(self, over: Callable[[], bool]) -> Timed:
        """What patients were told as far as it can be kept; the rest inserted."""
        return first_plan(self.problem, self.tables, self.candidates, over)

    def repaired(self, plan: Plan, over: Callable[[], bool]) -> Timed:
        """A plan that keeps every rule, near one that breaks some; visits that find no place are left out."""
        return follow(self.tables, self.candidates, planned(plan, self.tables), over)

    def plan_of(self, timed: Timed) -> Plan:
        """As the model has it."""
        return to_plan(self.tables, timed)


def without(problem: Problem, visits: frozenset[str]) -> Problem:
    """The problem without these visits, their pins, promises and spacings."""
    owner = problem.visit_by_task
    return problem.replace(
        visits=tuple(visit for visit in problem.visits if visit.id not in visits),
        pins=tuple(pin for pin in problem.pins if owner[pin.task].id not in visits),
        promises=tuple(told for told in problem.promises if owner[told.task].id not in visits),
        spacings=tuple(each for each in problem.spacings if visits.isdisjoint((each.first, each.then))),
    )
