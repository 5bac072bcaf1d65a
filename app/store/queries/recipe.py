"""What a visit's phases are read from, loaded with it: its protocol's version, the patient's minimums."""

from __future__ import annotations

from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.store.models import Patient, Protocol, ProtocolVersion, Visit

VERSION: ORMOption = joinedload(Visit.version).options(
    joinedload(ProtocolVersion.protocol), selectinload(ProtocolVersion.phases)
)
MINIMUMS: ORMOption = joinedload(Visit.patient).selectinload(Patient.phase_minimums)
RECIPE = (VERSION, MINIMUMS)
"""Options of a query for visits."""

VERSIONS: ORMOption = selectinload(Protocol.versions).selectinload(ProtocolVersion.phases)
"""Option of a query for protocols."""
