"""Builders of what phones record, for tests of folds, actions and pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from app import clock
from app.store.engine import Database
from app.store.models.plan import PlanStatus
from tests.support.clinic import Clinic, add_plan, add_visit, local

TODAY = date(2026, 11, 24)
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
    day: str = str(TODAY),
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


def at(hour: int, minute: int = 0) -> datetime:
    """A local time of TODAY."""
    return local(TODAY, hour, minute)


class Now:
    """The service's time, from eight in the morning of TODAY on; it stands still until it is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = at(8)
        monkeypatch.setattr(clock, "read", lambda: self.moment)


def publish_two(database: Database, clinic: Clinic) -> list[int]:
    """Today Ana has Mara from 8:25 to 10:40 and Theo from 11:05; Ben has nobody. The visits' ids."""
    with database.begin() as tx:
        patients = {"V1": clinic.mara, "V2": clinic.theo}
        both = [add_visit(tx, clinic, code, patient, TODAY) for code, patient in patients.items()]
        add_plan(tx, clinic, TODAY, {clinic.ana: both, clinic.ben: []}, status=PlanStatus.PUBLISHED)
        return [visit.id for visit in both]
