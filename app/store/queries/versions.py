"""Which visits are booked under older versions of a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import selectinload

from app.store.engine import Tx
from app.store.models import PlanRow, Protocol, ProtocolVersion, RouteRow, StopRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.store.queries.recipe import RECIPE


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptVisit:
    """A visit under an older version; `published`: nurses see it in a published plan."""

    visit: Visit
    published: bool


def kept_visits(tx: Tx, protocol: Protocol, since: date) -> Sequence[KeptVisit]:
    """The booked visits from `since` on under other than the newest version, by day and code."""
    seen = (
        exists()
        .where(StopRow.visit_id == Visit.id, StopRow.route_id == RouteRow.id)
        .where(RouteRow.plan_id == PlanRow.id, PlanRow.status == PlanStatus.PUBLISHED)
    )
    query = (
        select(Visit, seen)
        .where(*_kept(protocol, since))
        .order_by(Visit.day, Visit.code)
        .options(*RECIPE, selectinload(Visit.windows))
    )
    return [KeptVisit(visit=visit, published=published) for visit, published in tx.execute(query)]


def count_kept(tx: Tx, protocol: Protocol, since: date) -> int:
    """How many `kept_visits` there are."""
    return tx.scalar(select(func.count()).select_from(Visit).where(*_kept(protocol, since))) or 0


def _kept(protocol: Protocol, since: date) -> tuple[ColumnElement[bool], ...]:
    older = select(ProtocolVersion.id).where(
        ProtocolVersion.protocol_id == protocol.id, ProtocolVersion.id != protocol.newest.id
    )
    return (
        Visit.protocol_version_id.in_(older),
        Visit.day >= since,
        Visit.status == VisitStatus.BOOKED,
    )
