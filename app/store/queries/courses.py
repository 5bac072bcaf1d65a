"""What is on file for visits of a course of treatment. Each function makes a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.store.engine import Tx
from app.store.models import (
    Adult,
    AdultPresence,
    Agreement,
    ManiaCheck,
    Nurse,
    Order,
    Patient,
    PlanRow,
    Prescriber,
    RouteRow,
    StopRow,
    Visit,
)
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries.recipe import RECIPE

ORDER: tuple[ORMOption, ...] = (
    joinedload(Visit.order).joinedload(Order.prescriber).selectinload(Prescriber.hours),
    joinedload(Visit.order).joinedload(Order.prescriber).selectinload(Prescriber.exceptions),
)
"""Options of a query for visits: their order, its prescriber, and when she can be reached."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A booked visit of a series: its day, and its start where a published plan or a pin says it."""

    id: int
    patient_id: int
    order_id: int | None
    number: int | None
    kind: VisitKind
    follows: int | None
    follows_min: int | None
    follows_max: int | None
    day: date
    start: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OnFile:
    """The newest word on each thing: presences and mania checks by visit, agreements by patient; and the
    booked visits of the same orders and patients, by day."""

    presences: Mapping[int, AdultPresence]
    agreements: Mapping[int, Agreement]
    checks: Mapping[int, ManiaCheck]
    placed: Sequence[Placed]


def on_file(tx: Tx, visits: Collection[Visit]) -> OnFile:
    """What is on file for these visits; their patients are loaded."""
    placed = _placed(tx, visits)
    ids = {visit.id for visit in visits}
    return OnFile(
        presences=_newest_presences(tx, ids),
        agreements=_newest_agreements(tx, {visit.patient_id for visit in visits if visit.patient.bipolar}),
        checks=newest_checks(tx, {each.id for each in placed if each.kind is VisitKind.SESSION}),
        placed=placed,
    )


def published_starts(tx: Tx, visits: Collection[int]) -> dict[int, datetime]:
    """When these visits start, as far as they stand in the published plan of their day."""
    query = (
        select(StopRow.visit_id, func.min(StopRow.start))
        .join(StopRow.route)
        .join(RouteRow.plan)
        .join(StopRow.visit)
        .where(StopRow.visit_id.in_(visits), PlanRow.status == PlanStatus.PUBLISHED, PlanRow.day == Visit.day)
        .group_by(StopRow.visit_id)
    )
    return dict(tx.execute(query).all())


def published_nurses(tx: Tx, visits: Collection[int]) -> Sequence[tuple[int, date, Nurse]]:
    """Of these visits those on a published route: the visit's id, the plan's day, the nurse; by time."""
    query = (
        select(StopRow.visit_id, PlanRow.day, Nurse)
        .join(StopRow.route)
        .join(RouteRow.plan)
        .join(RouteRow.nurse)
        .where(StopRow.visit_id.in_(visits), PlanRow.status == PlanStatus.PUBLISHED)
        .order_by(StopRow.start, StopRow.id)
    )
    return [(visit_id, day, nurse) for visit_id, day, nurse in tx.execute(query)]


def newest_checks(tx: Tx, visits: Collection[int]) -> dict[int, ManiaCheck]:
    """The newest mania check after each session."""
    rows = tx.scalars(select(ManiaCheck).where(ManiaCheck.visit_id.in_(visits)).order_by(ManiaCheck.id))
    return {row.visit_id: row for row in rows}


def sessions_to_check(tx: Tx, region_id: int, since: date, patient_id: int | None = None) -> Sequence[Visit]:
    """The booked sessions, from `since` on, of the region's active patients with bipolar disorder (or of
    one), by day."""
    query = (
        select(Visit)
        .join(Visit.patient)
        .where(Visit.region_id == region_id, Visit.day >= since)
        .where(Visit.kind == VisitKind.SESSION, Visit.status == VisitStatus.BOOKED)
        .where(Patient.bipolar, Patient.active)
        .order_by(Visit.day, Visit.id)
        .options(*RECIPE, selectinload(Visit.windows))
    )
    if patient_id is not None:
        query = query.where(Visit.patient_id == patient_id)
    return tx.scalars(query).all()


def orders_of_patient(tx: Tx, patient_id: int) -> Sequence[Order]:
    """The patient's orders, newest first, with prescriber and protocol."""
    query = (
        select(Order)
        .where(Order.patient_id == patient_id)
        .order_by(Order.valid_from.desc(), Order.id.desc())
        .options(
            joinedload(Order.protocol),
            joinedload(Order.prescriber).selectinload(Prescriber.hours),
            joinedload(Order.prescriber).selectinload(Prescriber.exceptions),
        )
    )
    return tx.scalars(query).all()


def visits_of_orders(tx: Tx, orders: Iterable[int]) -> Sequence[Visit]:
    """The sessions of these orders and what follows them, cancelled and missed ones too, by day."""
    sessions = select(Visit.id).where(Visit.order_id.in_(orders))
    query = (
        select(Visit)
        .where(or_(Visit.id.in_(sessions), Visit.follows_visit_id.in_(sessions)))
        .order_by(Visit.day, Visit.id)
        .options(
            *RECIPE,
            *ORDER,
            joinedload(Visit.pinned_nurse),
            selectinload(Visit.windows),
        )
    )
    return tx.scalars(query).all()


def adults_of_patient(tx: Tx, patient_id: int) -> Sequence[Adult]:
    """The patient's responsible adults, by name."""
    return tx.scalars(select(Adult).where(Adult.patient_id == patient_id).order_by(Adult.name)).all()


def presences_of(tx: Tx, visits: Collection[int]) -> Sequence[AdultPresence]:
    """All that was recorded of who is there after these visits, newest first."""
    query = (
        select(AdultPresence)
        .where(AdultPresence.visit_id.in_(visits))
        .order_by(AdultPresence.id.desc())
        .options(joinedload(AdultPresence.adult))
    )
    return tx.scalars(query).all()


def agreements_of(tx: Tx, patient_id: int) -> Sequence[Agreement]:
    """All that was recorded of the psychiatrist's agreement, newest first."""
    return tx.scalars(
        select(Agreement).where(Agreement.patient_id == patient_id).order_by(Agreement.id.desc())
    ).all()


def _placed(tx: Tx, visits: Collection[Visit]) -> list[Placed]:
    orders = {visit.order_id for visit in visits if visit.order_id is not None}
    patients = {visit.patient_id for visit in visits if visit.patient.bipolar}
    related = {visit.follows_visit_id for visit in visits if visit.follows_visit_id is not None}
    own = {visit.id for visit in visits}
    session = (Visit.kind == VisitKind.SESSION) & or_(
        Visit.order_id.in_(orders), Visit.patient_id.in_(patients), Visit.id.in_(related)
    )
    query = (
        select(Visit)
        .where(Visit.status == VisitStatus.BOOKED, or_(session, Visit.follows_visit_id.in_(own)))
        .order_by(Visit.day, Visit.id)
    )
    rows = tx.scalars(query).all()
    starts = published_starts(tx, {row.id for row in rows})
    return [
        Placed(
            id=row.id,
            patient_id=row.patient_id,
            order_id=row.order_id,
            number=row.session,
            kind=row.kind,
            follows=row.follows_visit_id,
            follows_min=row.follows_min,
            follows_max=row.follows_max,
            day=row.day,
            start=starts.get(row.id, row.pinned_start),
        )
        for row in rows
    ]


def _newest_presences(tx: Tx, visits: Collection[int]) -> dict[int, AdultPresence]:
    return {row.visit_id: row for row in reversed(presences_of(tx, visits))}


def _newest_agreements(tx: Tx, patients: Collection[int]) -> dict[int, Agreement]:
    rows = tx.scalars(select(Agreement).where(Agreement.patient_id.in_(patients)).order_by(Agreement.id))
    return {row.patient_id: row for row in rows}


def order_for_change(tx: Tx, region_id: int, order_id: int) -> Order | None:
    """The region's order, locked, with protocol and patient; None where the region has no such order."""
    query = (
        select(Order)
        .where(Order.id == order_id, Order.region_id == region_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return tx.scalar(query)


def visit_codes_like(tx: Tx, region_id: int, start: str) -> Sequence[str]:
    """The region's visit codes that begin so."""
    query = select(Visit.code).where(
        Visit.region_id == region_id, Visit.code.startswith(start, autoescape=True)
    )
    return tx.scalars(query).all()
