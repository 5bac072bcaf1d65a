"""All that a nurse's phone needs to work through her days without a signal."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.actions.actor import Actor
from app.days import local_date, zone_of
from app.field.events import Kind
from app.field.expected import Expected, Meeting, expected_of, told_arrival
from app.nurse.changes import changes_between
from app.nurse.day_json import day_json
from app.nurse.visit_json import Around, visit_json
from app.store.engine import Tx
from app.store.mapping.field import planned_route, record_at
from app.store.mapping.field_day import field_day
from app.store.models import FieldEvent, Nurse, Region, RouteRow, StopRow
from app.store.models.visit import VisitStatus
from app.store.queries import field as queries
from app.store.queries import my_day
from app.store.queries.courses import on_file

LOCALE = "en-US"

BACK, AHEAD = 1, 3
"""The days a phone holds: from yesterday, for a shift past midnight, to the Monday after a Friday. No more,
so that a lost phone has little to tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """`version` changes with the `content`. `shown`: visit, patient, and what of the patient it holds."""

    version: str
    content: Mapping[str, Any]
    shown: Sequence[tuple[int, int, str]]


def snapshot_of(tx: Tx, actor: Actor, now: datetime) -> Snapshot:
    """The nurse's days as of `now`; the caller audits what it shows."""
    region = tx.get_one(Region, actor.region_id)
    nurse = tx.get_one(Nurse, actor.nurse_id or 0)
    today = local_date(now, zone_of(region.zone))
    days = [today + timedelta(days=each) for each in range(-BACK, AHEAD + 1)]
    reader = _Reader(tx, nurse, days, today, now)
    content = {
        "zone": region.zone,
        "locale": LOCALE,
        "nurse": {"id": nurse.id, "name": nurse.name},
        "days": [reader.day(day) for day in days],
        "visits": {str(stop.visit_id): reader.visit(stop) for stop in reader.stops},
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return Snapshot(
        version=hashlib.sha256(text.encode()).hexdigest()[:32],
        content=content,
        shown=[(stop.visit_id, stop.visit.patient_id, _told(stop)) for stop in reader.stops],
    )


class _Reader:
    """Reads the nurse's days once, then builds their parts."""

    def __init__(self, tx: Tx, nurse: Nurse, days: Sequence[date], today: date, now: datetime) -> None:
        self.tx, self.nurse, self.today = tx, nurse, today
        self.routes = my_day.routes_of(tx, nurse.id, days[0], days[-1])
        self.others = {day: my_day.others(tx, route) for day, route in self.routes.items()}
        self.stops = [stop for route in self.routes.values() for stop in route.stops]
        ids = [stop.visit_id for stop in self.stops]
        self.of_days = _by_day(queries.of_nurse(tx, nurse.id, days))
        self.of_visits = _by_visit(queries.of_visits(tx, ids))
        self.filed = on_file(tx, [stop.visit for stop in self.stops])
        self.follow_ups = my_day.follow_ups(tx, ids)
        self.drugs = queries.drugs(tx, nurse.region_id)
        self.published = {each.day for each in my_day.planned_days(tx, nurse, days[0], days[-1])}
        self.meetings: dict[int, Meeting] = {}
        self.expected: dict[int, datetime] = {}
        for day, route in self.routes.items():
            self._reckon(day, route, self.others[day], now)

    def day(self, day: date) -> dict[str, Any]:
        return {"published": day in self.published} | day_json(
            day,
            self.routes.get(day),
            self.of_days[day],
            self.drugs,
            self._changes(day),
        )

    def visit(self, stop: StopRow) -> dict[str, Any]:
        events = self.of_visits[stop.visit_id]
        around = Around(
            number=stop.position + 1,
            other=self.others[stop.route.plan.day].get(stop.visit_id),
            filed=self.filed,
            today=self.today,
            follow_up=self.follow_ups.get(stop.visit_id),
            events=[row for row in events if row.nurse_id == self.nurse.id],
            others=[row for row in events if row.nurse_id != self.nurse.id],
            expected_arrival=self.expected.get(stop.visit_id, stop.arrival),
            meeting=self.meetings.get(stop.visit_id),
        )
        return visit_json(stop, around)

    def _reckon(self, day: date, route: RouteRow, others: Mapping[int, StopRow], now: datetime) -> None:
        records = {
            stop.visit_id: record_at(stop, others.get(stop.visit_id), self.of_visits[stop.visit_id], now)
            for stop in route.stops
        }
        planned = planned_route(route, others, self._due(day, others, now))
        self.meetings |= {stop.visit: stop.meeting for stop in planned.stops if stop.meeting is not None}
        found = expected_of(planned, records, now)
        self.expected |= {each.visit: told_arrival(each) for each in found}

    def _due(self, day: date, others: Mapping[int, StopRow], now: datetime) -> dict[int, Expected]:
        """When the nurses whom she meets today are expected there."""
        if day != self.today or not others:
            return {}
        expected = field_day(self.tx, self.tx.get_one(Region, self.nurse.region_id), day, now).expected
        stays = {visit: (visit, other.route.nurse_id) for visit, other in others.items()}
        return {visit: expected[stay] for visit, stay in stays.items() if stay in expected}

    def _changes(self, day: date) -> list[dict[str, Any]]:
        """Since the plan that she last said she had seen; where she never did, since the day's first."""
        route = self.routes.get(day)
        seen = [
            row.payload["plan"]
            for row in self.of_days[day]
            if row.kind == Kind.CHANGES_SEEN and not row.set_aside
        ]
        before = queries.seen_stops(self.tx, self.nurse, day, seen[-1] if seen else None)
        if before is None or (route is not None and before[0] == route.plan_id):
            return []
        begun = {visit for visit, rows in self.of_visits.items() if _began(rows, self.nurse.id)}
        return changes_between(before[1], route.stops if route is not None else [], begun)


def _by_day(rows: Iterable[FieldEvent]) -> defaultdict[date, list[FieldEvent]]:
    found: defaultdict[date, list[FieldEvent]] = defaultdict(list)
    for row in rows:
        found[row.day].append(row)
    return found


def _by_visit(rows: Iterable[FieldEvent]) -> defaultdict[int, list[FieldEvent]]:
    found: defaultdict[int, list[FieldEvent]] = defaultdict(list)
    for row in rows:
        found[row.visit_id or 0].append(row)
    return found


def _began(rows: Iterable[FieldEvent], nurse: int) -> bool:
    return any(
        row.nurse_id == nurse and not row.set_aside and row.kind in (Kind.ARRIVED, Kind.PHASE_BEGAN)
        for row in rows
    )


def _told(stop: StopRow) -> str:
    booked = stop.visit.status is VisitStatus.BOOKED
    return "name, address, phone, access notes" if booked else "name"
