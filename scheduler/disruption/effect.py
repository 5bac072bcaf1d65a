"""What a disruption does to the plan in force, before anything is planned anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scheduler.disruption.in_force import InForce
from scheduler.disruption.records import (
    NOTHING_SEEN,
    Disruption,
    NurseLate,
    Seen,
    VisitCancelled,
    VisitOverruns,
)
from scheduler.model import ModelError, Stop

_NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """`late`: seconds by which a shift is behind its plan. `longer`: seconds by which a task lasts longer.
    `absent`: tasks at whose place the nurse stands in vain. `cancelled`: visits that do not take place.
    `begun`: tasks that were seen to begin."""

    late: Mapping[str, int] = field(default_factory=dict)
    longer: Mapping[str, int] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    cancelled: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()


def effect_of(
    disruption: Disruption | None, in_force: InForce, now_s: int, seen: Seen = NOTHING_SEEN
) -> Effect:
    """Raises ModelError where a visit is to be cancelled that has begun."""
    effect = _effect_of(disruption, in_force, now_s)
    begun = {
        stop.task
        for visit in effect.cancelled | seen.in_vain
        for stop in _stops(in_force, visit)
        if stop.start <= now_s or stop.task in seen.tasks
    }
    return replace(
        effect,
        absent=effect.absent | begun,
        cancelled=effect.cancelled | seen.in_vain,
        begun=seen.tasks,
        longer={
            task: seconds
            for task, seconds in effect.longer.items()
            if not seen.settled or task not in seen.tasks
        },
    )


def still_late(effect: Effect, planned: InForce, seen: Seen) -> Effect:
    """The effect with what a nurse is late beyond what she was seen to be behind her plan already."""
    stays = {stop.task: stop for stop in seen.begun}
    late = dict(effect.late)
    for route in planned.plan.routes:
        behind = [stays[stop.task].end - stop.end for stop in route.stops if stop.task in stays]
        if behind and route.shift in late:
            late[route.shift] = max(0, late[route.shift] - max(0, behind[-1]))
    return replace(effect, late=late)


def _effect_of(disruption: Disruption | None, in_force: InForce, now_s: int) -> Effect:
    match disruption:
        case NurseLate(shift=shift, minutes=minutes):
            late = minutes * 60
            return Effect(late={shift: late}, longer=_kept_waiting(in_force, shift, late, now_s))
        case VisitOverruns(visit=visit, minutes=minutes):
            return Effect(longer=_overrun(in_force, visit, minutes * 60, now_s))
        case VisitCancelled(visit=visit, no_show=no_show):
            return _cancelled(in_force, visit, no_show, now_s)
    return Effect()


def _stops(in_force: InForce, visit: str) -> list[Stop]:
    visits = in_force.visits
    return [stop for route in in_force.plan.routes for stop in route.stops if visits[stop.task].id == visit]


def _overrun(in_force: InForce, visit: str, seconds: int, now_s: int) -> Mapping[str, int]:
    """The stays that go on; if all should be over by now, those that were to end last."""
    begun = [stop for stop in _stops(in_force, visit) if stop.start <= now_s]
    last = max((stop.end for stop in begun), default=0)
    return {stop.task: seconds for stop in begun if stop.end > now_s or stop.end == last}


def _cancelled(in_force: InForce, visit: str, no_show: bool, now_s: int) -> Effect:
    begun = [stop for stop in _stops(in_force, visit) if stop.start <= now_s]
    if begun and not no_show:
        reason = (
            "it has begun by the plan, and nobody leaves a visit that has begun; was the patient not there?"
        )
        raise ModelError("visit cancelled", "visit", reason)
    return Effect(absent=frozenset(stop.task for stop in begun), cancelled=frozenset({visit}))


def _kept_waiting(in_force: InForce, shift: str, late: int, now_s: int) -> Mapping[str, int]:
    """Stays under way whose nurse waits for the late one to take over."""
    route = next((route for route in in_force.plan.routes if route.shift == shift), None)
    ahead = [stop for stop in route.stops if stop.start + late > now_s] if route else []
    if not ahead:
        return _NOTHING
    visit = in_force.visits[ahead[0].task]
    givers = {
        lag.first for mode in visit.modes for lag in mode.lags if lag.then == ahead[0].task and lag.min_s > 0
    }
    stops = _stops(in_force, visit.id)
    return {stop.task: late for stop in stops if stop.task in givers and stop.start <= now_s}
