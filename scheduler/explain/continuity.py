"""How far each patient of a series keeps the nurse: measured on a plan, whatever it costs there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from scheduler.model import Plan, Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesContinuity:
    """Of the `sessions` of a series, those that are served, by start; `nurses` are those who begin them, in
    the same order."""

    sessions: int
    served: tuple[str, ...]
    nurses: tuple[str, ...]

    @property
    def pairs(self) -> int:
        """How many served sessions follow another one."""
        return max(0, len(self.served) - 1)

    @property
    def kept(self) -> int:
        """How many of them are begun by the nurse of the one before."""
        return sum(one == then for one, then in pairwise(self.nurses))


def continuity(problem: Problem, plan: Plan) -> tuple[SeriesContinuity, ...]:
    """A measure for each series: visits that spacings join, follow-ups (`needs_first`) left aside.

    In the order of the problem's visits. Raises KeyError where the plan speaks of what the problem lacks.
    """
    begun = _begun(problem, plan)
    found = []
    for sessions in _series(problem):
        served = sorted((visit for visit in sessions if visit in begun), key=lambda visit: begun[visit][0])
        nurses = tuple(begun[visit][1] for visit in served)
        found.append(SeriesContinuity(sessions=len(sessions), served=tuple(served), nurses=nurses))
    return tuple(found)


def share_kept(series: Iterable[SeriesContinuity]) -> float | None:
    """Of all served sessions that follow another one, the share, from 0 to 1, with the same nurse; None:
    there are none."""
    counted = [(each.kept, each.pairs) for each in series]
    pairs = sum(pairs for _, pairs in counted)
    return sum(kept for kept, _ in counted) / pairs if pairs else None


def _begun(problem: Problem, plan: Plan) -> dict[str, tuple[int, str]]:
    """When each served visit starts, and with which nurse; of stays that start together, the first of the
    mode counts."""
    nurses = {shift.id: shift.nurse for shift in problem.shifts}
    ranks = {
        task.id: (visit.id, rank)
        for visit in problem.visits
        for mode in visit.modes
        for rank, task in enumerate(mode.tasks)
    }
    first: dict[str, tuple[int, int, str]] = {}
    for route in plan.routes:
        for stop in route.stops:
            visit, rank = ranks[stop.task]
            stay = (stop.start, rank, nurses[route.shift])
            first[visit] = min(stay, first.get(visit, stay))
    return {visit: (start, nurse) for visit, (start, _, nurse) in first.items()}


def _series(problem: Problem) -> Iterator[list[str]]:
    """The visits that spacings join, each visit in one list."""
    joined: dict[str, set[str]] = {}
    for spacing in problem.spacings:
        if not spacing.needs_first:
            joined.setdefault(spacing.first, set()).add(spacing.then)
            joined.setdefault(spacing.then, set()).add(spacing.first)
    order = {visit.id: number for number, visit in enumerate(problem.visits)}
    done: set[str] = set()
    for visit in sorted(joined, key=order.__getitem__):
        if visit in done:
            continue
        found, fringe = {visit}, [visit]
        while fringe:
            near = joined[fringe.pop()] - found
            found |= near
            fringe += near
        done |= found
        yield sorted(found, key=order.__getitem__)
