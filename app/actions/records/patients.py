"""Patients, the nurses they prefer or who must not visit, and phases that last longer for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.actions.records.content import PatientNurseRecord, PatientRecord, PhaseMinimumRecord
from app.actions.records.keeper import Key, number
from app.store.engine import Tx
from app.store.models import Patient, PatientNurse, PhaseMinimum
from app.store.queries import records
from app.store.queries.records import Directory


class PatientKeeper:
    """Patients, by code."""

    subject = "patients"

    def key(self, record: PatientRecord) -> Key:
        return (record.code,)

    def ident(self, row: Patient) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Patient | None:
        return records.one(tx, Patient, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Patient]:
        return records.every(tx, Patient, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[PatientRecord]) -> dict[Key, Patient]:
        found = records.by_codes(tx, Patient, directory.region.id, (record.code for record in some))
        return {(code,): row for code, row in found.items()}

    def record_of(self, row: Patient, directory: Directory) -> PatientRecord:
        return PatientRecord(
            code=row.code,
            name=row.name,
            phone=row.phone,
            address=row.address,
            state=row.state,
            latitude=row.latitude,
            longitude=row.longitude,
            access_notes=row.access_notes,
            bipolar=row.bipolar,
            active=row.active,
        )

    def blank(self, record: PatientRecord, directory: Directory) -> Patient:
        return Patient(region_id=directory.region.id, code=record.code)

    def write(self, row: Patient, record: PatientRecord, directory: Directory) -> None:
        row.name = record.name
        row.phone = record.phone
        row.address = record.address
        row.state = record.state
        row.latitude = record.latitude
        row.longitude = record.longitude
        row.access_notes = record.access_notes
        row.bipolar = record.bipolar
        row.active = record.active


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


class PhaseMinimumKeeper:
    """Longer phases, by patient and kind."""

    subject = "phase_minimums"

    def key(self, record: PhaseMinimumRecord) -> Key:
        return (record.patient, record.kind)

    def ident(self, row: PhaseMinimum) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> PhaseMinimum | None:
        return records.one_minimum(tx, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[PhaseMinimum]:
        return records.every_minimum(tx, region_id)

    def stored(
        self, tx: Tx, directory: Directory, some: Iterable[PhaseMinimumRecord]
    ) -> dict[Key, PhaseMinimum]:
        rows = records.minimums_of(tx, directory.region.id, (record.patient for record in some))
        return {(row.patient.code, row.kind): row for row in rows}

    def record_of(self, row: PhaseMinimum, directory: Directory) -> PhaseMinimumRecord:
        return PhaseMinimumRecord(
            patient=row.patient.code, kind=row.kind, minutes=row.minutes, reason=row.reason
        )

    def blank(self, record: PhaseMinimumRecord, directory: Directory) -> PhaseMinimum:
        return PhaseMinimum(patient_id=directory.patients[record.patient].id, kind=record.kind)

    def write(self, row: PhaseMinimum, record: PhaseMinimumRecord, directory: Directory) -> None:
        row.patient_id = directory.patients[record.patient].id
        row.kind = record.kind
        row.minutes = record.minutes
        row.reason = record.reason
