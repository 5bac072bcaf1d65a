"""The form of the page "Book a visit"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from app.actions.booking import Asked
from app.days import WEEKDAYS
from app.exchange.fields import CellField, CodeField, DayField, WholeField, shown
from app.exchange.forms.base import RecordForm, patient_field, priority_field, protocol_field
from app.exchange.lists import WindowsField
from scheduler.explain import SeriesRules

MOST_DAYS = 21
MOST_SESSIONS = 12
MOST_HOURS = 60 * 24


class WeekdaysField(CellField):
    """Weekdays, by their words: a box each."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Those that are ticked."""
        unknown = next((word for word in valuelist if word not in WEEKDAYS), None)
        if unknown is not None:
            raise ValueError(f"{shown(unknown)} is no weekday: tick some of {', '.join(WEEKDAYS)}.")
        self.data = list(valuelist)

    def boxes(self) -> list[tuple[str, bool]]:
        """Every weekday, and whether it is ticked."""
        return [(word, word in (self.data or ())) for word in WEEKDAYS]


class AskForm(RecordForm):
    """What is to be booked, and on which days to look for it."""

    record_type = Asked

    patient = patient_field()
    protocol = protocol_field()
    windows = WindowsField("Time windows", required="when the visit may start, such as 08:00-10:30")
    priority = priority_field()
    order = CodeField(
        "Order", empty="", description="Its code, where these are sessions of a prescriber's order."
    )
    first = DayField("From", required="the first day, such as 2026-11-24")
    days = WholeField("Days to look at", low=1, high=MOST_DAYS, required="how many days")
    sessions = WholeField("Sessions", low=1, high=MOST_SESSIONS, required="1, or more for a series")
    min_hours = WholeField("Hours between starts, at least", low=0, high=MOST_HOURS, required="0 or more")
    max_hours = WholeField("Hours between starts, at most", low=0, high=MOST_HOURS)
    weekdays = WeekdaysField("Weekdays")
    not_after = DayField("Not after")

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        """What is wrong among the fields."""
        if not self.is_series:
            return
        if not self.weekdays.data:
            yield self.weekdays, "No weekday is ticked: tick those on which sessions may be."
        if self.max_hours.data is not None and self.max_hours.data < self.min_hours.data:
            yield self.max_hours, f"{self.max_hours.data} is less than {self.min_hours.data}: raise it."

    @property
    def is_series(self) -> bool:
        """Dates are proposed: for several sessions, or for those of an order."""
        return self.sessions.data > 1 or bool(self.order.data)

    def span(self) -> list[date]:
        """The days to look at."""
        return [self.first.data + timedelta(days=number) for number in range(self.days.data)]

    def rules(self, change_cost: int, after: datetime | None) -> SeriesRules:
        """What the sessions of a series must keep; `change_cost`: points for each change of nurse; `after`:
        the start of the order's session before."""
        return SeriesRules(
            sessions=self.sessions.data,
            min_s=self.min_hours.data * 3600,
            max_s=None if self.max_hours.data is None else self.max_hours.data * 3600,
            weekdays=frozenset(map(WEEKDAYS.index, self.weekdays.data)),
            not_after=self.not_after.data,
            after=after,
            change_cost=change_cost,
        )
