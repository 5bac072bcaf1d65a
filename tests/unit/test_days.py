"""Local days and hours, on days the clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.days import (
    CalendarError,
    clock_text,
    day_text,
    instant,
    local_date,
    midnight,
    next_working_day,
    zone_of,
)

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2030, 6, 11, 8), datetime(2030, 6, 11, 12, tzinfo=UTC)),
        (datetime(2030, 12, 11, 8), datetime(2030, 12, 11, 13, tzinfo=UTC)),
        # Clocks go from 2:00 to 3:00: half past two never comes.
        (datetime(2030, 3, 10, 2, 30), datetime(2030, 3, 10, 7, 30, tzinfo=UTC)),
        (datetime(2030, 3, 10, 3, 30), datetime(2030, 3, 10, 7, 30, tzinfo=UTC)),
        # Clocks go from 2:00 back to 1:00: half past one comes twice.
        (datetime(2030, 11, 3, 1, 30), datetime(2030, 11, 3, 5, 30, tzinfo=UTC)),
        (datetime(2030, 11, 3, 2, 30), datetime(2030, 11, 3, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_local_time_is_an_instant(local: datetime, utc: datetime) -> None:
    assert instant(local.date(), local.time(), NEW_YORK) == utc


def test_midnight_begins_the_local_day() -> None:
    assert midnight(date(2030, 6, 11), NEW_YORK) == datetime(2030, 6, 11, 4, tzinfo=UTC)
    assert local_date(datetime(2030, 6, 11, 3, 59, tzinfo=UTC), NEW_YORK) == date(2030, 6, 10)
    assert local_date(datetime(2030, 6, 11, 4, 0, tzinfo=UTC), NEW_YORK) == date(2030, 6, 11)


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "/etc/passwd", "America", "\0"])
def test_an_unknown_zone_is_named(name: str) -> None:
    with pytest.raises(CalendarError) as refused:
        zone_of(name)
    assert (
        str(refused.value) == f"the time zone {name!r} is unknown: give an IANA name such as America/New_York"
    )


@pytest.mark.parametrize(
    ("after", "working_days", "day"),
    [
        (date(2030, 6, 10), "Mon Tue Wed Thu Fri", date(2030, 6, 11)),
        (date(2030, 6, 14), "Mon Tue Wed Thu Fri", date(2030, 6, 17)),
        (date(2030, 6, 14), "Sat Sun", date(2030, 6, 15)),
        (date(2030, 6, 14), "Fri", date(2030, 6, 21)),
    ],
)
def test_next_working_day(after: date, working_days: str, day: date) -> None:
    assert next_working_day(after, working_days) == day


@pytest.mark.parametrize("working_days", ["", "   ", "mon", "Mon,Tue", "Monday"])
def test_working_days_that_cannot_be_are_named(working_days: str) -> None:
    with pytest.raises(CalendarError, match=r"the working days .* cannot be: list some of Mon, Tue, Wed"):
        next_working_day(date(2030, 6, 10), working_days)


@pytest.mark.parametrize(
    ("at", "text"),
    [(time(0, 5), "12:05 AM"), (time(8), "8:00 AM"), (time(12), "12:00 PM"), (time(23, 59), "11:59 PM")],
)
def test_texts(at: time, text: str) -> None:
    assert clock_text(instant(date(2030, 6, 11), at, NEW_YORK), NEW_YORK) == text
    assert day_text(date(2030, 6, 1)) == "Sat, Jun 1"
