"""When the demo's patients are at home: windows around the time at which the laid-out plan comes."""

from __future__ import annotations

from datetime import time
from random import Random

from app.demo.rows import LocalWindow

QUARTER = 15
DAY_START, DAY_END = 7 * 60, 20 * 60
NOON = 12 * 60
NARROW_MINUTES = 60

EVENING = LocalWindow(earliest=time(18, 30), latest_start=time(19, 30), latest_end=None)
"""After work: later than any demo nurse can stay to the end of monitoring."""


def windows_around(rng: Random, start: int, minutes: int) -> tuple[LocalWindow, ...]:
    """Windows that hold a visit of `minutes` at `start` (minutes after midnight).

    Half a day, all day, one hour, or two choices; most with a time by which monitoring must be over.
    """
    kind = rng.choices(("half", "all", "narrow", "two"), (45, 28, 17, 10))[0]
    if kind == "narrow":
        return (_narrow(rng, start, minutes),)
    if kind == "all":
        return (_window(DAY_START, 16 * 60, DAY_END - 60, start, minutes),)
    morning = _window(DAY_START + 30, 11 * 60, 14 * 60, start, minutes)
    afternoon = _window(11 * 60 + 30, 16 * 60, DAY_END - 60, start, minutes)
    early = start < NOON
    if kind == "half":
        return (morning if early else afternoon,)
    if early:
        return (morning, _fixed(14 * 60, 16 * 60, minutes))
    return (_fixed(8 * 60, 9 * 60 + 30, minutes), afternoon)


def _narrow(rng: Random, start: int, minutes: int) -> LocalWindow:
    earliest = (start - rng.randrange(10, NARROW_MINUTES - 10)) // QUARTER * QUARTER
    latest = max(earliest + NARROW_MINUTES, start)
    return LocalWindow(earliest=_clock(earliest), latest_start=_clock(latest), latest_end=None)


def _window(earliest: int, latest: int, end: int, start: int, minutes: int) -> LocalWindow:
    """The window, widened by quarters of an hour where the visit at `start` would not fit."""
    earliest = min(earliest, start // QUARTER * QUARTER)
    latest = max(latest, _up(start))
    end = max(end, _up(start + minutes + QUARTER))
    return LocalWindow(earliest=_clock(earliest), latest_start=_clock(latest), latest_end=_clock(end))


def _fixed(earliest: int, latest: int, minutes: int) -> LocalWindow:
    return LocalWindow(
        earliest=_clock(earliest), latest_start=_clock(latest), latest_end=_clock(_up(latest + minutes))
    )


def _up(minutes: int) -> int:
    return -(-minutes // QUARTER) * QUARTER


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
