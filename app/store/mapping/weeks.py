"""A nurse's day within her week: hours left of her weekly limit, and her rest before and after.

What she does on other days is what their published plans say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.store.mapping import ids
from app.store.mapping.shifts import LocalDay
from app.store.models import Nurse, RouteRow
from scheduler.model import HourLimit, Shift


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def hour_limits(nurses: Iterable[Nurse], work: Sequence[RouteRow], today: LocalDay) -> tuple[HourLimit, ...]:
    """Of each nurse with weekly hours, what the other days of the week leave her for today."""
    week = monday_of(today.day)
    return tuple(
        HourLimit(
            nurse=ids.nurse_id(nurse.id),
            start=0,
            end=24 * 3600,
            max_seconds=max(0, nurse.weekly_hours * 3600 - _worked(nurse, work, week)),
        )
        for nurse in nurses
        if nurse.weekly_hours is not None
    )


def _worked(nurse: Nurse, work: Sequence[RouteRow], week: date) -> int:
    """The seconds of her other shifts of the week."""
    return sum(
        work_seconds(route)
        for route in work
        if route.nurse_id == nurse.id and monday_of(route.plan.day) == week
    )


def work_seconds(route: RouteRow) -> int:
    """What a shift with visits counts towards the week: to its end or its finish, whichever is later."""
    over = max(route.shift_end, route.finish or route.shift_end)
    return int((over - route.shift_start).total_seconds())


def rested(shift: Shift, work: Sequence[RouteRow], today: LocalDay, rest_s: int) -> Shift | None:
    """The shift cut to what rest before and after it leaves; None where that is nothing."""
    start, finish = shift.start, shift.latest_finish
    for route in work:
        if ids.nurse_id(route.nurse_id) != shift.nurse or route.departure is None or route.finish is None:
            continue
        if route.plan.day < today.day:
            start = max(start, today.seconds(route.finish) + rest_s)
        else:
            finish = min(finish, today.seconds(route.departure) - rest_s)
    if (start, finish) == (shift.start, shift.latest_finish):
        return shift
    end = min(shift.end, finish)
    if start >= end:
        return None
    return _cut(shift, start, end, finish - end)


def _cut(shift: Shift, start: int, end: int, overtime: int) -> Shift:
    """The shorter shift, with its break where there is still room for it."""
    rest = shift.break_
    if rest is not None and max(rest.earliest_start, start) + rest.duration > min(rest.latest_end, end):
        rest = None
    return shift.replace(start=start, end=end, max_overtime=overtime, break_=rest)
