"""Forms of nurses and what belongs to each."""

from __future__ import annotations

from collections.abc import Iterator

from app.actions.records.content import CredentialRecord, ExceptionRecord, NurseRecord, WeeklyShiftRecord
from app.exchange.fields import (
    CellField,
    ChoiceField,
    ClockField,
    DayField,
    PhoneField,
    TextField,
    WholeField,
    YesNoField,
)
from app.exchange.forms.base import (
    HomeForm,
    RecordForm,
    code_field,
    latitude_field,
    longitude_field,
    minutes_of,
    nurse_field,
    weekday_field,
)
from app.exchange.lists import StatesField, parse_kind
from app.store.models.nurse import Availability


class NurseForm(HomeForm):
    """A nurse."""

    record_type = NurseRecord

    code = code_field("N021")
    name = TextField("Name", required="the nurse's full name")
    phone = PhoneField("Phone")
    address = TextField("Home address", required="street, city and ZIP code")
    latitude = latitude_field()
    longitude = longitude_field()
    max_visits = WholeField(
        "Most visits a day", low=0, high=20, description="Leave empty for no limit besides the hours."
    )
    max_overtime_min = WholeField(
        "Overtime allowed, minutes a day",
        low=0,
        high=240,
        empty=0,
        description="Empty is none. Overtime is planned only where it saves more than it costs.",
    )
    weekly_hours = WholeField(
        "Most hours a week", low=0, high=100, description="From Monday to Sunday. Leave empty for no limit."
    )
    active = YesNoField(
        "Active", empty=True, description="An inactive nurse is not planned; nothing of hers is deleted."
    )


class WeeklyShiftForm(RecordForm):
    """A nurse's hours on one weekday."""

    record_type = WeeklyShiftRecord

    nurse = nurse_field()
    weekday = weekday_field()
    start_time = ClockField("From", required="the start, such as 08:00")
    end_time = ClockField("To", required="the end, such as 16:30")
    break_minutes = WholeField("Break, minutes", low=0, high=180, empty=0, description="Empty is none.")
    break_earliest = ClockField("Break not before", description="Empty: at any time.")
    break_latest = ClockField("Break over by", description="Empty: at any time.")

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        start, end = self.start_time.data, self.end_time.data
        if end <= start:
            yield self.end_time, f"{end:%H:%M} is not after {start:%H:%M}: a shift ends on the day it starts."
            return
        first = max(start, self.break_earliest.data or start)
        last = min(end, self.break_latest.data or end)
        room = max(minutes_of(last) - minutes_of(first), 0)
        if room < self.break_minutes.data:
            yield (
                self.break_minutes,
                f"A break of {self.break_minutes.data} min does not fit: between its limits, and within the "
                f"hours, there are {room} min.",
            )


class ExceptionForm(RecordForm):
    """A day that differs from a nurse's week."""

    record_type = ExceptionRecord

    nurse = nurse_field()
    day = DayField("Day", required="the day, such as 2026-11-23")
    kind = ChoiceField(
        "That day",
        words={"off": (Availability.OFF, "Day off"), "hours": (Availability.HOURS, "Other hours")},
        required="choose off or hours",
    )
    start_time = ClockField("From")
    end_time = ClockField("To")
    reason = TextField("Reason")

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        return unfit_day(self.kind, self.start_time, self.end_time)


def unfit_day(kind: CellField, start_time: CellField, end_time: CellField) -> Iterator[tuple[CellField, str]]:
    """What is wrong with a day that differs from the week: off with hours, or hours that cannot be."""
    start, end = start_time.data, end_time.data
    if kind.data is Availability.OFF:
        for field in (start_time, end_time):
            if field.data is not None:
                yield (
                    field,
                    f'{field.data:%H:%M}: on a day off there are no hours. Empty it, or choose "hours".',
                )
        return
    if start is None:
        yield start_time, "Missing: the start of the hours, such as 08:00."
    if end is None:
        yield end_time, "Missing: the end of the hours, such as 12:00."
    if start is not None and end is not None and end <= start:
        yield end_time, f"{end:%H:%M} is not after {start:%H:%M}: correct one of them."


class _KindField(TextField):
    """One kind of credential, with the known ones as suggestions."""

    def parse(self, text: str) -> str:
        return parse_kind(super().parse(text))


class CredentialForm(RecordForm):
    """A nurse's credential."""

    record_type = CredentialRecord

    nurse = nurse_field()
    kind = _KindField("Credential", required="what it is, such as ACLS")
    valid_from = DayField("Valid from", required="its first day, such as 2026-01-31")
    expires_on = DayField("Expires on", description="The last day on which it counts. Empty: never.")
    states = StatesField(
        "Only in these states",
        description="Postal codes, such as OH; of a compact license all that it covers, such as IN KY OH. "
        "Empty: it counts everywhere.",
    )

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        first, last = self.valid_from.data, self.expires_on.data
        if last is not None and last < first:
            yield self.expires_on, f"{last} is before {first}, its first day: correct one of them."
