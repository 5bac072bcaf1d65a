"""What needs attention, as a CSV file: to be read, not imported."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from app.actions.courses.attention import Item
from app.exchange import csv_text

COLUMNS = ("bites", "patient", "visit", "day", "what", "words")


def write(items: Iterable[Item], zone: ZoneInfo) -> bytes:
    """The file; `bites` is a local time. Patients and visits go by their codes."""
    return csv_text.write(COLUMNS, (_cells(item, zone) for item in items))


def _cells(item: Item, zone: ZoneInfo) -> tuple[str, ...]:
    bites = item.bites.astimezone(zone)
    return (
        f"{bites:%Y-%m-%d %H:%M}",
        item.patient.code,
        item.visit.code,
        item.visit.day.isoformat(),
        item.label,
        item.words,
    )
