"""What every record form shares, and the fields that several have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields as record_fields
from datetime import time
from typing import Any, ClassVar

from geopy.distance import great_circle
from wtforms import Form

from app.exchange.fields import CellField, ChoiceField, CodeField, DegreesField
from app.exchange.lists import KindsField, ReferenceField
from app.exchange.recipes import PhasesField
from app.store.models.visit import Priority
from app.store.queries.directory import Directory

FARTHEST_KM = 300
"""Nobody lives farther from the middle of the region; swapped or mistyped degrees do."""


WEEKDAYS = {
    "Mon": (0, "Monday"),
    "Tue": (1, "Tuesday"),
    "Wed": (2, "Wednesday"),
    "Thu": (3, "Thursday"),
    "Fri": (4, "Friday"),
    "Sat": (5, "Saturday"),
    "Sun": (6, "Sunday"),
}
"""Weekdays by their words in files: the number that records have, and the word on pages."""


class RecordForm(Form):  # type: ignore[misc]
    """A record's fields, named and ordered as its CSV columns. `prefill` are values of a new record."""

    record_type: ClassVar[type[Any]]

    def __init__(
        self,
        formdata: Any = None,
        *,
        directory: Directory,
        record: Any = None,
        prefill: Mapping[str, Any] | None = None,
    ) -> None:
        self.directory = directory
        values = dict(prefill or {})
        if record is not None:
            values |= {name: getattr(record, name) for name in self.columns()}
        super().__init__(formdata, data=values)

    @classmethod
    def columns(cls) -> list[str]:
        """The names of the fields, which are the columns of the CSV file, in order."""
        return [field.name for field in record_fields(cls.record_type)]

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """Read the input, once the fields know the codes and kinds of the region."""
        for field in self:
            if isinstance(field, ReferenceField):
                field.known = getattr(self.directory, field.kind)
            elif isinstance(field, KindsField | PhasesField):
                field.known = self.directory.credential_kinds
        super().process(formdata, *args, **kwargs)

    def readable(self) -> bool:
        """Whether each field by itself is right."""
        right: bool = super().validate()
        return right

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the input can be stored. The rules among fields are asked once each field is right."""
        if self.readable():
            for field, complaint in self.complaints():
                field.errors = [*field.errors, complaint]
        return not self.errors

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        """What is wrong among the fields: the field at fault, and the value and the cure."""
        return iter(())

    def record(self) -> Any:
        """The record, after `validate` has said yes."""
        return self.record_type(**{name: self[name].data for name in self.columns()})


class HomeForm(RecordForm):
    """What nurses and patients have in common: where they live."""

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        region = self.directory.region
        home = (self.latitude.data, self.longitude.data)
        distance = great_circle(home, (region.latitude, region.longitude)).km
        if distance > FARTHEST_KM:
            yield (
                self.longitude,
                f"This place is {distance:,.0f} km from {region.name}: check both numbers. Are they swapped, "
                "or is a minus sign missing?",
            )


def code_field(what: str) -> CodeField:
    """A code, as in the example `what`."""
    return CodeField("Code", required="a code, such as " + what)


def latitude_field() -> DegreesField:
    """Degrees north."""
    return DegreesField(
        "Latitude", limit=90, example="39.9612", required="set the pin on the map, or type degrees"
    )


def longitude_field() -> DegreesField:
    """Degrees east."""
    return DegreesField(
        "Longitude", limit=180, example="-82.9988", required="set the pin on the map, or type degrees"
    )


def nurse_field(label: str = "Nurse") -> ReferenceField:
    """A nurse that must be chosen."""
    return ReferenceField(label, kind="nurses", required="choose a nurse")


def patient_field() -> ReferenceField:
    """A patient that must be chosen."""
    return ReferenceField("Patient", kind="patients", required="the patient's code")


def protocol_field() -> ReferenceField:
    """A protocol that must be chosen."""
    return ReferenceField("Protocol", kind="protocols", required="choose a protocol")


def priority_field() -> ChoiceField:
    """How much it matters that a visit takes place."""
    return ChoiceField(
        "Priority",
        words={
            "routine": (Priority.ROUTINE, "Routine"),
            "important": (Priority.IMPORTANT, "Important"),
            "urgent": (Priority.URGENT, "Urgent"),
        },
        required="choose routine, important or urgent",
    )


def weekday_field() -> ChoiceField:
    """A day of the week that must be chosen."""
    return ChoiceField("Weekday", words=WEEKDAYS, required="choose a day of the week")


def minutes_of(clock: time) -> int:
    """Minutes after midnight."""
    return clock.hour * 60 + clock.minute
