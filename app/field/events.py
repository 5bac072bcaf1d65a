"""An event: one thing a nurse's phone recorded. Never changed; a later event amends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What may be recorded."""

    ARRIVED = "arrived"
    CHECKED = "checked"
    VITALS = "vitals"
    GO = "go"
    NO_GO = "no_go"
    PHASE_BEGAN = "phase_began"
    NOTE = "note"
    DISCHARGED = "discharged"
    DEPARTED = "departed"
    AMENDED = "amended"
    PICKED_UP = "picked_up"
    USED = "used"
    WASTED = "wasted"
    RETURNED = "returned"
    EXPLAINED = "explained"
    SHIFT_CLOSED = "shift_closed"
    CHANGES_SEEN = "changes_seen"


AT_A_VISIT = frozenset(
    {
        Kind.ARRIVED,
        Kind.CHECKED,
        Kind.VITALS,
        Kind.GO,
        Kind.NO_GO,
        Kind.PHASE_BEGAN,
        Kind.NOTE,
        Kind.DISCHARGED,
        Kind.DEPARTED,
        Kind.USED,
    }
)
"""The kinds that say nothing without a visit."""

CUSTODY = frozenset(
    {
        Kind.PICKED_UP,
        Kind.USED,
        Kind.WASTED,
        Kind.RETURNED,
        Kind.EXPLAINED,
        Kind.SHIFT_CLOSED,
        Kind.AMENDED,
    }
)
"""The kinds that count what a nurse carries on one day; amendments may be of any of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """`at`: the phone's clock, UTC; `offset`: the service's clock minus the phone's, None where nobody knows
    it. `seq` counts the events of one `device`. `visit`: its key, None for what belongs to the whole `day`, a
    local date."""

    id: str
    device: str
    seq: int
    kind: str
    visit: int | None
    day: date
    at: datetime
    offset: timedelta | None
    payload: Mapping[str, Any]

    @property
    def time(self) -> datetime:
        """When it happened, by the service's clock as far as that is known."""
        return self.at + (self.offset or timedelta())

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """An event that is known to be well-formed."""
        offset = told["offset_ms"]
        return cls(
            id=told["id"],
            device=told["device"],
            seq=told["seq"],
            kind=told["kind"],
            visit=told["visit"],
            day=date.fromisoformat(told["day"]),
            at=datetime.fromisoformat(told["at"]).astimezone(UTC),
            offset=None if offset is None else timedelta(milliseconds=offset),
            payload=told["payload"],
        )

    def to_json(self) -> dict[str, Any]:
        """As the phone sends it."""
        return {
            "id": self.id,
            "device": self.device,
            "seq": self.seq,
            "kind": self.kind,
            "visit": self.visit,
            "day": self.day.isoformat(),
            "at": instant_text(self.at),
            "offset_ms": None if self.offset is None else milliseconds(self.offset),
            "payload": dict(self.payload),
        }


def milliseconds(span: timedelta) -> int:
    """A span in whole milliseconds."""
    return round(span / timedelta(milliseconds=1))


def instant_text(moment: datetime) -> str:
    """ "2026-11-28T15:04:05.123Z"."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
