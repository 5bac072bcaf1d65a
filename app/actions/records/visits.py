"""Visits with their windows. Local times become UTC instants here, and back."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import zip_longest
from zoneinfo import ZoneInfo

from app.actions.records.content import VisitRecord, WindowContent
from app.actions.records.shapes import CodedKeeper
from app.days import instant
from app.store.models import Visit, VisitWindow
from app.store.queries.directory import Directory


class VisitKeeper(CodedKeeper[VisitRecord, Visit]):
    """Visits, by code."""

    subject = "visits"
    table = Visit
    record_type = VisitRecord

    def record_of(self, row: Visit, directory: Directory) -> VisitRecord:
        zone = ZoneInfo(row.zone)
        return VisitRecord(
            code=row.code,
            patient=row.patient.code,
            protocol=row.protocol.code,
            day=row.day,
            windows=tuple(
                WindowContent(
                    earliest_start=_clock(window.earliest_start, zone),
                    latest_start=_clock(window.latest_start, zone),
                    latest_end=None if window.latest_end is None else _clock(window.latest_end, zone),
                )
                for window in row.windows
            ),
            priority=row.priority,
            status=row.status,
            notes=row.notes,
            pinned_nurse=None if row.pinned_nurse is None else row.pinned_nurse.code,
            pinned_start=None if row.pinned_start is None else _clock(row.pinned_start, zone),
        )

    def write(self, row: Visit, record: VisitRecord, directory: Directory) -> None:
        zone = directory.zone
        row.patient_id = directory.patients[record.patient].id
        row.version = directory.version(record.code, record.protocol)
        row.day = record.day
        row.zone = directory.region.zone
        row.priority = record.priority
        row.status = record.status
        row.notes = record.notes
        pinned = None if record.pinned_nurse is None else directory.nurses[record.pinned_nurse].id
        if pinned != row.pinned_nurse_id:
            row.pinned_taker_id = None  # whom the former nurse was to hand over to
        row.pinned_nurse_id = pinned
        row.pinned_start = _optional_instant(record.day, record.pinned_start, zone)
        _write_windows(row, record, zone)


def _write_windows(row: Visit, record: VisitRecord, zone: ZoneInfo) -> None:
    for window, old in zip_longest(record.windows, list(row.windows)):
        if window is None:
            row.windows.remove(old)
            continue
        if old is None:
            old = VisitWindow()
            row.windows.append(old)
        old.earliest_start = instant(record.day, window.earliest_start, zone)
        old.latest_start = instant(record.day, window.latest_start, zone)
        old.latest_end = _optional_instant(record.day, window.latest_end, zone)


def _optional_instant(day: date, local: time | None, zone: ZoneInfo) -> datetime | None:
    return None if local is None else instant(day, local, zone)


def _clock(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()
