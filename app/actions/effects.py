"""What becomes of a reported disruption: it takes effect with its plan's publication, or comes to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.actions.actor import Actor
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import AvailabilityException, DisruptionRow, RouteRow, Visit
from app.store.models.disruption import DisruptionKind, DisruptionStatus
from app.store.models.nurse import Availability
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.store.queries import disruptions as queries
from app.store.queries import planning

ILL = "Ill"


def take_effect(tx: Tx, actor: Actor, run_id: int, now: datetime) -> None:
    """What the run made its plan for is so from now on: the records say it too.

    In the transaction that publishes, so that no published plan and no record ever contradict each other.
    """
    row = queries.of_run(tx, run_id)
    if row is None or row.status is not DisruptionStatus.PROPOSED:
        return
    if row.kind is DisruptionKind.VISIT_CANCELLED:
        _cancel(tx, actor, row.details["visit"])
    if row.kind is DisruptionKind.NURSE_ILL:
        _take_off(tx, actor, row)
    row.status, row.decided_at, row.decided_by = DisruptionStatus.ACCEPTED, now, actor.user_id
    tx.flush()
    record(tx, actor, action="accept", subject="disruptions", subject_id=str(row.id), detail=row.kind.value)


def come_to_nothing(tx: Tx, run_id: int, now: datetime, actor: Actor | None = None) -> None:
    """What the run made its plan for is laid aside with that plan; nothing for one that was accepted."""
    row = queries.of_run(tx, run_id)
    if row is not None and row.status is DisruptionStatus.PROPOSED:
        row.status, row.decided_at = DisruptionStatus.DISCARDED, now
        row.decided_by = None if actor is None else actor.user_id


def _cancel(tx: Tx, actor: Actor, visit_id: int) -> None:
    visit = tx.get_one(Visit, visit_id)
    visit.status = VisitStatus.CANCELLED
    record(tx, actor, action="write", subject="visits", subject_id=str(visit_id), detail="status")


def _take_off(tx: Tx, actor: Actor, row: DisruptionRow) -> None:
    """She is off where the new plan has no hours for her; who falls ill in mid-shift has worked, and the
    disruption alone says until when. What is pinned to her and she has not begun is pinned no more."""
    nurse_id, since = row.details["nurse"], datetime.fromisoformat(row.details["from"])
    routes = queries.routes(tx, row.region_id, row.day, PlanStatus.PUBLISHED)
    begun = _begun(routes, nurse_id, max(since, row.at))
    for visit in planning.booked_visits(tx, row.region_id, row.day):
        if nurse_id in (visit.pinned_nurse_id, visit.pinned_taker_id) and visit.id not in begun:
            visit.pinned_nurse = visit.pinned_start = visit.pinned_taker = None
            record(tx, actor, action="write", subject="visits", subject_id=str(visit.id), detail="pin")
    draft = queries.routes(tx, row.region_id, row.day, PlanStatus.DRAFT)
    if any(route.nurse_id == nurse_id for route in draft):
        return
    nurse = next(nurse for nurse in planning.nurses(tx, row.region_id) if nurse.id == nurse_id)
    exception = next((each for each in nurse.exceptions if each.day == row.day), None)
    if exception is None:
        exception = AvailabilityException(day=row.day)
        nurse.exceptions.append(exception)
    exception.kind, exception.reason = Availability.OFF, ILL
    exception.start_time = exception.end_time = None
    tx.flush()
    record(
        tx,
        actor,
        action="write",
        subject="availability_exceptions",
        subject_id=str(exception.id),
        detail=f"off on {row.day}",
    )


def _begun(routes: Sequence[RouteRow], nurse_id: int, by: datetime) -> set[int]:
    mine = [stop for route in routes if route.nurse_id == nurse_id for stop in route.stops]
    return {stop.visit_id for stop in mine if stop.start <= by}
