"""Nurses, and what belongs to each: weekly hours, exceptions, credentials."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.actions.records.content import CredentialRecord, ExceptionRecord, NurseRecord, WeeklyShiftRecord
from app.actions.records.keeper import Key, number
from app.store.engine import Tx
from app.store.models import AvailabilityException, Credential, Nurse, WeeklyShift
from app.store.queries import records
from app.store.queries.records import Directory


class NurseKeeper:
    """Nurses, by code."""

    subject = "nurses"

    def key(self, record: NurseRecord) -> Key:
        return (record.code,)

    def ident(self, row: Nurse) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Nurse | None:
        return records.one(tx, Nurse, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Nurse]:
        return records.every(tx, Nurse, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[NurseRecord]) -> dict[Key, Nurse]:
        found = records.by_codes(tx, Nurse, directory.region.id, (record.code for record in some))
        return {(code,): row for code, row in found.items()}

    def record_of(self, row: Nurse, directory: Directory) -> NurseRecord:
        return NurseRecord(
            code=row.code,
            name=row.name,
            phone=row.phone,
            address=row.address,
            latitude=row.latitude,
            longitude=row.longitude,
            max_visits=row.max_visits,
            max_overtime_min=row.max_overtime_min,
            weekly_hours=row.weekly_hours,
            active=row.active,
        )

    def blank(self, record: NurseRecord, directory: Directory) -> Nurse:
        return Nurse(region_id=directory.region.id, code=record.code)

    def write(self, row: Nurse, record: NurseRecord, directory: Directory) -> None:
        row.name = record.name
        row.phone = record.phone
        row.address = record.address
        row.latitude = record.latitude
        row.longitude = record.longitude
        row.max_visits = record.max_visits
        row.max_overtime_min = record.max_overtime_min
        row.weekly_hours = record.weekly_hours
        row.active = record.active


class WeeklyShiftKeeper:
    """Weekly hours, by nurse and weekday."""

    subject = "weekly_shifts"

    def key(self, record: WeeklyShiftRecord) -> Key:
        return (record.nurse, record.weekday)

    def ident(self, row: WeeklyShift) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> WeeklyShift | None:
        return records.one_owned(tx, WeeklyShift, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[WeeklyShift]:
        return records.every_owned(tx, WeeklyShift, region_id)

    def stored(
        self, tx: Tx, directory: Directory, some: Iterable[WeeklyShiftRecord]
    ) -> dict[Key, WeeklyShift]:
        rows = records.owned_by(tx, WeeklyShift, directory.region.id, (record.nurse for record in some))
        return {(row.nurse.code, row.weekday): row for row in rows}

    def record_of(self, row: WeeklyShift, directory: Directory) -> WeeklyShiftRecord:
        return WeeklyShiftRecord(
            nurse=row.nurse.code,
            weekday=row.weekday,
            start_time=row.start_time,
            end_time=row.end_time,
            break_minutes=row.break_minutes,
            break_earliest=row.break_earliest,
            break_latest=row.break_latest,
        )

    def blank(self, record: WeeklyShiftRecord, directory: Directory) -> WeeklyShift:
        return WeeklyShift(nurse_id=directory.nurses[record.nurse].id)

    def write(self, row: WeeklyShift, record: WeeklyShiftRecord, directory: Directory) -> None:
        row.weekday = record.weekday
        row.start_time = record.start_time
        row.end_time = record.end_time
        row.break_minutes = record.break_minutes
        row.break_earliest = record.break_earliest
        row.break_latest = record.break_latest


class ExceptionKeeper:
    """Exceptions, by nurse and day."""

    subject = "availability_exceptions"

    def key(self, record: ExceptionRecord) -> Key:
        return (record.nurse, record.day)

    def ident(self, row: AvailabilityException) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> AvailabilityException | None:
        return records.one_owned(tx, AvailabilityException, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[AvailabilityException]:
        return records.every_owned(tx, AvailabilityException, region_id)

    def stored(
        self, tx: Tx, directory: Directory, some: Iterable[ExceptionRecord]
    ) -> dict[Key, AvailabilityException]:
        nurses = (record.nurse for record in some)
        rows = records.owned_by(tx, AvailabilityException, directory.region.id, nurses)
        return {(row.nurse.code, row.day): row for row in rows}

    def record_of(self, row: AvailabilityException, directory: Directory) -> ExceptionRecord:
        return ExceptionRecord(
            nurse=row.nurse.code,
            day=row.day,
            kind=row.kind,
            start_time=row.start_time,
            end_time=row.end_time,
            reason=row.reason,
        )

    def blank(self, record: ExceptionRecord, directory: Directory) -> AvailabilityException:
        return AvailabilityException(nurse_id=directory.nurses[record.nurse].id)

    def write(self, row: AvailabilityException, record: ExceptionRecord, directory: Directory) -> None:
        row.day = record.day
        row.kind = record.kind
        row.start_time = record.start_time
        row.end_time = record.end_time
        row.reason = record.reason


class CredentialKeeper:
    """Credentials, by nurse, kind, first day and states.

    A credential that counts everywhere is the same as one that begins on that day and counts in some states:
    who gives it its states, by form or file, does not leave it valid everywhere beside.
    """

    subject = "credentials"

    def key(self, record: CredentialRecord) -> Key:
        return (record.nurse, record.kind, record.valid_from, record.states)

    def ident(self, row: Credential) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Credential | None:
        return records.one_owned(tx, Credential, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Credential]:
        return records.every_owned(tx, Credential, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[CredentialRecord]) -> dict[Key, Credential]:
        wanted = list(some)
        rows = records.owned_by(tx, Credential, directory.region.id, (record.nurse for record in wanted))
        found = {(row.nurse.code, row.kind, row.valid_from, row.state_codes): row for row in rows}
        keys = [self.key(record) for record in wanted]
        for key in keys:
            everywhere = (*key[:3], ())
            if key not in found and everywhere in found and everywhere not in keys:
                found[key] = found.pop(everywhere)
        return found

    def record_of(self, row: Credential, directory: Directory) -> CredentialRecord:
        return CredentialRecord(
            nurse=row.nurse.code,
            kind=row.kind,
            valid_from=row.valid_from,
            expires_on=row.expires_on,
            states=row.state_codes,
        )

    def blank(self, record: CredentialRecord, directory: Directory) -> Credential:
        return Credential(nurse_id=directory.nurses[record.nurse].id)

    def write(self, row: Credential, record: CredentialRecord, directory: Directory) -> None:
        row.kind = record.kind
        row.valid_from = record.valid_from
        row.expires_on = record.expires_on
        row.states = " ".join(record.states)
