"""Builders of what phones record, for tests of folds, actions and pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

PHONE = "11111111-1111-4111-8111-111111111111"
OTHER_PHONE = "22222222-2222-4222-8222-222222222222"
NAMES = UUID("33333333-3333-4333-8333-333333333333")


def text(moment: datetime) -> str:
    """An instant as phones write it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(
    seq: int,
    kind: str,
    at: datetime,
    payload: dict[str, Any] | None = None,
    *,
    visit: int | None = 1,
    day: str = "2026-11-24",
    device: str = PHONE,
    offset_ms: int | None = 0,
    id: str = "",
) -> dict[str, Any]:
    """One event as JSON; its id follows from the device and `seq`."""
    return {
        "id": id or str(uuid5(NAMES, f"{device}/{seq}")),
        "device": device,
        "seq": seq,
        "kind": kind,
        "visit": visit,
        "day": day,
        "at": text(at),
        "offset_ms": offset_ms,
        "payload": payload or {},
    }


def batch(
    *events: dict[str, Any], sent_at: datetime, device: str = PHONE, nurse: int | None = None
) -> dict[str, Any]:
    """A batch as a phone sends it."""
    told = {"device": device, "sent_at": text(sent_at), "events": list(events)}
    return told if nurse is None else told | {"nurse": nurse}


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
