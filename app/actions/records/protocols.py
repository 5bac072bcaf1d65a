"""Protocols, whose content is that of their newest version. Saving another content adds a version."""

from __future__ import annotations

from dataclasses import replace

from app.actions.records.content import PhaseContent, ProtocolRecord
from app.actions.records.shapes import CodedKeeper
from app.clock import utc_now
from app.store.models import Protocol, ProtocolPhase, ProtocolVersion
from app.store.queries.directory import Directory

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


class ProtocolKeeper(CodedKeeper[ProtocolRecord, Protocol]):
    """Protocols, by code."""

    subject = "protocols"
    table = Protocol
    record_type = ProtocolRecord

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
