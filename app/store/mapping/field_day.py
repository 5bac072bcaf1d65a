"""A region's day as it was carried out: every nurse's record of every visit, held against the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from app.days import zone_of
from app.field.custody import Custody, custody_of
from app.field.events import CUSTODY
from app.field.expected import Expected, expected_of
from app.field.record import VisitRecord
from app.store.engine import Tx
from app.store.mapping.field import planned_route, record_at
from app.store.models import FieldEvent, Nurse, Region, RouteRow, StopRow
from app.store.queries import field as queries
from app.store.queries import seen

Stay = seen.Stay


@dataclass(frozen=True, kw_only=True)
class FieldDay:
    """`stops`: of every nurse at every visit that was ever hers on the day, by the last plan that gave it to
    her; `current`: those of the plan in force. `rows`: all that was recorded of the day or of its visits.
    `in_use`: somebody in the region has ever recorded anything."""

    region: Region
    day: date
    now: datetime
    routes: Sequence[RouteRow]
    stops: Mapping[Stay, StopRow]
    current: frozenset[Stay]
    rows: Sequence[FieldEvent]
    drugs: Sequence[str]
    in_use: bool

    @cached_property
    def zone(self) -> ZoneInfo:
        """The region's."""
        return zone_of(self.region.zone)

    @cached_property
    def records(self) -> dict[Stay, VisitRecord]:
        """Of the stops in force, and of all others of which something was recorded."""
        rows = _by_visit(self.rows)
        told = {(row.visit_id, row.nurse_id) for row in self.rows if not row.set_aside}
        return {
            stay: record_at(stop, self.other(stay), rows[stay[0]], self.now)
            for stay, stop in self.stops.items()
            if stay in self.current or stay in told
        }

    @cached_property
    def expected(self) -> dict[Stay, Expected]:
        """When nurses were or are expected at their stops. At a hand-over each waits for the other: what is
        expected of one is reckoned once more from what is expected of the other."""
        alone = self._expected({})
        shared = {stay: each for stay, each in alone.items() if self.other(stay) is not None}
        return self._expected(shared) if shared else alone

    def _expected(self, known: Mapping[Stay, Expected]) -> dict[Stay, Expected]:
        found: dict[Stay, Expected] = {}
        for route in self.routes:
            nurse = route.nurse_id
            records = {visit: each for (visit, who), each in self.records.items() if who == nurse}
            others = {
                stop.visit_id: other
                for stop in route.stops
                if (other := self.other((stop.visit_id, nurse))) is not None
            }
            due = {
                visit: known[visit, other.route.nurse_id]
                for visit, other in others.items()
                if (visit, other.route.nurse_id) in known
            }
            for each in expected_of(planned_route(route, others, due), records, self.now):
                found[each.visit, nurse] = each
        return found

    @cached_property
    def custody(self) -> dict[int, Custody]:
        """What each nurse who recorded any carried, by her key."""
        events = defaultdict(list)
        for row in self.rows:
            if row.kind in CUSTODY and row.day == self.day and not row.set_aside:
                events[row.nurse_id].append(row.event)
        found = {nurse: custody_of(each, self.drugs) for nurse, each in events.items()}
        return {nurse: each for nurse, each in found.items() if each.lines or each.closing_at}

    @cached_property
    def nurses(self) -> dict[int, Nurse]:
        """Who is in the plan or recorded anything, by key."""
        planned = [stop.route.nurse for stop in self.stops.values()]
        every = [*planned, *(row.nurse for row in self.rows)]
        return {nurse.id: nurse for nurse in every}

    def other(self, stay: Stay) -> StopRow | None:
        """The stop of the nurse who comes to the same visit by the same plan."""
        mine = self.stops[stay]
        return next(
            (
                stop
                for (visit, nurse), stop in self.stops.items()
                if visit == stay[0] and nurse != stay[1] and stop.route.plan_id == mine.route.plan_id
            ),
            None,
        )


def field_day(tx: Tx, region: Region, day: date, now: datetime) -> FieldDay:
    """Read the day, in a fixed number of queries. The caller audits what is shown of it."""
    held = queries.stops_held(tx, region.id, day)
    routes = queries.published_routes(tx, region.id, day)
    in_force = {route.plan_id for route in routes}
    stops = {(stop.visit_id, stop.route.nurse_id): stop for stop in held}
    return FieldDay(
        region=region,
        day=day,
        now=now,
        routes=routes,
        stops=stops,
        current=frozenset(stay for stay, stop in stops.items() if stop.route.plan_id in in_force),
        rows=queries.of_day_or_visits(tx, region.id, day, {visit for visit, _ in stops}),
        drugs=queries.drugs(tx, region.id),
        in_use=queries.in_use(tx, region.id),
    )


def _by_visit(rows: Iterable[FieldEvent]) -> defaultdict[int, list[FieldEvent]]:
    found: defaultdict[int, list[FieldEvent]] = defaultdict(list)
    for row in rows:
        if row.visit_id is not None:
            found[row.visit_id].append(row)
    return found
