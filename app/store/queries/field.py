"""What phones recorded, and which nurse had which visit when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.field.events import CUSTODY
from app.store.engine import Tx
from app.store.models import (
    FieldEvent,
    Nurse,
    PlanRow,
    Protocol,
    ProtocolVersion,
    RouteRow,
    StopRow,
    Visit,
)
from app.store.models.plan import PlanStatus
from app.store.queries.recipe import RECIPE


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """A nurse has a visit by a plan in force since `since` until `until` (None: it still is)."""

    since: datetime
    until: datetime | None


def lock_nurse(tx: Tx, nurse_id: int) -> Nurse | None:
    """The nurse, while nobody else stores events of hers until the transaction ends. Others may go on adding
    what refers to her."""
    query = select(Nurse).where(Nurse.id == nurse_id).with_for_update(key_share=True)
    return tx.scalar(query)


def known_events(tx: Tx, ids: Collection[str]) -> dict[str, FieldEvent]:
    """Those of these events that are stored."""
    return {row.id: row for row in tx.scalars(select(FieldEvent).where(FieldEvent.id.in_(ids)))}


def visits_of_region(tx: Tx, region_id: int, ids: Collection[int]) -> set[int]:
    """Those of these visits that are the region's."""
    return set(tx.scalars(select(Visit.id).where(Visit.id.in_(ids), Visit.region_id == region_id)))


def begun_by(tx: Tx, nurse_id: int, visits: Collection[int]) -> set[int]:
    """Those of these visits of which the nurse has recorded anything that counts."""
    query = (
        select(FieldEvent.visit_id)
        .distinct()
        .where(FieldEvent.nurse_id == nurse_id, FieldEvent.visit_id.in_(visits), FieldEvent.set_aside == "")
    )
    return {visit for visit in tx.scalars(query) if visit is not None}


def charges(tx: Tx, nurse: Nurse, visits: Collection[int]) -> dict[int, list[Charge]]:
    """When the nurse had, or has, each of these visits by plans that were published."""
    query = (
        select(StopRow.visit_id, PlanRow.id, PlanRow.day)
        .join(StopRow.route)
        .join(RouteRow.plan)
        .where(RouteRow.nurse_id == nurse.id, StopRow.visit_id.in_(visits))
        .where(PlanRow.published_at.is_not(None))
    )
    held = tx.execute(query).all()
    spans = _in_force(tx, nurse.region_id, {row.day for row in held})
    found: dict[int, list[Charge]] = {}
    for row in held:
        found.setdefault(row.visit_id, []).append(spans[row.id])
    return found


def _in_force(tx: Tx, region_id: int, days: Collection[date]) -> dict[int, Charge]:
    """From when to when each plan of these days that was ever published was in force."""
    query = (
        select(PlanRow.id, PlanRow.day, PlanRow.published_at)
        .where(PlanRow.region_id == region_id, PlanRow.day.in_(days), PlanRow.published_at.is_not(None))
        .order_by(PlanRow.day, PlanRow.published_at, PlanRow.id)
    )
    rows = tx.execute(query).all()
    spans = {row.id: Charge(since=row.published_at, until=None) for row in rows}
    for row, following in pairwise(rows):
        if row.day == following.day:
            spans[row.id] = Charge(since=row.published_at, until=following.published_at)
    return spans


def of_visits(tx: Tx, visits: Collection[int]) -> Sequence[FieldEvent]:
    """All that was recorded of these visits by anybody, with the nurses."""
    query = (
        select(FieldEvent)
        .where(FieldEvent.visit_id.in_(visits))
        .order_by(FieldEvent.happened_at, FieldEvent.device, FieldEvent.seq, FieldEvent.id)
        .options(joinedload(FieldEvent.nurse))
    )
    return tx.scalars(query).all()


def of_nurse(tx: Tx, nurse_id: int, days: Collection[date]) -> Sequence[FieldEvent]:
    """All that the nurse recorded on these days."""
    query = (
        select(FieldEvent)
        .where(FieldEvent.nurse_id == nurse_id, FieldEvent.day.in_(days))
        .order_by(FieldEvent.happened_at, FieldEvent.device, FieldEvent.seq, FieldEvent.id)
    )
    return tx.scalars(query).all()


def drugs(tx: Tx, region_id: int) -> list[str]:
    """The items that the region's protocols name as drugs, by name."""
    query = (
        select(ProtocolVersion.drug_units)
        .join(ProtocolVersion.protocol)
        .where(Protocol.region_id == region_id)
    )
    return sorted({each.item for units in tx.scalars(query) for each in units})


def seen_stops(tx: Tx, nurse: Nurse, day: date, plan_id: int | None) -> tuple[int, Sequence[StopRow]] | None:
    """A plan of the day that was published once, by its key, or else the first one; with the nurse's stops in
    it. None where the day has had no such plan."""
    query = (
        select(PlanRow.id)
        .where(PlanRow.region_id == nurse.region_id, PlanRow.day == day, PlanRow.published_at.is_not(None))
        .order_by(PlanRow.published_at, PlanRow.id)
    )
    plans = tx.scalars(query).all()
    if not plans:
        return None
    plan = plan_id if plan_id is not None and plan_id in plans else plans[0]
    stops = (
        select(StopRow)
        .join(StopRow.route)
        .where(RouteRow.plan_id == plan, RouteRow.nurse_id == nurse.id)
        .order_by(StopRow.position)
    )
    return plan, tx.scalars(stops).all()


_STOP = (
    joinedload(StopRow.route).joinedload(RouteRow.nurse),
    *(joinedload(StopRow.visit).options(option) for option in RECIPE),  # type: ignore[arg-type]
)


def stops_held(tx: Tx, region_id: int, day: date) -> Sequence[StopRow]:
    """The stops of all plans of the day that were ever published, with nurses, visits, patients and
    protocols; those of the plan in force come last."""
    query = (
        select(StopRow)
        .join(StopRow.route)
        .join(RouteRow.plan)
        .where(PlanRow.region_id == region_id, PlanRow.day == day)
        .where(or_(PlanRow.published_at.is_not(None), PlanRow.status == PlanStatus.PUBLISHED))
        .order_by(PlanRow.status == PlanStatus.PUBLISHED, PlanRow.published_at, PlanRow.id, StopRow.start)
        .options(*_STOP)
    )
    return tx.scalars(query).all()


def published_routes(tx: Tx, region_id: int, day: date) -> Sequence[RouteRow]:
    """The routes of the plan in force, by nurse, with their stops."""
    query = (
        select(RouteRow)
        .join(RouteRow.plan)
        .join(RouteRow.nurse)
        .where(PlanRow.region_id == region_id, PlanRow.day == day, PlanRow.status == PlanStatus.PUBLISHED)
        .order_by(Nurse.name, Nurse.id)
        .options(joinedload(RouteRow.nurse), selectinload(RouteRow.stops))
    )
    return tx.scalars(query).all()


def of_day_or_visits(tx: Tx, region_id: int, day: date, visits: Collection[int]) -> Sequence[FieldEvent]:
    """All that was recorded on the region's day or of these visits, with the nurses."""
    query = (
        select(FieldEvent)
        .where(FieldEvent.region_id == region_id)
        .where(or_(FieldEvent.day == day, FieldEvent.visit_id.in_(visits)))
        .order_by(FieldEvent.happened_at, FieldEvent.device, FieldEvent.seq, FieldEvent.id)
        .options(joinedload(FieldEvent.nurse))
    )
    return tx.scalars(query).all()


def custody(tx: Tx, region_id: int, day: date) -> Sequence[FieldEvent]:
    """What the region's nurses recorded on the day of what they carry, as far as it counts."""
    query = select(FieldEvent).where(
        FieldEvent.region_id == region_id,
        FieldEvent.day == day,
        FieldEvent.kind.in_(CUSTODY),
        FieldEvent.set_aside == "",
    )
    return tx.scalars(query).all()


def in_use(tx: Tx, region_id: int) -> bool:
    """Whether anybody in the region has ever recorded anything."""
    return tx.scalar(select(FieldEvent.id).where(FieldEvent.region_id == region_id).limit(1)) is not None


def newest(tx: Tx, region_id: int, day: date) -> str:
    """A word that changes when anything more is recorded of the region's day."""
    query = select(func.count(), func.max(FieldEvent.received_at)).where(
        FieldEvent.region_id == region_id, FieldEvent.day == day
    )
    count, at = tx.execute(query).one()
    return f"{count}-{at and at.timestamp():.0f}" if count else "0"
