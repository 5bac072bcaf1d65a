"""Times and amounts as people here write them. Instants are turned to a region's local time only in pages."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from app.days import clock_text, day_text
from app.web.context import zone


def clock(instant: datetime, where: ZoneInfo | None = None) -> str:
    """ "8:05 AM", local time of `where` (default: the actor's region)."""
    return clock_text(instant, where or zone())


def span(start: datetime, end: datetime, where: ZoneInfo | None = None) -> str:
    """ "8:05 – 11:40 AM", local time of `where` (default: the actor's region)."""
    first, last = clock(start, where), clock(end, where)
    return f"{first.removesuffix(last[-3:])} – {last}"


def day_name(day: date) -> str:
    """ "Tuesday, November 24"."""
    return f"{day:%A, %B} {day.day}"


def short_day(day: date) -> str:
    """ "Tue, Nov 24"."""
    return day_text(day)


def moment(instant: datetime, where: ZoneInfo | None = None) -> str:
    """ "Tue, Nov 24, 8:05 AM", local time of `where` (default: the actor's region)."""
    return f"{short_day(instant.astimezone(where or zone()).date())}, {clock(instant, where)}"


def duration(seconds: int) -> str:
    """ "45 min", "2 h", "2 h 5 min"; rounded to whole minutes, but "1 min" for any part of the first."""
    minutes = max(round(seconds / 60), 1 if seconds > 0 else 0)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def install(app: Flask) -> None:
    """Offer these as template filters."""
    for function in (clock, span, day_name, short_day, moment, duration):
        app.template_filter(function.__name__)(function)
