"""Forms of patients and how nurses stand with them."""

from __future__ import annotations

from app.actions.records.content import PatientNurseRecord, PatientRecord
from app.exchange.fields import ChoiceField, NoteField, PhoneField, TextField, YesNoField
from app.exchange.forms.base import (
    HomeForm,
    RecordForm,
    code_field,
    latitude_field,
    longitude_field,
    nurse_field,
)
from app.exchange.lists import ReferenceField
from app.store.models.patient import Standing


class PatientForm(HomeForm):
    """A patient."""

    record_type = PatientRecord

    code = code_field("P0121")
    name = TextField("Name", required="the patient's full name")
    phone = PhoneField("Phone")
    address = TextField("Address", required="street, city and ZIP code")
    latitude = latitude_field()
    longitude = longitude_field()
    access_notes = NoteField(
        "Access notes",
        description="How to get in: gate codes, dogs, elevators. The nurse sees them on her phone.",
    )
    active = YesNoField(
        "Active", empty=True, description="No visits are planned for an inactive patient; nothing is deleted."
    )


class PatientNurseForm(RecordForm):
    """How a nurse stands with a patient."""

    record_type = PatientNurseRecord

    patient = ReferenceField("Patient", kind="patients", required="the patient's code")
    nurse = nurse_field()
    standing = ChoiceField(
        "Standing",
        words={
            "preferred": (Standing.PREFERRED, "Preferred"),
            "barred": (Standing.BARRED, "Barred: must not visit"),
        },
        required="choose preferred or barred",
    )
