"""The form of protocols."""

from __future__ import annotations

from collections.abc import Iterator

from app.actions.records.content import ProtocolRecord
from app.exchange.fields import CellField, ChoiceField, TextField, WholeField, YesNoField
from app.exchange.forms.base import RecordForm, code_field
from app.exchange.lists import KindsField
from app.exchange.recipes import DrugUnitsField, FollowUpsField, PhasesField, TextsField
from app.store.models.protocol import hand_over_place

LEAST_OVERLAP, MOST_OVERLAP = 5, 60


class ProtocolForm(RecordForm):
    """A protocol. Whatever is changed but the name and "active" makes a new version."""

    record_type = ProtocolRecord

    code = code_field("KET-40")
    name = TextField("Name", required="what it is, such as Ketamine series, 40 min")
    staff = ChoiceField(
        "Nurses", words={"1": (1, "One nurse"), "2": (2, "Two nurses together")}, required="choose 1 or 2"
    )
    credentials = KindsField(
        "Credentials for the whole visit", description="Each nurse on the visit must hold all of these."
    )
    phases = PhasesField(
        "Phases",
        required="at least one phase and its minutes",
        description="In the order in which they run. Several credentials of one phase stand with | between.",
    )
    hand_over = YesNoField(
        "Monitoring may be handed over",
        empty=False,
        description="The planner may send a second nurse at the infusion's end; she needs the credentials of "
        "the whole visit and of the phases from then on, not those of the infusion.",
    )
    overlap_minutes = WholeField(
        "Both stay, minutes",
        low=LEAST_OVERLAP,
        high=MOST_OVERLAP,
        empty=10,
        description="The first nurse leaves when both have been there so long. Empty: 10.",
    )
    vitals_infusion = WholeField("Vitals during infusion, every … min", low=1, high=240)
    vitals_monitoring = WholeField("Vitals during monitoring, every … min", low=1, high=240)
    max_systolic = WholeField("Hold the start above, systolic mmHg", low=60, high=260)
    max_diastolic = WholeField("Hold the start above, diastolic mmHg", low=30, high=160)
    adult_hours = WholeField(
        "Responsible adult, hours from discharge on",
        low=0,
        high=72,
        empty=0,
        description="Empty: nobody is asked for.",
    )
    discharge_criteria = TextsField("Discharge criteria", description="One per line.")
    follow_ups = FollowUpsField(
        "Follow-ups", description="Calls or visits after the infusion. Rows without numbers are left out."
    )
    kit = TextsField("Kit", description="One per line; a visit uses one of each.")
    drug_units = DrugUnitsField("Drug units", description="One per line, such as Ketamine 500 mg vial x 1.")
    note = TextField("What is new in this version")
    active = YesNoField(
        "Active", empty=True, description="An inactive protocol is not offered for new visits."
    )

    def complaints(self) -> Iterator[tuple[CellField, str]]:
        if self.hand_over.data:
            yield from self._unfit_hand_over()
        systolic, diastolic = self.max_systolic.data, self.max_diastolic.data
        if systolic is not None and diastolic is not None and systolic <= diastolic:
            yield self.max_diastolic, f"{diastolic} is not below the systolic {systolic}: are they swapped?"
        items = [*self.kit.data, *(drug.item for drug in self.drug_units.data)]
        double = next((item for item in items if items.count(item) > 1), None)
        if double is not None:
            yield self.drug_units, f'"{double}" stands there twice, kit and drugs together: leave one out.'

    def _unfit_hand_over(self) -> Iterator[tuple[CellField, str]]:
        if self.staff.data == 2:
            yield self.hand_over, "Two nurses together do not hand over: choose one nurse, or no hand-over."
        place = hand_over_place([phase.kind for phase in self.phases.data])
        if place is None:
            yield (
                self.phases,
                "To be handed over, the visit must end with monitoring after the infusion, with nothing but "
                "discharge behind: correct the phases, or allow no hand-over.",
            )
        elif self.phases.data[place].minutes < self.overlap_minutes.data:
            yield (
                self.overlap_minutes,
                f"{self.overlap_minutes.data} min are more than the monitoring of "
                f"{self.phases.data[place].minutes} min: shorten them.",
            )
