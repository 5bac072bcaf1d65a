"""Prescribers, and when they can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.actions.records.content import (
    PrescriberExceptionRecord,
    PrescriberHoursRecord,
    PrescriberRecord,
)
from app.actions.records.keeper import Key, number
from app.store.engine import Tx
from app.store.models import Prescriber, PrescriberException, PrescriberHours
from app.store.queries import records
from app.store.queries.records import Directory


class PrescriberKeeper:
    """Prescribers, by code."""

    subject = "prescribers"

    def key(self, record: PrescriberRecord) -> Key:
        return (record.code,)

    def ident(self, row: Prescriber) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Prescriber | None:
        return records.one(tx, Prescriber, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Prescriber]:
        return records.every(tx, Prescriber, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[PrescriberRecord]) -> dict[Key, Prescriber]:
        found = records.by_codes(tx, Prescriber, directory.region.id, (record.code for record in some))
        return {(code,): row for code, row in found.items()}

    def record_of(self, row: Prescriber, directory: Directory) -> PrescriberRecord:
        return PrescriberRecord(code=row.code, name=row.name, phone=row.phone, active=row.active)

    def blank(self, record: PrescriberRecord, directory: Directory) -> Prescriber:
        return Prescriber(region_id=directory.region.id, code=record.code)

    def write(self, row: Prescriber, record: PrescriberRecord, directory: Directory) -> None:
        row.name = record.name
        row.phone = record.phone
        row.active = record.active


class PrescriberHoursKeeper:
    """Hours of a week, by prescriber, weekday and start."""

    subject = "prescriber_hours"

    def key(self, record: PrescriberHoursRecord) -> Key:
        return (record.prescriber, record.weekday, record.start_time)

    def ident(self, row: PrescriberHours) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> PrescriberHours | None:
        return records.one_owned(tx, PrescriberHours, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[PrescriberHours]:
        return records.every_owned(tx, PrescriberHours, region_id)

    def stored(
        self, tx: Tx, directory: Directory, some: Iterable[PrescriberHoursRecord]
    ) -> dict[Key, PrescriberHours]:
        owners = (record.prescriber for record in some)
        rows = records.owned_by(tx, PrescriberHours, directory.region.id, owners)
        return {(row.prescriber.code, row.weekday, row.start_time): row for row in rows}

    def record_of(self, row: PrescriberHours, directory: Directory) -> PrescriberHoursRecord:
        return PrescriberHoursRecord(
            prescriber=row.prescriber.code,
            weekday=row.weekday,
            start_time=row.start_time,
            end_time=row.end_time,
        )

    def blank(self, record: PrescriberHoursRecord, directory: Directory) -> PrescriberHours:
        return PrescriberHours(prescriber_id=directory.prescribers[record.prescriber].id)

    def write(self, row: PrescriberHours, record: PrescriberHoursRecord, directory: Directory) -> None:
        row.weekday = record.weekday
        row.start_time = record.start_time
        row.end_time = record.end_time


class PrescriberExceptionKeeper:
    """Days that differ from the week, by prescriber and day."""

    subject = "prescriber_exceptions"

    def key(self, record: PrescriberExceptionRecord) -> Key:
        return (record.prescriber, record.day)

    def ident(self, row: PrescriberException) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> PrescriberException | None:
        return records.one_owned(tx, PrescriberException, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[PrescriberException]:
        return records.every_owned(tx, PrescriberException, region_id)

    def stored(
        self, tx: Tx, directory: Directory, some: Iterable[PrescriberExceptionRecord]
    ) -> dict[Key, PrescriberException]:
        owners = (record.prescriber for record in some)
        rows = records.owned_by(tx, PrescriberException, directory.region.id, owners)
        return {(row.prescriber.code, row.day): row for row in rows}

    def record_of(self, row: PrescriberException, directory: Directory) -> PrescriberExceptionRecord:
        return PrescriberExceptionRecord(
            prescriber=row.prescriber.code,
            day=row.day,
            kind=row.kind,
            start_time=row.start_time,
            end_time=row.end_time,
            reason=row.reason,
        )

    def blank(self, record: PrescriberExceptionRecord, directory: Directory) -> PrescriberException:
        return PrescriberException(prescriber_id=directory.prescribers[record.prescriber].id)

    def write(
        self, row: PrescriberException, record: PrescriberExceptionRecord, directory: Directory
    ) -> None:
        row.day = record.day
        row.kind = record.kind
        row.start_time = record.start_time
        row.end_time = record.end_time
        row.reason = record.reason
