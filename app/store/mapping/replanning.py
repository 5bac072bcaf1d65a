"""A day whose plan is in force, as it is to be planned again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.store.mapping import ids
from app.store.mapping.day import LoadedDay
from app.store.mapping.disruptions import disruption_of
from app.store.mapping.evidence import Evidence
from app.store.mapping.promises import with_promises
from app.store.mapping.reasons import names_of
from app.store.mapping.visits import LeftOut
from app.store.models import DisruptionRow
from app.store.queries.seen import SeenOnTheWay
from scheduler.disruption import Changed, InForce, RoadClosed, Seen
from scheduler.explain import UnkeptKind, unkept_sentence
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
) -> Midday | None:
    """`seen`: what nurses recorded of the day. None where the region has changed its clock since: that plan
    then says nothing of this day."""
    if published.problem.origin != loaded.problem.origin:
        return None
    lasting = (disruption_of(row, loaded) for row in earlier)
    happening = Happening(
        in_force=InForce(problem=published.problem, matrix=published.matrix, plan=published.plan),
        disruption=None if disruption is None else disruption_of(disruption, loaded),
        earlier=tuple(each for each in lasting if each is not None),
        now_s=loaded.today.seconds(upon.as_of),
        freeze_until_s=loaded.today.seconds(upon.as_of + timedelta(minutes=loaded.region.freeze_minutes)),
        seen=_seen(seen, published),
    )
    return Midday(loaded=with_promises(loaded, published), happening=happening, upon=upon)


def _seen(seen: SeenOnTheWay, published: Evidence) -> Seen:
    visits = published.problem.visit_by_task
    begun = {(ids.visit_id(visit), ids.shift_id(nurse)) for visit, nurse in seen.begun}
    return Seen(
        begun=frozenset(
            stop.task
            for route in published.plan.routes
            for stop in route.stops
            if (visits[stop.task].id, route.shift) in begun
        ),
        in_vain=frozenset(ids.visit_id(visit) for visit in seen.in_vain),
    )


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
    """Today's records as the plan of `evidence`, made upon the same one, had to see them: what had begun as
    it was, hours and stays as what happened has made them. Its travel times know of closed roads already."""
    happening = midday.happening
    disruption = happening.disruption
    anew = replace(
        happening,
        disruption=None if isinstance(disruption, RoadClosed) else disruption,
        earlier=tuple(each for each in happening.earlier if not isinstance(each, RoadClosed)),
        freeze_until_s=happening.now_s,
    )
    changed = anew.applied(midday.loaded.problem, evidence.matrix)
    return replace(midday.loaded, problem=changed.problem)
