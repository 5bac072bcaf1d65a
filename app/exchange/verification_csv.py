"""Electronic visit verification as a CSV file, one line per nurse and visit. Times are local, with offset."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from app.days import zone_of
from app.exchange import csv_text
from app.store.mapping.verification import Mark, Verification

_MARK = (
    "at",
    "recorded_at",
    "phone_clock",
    "received_at",
    "latitude",
    "longitude",
    "accuracy_m",
    "distance_m",
    "amended_because",
)

COLUMNS = (
    "date",
    "visit",
    "service",
    "recipient_code",
    "recipient",
    "provider_code",
    "provider",
    *(f"begin_{name}" for name in _MARK),
    *(f"end_{name}" for name in _MARK),
    "state",
    "complete",
    "far_off",
    "flags",
)


def write(rows: Iterable[Verification]) -> bytes:
    """The file."""
    return csv_text.write(COLUMNS, (_line(row) for row in rows))


def _line(row: Verification) -> list[str]:
    zone = zone_of(row.visit.zone)
    return [
        row.day.isoformat(),
        row.visit.code,
        row.service,
        row.visit.patient.code,
        row.visit.patient.name,
        row.nurse.code,
        row.nurse.name,
        *_mark(row.begin, zone),
        *_mark(row.end, zone),
        row.record.state.value,
        "yes" if row.complete else "no",
        "yes" if row.far_off else "no",
        " ".join(row.record.flags),
    ]


def _mark(mark: Mark | None, zone: ZoneInfo) -> list[str]:
    if mark is None:
        return [""] * len(_MARK)
    place = mark.place
    return [
        _time(mark.at, zone),
        _time(mark.recorded, zone),
        _time(mark.device, zone),
        _time(mark.received, zone),
        f"{place.latitude:.6f}" if place else "",
        f"{place.longitude:.6f}" if place else "",
        f"{place.accuracy_m:.0f}" if place else "",
        f"{place.distance_m:.0f}" if place and place.distance_m is not None else "",
        " / ".join(mark.reasons),
    ]


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
