"""Forms of patients, how nurses stand with them, and phases that last longer for them."""

from __future__ import annotations

from collections.abc import Iterator

from app.actions.records.content import PatientNurseRecord, PatientRecord, PhaseMinimumRecord
from app.exchange.fields import (
    CellField,
    ChoiceField,
    NoteField,
    PhoneField,
    StateField,
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
    nurse_field,
    patient_field,
)
from app.exchange.recipes import LONGEST_PHASE
from app.exchange.widgets import PHASE_WORDS
from app.states import STATES, state_in
from app.store.models.patient import Standing
from app.store.models.protocol import PhaseKind


class PatientForm(HomeForm):
    """A patient."""

    record_type = PatientRecord

    code = code_field("P0121")
    name = TextField("Name", required="the patient's full name")
    phone = PhoneField("Phone")
    address = TextField("Address", required="street, city and ZIP code")
    state = StateField(
        "State",
        description="Where the patient lives: credentials that count in some states only must count here.",
    )
    latitude = latitude_field()
    longitude = longitude_field()
    access_notes = NoteField(
        "Access notes",
        description="How to get in: gate codes, dogs, elevators. The nurse sees them on her phone.",
    )
    bipolar = YesNoField(
        "Bipolar disorder",
        empty=False,
        description="Sessions then ask for the coordinating psychiatrist's agreement, and for a mania check "
        "after each one.",
    )
    active = YesNoField(
        "Active", empty=True, description="No visits are planned for an inactive patient; nothing is deleted."
    )

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        yield from super().complaints()
        named = state_in(self.address.data)
        state = self.state.data or self.directory.region.state
        if named is not None and state and named != state:
            yield (
                self.state,
                f"The address is in {STATES[named]}, and this says {STATES.get(state, state)}: choose "
                f"{STATES[named]}, or correct the address.",
            )


class PatientNurseForm(RecordForm):
    """How a nurse stands with a patient."""

    record_type = PatientNurseRecord

    patient = patient_field()
    nurse = nurse_field()
    standing = ChoiceField(
        "Standing",
        words={
            "preferred": (Standing.PREFERRED, "Preferred"),
            "barred": (Standing.BARRED, "Barred: must not visit"),
        },
        required="choose preferred or barred",
    )


class PhaseMinimumForm(RecordForm):
    """A phase that lasts longer for a patient."""

    record_type = PhaseMinimumRecord

    patient = patient_field()
    kind = ChoiceField(
        "Phase",
        words={word: (PhaseKind(word), label) for word, label in PHASE_WORDS.items()},
        required="choose the phase",
    )
    minutes = WholeField(
        "At least, minutes",
        low=1,
        high=LONGEST_PHASE,
        required="how many minutes it lasts at least",
        description="A protocol that gives it more keeps its own.",
    )
    reason = TextField("Reason", required="why it lasts longer, such as the condition it is for")
