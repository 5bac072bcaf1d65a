"""A day whose plan is in force, as it is to be planned again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from app.field.expected import Expected
from app.store.mapping import ids
from app.store.mapping.day import LoadedDay
from app.store.mapping.disruptions import disruption_of
from app.store.mapping.evidence import Evidence
from app.store.mapping.promises import with_promises
from app.store.mapping.reasons import names_of
from app.store.mapping.visits import LeftOut
from app.store.models import DisruptionRow
from app.store.queries.seen import SeenOnTheWay, Stay
from scheduler.disruption import Changed, InForce, RoadClosed, Seen, VisitOverruns
from scheduler.explain import UnkeptKind, unkept_sentence
from scheduler.model import Stop
from scheduler.plan_day import Happening


@dataclass(frozen=True, kw_only=True, slots=True)
class Upon:
    """The published plan a new one is made upon, and the instant up to which that one was carried out."""

    plan_id: int
    as_of: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Midday:
    """`loaded`: the day with prices on what was promised; `happening`: how it stands."""

    loaded: LoadedDay
    happening: Happening
    upon: Upon


def midday_of(
    loaded: LoadedDay,
    published: Evidence,
    upon: Upon,
    disruption: DisruptionRow | None,
    earlier: Iterable[DisruptionRow],
    seen: SeenOnTheWay,
    went: Mapping[Stay, Expected] = MappingProxyType({}),
) -> Midday | None:
    """`seen`: what nurses recorded of the day, and `went`: how their stays went, or are expected to go; one
    that it does not name went as published. None where the region has changed its clock since: that plan then
    says nothing of this day."""
    if published.problem.origin != loaded.problem.origin:
        return None
    lasting = tuple(each for row in earlier if (each := disruption_of(row, loaded)) is not None)
    longer = {each.visit for each in lasting if isinstance(each, VisitOverruns)}
    happening = Happening(
        in_force=InForce(problem=published.problem, matrix=published.matrix, plan=published.plan),
        disruption=None if disruption is None else disruption_of(disruption, loaded),
        earlier=lasting,
        now_s=loaded.today.seconds(upon.as_of),
        freeze_until_s=loaded.today.seconds(upon.as_of + timedelta(minutes=loaded.region.freeze_minutes)),
        seen=_Went(loaded=loaded, published=published, went=went, longer=longer).seen(seen),
    )
    return Midday(loaded=with_promises(loaded, published), happening=happening, upon=upon)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Went:
    """From the field's words to the planner's. `longer`: visits of which somebody reported that they last
    longer than what is recorded lets expect."""

    loaded: LoadedDay
    published: Evidence
    went: Mapping[Stay, Expected]
    longer: Collection[str]

    def seen(self, seen: SeenOnTheWay) -> Seen:
        visits = self.published.problem.visit_by_task
        stays = [
            (stop, (ids.key(visits[stop.task].id), ids.key(route.shift)))
            for route in self.published.plan.routes
            for stop in route.stops
        ]
        return Seen(
            begun=tuple(self._stop(stop, stay) for stop, stay in stays if stay in seen.begun),
            in_vain=frozenset(ids.visit_id(visit) for visit in seen.in_vain),
        )

    def _stop(self, planned: Stop, stay: Stay) -> Stop:
        went = self.went.get(stay)
        if went is None:
            return planned
        seconds = self.loaded.today.seconds
        start, end = seconds(went.start), seconds(went.end)
        if ids.visit_id(stay[0]) in self.longer and not went.over:
            end = max(end, planned.end)
        return planned.replace(arrival=max(0, seconds(went.arrival)), start=max(0, start), end=max(0, end))


def as_changed(loaded: LoadedDay, changed: Changed) -> LoadedDay:
    """The day as it is from now on; what cannot be kept is noted, and a visit whose time is over left out."""
    names = names_of(loaded)
    missed = [unkept for unkept in changed.unkept if unkept.kind is UnkeptKind.MISSED]
    others = [unkept for unkept in changed.unkept if unkept.kind is not UnkeptKind.MISSED]
    left_out = tuple(
        LeftOut(visit_id=ids.key(unkept.visit), reason=unkept_sentence(unkept, names))
        for unkept in missed
        if unkept.visit is not None
    )
    notes = dict.fromkeys(unkept_sentence(unkept, names) for unkept in others)
    return replace(
        loaded,
        problem=changed.problem,
        left_out=(*loaded.left_out, *left_out),
        notes=(*loaded.notes, *notes),
    )


def seen_again(midday: Midday, evidence: Evidence) -> LoadedDay:
    """Today's records as the plan of `evidence`, made upon the same one, had to see them: what has begun as
    it has it, hours and stays as what happened has made them. Its drives know of closed roads already."""
    happening = midday.happening
    disruption = happening.disruption
    anew = replace(
        happening,
        seen=_as_planned(happening, evidence),
        disruption=None if isinstance(disruption, RoadClosed) else disruption,
        earlier=tuple(each for each in happening.earlier if not isinstance(each, RoadClosed)),
        freeze_until_s=happening.now_s,
    )
    changed = anew.applied(midday.loaded.problem, evidence.matrix)
    return replace(midday.loaded, problem=changed.problem)


def _as_planned(happening: Happening, evidence: Evidence) -> Seen:
    """What was seen to begin, at the times that the later plan gives it: how it goes on meanwhile is no fault
    of that plan's."""
    before, after = happening.in_force.visits, evidence.problem.visit_by_task
    stays = {
        (after[stop.task].id, route.shift): stop for route in evidence.plan.routes for stop in route.stops
    }
    shifts = {stop.task: route.shift for route in happening.in_force.plan.routes for stop in route.stops}
    begun = []
    for stop in happening.seen.begun:
        later = stays.get((before[stop.task].id, shifts[stop.task]), stop)
        begun.append(later.replace(task=stop.task))
    return happening.seen.replace(begun=tuple(begun), settled=True)
