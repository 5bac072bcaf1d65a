"""Local days and hours of a region, right on the days its clocks change, and how sentences write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class CalendarError(ValueError):
    """A zone or a list of working days that cannot be; the message names the value and the cure."""


def zone_of(name: str) -> ZoneInfo:
    """The zone of this IANA name. Raises CalendarError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CalendarError(
            f"the time zone {name!r} is unknown: give an IANA name such as America/New_York"
        ) from None


def instant(day: date, local: time, zone: ZoneInfo) -> datetime:
    """A local time as a UTC instant.

    Where clocks go forward over it, it is read as if they had not yet; where it comes twice, the first one
    counts.
    """
    return datetime.combine(day, local, tzinfo=zone).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the local day begins, as a UTC instant."""
    return instant(day, time(), zone)


def local_date(now: datetime, zone: ZoneInfo) -> date:
    """The date that people in the zone have at `now`."""
    return now.astimezone(zone).date()


def clock_text(moment: datetime, zone: ZoneInfo) -> str:
    """ "8:05 AM", local time."""
    local = moment.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"


def day_text(day: date) -> str:
    """ "Tue, Nov 24"."""
    return f"{day:%a, %b} {day.day}"


def next_working_day(after: date, working_days: str) -> date:
    """The first working day after `after`; `working_days` is as in "Mon Tue Wed Thu Fri".

    Raises CalendarError for an empty list or an unknown word.
    """
    weekdays = weekdays_of(working_days)
    ahead = (after + timedelta(days=days) for days in range(1, 8))
    return next(day for day in ahead if day.weekday() in weekdays)


def weekdays_of(working_days: str) -> frozenset[int]:
    """The weekdays (Monday is 0) of a list such as "Mon Tue Wed". Raises CalendarError."""
    words = working_days.split()
    unknown = [word for word in words if word not in WEEKDAYS]
    if unknown or not words:
        raise CalendarError(
            f"the working days {working_days!r} cannot be: list some of {', '.join(WEEKDAYS)} by spaces"
        )
    return frozenset(WEEKDAYS.index(word) for word in words)
