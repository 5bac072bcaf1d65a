"""Patients, the nurses they prefer or who must not visit, and phases that last longer for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.actions.records.content import PatientNurseRecord, PatientRecord, PhaseMinimumRecord
from app.actions.records.keeper import Key, number
from app.actions.records.shapes import CodedKeeper, OwnedKeeper
from app.store.engine import Tx
from app.store.models import Patient, PatientNurse, PhaseMinimum
from app.store.queries import records
from app.store.queries.directory import Directory


class PatientKeeper(CodedKeeper[PatientRecord, Patient]):
    """Patients, by code."""

    subject = "patients"
    table = Patient
    record_type = PatientRecord


class PatientNurseKeeper:
    """Preferred and barred nurses, by patient and nurse."""

    subject = "patient_nurses"

    def key(self, record: PatientNurseRecord) -> Key:
        return (record.patient, record.nurse)

    def ident(self, row: PatientNurse) -> str:
        return f"{row.patient_id}-{row.nurse_id}"

    def find(self, tx: Tx, region_id: int, ident: str) -> PatientNurse | None:
        patient, _, nurse = ident.partition("-")
        return records.one_standing(tx, region_id, number(patient), number(nurse))

    def every(self, tx: Tx, region_id: int) -> Sequence[PatientNurse]:
        return records.every_standing(tx, region_id)

    def stored(
        self, tx: Tx, directory: Directory, some: Iterable[PatientNurseRecord]
    ) -> dict[Key, PatientNurse]:
        rows = records.standings_of(tx, directory.region.id, (record.patient for record in some))
        return {(row.patient.code, row.nurse.code): row for row in rows}

    def record_of(self, row: PatientNurse, directory: Directory) -> PatientNurseRecord:
        return PatientNurseRecord(patient=row.patient.code, nurse=row.nurse.code, standing=row.standing)

    def blank(self, record: PatientNurseRecord, directory: Directory) -> PatientNurse:
        return PatientNurse(
            patient_id=directory.patients[record.patient].id, nurse_id=directory.nurses[record.nurse].id
        )

    def write(self, row: PatientNurse, record: PatientNurseRecord, directory: Directory) -> None:
        row.standing = record.standing


class PhaseMinimumKeeper(OwnedKeeper[PhaseMinimumRecord, PhaseMinimum]):
    """Longer phases, by patient and kind."""

    subject = "phase_minimums"
    table = PhaseMinimum
    record_type = PhaseMinimumRecord
    keys = ("patient", "kind")
