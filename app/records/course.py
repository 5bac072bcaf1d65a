"""A patient's course of treatment: orders with their sessions, which gates are open, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.actions.courses.checks import overdue_checks
from app.clock import utc_now
from app.records.blueprint import blueprint
from app.records.words import Badge, today
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.mapping.gates import Standing, standings
from app.store.models import AdultPresence, ManiaCheck, Order, Patient, Region, Visit
from app.store.models.user import Role
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import courses, records
from app.web.access import allow
from app.web.context import actor, begin
from app.web.times import clock


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionLine:
    """A session as the page shows it; `gates` only where it is still to come."""

    visit: Visit
    state: Badge
    when: str
    coming: bool
    gates: Sequence[Standing]
    presences: Sequence[AdultPresence]
    check: ManiaCheck | None
    follow_ups: Sequence[Visit]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCard:
    """An order with its sessions by day; `missing` ones are not booked yet."""

    order: Order
    lines: Sequence[SessionLine]
    missing: int


@blueprint.get("/patients/<int:key>/course")
@allow(Role.DISPATCHER)
def course(key: int) -> ResponseReturnValue:
    """The whole course of one patient."""
    with begin() as tx:
        patient = records.one(tx, Patient, actor().region_id, key) or abort(404)
        orders = courses.orders_of_patient(tx, patient.id)
        cards = _cards(tx, orders)
        audit(tx, actor(), action="read", subject="patients", subject_id=str(patient.id), detail="course")
        return render_template(
            "records/course.html",
            patient=patient,
            cards=cards,
            adults=[adult for adult in courses.adults_of_patient(tx, patient.id) if adult.active],
            agreements=courses.agreements_of(tx, patient.id),
            overdue=overdue_checks(tx, tx.get_one(Region, patient.region_id), utc_now(), patient.id),
            today=today(),
        )


def _cards(tx: Tx, orders: Sequence[Order]) -> list[OrderCard]:
    visits = courses.visits_of_orders(tx, [order.id for order in orders])
    sessions = [visit for visit in visits if visit.kind is VisitKind.SESSION]
    lines = _lines(tx, sessions, visits)
    return [
        OrderCard(
            order=order,
            lines=[line for line in lines if line.visit.order_id == order.id],
            missing=order.sessions - _booked(sessions, order),
        )
        for order in orders
    ]


def _booked(sessions: Iterable[Visit], order: Order) -> int:
    return sum(visit.order_id == order.id and visit.status is VisitStatus.BOOKED for visit in sessions)


def _lines(tx: Tx, sessions: Sequence[Visit], visits: Sequence[Visit]) -> list[SessionLine]:
    filed = courses.on_file(tx, sessions)
    checks = courses.newest_checks(tx, [visit.id for visit in sessions])
    presences = courses.presences_of(tx, [visit.id for visit in sessions])
    starts = courses.published_starts(tx, [visit.id for visit in visits])
    now = today()
    lines = []
    for visit in sessions:
        coming = visit.status is VisitStatus.BOOKED and visit.day >= now
        lines.append(
            SessionLine(
                visit=visit,
                state=_state(visit, starts, now),
                when=_when(visit, starts),
                coming=coming,
                gates=standings(visit, filed, now) if coming else (),
                presences=[row for row in presences if row.visit_id == visit.id],
                check=checks.get(visit.id),
                follow_ups=[each for each in visits if each.follows_visit_id == visit.id],
            )
        )
    return lines


def _state(visit: Visit, starts: Mapping[int, datetime], now: date) -> Badge:
    if visit.status is VisitStatus.CANCELLED:
        return Badge("Cancelled", "")
    if visit.status is VisitStatus.MISSED:
        return Badge("Missed", "danger")
    if visit.day < now:
        return Badge("Past", "")
    return Badge("Published", "ok") if visit.id in starts else Badge("Booked", "info")


def _when(visit: Visit, starts: Mapping[int, datetime]) -> str:
    """Its published start, or when it may start."""
    if visit.id in starts:
        return f"at {clock(starts[visit.id])}"
    spans = (f"{clock(each.earliest_start)}–{clock(each.latest_start)}" for each in visit.windows)
    return "from " + " or ".join(spans)
