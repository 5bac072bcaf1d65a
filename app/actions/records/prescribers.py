"""Prescribers, and when they can be reached."""

from __future__ import annotations

from app.actions.records.content import (
    PrescriberExceptionRecord,
    PrescriberHoursRecord,
    PrescriberRecord,
)
from app.actions.records.shapes import CodedKeeper, OwnedKeeper
from app.store.models import Prescriber, PrescriberException, PrescriberHours


class PrescriberKeeper(CodedKeeper[PrescriberRecord, Prescriber]):
    """Prescribers, by code."""

    subject = "prescribers"
    table = Prescriber
    record_type = PrescriberRecord


class PrescriberHoursKeeper(OwnedKeeper[PrescriberHoursRecord, PrescriberHours]):
    """Hours of a week, by prescriber, weekday and start."""

    subject = "prescriber_hours"
    table = PrescriberHours
    record_type = PrescriberHoursRecord
    keys = ("prescriber", "weekday", "start_time")


class PrescriberExceptionKeeper(OwnedKeeper[PrescriberExceptionRecord, PrescriberException]):
    """Days that differ from the week, by prescriber and day."""

    subject = "prescriber_exceptions"
    table = PrescriberException
    record_type = PrescriberExceptionRecord
    keys = ("prescriber", "day")
