"""What a form for a new record shows before anything is typed."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from flask import request

from app.actions.records.content import PhaseContent, WindowContent
from app.days import next_working_day
from app.records.lists import CODED
from app.records.words import WEEK, today
from app.store.engine import Tx
from app.store.models import WeeklyShift
from app.store.models.order import OrderStatus
from app.store.models.protocol import FollowUp, PhaseKind
from app.store.models.visit import Priority, VisitStatus
from app.store.queries import record_lists, records
from app.store.queries.directory import Directory
from app.web.context import actor

ORDER_RUNS = timedelta(days=42)
"""A new order is offered for so long."""


def prefill(tx: Tx, noun: str, directory: Directory) -> dict[str, Any]:
    """Sensible values of a new record."""
    wanted = {name: request.args[name] for name in ("nurse", "patient", "prescriber") if name in request.args}
    if noun in CODED:
        wanted["code"] = _next_code(tx, noun)
    return _DEFAULTS.get(noun, {}) | _days(noun, directory) | wanted


_DEFAULTS: dict[str, dict[str, Any]] = {
    "nurses": {"max_overtime_min": 30},
    "weekly-shifts": {
        "start_time": time(8),
        "end_time": time(16, 30),
        "break_minutes": 30,
        "break_earliest": time(11),
        "break_latest": time(14),
    },
    "protocols": {
        "staff": 1,
        "phases": (
            PhaseContent(kind=PhaseKind.ARRIVAL, minutes=15),
            PhaseContent(kind=PhaseKind.IV_START, minutes=10),
            PhaseContent(kind=PhaseKind.INFUSION, minutes=40),
            PhaseContent(kind=PhaseKind.MONITORING, minutes=60),
            PhaseContent(kind=PhaseKind.DISCHARGE, minutes=10),
        ),
        "overlap_minutes": 10,
        "vitals_infusion": 10,
        "vitals_monitoring": 15,
        "max_systolic": 140,
        "max_diastolic": 90,
        "adult_hours": 4,
        "follow_ups": (
            FollowUp(offset_hours=24, window_hours=4, in_person=False, minutes=15, mania_check=False),
            FollowUp(offset_hours=168, window_hours=24, in_person=False, minutes=15, mania_check=False),
        ),
    },
    "orders": {
        "sessions": 6,
        "min_hours": 48,
        "weekdays": WEEK[:5],
        "earliest_start": time(8),
        "latest_start": time(15),
        "status": OrderStatus.ACTIVE,
    },
    "prescriber-hours": {"start_time": time(8), "end_time": time(17)},
    "visits": {
        "priority": Priority.ROUTINE,
        "status": VisitStatus.BOOKED,
        "windows": (WindowContent(earliest_start=time(8), latest_start=time(16), latest_end=None),),
    },
}


def _days(noun: str, directory: Directory) -> dict[str, Any]:
    """The day that a new record is for, or begins on."""
    match noun:
        case "exceptions" | "prescriber-exceptions" | "pickups":
            return {"day": today()}
        case "orders":
            return {"valid_from": today(), "valid_until": today() + ORDER_RUNS}
        case "credentials":
            return {"valid_from": today()}
        case "visits":
            return {"day": _argument_day() or next_working_day(today(), directory.region.working_days)}
        case _:
            return {}


def weekdays_to_tick(tx: Tx, noun: str) -> list[str]:
    """The weekday that the address names, or those up to Friday on which the nurse has no hours yet."""
    if noun != "weekly-shifts":
        return []
    asked = request.args.get("weekday", "")
    if asked:
        return [asked]
    nurse = request.args.get("nurse", "")
    taken = {shift.weekday for shift in records.owned_by(tx, WeeklyShift, actor().region_id, [nurse])}
    return [word for weekday, word in enumerate(WEEK[:5]) if nurse and weekday not in taken]


def _argument_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _next_code(tx: Tx, noun: str) -> str:
    """A code that is free most of the time; if somebody else takes it first, the form says so."""
    number = record_lists.counts(tx, actor().region_id)[noun] + 1
    return {
        "nurses": f"N{number:03}",
        "orders": f"O{number:04}",
        "prescribers": f"D{number:02}",
        "patients": f"P{number:04}",
        "protocols": f"PROTOCOL-{number}",
        "visits": f"V{number:05}",
    }[noun]
