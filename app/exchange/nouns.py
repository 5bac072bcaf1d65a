"""The kinds of record that have forms, lists and CSV files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.actions.records.keeper import Keeper
from app.actions.records.nurses import CredentialKeeper, ExceptionKeeper, NurseKeeper, WeeklyShiftKeeper
from app.actions.records.orders import AdultKeeper, OrderKeeper, PickupKeeper
from app.actions.records.patients import PatientKeeper, PatientNurseKeeper, PhaseMinimumKeeper
from app.actions.records.prescribers import (
    PrescriberExceptionKeeper,
    PrescriberHoursKeeper,
    PrescriberKeeper,
)
from app.actions.records.protocols import ProtocolKeeper
from app.actions.records.visits import VisitKeeper
from app.exchange import forms
from app.exchange.forms import RecordForm


@dataclass(frozen=True, kw_only=True, slots=True)
class Noun:
    """A kind of record: `name` in addresses and on the command line, `title` and `one` in sentences.

    `key` are the columns that tell one record from another; `example` is the row of the template, by column.
    """

    name: str
    title: str
    one: str
    form: type[RecordForm]
    keeper: Keeper[Any, Any]
    key: tuple[str, ...]
    example: dict[str, str]

    @property
    def columns(self) -> list[str]:
        """The columns of its CSV file, in order."""
        return self.form.columns()

    def key_text(self, cells: dict[str, str]) -> str:
        """What people call a record of these cells."""
        return ", ".join(cells[column] for column in self.key if cells[column])


NOUNS: dict[str, Noun] = {
    noun.name: noun
    for noun in (
        Noun(
            name="nurses",
            title="Nurses",
            one="nurse",
            form=forms.NurseForm,
            keeper=NurseKeeper(),
            key=("code",),
            example={
                "code": "N001",
                "name": "Imani Brightwater",
                "phone": "614-555-0101",
                "address": "120 Trillium Lane, Columbus, OH 43215",
                "latitude": "39.9772",
                "longitude": "-83.0041",
                "max_visits": "3",
                "max_overtime_min": "60",
                "weekly_hours": "40",
                "active": "yes",
            },
        ),
        Noun(
            name="weekly-shifts",
            title="Weekly hours",
            one="weekly shift",
            form=forms.WeeklyShiftForm,
            keeper=WeeklyShiftKeeper(),
            key=("nurse", "weekday"),
            example={
                "nurse": "N001",
                "weekday": "Mon",
                "start_time": "08:00",
                "end_time": "16:30",
                "break_minutes": "30",
                "break_earliest": "11:00",
                "break_latest": "14:00",
            },
        ),
        Noun(
            name="exceptions",
            title="Days off and other hours",
            one="exception",
            form=forms.ExceptionForm,
            keeper=ExceptionKeeper(),
            key=("nurse", "day"),
            example={
                "nurse": "N001",
                "day": "2026-12-24",
                "kind": "hours",
                "start_time": "08:00",
                "end_time": "12:00",
                "reason": "Training",
            },
        ),
        Noun(
            name="credentials",
            title="Credentials",
            one="credential",
            form=forms.CredentialForm,
            keeper=CredentialKeeper(),
            key=("nurse", "kind", "valid_from", "states"),
            example={
                "nurse": "N001",
                "kind": "RN license",
                "valid_from": "2025-07-01",
                "expires_on": "2027-06-30",
                "states": "OH",
            },
        ),
        Noun(
            name="patients",
            title="Patients",
            one="patient",
            form=forms.PatientForm,
            keeper=PatientKeeper(),
            key=("code",),
            example={
                "code": "P0001",
                "name": "Otis Fairweather",
                "phone": "614-555-0142",
                "address": "88 Larkspur Court, Bexley, OH 43209",
                "state": "",
                "latitude": "39.9651",
                "longitude": "-82.9342",
                "access_notes": "Gate code 4471#, then the second building on the left.",
                "bipolar": "no",
                "active": "yes",
            },
        ),
        Noun(
            name="patient-nurses",
            title="Preferred and barred nurses",
            one="preferred or barred nurse",
            form=forms.PatientNurseForm,
            keeper=PatientNurseKeeper(),
            key=("patient", "nurse"),
            example={"patient": "P0001", "nurse": "N001", "standing": "preferred"},
        ),
        Noun(
            name="phase-minimums",
            title="Longer phases",
            one="longer phase",
            form=forms.PhaseMinimumForm,
            keeper=PhaseMinimumKeeper(),
            key=("patient", "kind"),
            example={
                "patient": "P0001",
                "kind": "monitoring",
                "minutes": "120",
                "reason": "Blood pressure is slow to settle",
            },
        ),
        Noun(
            name="adults",
            title="Responsible adults",
            one="responsible adult",
            form=forms.AdultForm,
            keeper=AdultKeeper(),
            key=("patient", "code"),
            example={
                "patient": "P0001",
                "code": "A1",
                "name": "Juniper Fairweather",
                "phone": "614-555-0143",
                "active": "yes",
            },
        ),
        Noun(
            name="prescribers",
            title="Prescribers",
            one="prescriber",
            form=forms.PrescriberForm,
            keeper=PrescriberKeeper(),
            key=("code",),
            example={"code": "D01", "name": "Dr. Inez Halloran", "phone": "614-555-0160", "active": "yes"},
        ),
        Noun(
            name="prescriber-hours",
            title="Prescribers' hours",
            one="prescriber's hours",
            form=forms.PrescriberHoursForm,
            keeper=PrescriberHoursKeeper(),
            key=("prescriber", "weekday", "start_time"),
            example={"prescriber": "D01", "weekday": "Mon", "start_time": "08:00", "end_time": "17:00"},
        ),
        Noun(
            name="prescriber-exceptions",
            title="Prescribers' other days",
            one="prescriber's other day",
            form=forms.PrescriberExceptionForm,
            keeper=PrescriberExceptionKeeper(),
            key=("prescriber", "day"),
            example={
                "prescriber": "D01",
                "day": "2026-12-24",
                "kind": "off",
                "start_time": "",
                "end_time": "",
                "reason": "Conference",
            },
        ),
        Noun(
            name="pickups",
            title="Pickups",
            one="pickup",
            form=forms.PickupForm,
            keeper=PickupKeeper(),
            key=("nurse", "day", "item"),
            example={"nurse": "N001", "day": "2026-11-23", "item": "Ketamine 500 mg vial", "units": "3"},
        ),
        Noun(
            name="protocols",
            title="Protocols",
            one="protocol",
            form=forms.ProtocolForm,
            keeper=ProtocolKeeper(),
            key=("code",),
            example={
                "code": "KET-40",
                "name": "Ketamine series, 40 min",
                "staff": "1",
                "credentials": "RN license",
                "phases": "arrival:15; iv_start:10:IV ketamine competency; infusion:40:IV ketamine "
                "competency|ACLS; monitoring:60; discharge:10",
                "hand_over": "yes",
                "overlap_minutes": "10",
                "vitals_infusion": "10",
                "vitals_monitoring": "15",
                "max_systolic": "140",
                "max_diastolic": "90",
                "adult_hours": "4",
                "discharge_criteria": "Alert and oriented; blood pressure near baseline; walks unaided",
                "follow_ups": "24h +-4h call 15min; 168h +-24h call 15min mania",
                "kit": "IV start kit; infusion pump",
                "drug_units": "Ketamine 500 mg vial x 1",
                "note": "Monitoring may be handed over.",
                "active": "yes",
            },
        ),
        Noun(
            name="orders",
            title="Orders",
            one="order",
            form=forms.OrderForm,
            keeper=OrderKeeper(),
            key=("code",),
            example={
                "code": "O0001",
                "patient": "P0001",
                "prescriber": "D01",
                "protocol": "KET-40",
                "sessions": "6",
                "valid_from": "2026-11-23",
                "valid_until": "2026-12-23",
                "not_after": "",
                "min_hours": "48",
                "max_hours": "96",
                "weekdays": "Mon Tue Wed Thu Fri",
                "earliest_start": "08:00",
                "latest_start": "15:00",
                "latest_end": "",
                "status": "active",
            },
        ),
        Noun(
            name="visits",
            title="Visits",
            one="visit",
            form=forms.VisitForm,
            keeper=VisitKeeper(),
            key=("code",),
            example={
                "code": "V261123-001",
                "patient": "P0001",
                "protocol": "KET-40",
                "day": "2026-11-23",
                "windows": "08:00-10:30 by 13:00; 14:00-15:30",
                "priority": "routine",
                "status": "booked",
                "notes": "First of six.",
                "pinned_nurse": "",
                "pinned_start": "",
            },
        ),
    )
}
"""By name, in the order in which files are best imported: each may name what those before it brought."""
