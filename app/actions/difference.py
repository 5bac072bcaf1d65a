"""What a draft changes in the day's published plan, by the rows that people see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from app.days import clock_text, zone_of
from app.store.engine import Tx
from app.store.mapping import ids
from app.store.models import Region, RouteRow, StopRow
from app.store.models.disruption import DisruptionKind
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.store.queries import disruptions as queries
from app.store.queries.seen import Stay, seen_on
from scheduler.explain import Care, Changes, Names, changes_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """From the published plan to the draft; `names` for the words: visits by their codes."""

    changes: Changes
    names: Names


def difference(tx: Tx, region: Region, day: date) -> Difference | None:
    """None where the day has no published plan, or no draft. Codes and times only, and no patient's name."""
    before = queries.routes(tx, region.id, day, PlanStatus.PUBLISHED)
    after = queries.routes(tx, region.id, day, PlanStatus.DRAFT)
    if not before or not after:
        return None
    origin = min(route.shift_start for route in (*before, *after))
    visits = {stop.visit_id: stop.visit for route in (*before, *after) for stop in route.stops}
    booked = {
        ids.visit_id(visit.id)
        for visit in visits.values()
        if visit.status is VisitStatus.BOOKED and visit.day == day
    }
    happened = queries.of_run(tx, after[0].plan.run_id)
    if happened is not None and happened.kind is DisruptionKind.VISIT_CANCELLED:
        booked.discard(ids.visit_id(happened.details["visit"]))
    zone = zone_of(region.zone)
    begun = seen_on(tx, region.id, day).begun
    came = {stay: stop for stay, stop in _stays(after).items() if stay in begun}
    return Difference(
        changes=changes_of(_care(before, origin, came), _care(after, origin), booked),
        names=Names(
            clock=lambda seconds: clock_text(origin + timedelta(seconds=seconds), zone),
            nurses={ids.nurse_id(route.nurse_id): route.nurse.name for route in (*before, *after)},
            visits={ids.visit_id(visit.id): visit.code for visit in visits.values()},
        ),
    )


def _stays(routes: Sequence[RouteRow]) -> Mapping[Stay, StopRow]:
    return {(stop.visit_id, route.nurse_id): stop for route in routes for stop in route.stops}


def _care(
    routes: Sequence[RouteRow], origin: datetime, came: Mapping[Stay, StopRow] = MappingProxyType({})
) -> Mapping[str, tuple[Care, ...]]:
    """`came`: what has begun, as it is known by now: nobody need be told when that was."""
    stays: dict[str, list[Care]] = {}
    for (visit, nurse), planned in _stays(routes).items():
        stop = came.get((visit, nurse), planned)
        care = Care(
            nurse=ids.nurse_id(nurse),
            start=int((stop.start - origin).total_seconds()),
            end=int((stop.end - origin).total_seconds()),
        )
        stays.setdefault(ids.visit_id(visit), []).append(care)
    return {
        visit: tuple(sorted(each, key=lambda care: (care.start, care.nurse))) for visit, each in stays.items()
    }
