"""A plan made better part by part, around the visits that have lost what patients were told.

What the absence of one nurse changes lies mostly near her patients, and a part of a day is priced many times
sooner than the whole. A large neighbourhood search (Shaw 1998) with neighbourhoods that grow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic

from scheduler.model import Plan, Problem, Promise, Visit
from scheduler.solve import price as pricing
from scheduler.solve.day import without
from scheduler.solve.seam import Cancelled
from scheduler.travel import TravelMatrix

PARTS = ((25, 0.4), (40, 0.6), (60, 1.0))
"""How many nurses one part after the other has, and how much of the time left it may take."""

Stand = tuple[str, int]
"""A task's nurse and start."""


def improved_nearby(
    problem: Problem, matrix: TravelMatrix, plan: Plan, deadline: float, cancelled: Cancelled
) -> Plan:
    """The plan, or a cheaper one near it, by `deadline` (`time.monotonic()`) or soon after `cancelled`.

    As feasible as `plan`, unless a rule ties nurses of different parts together: let it be judged.
    """
    for nurses, share in PARTS:
        left = deadline - monotonic()
        part = around(problem, matrix, plan, nurses) if left > 0 and not cancelled() else None
        if part is None:
            break
        inside = {shift.id for shift in part.shifts}
        mine = plan.replace(routes=tuple(route for route in plan.routes if route.shift in inside))
        end = monotonic() + share * left
        found = pricing.price(part, matrix, mine, end, cancelled=cancelled, pace=pricing.HASTY).plan
        if found is not None:
            others = (route for route in plan.routes if route.shift not in inside)
            plan = Plan(routes=(*others, *found.routes), unassigned=found.unassigned)
    return plan


def around(problem: Problem, matrix: TravelMatrix, plan: Plan, nurses: int) -> Problem | None:
    """The part of the day with so many nurses, those nearest to the visits that are left out or not as
    promised, and a few more where visits tie them together; with all visits that these serve, and those left
    out.

    None where every visit is as promised, or where that is the whole day.
    """
    nurse = {shift.id: shift.nurse for shift in problem.shifts}
    stops = {stop.task: (nurse[route.shift], stop.start) for route in plan.routes for stop in route.stops}
    serving = {visit.id: {stops[t.id][0] for t in visit.tasks if t.id in stops} for visit in problem.visits}
    told = {promise.task: promise for promise in problem.promises}
    lost = [visit for visit in problem.visits if not _is_as_promised(visit, stops, told)]
    tasks = {task.id for visit in lost for task in visit.tasks}
    pinned = {nurse[pin.shift] for pin in problem.pins if pin.task in tasks}
    near = _by_distance(problem, matrix, stops, lost)[:nurses] if lost else []
    chosen = _closed(set(near) | pinned, [serving[visit.id] for visit in lost], serving.values())
    if not lost or chosen.issuperset(nurse.values()):
        return None
    outside = frozenset(visit for visit, by in serving.items() if by and by.isdisjoint(chosen))
    shifts = tuple(shift for shift in problem.shifts if shift.nurse in chosen)
    return without(problem, outside).replace(shifts=shifts)


def _is_as_promised(visit: Visit, stops: Mapping[str, Stand], told: Mapping[str, Promise]) -> bool:
    planned = [task.id for task in visit.tasks if task.id in stops]
    return bool(planned) and all(task in told and _keeps(told[task], *stops[task]) for task in planned)


def _keeps(promise: Promise, nurse: str, start: int) -> bool:
    return nurse == promise.nurse and abs(start - promise.start) <= promise.tolerance


def _by_distance(
    problem: Problem, matrix: TravelMatrix, stops: Mapping[str, Stand], lost: Sequence[Visit]
) -> list[str]:
    """All nurses, by the shortest way from where they begin or stop to one of the lost visits and back."""
    row = {place: number for number, place in enumerate(matrix.places)}
    places = defaultdict(list)
    for shift in problem.shifts:
        places[shift.nurse].append(row[shift.start_place])
    for task in (task for visit in problem.visits for task in visit.tasks if task.id in stops):
        places[stops[task.id][0]].append(row[task.place])
    there = [row[task.place] for visit in lost for task in visit.tasks]
    nearest = (matrix.seconds[there, :] + matrix.seconds[:, there].T).min(axis=0)
    return sorted(places, key=lambda nurse: int(nearest[places[nurse]].min()))


def _closed(chosen: set[str], own: Iterable[set[str]], serving: Iterable[set[str]]) -> set[str]:
    """The nurses chosen, those of `own`, and whoever shares a visit with one of them, and so on."""
    chosen = chosen.union(*own)
    shared = [nurses for nurses in serving if len(nurses) > 1]
    while more := set().union(*(nurses for nurses in shared if nurses & chosen)) - chosen:
        chosen |= more
    return chosen
