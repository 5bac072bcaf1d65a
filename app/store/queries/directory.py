"""What the codes of one region stand for, as forms and CSV files ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.days import zone_of
from app.store.engine import Tx
from app.store.models import (
    AcceptedExceptionRow,
    Credential,
    Nurse,
    Patient,
    PatientNurse,
    PhaseMinimum,
    Prescriber,
    Protocol,
    ProtocolVersion,
    Region,
    Visit,
)
from app.store.models.patient import Standing
from app.store.models.visit import lengthened
from app.store.queries.recipe import VERSIONS
from app.store.queries.records import every_owned
from scheduler.model import OperationRule


@dataclass(frozen=True, kw_only=True, slots=True)
class Ref:
    """What a code stands for."""

    id: int
    code: str
    name: str
    active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ProtocolRef(Ref):
    """A protocol, with its newest version."""

    newest: ProtocolVersion


class Directory:
    """The codes of one region, read when first asked for and then kept: use one for one transaction.

    `user_id`: who saves (None: the command line, or nobody).
    """

    def __init__(self, tx: Tx, region_id: int, *, user_id: int | None = None) -> None:
        self._tx = tx
        self.user_id = user_id
        self.region: Region = tx.get_one(Region, region_id)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The region's zone."""
        return zone_of(self.region.zone)

    @cached_property
    def nurses(self) -> dict[str, Ref]:
        """Nurses by code, active or not, sorted by name."""
        return self._refs(Nurse)

    @cached_property
    def patients(self) -> dict[str, Ref]:
        """Patients by code, active or not."""
        return self._refs(Patient)

    @cached_property
    def prescribers(self) -> dict[str, Ref]:
        """Prescribers by code, active or not, sorted by name."""
        return self._refs(Prescriber)

    @cached_property
    def protocols(self) -> dict[str, ProtocolRef]:
        """Protocols by code, active or not, sorted by name."""
        query = (
            select(Protocol)
            .where(Protocol.region_id == self.region.id)
            .order_by(Protocol.name, Protocol.id)
            .options(VERSIONS)
        )
        return {
            row.code: ProtocolRef(
                id=row.id, code=row.code, name=row.name, active=row.active, newest=row.newest
            )
            for row in self._tx.scalars(query)
        }

    @cached_property
    def minimums(self) -> dict[str, list[PhaseMinimum]]:
        """What phases last at least, by patient's code; patients without minimums are left out."""
        found: dict[str, list[PhaseMinimum]] = {}
        for minimum in every_owned(self._tx, PhaseMinimum, self.region.id):
            found.setdefault(minimum.patient.code, []).append(minimum)
        return found

    @cached_property
    def kept_versions(self) -> dict[str, ProtocolVersion]:
        """The version of each visit, by its code, that was booked under another than the newest."""
        later = aliased(ProtocolVersion)
        superseded = (
            select(later.id)
            .where(later.protocol_id == ProtocolVersion.protocol_id, later.number > ProtocolVersion.number)
            .exists()
        )
        query = (
            select(Visit.code, ProtocolVersion)
            .join(Visit.version)
            .where(Visit.region_id == self.region.id, superseded)
            .options(joinedload(ProtocolVersion.protocol), selectinload(ProtocolVersion.phases))
        )
        return dict(self._tx.execute(query).all())

    def version(self, visit: str, protocol: str) -> ProtocolVersion:
        """What a visit of these codes is, or would be, booked under."""
        kept = self.kept_versions.get(visit)
        if kept is not None and kept.protocol.code == protocol:
            return kept
        return self.protocols[protocol].newest

    def minutes(self, visit: str, protocol: str, patient: str) -> int:
        """How long a visit of these codes lasts, with the patient's minimums."""
        phases = lengthened(self.version(visit, protocol).phases, self.minimums.get(patient, ()))
        return sum(phase.minutes for phase in phases)

    @cached_property
    def excepted_pins(self) -> frozenset[tuple[str, date, str, time | None, OperationRule]]:
        """Pins that may break a rule of operation: visit's code, day, nurse's code, local start, and rule."""
        accepted = AcceptedExceptionRow
        query = (
            select(Visit.code, Visit.day, Nurse.code, Visit.pinned_start, accepted.rule)
            .join(accepted, (accepted.visit_id == Visit.id) & (accepted.day == Visit.day))
            .join(Visit.pinned_nurse)
            .where(Visit.region_id == self.region.id, accepted.withdrawn_at.is_(None))
        )
        return frozenset(
            (visit, day, nurse, None if start is None else start.astimezone(self.zone).time(), rule)
            for visit, day, nurse, start, rule in self._tx.execute(query)
        )

    @cached_property
    def barred(self) -> frozenset[tuple[str, str]]:
        """(patient's code, nurse's code) of every nurse who must not visit."""
        query = (
            select(Patient.code, Nurse.code)
            .select_from(PatientNurse)
            .join(PatientNurse.patient)
            .join(PatientNurse.nurse)
            .where(Patient.region_id == self.region.id, PatientNurse.standing == Standing.BARRED)
        )
        return frozenset((patient, nurse) for patient, nurse in self._tx.execute(query))

    @cached_property
    def credential_kinds(self) -> list[str]:
        """Every kind that a nurse holds or a protocol asks for, sorted."""
        held = self._tx.scalars(
            select(Credential.kind).distinct().join(Credential.nurse).where(Nurse.region_id == self.region.id)
        )
        asked = (ref.newest for ref in self.protocols.values())
        return sorted({*held, *(kind for version in asked for kind in version.kinds)})

    def _refs(self, table: type[Nurse] | type[Patient] | type[Prescriber]) -> dict[str, Ref]:
        query = (
            select(table.id, table.code, table.name, table.active)
            .where(table.region_id == self.region.id)
            .order_by(table.name, table.id)
        )
        return {
            row[1]: Ref(id=row[0], code=row[1], name=row[2], active=row[3]) for row in self._tx.execute(query)
        }
