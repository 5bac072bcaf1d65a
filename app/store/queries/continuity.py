"""Who began which session: of published plans, by patient."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import select

from app.store.engine import Tx
from app.store.models import Nurse, PlanRow, RouteRow, StopRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session as it was published: its visit, its start, and the nurse who begins it."""

    patient_id: int
    visit_id: int
    day: date
    start: datetime
    nurse_id: int
    nurse: str


def published_sessions(
    tx: Tx, patients: Collection[int], *, before: date | None = None
) -> dict[int, list[Session]]:
    """The sessions of these patients in published plans, in order, by patient; those `before` a day only."""
    if not patients:
        return {}
    query = (
        select(Visit.patient_id, Visit.id, PlanRow.day, StopRow.start, RouteRow.nurse_id, Nurse.name)
        .join(StopRow.visit)
        .join(StopRow.route)
        .join(RouteRow.plan)
        .join(RouteRow.nurse)
        .where(
            PlanRow.status == PlanStatus.PUBLISHED,
            Visit.patient_id.in_(patients),
            Visit.kind == VisitKind.SESSION,
        )
        .order_by(StopRow.start, RouteRow.id)
    )
    if before is not None:
        query = query.where(PlanRow.day < before)
    found: dict[int, dict[int, Session]] = {}
    for patient, visit, day, start, nurse_id, nurse in tx.execute(query):
        # Of several nurses at one visit, the first to come begins it.
        found.setdefault(patient, {}).setdefault(
            visit,
            Session(patient_id=patient, visit_id=visit, day=day, start=start, nurse_id=nurse_id, nurse=nurse),
        )
    return {patient: list(sessions.values()) for patient, sessions in found.items()}


def kept(nurses: Sequence[int]) -> int:
    """How many sessions, given the nurses in order, are begun by the nurse of the one before."""
    return sum(one == then for one, then in pairwise(nurses))
