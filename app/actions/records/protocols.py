"""Protocols with their phases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from app.actions.records.content import PhaseContent, ProtocolRecord
from app.actions.records.keeper import Key, number
from app.store.engine import Tx
from app.store.models import Protocol, ProtocolPhase
from app.store.queries import records
from app.store.queries.records import Directory


class ProtocolKeeper:
    """Protocols, by code."""

    subject = "protocols"

    def key(self, record: ProtocolRecord) -> Key:
        return (record.code,)

    def ident(self, row: Protocol) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Protocol | None:
        return records.one(tx, Protocol, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Protocol]:
        return records.every(tx, Protocol, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[ProtocolRecord]) -> dict[Key, Protocol]:
        found = records.by_codes(tx, Protocol, directory.region.id, (record.code for record in some))
        return {(code,): row for code, row in found.items()}

    def record_of(self, row: Protocol, directory: Directory) -> ProtocolRecord:
        return ProtocolRecord(
            code=row.code,
            name=row.name,
            staff=row.staff,
            credentials=tuple(sorted(row.credentials)),
            phases=tuple(PhaseContent(kind=phase.kind, minutes=phase.minutes) for phase in row.phases),
            active=row.active,
        )

    def blank(self, record: ProtocolRecord, directory: Directory) -> Protocol:
        return Protocol(region_id=directory.region.id, code=record.code)

    def write(self, row: Protocol, record: ProtocolRecord, directory: Directory) -> None:
        row.name = record.name
        row.staff = record.staff
        row.credentials = list(record.credentials)
        row.active = record.active
        # Rows are reused: new ones at an old position would be inserted before the old ones are gone.
        for position, (phase, old) in enumerate(zip_longest(record.phases, list(row.phases))):
            if phase is None:
                row.phases.remove(old)
            elif old is None:
                row.phases.append(ProtocolPhase(position=position, kind=phase.kind, minutes=phase.minutes))
            else:
                old.position, old.kind, old.minutes = position, phase.kind, phase.minutes
