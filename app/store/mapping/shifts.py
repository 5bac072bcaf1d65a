"""A nurse's rows become her shift of one day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.days import instant, midnight
from app.store.mapping import ids
from app.store.mapping.credentials import held_by
from app.store.models import Nurse, Region, WeeklyShift
from app.store.models.nurse import Availability
from scheduler.model import Break, Shift


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalDay:
    """A day in a region's zone; the planner counts seconds from its `origin`, midnight."""

    day: date
    zone: ZoneInfo

    @property
    def origin(self) -> datetime:
        """Local midnight, UTC."""
        return midnight(self.day, self.zone)

    def seconds(self, moment: datetime) -> int:
        """An instant as seconds since the origin; negative on earlier days."""
        return int((moment - self.origin).total_seconds())

    def at(self, local: time) -> int:
        """A local time as seconds since the origin: 9:00 comes 8 hours after midnight where clocks go
        forward."""
        return self.seconds(instant(self.day, local, self.zone))


def shift_of(nurse: Nurse, region: Region, today: LocalDay, states: Collection[str] = ()) -> Shift | None:
    """The nurse's shift of the day, for patients in these states; None where she is off. Raises ModelError
    for hours that cannot be."""
    hours = _hours(nurse, today.day)
    if hours is None or not nurse.active:
        return None
    start, end = today.at(hours[0]), today.at(hours[1])
    home = ids.nurse_id(nurse.id)
    return Shift(
        id=ids.shift_id(nurse.id),
        nurse=ids.nurse_id(nurse.id),
        start_place=home,
        end_place=home,
        start=start,
        end=end,
        credentials=held_by(nurse, today.day, states),
        break_=_break(_week(nurse, today.day), today, start, end),
        max_overtime=nurse.max_overtime_min * 60,
        overtime_cost=region.overtime_rate,
        max_visits=nurse.max_visits,
    )


def _week(nurse: Nurse, day: date) -> WeeklyShift | None:
    return next((shift for shift in nurse.weekly_shifts if shift.weekday == day.weekday()), None)


def _hours(nurse: Nurse, day: date) -> tuple[time, time] | None:
    exception = next((row for row in nurse.exceptions if row.day == day), None)
    if exception is None:
        week = _week(nurse, day)
        return None if week is None else (week.start_time, week.end_time)
    if exception.kind is Availability.OFF or exception.start_time is None or exception.end_time is None:
        return None
    return exception.start_time, exception.end_time


def _break(week: WeeklyShift | None, today: LocalDay, start: int, end: int) -> Break | None:
    """The week's break within the day's hours; None where they leave no room for it."""
    if week is None or week.break_minutes == 0:
        return None
    duration = week.break_minutes * 60
    first = start if week.break_earliest is None else max(start, today.at(week.break_earliest))
    last = end if week.break_latest is None else min(end, today.at(week.break_latest))
    if first + duration > last:
        return None
    return Break(duration=duration, earliest_start=first, latest_end=last)
