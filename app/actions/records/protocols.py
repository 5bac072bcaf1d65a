"""Protocols, whose content is that of their newest version. Saving another content adds a version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.actions.records.content import PhaseContent, ProtocolRecord
from app.actions.records.keeper import Key, number
from app.clock import utc_now
from app.store.engine import Tx
from app.store.models import Protocol, ProtocolPhase, ProtocolVersion
from app.store.queries import records
from app.store.queries.records import Directory

_ALIKE = (
    "staff",
    "hand_over",
    "overlap_minutes",
    "vitals_infusion",
    "vitals_monitoring",
    "max_systolic",
    "max_diastolic",
    "adult_hours",
    "follow_ups",
    "drug_units",
    "note",
)
"""Fields that the record has as the version has them."""


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
        version = row.newest
        return ProtocolRecord(
            code=row.code,
            name=row.name,
            active=row.active,
            credentials=tuple(sorted(version.credentials)),
            phases=tuple(
                PhaseContent(
                    kind=phase.kind, minutes=phase.minutes, credentials=tuple(sorted(phase.credentials))
                )
                for phase in version.phases
            ),
            discharge_criteria=tuple(version.discharge_criteria),
            kit=tuple(version.kit),
            **{name: getattr(version, name) for name in _ALIKE},
        )

    def blank(self, record: ProtocolRecord, directory: Directory) -> Protocol:
        return Protocol(region_id=directory.region.id, code=record.code)

    def write(self, row: Protocol, record: ProtocolRecord, directory: Directory) -> None:
        """The name and whether it is active are the protocol's own; all else makes a new version."""
        if not row.versions or record != replace(
            self.record_of(row, directory), name=record.name, active=record.active
        ):
            row.versions.append(_version(len(row.versions) + 1, record, directory.user_id))
        row.name = record.name
        row.active = record.active


def _version(number: int, record: ProtocolRecord, user_id: int | None) -> ProtocolVersion:
    return ProtocolVersion(
        number=number,
        created_at=utc_now(),
        created_by=user_id,
        credentials=list(record.credentials),
        phases=[
            ProtocolPhase(
                position=position,
                kind=phase.kind,
                minutes=phase.minutes,
                credentials=list(phase.credentials),
            )
            for position, phase in enumerate(record.phases)
        ],
        discharge_criteria=list(record.discharge_criteria),
        kit=list(record.kit),
        **{name: getattr(record, name) for name in _ALIKE},
    )
