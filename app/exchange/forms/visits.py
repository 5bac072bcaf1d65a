"""The form of visits."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import time

from app.actions.records.content import VisitRecord, WindowContent
from app.exchange.fields import CellField, ChoiceField, ClockField, DayField, NoteField
from app.exchange.forms.base import (
    RecordForm,
    code_field,
    minutes_of,
    patient_field,
    priority_field,
    protocol_field,
)
from app.exchange.lists import ReferenceField, WindowsField
from app.exchange.localtime import trouble
from app.store.mapping.exceptions import WINDOW_RULES
from app.store.models.visit import VisitStatus
from scheduler.model import OperationRule


class VisitForm(RecordForm):
    """A visit. Times are the region's local times."""

    record_type = VisitRecord

    code = code_field("V261123-001")
    patient = patient_field()
    protocol = protocol_field()
    day = DayField("Day", required="the day, such as 2026-11-23")
    windows = WindowsField(
        "Time windows",
        required="when the visit may start, such as 08:00-10:30",
        description='"Over by" is when monitoring must have ended, where the patient sets a limit.',
    )
    priority = priority_field()
    status = ChoiceField(
        "Status",
        words={
            "booked": (VisitStatus.BOOKED, "Booked"),
            "cancelled": (VisitStatus.CANCELLED, "Cancelled"),
            "missed": (VisitStatus.MISSED, "Missed"),
        },
        required="choose booked, cancelled or missed",
    )
    notes = NoteField("Notes", description="The nurse sees them on her phone.")
    pinned_nurse = ReferenceField("Pinned to nurse", kind="nurses")
    pinned_start = ClockField("Pinned to start at", description="Only together with a pinned nurse.")

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        yield from self._unfit_windows()
        yield from self._unfit_times()
        yield from self._unfit_pin()

    def _unfit_windows(self) -> Iterator[tuple[CellField, str]]:
        protocol, minutes = self.directory.protocols[self.protocol.data], self._minutes()
        for window in self.windows.data:
            end = minutes_of(window.earliest_start) + minutes
            if window.latest_end is not None and end > minutes_of(window.latest_end):
                yield (
                    self.windows,
                    f"{protocol.name} lasts {minutes} min: begun at {window.earliest_start:%H:%M} "
                    f"it is not over by {window.latest_end:%H:%M}. Let it start earlier or end later.",
                )

    def _unfit_times(self) -> Iterator[tuple[CellField, str]]:
        times = {
            moment: self.windows
            for window in self.windows.data
            for moment in (window.earliest_start, window.latest_start, window.latest_end)
            if moment is not None
        }
        if self.pinned_start.data is not None:
            times[self.pinned_start.data] = self.pinned_start
        for moment, field in times.items():
            complaint = trouble(self.day.data, moment, self.directory.zone)
            if complaint is not None:
                yield field, complaint

    def _unfit_pin(self) -> Iterator[tuple[CellField, str]]:
        nurse, start = self.pinned_nurse.data, self.pinned_start.data
        if nurse is None:
            if start is not None:
                yield (
                    self.pinned_nurse,
                    f"Missing: the nurse who starts at {start:%H:%M}; or empty the start.",
                )
            return
        barred = (self.patient.data, nurse) in self.directory.barred
        if barred and not self._excepted({OperationRule.BARRED_NURSE}):
            yield self.pinned_nurse, f"{nurse} is barred from {self.patient.data}: choose another nurse."
        if not self.directory.nurses[nurse].active:
            yield self.pinned_nurse, f"{nurse} is not active: choose another nurse."
        minutes = self._minutes()
        fits = start is None or any(_holds(window, start, minutes) for window in self.windows.data)
        if not fits and not self._excepted(WINDOW_RULES):
            yield (
                self.pinned_start,
                f"{start:%H:%M} lies in none of the windows: change it or widen one. To have it outside of "
                "them, move the visit on the board, with a reason.",
            )

    def _excepted(self, rules: Collection[OperationRule]) -> bool:
        """Whether the pin is as it was accepted on the board, where it may break one of these rules."""
        pin = self.code.data, self.day.data, self.pinned_nurse.data, self.pinned_start.data
        return any((*pin, rule) in self.directory.excepted_pins for rule in rules)

    def _minutes(self) -> int:
        return self.directory.minutes(self.code.data, self.protocol.data, self.patient.data)


def _holds(window: WindowContent, start: time, minutes: int) -> bool:
    in_time = window.latest_end is None or minutes_of(start) + minutes <= minutes_of(window.latest_end)
    return window.earliest_start <= start <= window.latest_start and in_time
