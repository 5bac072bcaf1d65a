"""The nurse's calendar feed: opaque entries for any calendar app, under a secret address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from flask import Response, abort
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from app.actions.phones import hash_of
from app.clock import utc_now
from app.days import local_date, zone_of
from app.nurse.blueprint import blueprint
from app.store.audit import record
from app.store.models import Region
from app.store.queries import phones
from app.store.queries.phones import Entry
from app.web.access import public
from app.web.context import begin

BACK, AHEAD = timedelta(days=14), timedelta(days=20)
"""Which published days the feed holds."""

REFRESH = timedelta(minutes=15)
"""How often calendar apps are asked to look again."""


@blueprint.get("/calendar/<secret>.ics")
@public
def calendar(secret: str) -> ResponseReturnValue:
    """Her visits as "Visit 2 of 3": no patient, no address. The secret in the address is the log-in."""
    with begin() as tx:
        nurse = phones.feed_owner(tx, hash_of(secret))
        if nurse is None:
            abort(404)
        region = tx.get_one(Region, nurse.region_id)
        today = local_date(utc_now(), zone_of(region.zone))
        entries = phones.calendar(tx, nurse.id, today - BACK, today + AHEAD)
        detail = f"{len(entries)} visits, times only"
        record(tx, None, action="read", subject="calendar_feeds", subject_id=str(nurse.id), detail=detail)
    return Response(feed_of(entries, hash_of(secret)), mimetype="text/calendar")


def feed_of(entries: Iterable[Entry], salt: str) -> bytes:
    """The entries as iCalendar, in each day's own zone. `salt` makes their ids tell nothing."""
    feed = Calendar()
    feed.add("prodid", "-//Rounds//Visits//EN")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", "Rounds")
    feed.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        feed.add_component(_event(entry, salt))
    feed.add_missing_timezones()
    return bytes(feed.to_ical())


def _event(entry: Entry, salt: str) -> Event:
    zone = zone_of(entry.zone)
    event = Event()
    event.add("uid", f"{hashlib.sha256(f'{salt}{entry.visit}'.encode()).hexdigest()[:32]}@rounds")
    event.add("summary", f"Visit {entry.number} of {entry.of}")
    event.add("dtstart", entry.start.astimezone(zone))
    event.add("dtend", entry.end.astimezone(zone))
    event.add("dtstamp", entry.published_at)
    event.add("class", "PRIVATE")
    return event
