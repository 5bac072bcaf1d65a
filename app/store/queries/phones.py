"""What nurses' devices subscribe to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from app.store.engine import Tx
from app.store.models import CalendarFeed, Nurse, PlanRow, PushSubscription, RouteRow, StopRow, User
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One visit of a published day: the `number` of hers on that day, of how many."""

    visit: int
    number: int
    of: int
    start: datetime
    end: datetime
    zone: str
    published_at: datetime


def feed_owner(tx: Tx, secret_hash: str) -> Nurse | None:
    """The active nurse whose feed this is, where her log-in is open."""
    query = (
        select(Nurse)
        .join(CalendarFeed, CalendarFeed.nurse_id == Nurse.id)
        .join(User, User.nurse_id == Nurse.id)
        .where(CalendarFeed.secret_hash == secret_hash, Nurse.active, User.active)
    )
    return tx.scalar(query)


def feed_of(tx: Tx, nurse_id: int) -> CalendarFeed | None:
    """The nurse's feed."""
    return tx.get(CalendarFeed, nurse_id)


def calendar(tx: Tx, nurse_id: int, first: date, last: date) -> list[Entry]:
    """Her visits on published days from `first` to `last`, both included, but no cancelled ones."""
    query = (
        select(RouteRow)
        .join(RouteRow.plan)
        .where(RouteRow.nurse_id == nurse_id, PlanRow.status == PlanStatus.PUBLISHED)
        .where(PlanRow.day.between(first, last))
        .order_by(PlanRow.day)
    )
    return [entry for route in tx.scalars(query) for entry in _entries(route)]


def _entries(route: RouteRow) -> list[Entry]:
    stops = [stop for stop in route.stops if stop.visit.status is VisitStatus.BOOKED]
    return [
        Entry(
            visit=stop.visit_id,
            number=number,
            of=len(stops),
            start=stop.start,
            end=stop.end,
            zone=route.plan.zone,
            published_at=route.plan.published_at or route.plan.created_at,
        )
        for number, stop in enumerate(stops, start=1)
    ]


def stays(tx: Tx, region_id: int, day: date) -> dict[int, set[tuple[int, datetime, datetime]]]:
    """The stays (visit, start, end) of each nurse in the day's published plan."""
    query = (
        select(RouteRow.nurse_id, StopRow.visit_id, StopRow.start, StopRow.end)
        .join(StopRow.route)
        .join(RouteRow.plan)
        .where(PlanRow.region_id == region_id, PlanRow.day == day, PlanRow.status == PlanStatus.PUBLISHED)
    )
    found: dict[int, set[tuple[int, datetime, datetime]]] = {}
    for nurse, visit, start, end in tx.execute(query):
        found.setdefault(nurse, set()).add((visit, start, end))
    return found


def subscriptions(tx: Tx, nurses: Collection[int]) -> Sequence[PushSubscription]:
    """Where devices of these nurses take notices."""
    query = (
        select(PushSubscription)
        .join(User, User.id == PushSubscription.user_id)
        .where(User.nurse_id.in_(nurses), User.active)
    )
    return tx.scalars(query).all()


def drop_all_subscriptions(tx: Tx, user_id: int) -> None:
    """Forget every device of a user."""
    tx.execute(delete(PushSubscription).where(PushSubscription.user_id == user_id))


def drop_subscriptions(tx: Tx, endpoints: Collection[str], user_id: int | None = None) -> None:
    """Forget these addresses; with `user_id` only those of that user."""
    query = delete(PushSubscription).where(PushSubscription.endpoint.in_(endpoints))
    tx.execute(query if user_id is None else query.where(PushSubscription.user_id == user_id))
