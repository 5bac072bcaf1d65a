"""Where one more visit could go in a plan: every nurse, ranked by what that adds to the cost.

The other visits keep their nurses and their order. They move in time only where they must.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.check import Code, Judge
from scheduler.explain.placing import Placing, Way
from scheduler.model import Plan, Problem, Route, Visit
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """One way to take a visit into a plan, in one of its modes.

    `nurses` and `starts` (seconds since the origin) go with the mode's tasks, `routes` replace those of the
    same shifts. `added` is what the plan's cost rises by, in points, the visit's drop cost not counted;
    `broken` are the rules that would be broken, none where it fits.
    """

    mode: str
    nurses: tuple[str, ...]
    starts: tuple[int, ...]
    added: int
    broken: tuple[Code, ...]
    routes: tuple[Route, ...]

    @property
    def feasible(self) -> bool:
        """It breaks no rule."""
        return not self.broken

    def taken(self, plan: Plan, visit: str) -> Plan:
        """The plan with the visit served this way."""
        changed = {route.shift for route in self.routes}
        kept = tuple(route for route in plan.routes if route.shift not in changed)
        left_out = tuple(other for other in plan.unassigned if other != visit)
        return Plan(routes=(*kept, *self.routes), unassigned=left_out)


def openings(problem: Problem, matrix: TravelMatrix, plan: Plan, visit: Visit) -> tuple[Opening, ...]:
    """The ways to take `visit` into `plan`, a feasible one: those that break fewest rules first, then by what
    they add.

    For a mode of one task there is one for each shift, at its best place; for a mode of several tasks there
    are some that break no rule. `visit` need not be of the problem yet; its places must be, and be in the
    matrix. Raises ValueError where the plan serves it already, KeyError for a place that is not known.
    """
    inquiry = Inquiry(problem, matrix, plan, visit)
    found = []
    for way in inquiry.placing.ways():
        opening = inquiry.opening(way)
        if opening.feasible or len(way.mode.tasks) == 1:
            found.append(opening)
    return tuple(sorted(found, key=lambda one: (len(one.broken), one.added, one.nurses)))


class Inquiry:
    """One visit asked about in one plan: the ways to place it, and the referee's word on each.

    A visit of one task starts at a multiple of `step` seconds after the origin, where its windows have one.
    Raises as `openings` does.
    """

    def __init__(
        self, problem: Problem, matrix: TravelMatrix, plan: Plan, visit: Visit, step: int = 1
    ) -> None:
        if visit.id not in {known.id for known in problem.visits}:
            problem = problem.replace(visits=(*problem.visits, visit))
        planned = {stop.task for route in plan.routes for stop in route.stops}
        if any(task.id in planned for task in visit.tasks):
            raise ValueError(f"visit {visit.id!r} is served: take it out of the plan first")
        self._left_out = tuple(other for other in dict.fromkeys(plan.unassigned) if other != visit.id)
        without = plan.replace(unassigned=(*self._left_out, visit.id))
        self._visit = visit
        self._nurses = {shift.id: shift.nurse for shift in problem.shifts}
        self._judge = Judge(problem, matrix, without)
        self.cost = self._judge.cost
        self.placing = Placing.of(problem, matrix, without, visit, step)

    def opening(self, way: Way) -> Opening:
        """The visit placed this way, each of its tasks at the best place of its shift."""
        best = map(self.placing.best, way.shifts, way.stays)
        routes = tuple(each.route for each in best)
        report = self._judge.judged(routes, self._left_out)
        assert report.cost is not None
        placed = {stop.task: (route.shift, stop.start) for route in routes for stop in route.stops}
        tasks = [placed[task.id] for task in way.mode.tasks]
        return Opening(
            mode=way.mode.id,
            nurses=tuple(self._nurses[shift] for shift, _ in tasks),
            starts=tuple(start for _, start in tasks),
            added=report.cost.total - self.cost.total + (self._visit.drop_cost or 0),
            broken=tuple(dict.fromkeys(violation.code for violation in report.violations)),
            routes=routes,
        )
