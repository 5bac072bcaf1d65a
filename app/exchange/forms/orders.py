"""Forms of orders, prescribers, responsible adults and pickups."""

from __future__ import annotations

from collections.abc import Iterator

from app.actions.records.content import (
    AdultRecord,
    OrderRecord,
    PickupRecord,
    PrescriberExceptionRecord,
    PrescriberHoursRecord,
    PrescriberRecord,
)
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
    RecordForm,
    code_field,
    nurse_field,
    patient_field,
    protocol_field,
    weekday_field,
)
from app.exchange.forms.nurses import unfit_day
from app.exchange.lists import ReferenceField, WeekdaysField
from app.store.models.nurse import Availability
from app.store.models.order import OrderStatus


class PrescriberForm(RecordForm):
    """A prescriber."""

    record_type = PrescriberRecord

    code = code_field("D01")
    name = TextField("Name", required="the prescriber's full name")
    phone = PhoneField("Phone")
    active = YesNoField(
        "Active",
        empty=True,
        description="Sessions of an inactive prescriber's orders are not planned; nothing is deleted.",
    )


def prescriber_field() -> ReferenceField:
    """A prescriber that must be chosen."""
    return ReferenceField("Prescriber", kind="prescribers", required="choose a prescriber")


class PrescriberHoursForm(RecordForm):
    """When a prescriber can be reached on a weekday."""

    record_type = PrescriberHoursRecord

    prescriber = prescriber_field()
    weekday = weekday_field()
    start_time = ClockField("From", required="the start, such as 08:00")
    end_time = ClockField("To", required="the end, such as 17:00")

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        start, end = self.start_time.data, self.end_time.data
        if end <= start:
            yield self.end_time, f"{end:%H:%M} is not after {start:%H:%M}: correct one of them."


class PrescriberExceptionForm(RecordForm):
    """A day that differs from a prescriber's week."""

    record_type = PrescriberExceptionRecord

    prescriber = prescriber_field()
    day = DayField("Day", required="the day, such as 2026-11-23")
    kind = ChoiceField(
        "That day",
        words={
            "off": (Availability.OFF, "Not to be reached"),
            "hours": (Availability.HOURS, "Other hours"),
        },
        required="choose off or hours",
    )
    start_time = ClockField("From")
    end_time = ClockField("To")
    reason = TextField("Reason")

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        return unfit_day(self.kind, self.start_time, self.end_time)


class OrderForm(RecordForm):
    """An order."""

    record_type = OrderRecord

    code = code_field("O0001")
    patient = patient_field()
    prescriber = prescriber_field()
    protocol = protocol_field()
    sessions = WholeField("Sessions", low=1, high=60, required="how many sessions are ordered")
    valid_from = DayField("Valid from", required="its first day, such as 2026-11-23")
    valid_until = DayField("Valid until", required="its last day, such as 2026-12-23")
    not_after = DayField("No session after", description="Empty: until the order ends.")
    min_hours = WholeField(
        "Least hours between starts", low=0, high=2400, required="the least hours, such as 48"
    )
    max_hours = WholeField("Most hours between starts", low=24, high=9600, description="Empty: no limit.")
    weekdays = WeekdaysField("Weekdays", required="when a session may be, such as Mon Wed Fri")
    earliest_start = ClockField("Sessions start from", required="the earliest start, such as 08:00")
    latest_start = ClockField("Sessions start until", required="the latest start, such as 15:00")
    latest_end = ClockField("Over by", description="Where the patient sets a limit.")
    status = ChoiceField(
        "Status",
        words={
            "active": (OrderStatus.ACTIVE, "Active"),
            "held": (OrderStatus.HELD, "On hold"),
            "ended": (OrderStatus.ENDED, "Ended"),
        },
        required="choose active, held or ended",
    )

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        yield from self._unfit_days()
        yield from self._unfit_spacing()
        yield from self._unfit_hours()

    def _unfit_days(self) -> Iterator[tuple[CellField, str]]:
        first, last, limit = self.valid_from.data, self.valid_until.data, self.not_after.data
        if last < first:
            yield self.valid_until, f"{last} is before {first}, its first day: correct one of them."
        elif limit is not None and limit < first:
            yield self.not_after, f"{limit} is before {first}, the order's first day: correct one of them."

    def _unfit_spacing(self) -> Iterator[tuple[CellField, str]]:
        shortest, longest = self.min_hours.data, self.max_hours.data
        if longest is None:
            return
        if longest < shortest:
            yield self.max_hours, f"{longest} h is less than the least, {shortest} h: correct one of them."
        elif longest // 24 < -(-shortest // 24):
            yield (
                self.max_hours,
                f"From {shortest} to {longest} h there is no whole number of days, so sessions could not "
                "keep their time of day: widen it.",
            )

    def _unfit_hours(self) -> Iterator[tuple[CellField, str]]:
        first, last, end = self.earliest_start.data, self.latest_start.data, self.latest_end.data
        if last < first:
            yield self.latest_start, f"{last:%H:%M} is before {first:%H:%M}: swap them."
        if end is not None and end <= first:
            yield self.latest_end, f"{end:%H:%M} is not after {first:%H:%M}, the earliest start: correct it."


class AdultForm(RecordForm):
    """A responsible adult of a patient."""

    record_type = AdultRecord

    patient = patient_field()
    code = code_field("A1")
    name = TextField("Name", required="the adult's full name")
    phone = PhoneField("Phone")
    active = YesNoField("Active", empty=True, description="An inactive adult is not offered any more.")


class PickupForm(RecordForm):
    """What a nurse has picked up for a day."""

    record_type = PickupRecord

    nurse = nurse_field()
    day = DayField("Day", required="the day, such as 2026-11-23")
    item = TextField("Item", required="the kit or drug as the protocols name it")
    units = WholeField("Units", low=0, high=1000, required="how many units")
