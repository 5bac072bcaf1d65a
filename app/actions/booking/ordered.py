"""Booking sessions of an order: within its dates and spacing, numbered, with their follow-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from app.actions.booking.asked import Asked, Choice
from app.actions.courses import booking
from app.actions.errors import ActionError
from app.days import day_text, midnight, weekdays_of, zone_of
from app.store.engine import Tx
from app.store.models import Order, Region, Visit
from app.store.models.order import OrderStatus
from app.store.queries import courses, records


def order_of(tx: Tx, region: Region, asked: Asked) -> Order | None:
    """The order whose sessions are asked for; None for a visit without one.

    Raises ActionError where it is not an active order of this patient and protocol.
    """
    if not asked.order:
        return None
    order = records.by_codes(tx, Order, region.id, [asked.order]).get(asked.order)
    if order is None:
        raise ActionError(f"There is no order {asked.order!r}: give the order's code, or none.")
    if order.status is not OrderStatus.ACTIVE:
        raise ActionError(f"Order {order.code} is not active: make it active again, or book without it.")
    if (order.patient.code, order.protocol.code) != (asked.patient, asked.protocol):
        raise ActionError(
            f"Order {order.code} is for patient {order.patient.code} and protocol {order.protocol.code}: "
            "ask for these."
        )
    return order


def session_before(tx: Tx, region: Region, asked: Asked, day: date) -> datetime | None:
    """When the order's last session before a day starts; None without an order, or where not known."""
    order = order_of(tx, region, asked)
    if order is None:
        return None
    first = midnight(day, zone_of(region.zone))
    return max((start for start in _known_starts(tx, order) if start < first), default=None)


def sessions_left(tx: Tx, order: Order) -> int:
    """How many sessions of the order are not booked yet."""
    return order.sessions - len(booking.sessions_of(tx, order))


def _known_starts(tx: Tx, order: Order) -> list[datetime]:
    """When the order's booked sessions start, as far as a published plan or a pin says it."""
    visits = booking.sessions_of(tx, order)
    published = courses.published_starts(tx, {visit.id for visit in visits})
    starts = (published.get(visit.id, visit.pinned_start) for visit in visits)
    return [start for start in starts if start is not None]


def numbers_for(tx: Tx, order: Order, choices: Sequence[Choice]) -> Iterator[int]:
    """The numbers of the new sessions. Raises ActionError where the order does not allow these slots."""
    taken = {visit.session for visit in booking.sessions_of(tx, order)}
    free = [number for number in range(1, order.sessions + 1) if number not in taken]
    if len(free) < len(choices):
        raise ActionError(
            f"Order {order.code} is for {order.sessions} sessions, and {len(free)} of them are left to book."
        )
    last = order.valid_until if order.not_after is None else min(order.valid_until, order.not_after)
    for choice in choices:
        in_time = order.valid_from <= choice.day <= last
        if not in_time or choice.day.weekday() not in weekdays_of(order.weekdays):
            raise ActionError(
                f"Order {order.code} does not allow {day_text(choice.day)}: choose another day."
            )
    for one, then in pairwise(sorted([*_known_starts(tx, order), *(choice.start for choice in choices)])):
        _require_apart(order, then - one)
    return iter(free)


def attach(tx: Tx, region: Region, order: Order, visit: Visit, number: int) -> None:
    """Make a booked visit a session of the order, fixed to its day, and book its follow-ups."""
    visit.order, visit.session, visit.fixed_day = order, number, True
    tx.flush()
    booking.book_follow_ups(tx, order, region, visit)


def _require_apart(order: Order, apart: timedelta) -> None:
    most = order.max_hours
    if apart < timedelta(hours=order.min_hours) or (most is not None and apart > timedelta(hours=most)):
        hours = f"{order.min_hours} to {most}" if most is not None else f"at least {order.min_hours}"
        raise ActionError(f"Order {order.code} asks for {hours} h from start to start: choose other slots.")
