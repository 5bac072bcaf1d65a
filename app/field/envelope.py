"""What a phone sends: a batch of events, each in its envelope. What an event says is another matter
(`payloads`): a well-formed envelope is always kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.field.events import Event
from app.field.payloads import YEARS

MOST_EVENTS = 200
"""Of one batch."""

MOST_PAYLOAD = 16_384
"""Bytes of JSON of one event."""

MOST_OFFSET_MS = 130 * 366 * 86_400_000
"""From one end of `YEARS` to the other."""

_SEQ_END = 2**53
"""The first whole number that a phone's script cannot count to."""

_KIND = re.compile(r"[a-z_]{1,40}")


class EnvelopeError(ValueError):
    """A batch that cannot be read: which `field`, what is wrong, and of which event, where that is known."""

    def __init__(self, field: str, reason: str, event: str | None = None) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.event = event


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """`sent_at`: the phone's clock when it sent the events. `nurse`: whose they are, by the phone (None: it
    does not say)."""

    device: str
    sent_at: datetime
    nurse: int | None
    events: tuple[Event, ...]


def batch_of(told: object) -> Batch:
    """Read what a phone sent. Raises EnvelopeError."""
    batch = _object("batch", told)
    events = batch.get("events")
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise EnvelopeError("events", f"give a list of at most {MOST_EVENTS} events")
    return Batch(
        device=_uuid("device", batch.get("device")),
        sent_at=_instant("sent_at", batch.get("sent_at")),
        nurse=_whole_or_none("nurse", batch.get("nurse")),
        events=tuple(_event(f"events[{place}]", each) for place, each in enumerate(events)),
    )


def _event(where: str, told: object) -> Event:
    try:
        return _read(where, _object(where, told))
    except EnvelopeError as error:
        named = told.get("id") if isinstance(told, dict) else None
        error.event = named if isinstance(named, str) else None
        raise


def _read(where: str, told: Mapping[str, Any]) -> Event:
    kind = told.get("kind")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise EnvelopeError(f"{where}.kind", "give a kind of event, such as arrived")
    return Event(
        id=_uuid(f"{where}.id", told.get("id")),
        device=_uuid(f"{where}.device", told.get("device")),
        seq=_whole(f"{where}.seq", told.get("seq"), 0, _SEQ_END),
        kind=kind,
        visit=_whole_or_none(f"{where}.visit", told.get("visit")),
        day=_day(f"{where}.day", told.get("day")),
        at=_instant(f"{where}.at", told.get("at")),
        offset=_offset(f"{where}.offset_ms", told.get("offset_ms")),
        payload=_payload(f"{where}.payload", told.get("payload")),
    )


def _object(field: str, told: object) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise EnvelopeError(field, "give a JSON object")
    return told


def _uuid(field: str, told: object) -> str:
    try:
        return str(UUID(told)) if isinstance(told, str) and len(told) == 36 else _no_uuid(field)
    except ValueError:
        return _no_uuid(field)


def _no_uuid(field: str) -> str:
    raise EnvelopeError(field, "give a UUID, as in 0b9f3c0e-6f0f-4d0a-9a55-0d6f1d5f4c11")


def _whole(field: str, told: object, low: int, high: int) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or not low <= told <= high:
        raise EnvelopeError(field, f"give a whole number from {low} to {high}")
    return told


def _whole_or_none(field: str, told: object) -> int | None:
    return None if told is None else _whole(field, told, 1, 2**31 - 1)


def _day(field: str, told: object) -> date:
    try:
        day = date.fromisoformat(told) if isinstance(told, str) and len(told) == 10 else None
    except ValueError:
        day = None
    if day is None or not YEARS[0] <= day.year <= YEARS[1]:
        raise EnvelopeError(field, "give a day, as in 2026-11-28")
    return day


def _instant(field: str, told: object) -> datetime:
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) and len(told) <= 40 else None
        if at is not None and at.tzinfo is not None:
            at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.tzinfo is None or not YEARS[0] <= at.year <= YEARS[1]:
        raise EnvelopeError(field, "give an instant with its zone, as in 2026-11-28T15:04:05.123Z")
    return at


def _offset(field: str, told: object) -> timedelta | None:
    if told is None:
        return None
    if isinstance(told, float) and told.is_integer():
        told = int(told)
    return timedelta(milliseconds=_whole(field, told, -MOST_OFFSET_MS, MOST_OFFSET_MS))


def _payload(field: str, told: object) -> dict[str, Any]:
    try:
        text = json.dumps(_object(field, told), allow_nan=False, ensure_ascii=False)
    except (ValueError, RecursionError):
        raise EnvelopeError(field, "give numbers that are numbers") from None
    # A text cut in the middle of an emoji holds half a character, which nothing else can be written with.
    data = text.encode(errors="replace")
    if len(data) > MOST_PAYLOAD:
        raise EnvelopeError(field, f"it has {len(data)} bytes: {MOST_PAYLOAD} are the most")
    payload: dict[str, Any] = json.loads(data)
    return payload
