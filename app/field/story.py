"""A set of events becomes a story: each once, in order of time, with what was amended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from app.field.events import Event, Kind
from app.field.payloads import fault_of

JUMP = timedelta(seconds=60)
"""By so much a phone's clock may drift without anybody speaking of a jump."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An event as it counts: `at` and `payload` are those of the newest amendment, where there is one."""

    event: Event
    at: datetime
    payload: Mapping[str, Any]
    amendments: tuple[Event, ...] = ()

    @property
    def kind(self) -> str:
        """What was recorded."""
        return self.event.kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """`entries` in order, without the amendments themselves. `jumped`: a clock was set in between."""

    entries: tuple[Entry, ...]
    jumped: bool

    def of(self, *kinds: Kind) -> tuple[Entry, ...]:
        """The entries of these kinds, in order."""
        return tuple(entry for entry in self.entries if entry.kind in kinds)


def story_of(events: Iterable[Event]) -> Story:
    """The story of a set of events: in whatever order they came and how often, it is the same."""
    unique = sorted({event.id: event for event in events}.values(), key=_raw)
    times = _times(unique)
    originals = {event.id: event for event in unique if event.kind != Kind.AMENDED}
    amendments: dict[str, list[Event]] = defaultdict(list)
    for event in sorted(unique, key=lambda event: (times[event.id], *_tie(event))):
        target = originals.get(str(event.payload.get("amends")))
        if event.kind == Kind.AMENDED and target is not None and _makes_sense(event, target):
            amendments[target.id].append(event)
    entries = [_entry(event, times[event.id], amendments[event.id]) for event in originals.values()]
    entries.sort(key=lambda entry: (entry.at, *_tie(entry.event)))
    return Story(entries=tuple(entries), jumped=_jumped(unique, times))


def order_of(events: Iterable[Event]) -> list[Event]:
    """Events in order of time, amendments among them."""
    unique = sorted({event.id: event for event in events}.values(), key=_raw)
    times = _times(unique)
    return sorted(unique, key=lambda event: (times[event.id], *_tie(event)))


def _raw(event: Event) -> tuple[object, ...]:
    return (event.device, event.seq, event.time, event.id)


def _tie(event: Event) -> tuple[str, int, str]:
    return (event.device, event.seq, event.id)


def _times(in_sequence: Sequence[Event]) -> dict[str, datetime]:
    """When each happened. On one device the sequence is right and the clock may not be: nothing happened
    before what the device recorded earlier."""
    times: dict[str, datetime] = {}
    latest: dict[str, datetime] = {}
    for event in in_sequence:
        latest[event.device] = max(event.time, latest.get(event.device, event.time))
        times[event.id] = latest[event.device]
    return times


def _jumped(in_sequence: Sequence[Event], times: Mapping[str, datetime]) -> bool:
    if any(times[event.id] - event.time > JUMP for event in in_sequence):
        return True
    return any(
        before.device == after.device
        and before.offset is not None
        and after.offset is not None
        and abs(after.offset - before.offset) > JUMP
        for before, after in pairwise(in_sequence)
    )


def _makes_sense(amendment: Event, target: Event) -> bool:
    if fault_of(Kind.AMENDED, amendment.payload, amendment.visit):
        return False
    return fault_of(target.kind, amendment.payload["payload"], target.visit) is None


def _entry(event: Event, at: datetime, amendments: Sequence[Event]) -> Entry:
    if not amendments:
        return Entry(event=event, at=at, payload=event.payload)
    newest = amendments[-1]
    return Entry(
        event=event,
        at=corrected_time(newest) or at,
        payload=newest.payload["payload"],
        amendments=tuple(amendments),
    )


def corrected_time(amendment: Event) -> datetime | None:
    """The time that an amendment gives, by the service's clock as far as known; None where it gives none."""
    told = amendment.payload.get("at")
    if told is None:
        return None
    return datetime.fromisoformat(told).astimezone(UTC) + (amendment.offset or timedelta())
