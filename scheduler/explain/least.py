"""What a visit adds to the cost at least, placed on given shifts: quick to say, and never too much."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.check import Cost
from scheduler.check.windows import lateness
from scheduler.explain.fit import Stay
from scheduler.explain.placing import Placing, Way
from scheduler.explain.retime import Held, detour
from scheduler.model import Shift, Stop, Task
from scheduler.travel import TravelMatrix


def least_added(placing: Placing, way: Way, cost: Cost) -> int | None:
    """Points that this way adds at least to a plan of this cost; None: it breaks a rule for certain.

    The detours and the nurses are sure. What else a change could save is the whole price that the plan pays
    for the like today: the overtime, lateness, moved starts and missed breaks of these shifts, and the
    waiting, longest idle time, worst lateness and imbalance of all.
    """
    added = -(cost.worst_lateness + cost.waiting + cost.longest_idle + cost.imbalance)
    for shift, task in zip(way.shifts, way.mode.tasks, strict=True):
        if not placing.may_do(shift, task):
            return None
        stops = [stop for stop, _ in placing.planned(shift)]
        drive = _shortest_detour(placing, shift, [placing.tasks[stop.task] for stop in stops], task)
        if drive is None:
            return None
        added += placing.problem.weights.travel * drive - _paid(placing, shift, stops)
        if placing.visit.preferred_nurses and shift.nurse not in placing.visit.preferred_nurses:
            added += placing.problem.weights.not_preferred
    return added


def _shortest_detour(placing: Placing, shift: Shift, tasks: Sequence[Task], task: Task) -> int | None:
    """Of the places in the route that leave time for every stay, were there no break and no lags; None: there
    is none."""
    matrix, mine = placing.matrix, Held.of(placing.stay(task))
    held = [Held.of(Stay(task=each)) for each in tasks]
    free, leave_by = _free(shift, held, matrix), _start_by(shift, held, matrix)
    here = [shift.start_place, *(each.place for each in tasks)]
    there = [*(each.place for each in tasks), shift.end_place]
    detours = []
    for position, (before, after) in enumerate(zip(free, leave_by, strict=True)):
        if before is None or after is None:
            continue
        start = _earliest(mine, before + matrix.between(here[position], task.place))
        if start is None:
            continue
        if start + task.duration + matrix.between(task.place, there[position]) <= after:
            detours.append(detour(shift, tasks, position, task, matrix))
    return min(detours, default=None)


def _free(shift: Shift, held: Sequence[Held], matrix: TravelMatrix) -> list[int | None]:
    """When she can be free to drive to the newcomer, before each stay and after the last; None: never."""
    free: list[int | None] = [shift.start]
    here, now = shift.start_place, shift.start
    for each in held:
        start = _earliest(each, now + matrix.between(here, each.task.place))
        if start is None:
            return [*free, *[None] * (len(held) + 1 - len(free))]
        here, now = each.task.place, start + each.task.duration
        free.append(now)
    return free


def _start_by(shift: Shift, held: Sequence[Held], matrix: TravelMatrix) -> list[int | None]:
    """When she must be at each stay, and last at the end of her way, to do the rest; None: it cannot be."""
    start_by: list[int | None] = [shift.latest_finish]
    there, deadline = shift.end_place, shift.latest_finish
    for each in reversed(held):
        latest = deadline - matrix.between(each.task.place, there) - each.task.duration
        starts = [min(high, latest) for low, high in each.spans if low <= latest]
        if not starts:
            return [*[None] * (len(held) + 1 - len(start_by)), *reversed(start_by)]
        there, deadline = each.task.place, max(starts)
        start_by.append(deadline)
    return start_by[::-1]


def _earliest(held: Held, ready: int) -> int | None:
    return min((max(low, ready) for low, high in held.spans if ready <= high), default=None)


def _paid(placing: Placing, shift: Shift, stops: Sequence[Stop]) -> int:
    """What the shift's route costs today beside its drives and nurses."""
    route, weights = placing.routes.get(shift.id), placing.problem.weights
    if route is None:
        return 0
    paid = max(0, route.finish - shift.end) * shift.overtime_cost
    if shift.break_ is not None and route.break_start is None:
        paid += shift.break_.miss_cost or 0
    for stop in stops:
        task = placing.tasks[stop.task]
        paid += weights.lateness * lateness(task, stop)
        paid += weights.moved_start * placing.is_moved(task, stop.start)
    return paid
