"""The day as it is from now on: what has begun pinned, what is frozen pinned, the rest free at a price."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from scheduler.disruption import visits
from scheduler.disruption.carried_out import carried_out
from scheduler.disruption.effect import effect_of, still_late
from scheduler.disruption.freeze import frozen
from scheduler.disruption.history import with_history
from scheduler.disruption.in_force import InForce
from scheduler.disruption.marks import marked, unmarked, unmarked_times, without_marks
from scheduler.disruption.records import (
    NOTHING_SEEN,
    Disruption,
    NurseIll,
    NurseLate,
    RoadClosed,
    Seen,
    UrgentVisit,
    VisitOverruns,
)
from scheduler.disruption.relief import with_relief
from scheduler.disruption.roads import as_driven, slowed
from scheduler.disruption.shifts import (
    at_home,
    breaks_from_now,
    ill_on_the_way,
    stretched,
    with_limits_to_match,
    with_what_was_used,
)
from scheduler.disruption.skeleton import skeleton_of
from scheduler.disruption.tracks import Tracks, tracks_of
from scheduler.explain.unkept import Unkept, UnkeptKind
from scheduler.model import ModelError, Plan, Problem, Promise, Route, promises_of
from scheduler.travel import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A day to be planned again.

    `problem` and `matrix` are the day as the referee judges it. The solver is given `to_solve` and
    `to_solve_matrix`: they say too where nurses on the way are now. `settled` makes its plan one of the day.
    `unkept`: what cannot be kept of the plan in force, whatever the solver finds.
    """

    problem: Problem
    matrix: TravelMatrix
    to_solve: Problem
    to_solve_matrix: TravelMatrix
    unkept: tuple[Unkept, ...]
    history: Mapping[str, Route]

    @property
    def missed(self) -> tuple[str, ...]:
        """Visits that are not of the problem any more: their windows are over."""
        return tuple(
            each.visit for each in self.unkept if each.kind is UnkeptKind.MISSED and each.visit is not None
        )

    def settled(self, plan: Plan) -> Plan:
        """The solver's plan with the departures and arrivals that are past as they were."""
        real = without_marks(plan)
        return real.replace(routes=tuple(self._with_past(route) for route in real.routes))

    def _with_past(self, route: Route) -> Route:
        past = self.history.get(route.shift)
        if past is None:
            return route
        arrivals = {stop.task: stop.arrival for stop in past.stops}
        stops = tuple(
            stop.replace(arrival=arrivals[stop.task]) if stop.task in arrivals else stop
            for stop in route.stops
        )
        return route.replace(departure=past.departure, stops=stops)


def apply(
    problem: Problem,
    matrix: TravelMatrix,
    in_force: InForce,
    disruption: Disruption | None = None,
    *,
    now_s: int,
    freeze_until_s: int,
    earlier: tuple[Disruption, ...] = (),
    seen: Seen = NOTHING_SEEN,
) -> Changed:
    """The day after the `disruption` (None: nothing happened, time has passed), at `now_s`.

    `problem` is the day as known otherwise, from the same origin as the plan `in_force`; `matrix` has the
    places of both. Stays that have begun are pinned as they are and are never left out; nothing else starts
    before now. Stays planned to start before `freeze_until_s` keep nurse and start where that is possible.
    The rest carries promises, at the problem's prices. `earlier` is what happened before and still holds,
    although the plan in force knows of it already: who is ill, what takes longer, where roads are closed.
    `seen`: what nurses have begun, and how that went, or came to in vain: it counts, not what was planned.

    Raises ModelError for a disruption of what there is not, and where a visit that has begun is cancelled.
    """
    _require_known(problem, in_force, disruption)
    planned, in_force = in_force, carried_out(in_force, seen, now_s)
    effect = still_late(effect_of(disruption, in_force, now_s, seen), planned, seen)
    tracks = tracks_of(in_force, effect, now_s)
    begun = _begun_visits(in_force, tracks)
    happened = (*_lasting(problem, earlier), *((disruption,) if disruption else ()))
    matrix = _roads(matrix, happened, in_force, tracks)
    changed = _booked(problem, happened, effect.cancelled, begun)
    changed = with_what_was_used(with_history(changed, in_force, tracks, now_s), tracks)
    changed, missed = visits.from_now(changed, begun, now_s)
    changed, off = _at_work(changed, matrix, tracks, happened, effect.late, now_s)
    allowed, matrix = marked(changed, matrix, in_force, tracks, now_s)
    changed, longer = stretched(allowed, tracks, skeleton_of(allowed, matrix, tracks))
    changed, unfrozen = frozen(changed, matrix, in_force, tracks, freeze_until_s)
    pins = _pins_lost(problem, changed)
    changed, relieved = with_relief(changed, matrix, tracks)
    changed = with_limits_to_match(changed, allowed)
    changed = changed.replace(promises=_promises(in_force, changed, begun))
    return Changed(
        problem=unmarked(changed),
        matrix=unmarked_times(matrix),
        to_solve=changed,
        to_solve_matrix=matrix,
        unkept=(*missed, *off, *longer, *unfrozen, *pins, *relieved),
        history=_history(tracks),
    )


def _roads(
    matrix: TravelMatrix, happened: tuple[Disruption, ...], in_force: InForce, tracks: Tracks
) -> TravelMatrix:
    """The times with what is closed; a drive that is over took no longer than planned."""
    for each in happened:
        if isinstance(each, RoadClosed):
            matrix = slowed(matrix, each)
    return as_driven(matrix, in_force, tracks)


def _booked(
    problem: Problem, happened: tuple[Disruption, ...], cancelled: Collection[str], begun: set[str]
) -> Problem:
    """The visits that are to be made, each as long as it takes now."""
    problem = visits.without(problem, cancelled)
    for each in happened:
        if isinstance(each, UrgentVisit):
            problem = visits.with_one_more(problem, each.visit)
    for each in happened:
        if isinstance(each, VisitOverruns) and each.visit not in begun:
            problem = visits.longer(problem, each.visit, each.minutes * 60)
    return problem


def _history(tracks: Tracks) -> dict[str, Route]:
    """Of each shift that has begun as planned: what of its route has begun."""
    return {
        shift: track.route.replace(stops=track.begun)
        for shift, track in tracks.items()
        if track.begun and track.begun == track.route.stops[: len(track.begun)]
    }


def _require_known(problem: Problem, in_force: InForce, disruption: Disruption | None) -> None:
    if problem.origin != in_force.problem.origin:
        raise ModelError("disruption", "origin", "the plan in force counts from another instant")
    match disruption:
        case NurseIll(shift=shift) | NurseLate(shift=shift):
            known = {each.id for each in (*problem.shifts, *in_force.problem.shifts)}
            if shift not in known:
                raise ModelError("disruption", "shift", f"no shift {shift!r}")
        case UrgentVisit() | RoadClosed() | None:
            return
        case _:
            visits_known = {each.id for each in (*problem.visits, *in_force.problem.visits)}
            if disruption.visit not in visits_known:
                raise ModelError("disruption", "visit", f"no visit {disruption.visit!r}")


def _lasting(problem: Problem, earlier: tuple[Disruption, ...]) -> tuple[Disruption, ...]:
    """What of it still matters: who is off by now, or what is not booked any more, does not."""
    shifts, known = {shift.id for shift in problem.shifts}, {visit.id for visit in problem.visits}
    return tuple(
        each.replace(goes_on=True) if isinstance(each, NurseIll) else each
        for each in earlier
        if isinstance(each, RoadClosed)
        or (isinstance(each, NurseIll) and each.shift in shifts)
        or (isinstance(each, VisitOverruns) and each.visit in known)
    )


def _at_work(
    problem: Problem,
    matrix: TravelMatrix,
    tracks: Tracks,
    happened: tuple[Disruption, ...],
    late: Mapping[str, int],
    now_s: int,
) -> tuple[Problem, tuple[Unkept, ...]]:
    """Who works from now on, and when."""
    ill = {each.shift: each for each in happened if isinstance(each, NurseIll)}
    problem = breaks_from_now(at_home(problem, tracks, late, ill, now_s), tracks, now_s)
    told: tuple[Unkept, ...] = ()
    for each in ill.values():
        skeleton = skeleton_of(problem, matrix, tracks)
        problem, more = ill_on_the_way(problem, tracks, each, skeleton, now_s)
        told += more
    return problem, told


def _begun_visits(in_force: InForce, tracks: Tracks) -> set[str]:
    visit_of = in_force.visits
    return {visit_of[stop.task].id for track in tracks.values() for stop in track.begun}


def _pins_lost(before: Problem, after: Problem) -> tuple[Unkept, ...]:
    """Pins of the dispatcher on visits still to come whose nurse is not there any more."""
    visit_of = after.visit_by_task
    kept = {pin.task for pin in after.pins}
    nurses = {shift.id: shift.nurse for shift in before.shifts}
    return tuple(
        Unkept(kind=UnkeptKind.PIN, visit=visit_of[pin.task].id, nurse=nurses[pin.shift], planned=pin.start)
        for pin in before.pins
        if pin.task in visit_of and pin.task not in kept
    )


def _promises(in_force: InForce, problem: Problem, begun: set[str]) -> tuple[Promise, ...]:
    visit_of = problem.visit_by_task
    told = promises_of(in_force.plan, in_force.problem, problem)
    return tuple(promise for promise in told if visit_of[promise.task].id not in begun)
