"""The lists of orders, prescribers and pickups, a page at a time. Each makes a fixed number of queries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.store.engine import Tx
from app.store.models import (
    Order,
    Patient,
    Pickup,
    Prescriber,
    PrescriberException,
    PrescriberHours,
)
from app.store.models.order import OrderStatus
from app.store.queries.paging import Page, Wanted, by_day, by_name, has, of_owners, page_of


def prescribers(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Prescriber]:
    """Prescribers by name, with their hours. Show: active (default), inactive, all."""
    query = by_name(Prescriber, region_id, wanted, Prescriber.phone)
    return page_of(tx, query, wanted, selectinload(Prescriber.hours))


def prescriber_hours(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[PrescriberHours]:
    """Active prescribers' hours, by prescriber and weekday."""
    table = PrescriberHours
    query = of_owners(table, region_id, wanted).where(Prescriber.active)
    query = query.order_by(Prescriber.name, Prescriber.id, table.weekday, table.start_time)
    return page_of(tx, query, wanted)


def prescriber_exceptions(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[PrescriberException]:
    """Prescribers' other days from today on, by day. Show: past for those before, latest first."""
    table = PrescriberException
    return page_of(tx, by_day(table, region_id, wanted, today, table.reason).order_by(table.id), wanted)


def pickups(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[Pickup]:
    """What nurses have picked up from today on, by day and nurse. Show: past for those before."""
    return page_of(tx, by_day(Pickup, region_id, wanted, today, Pickup.item).order_by(Pickup.item), wanted)


def orders(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Order]:
    """Orders, the first to end first. Show: active (default), on hold, ended, all."""
    query = (
        select(Order)
        .join(Order.patient)
        .join(Order.prescriber)
        .where(Order.region_id == region_id)
        .where(*has(wanted.text, Patient.name, Patient.code, Order.code, Prescriber.name))
        .order_by(Order.valid_until, Order.code)
    )
    if wanted.show != "all":
        query = query.where(Order.status == OrderStatus(wanted.show or "active"))
    return page_of(
        tx,
        query,
        wanted,
        contains_eager(Order.patient),
        contains_eager(Order.prescriber),
        joinedload(Order.protocol),
    )
