"""The lists of orders, prescribers and pickups, a page at a time. Each makes a fixed number of queries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.store.engine import Tx
from app.store.models import (
    Nurse,
    Order,
    Patient,
    Pickup,
    Prescriber,
    PrescriberException,
    PrescriberHours,
)
from app.store.models.order import OrderStatus
from app.store.queries.paging import Page, Wanted, active, has, page_of


def prescribers(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[Prescriber]:
    """Prescribers by name, with their hours. Show: active (default), inactive, all."""
    query = (
        select(Prescriber)
        .where(Prescriber.region_id == region_id, *active(Prescriber.active, wanted.show))
        .where(*has(wanted.text, Prescriber.name, Prescriber.code, Prescriber.phone))
        .order_by(Prescriber.name, Prescriber.id)
    )
    return page_of(tx, query, wanted, selectinload(Prescriber.hours))


def prescriber_hours(tx: Tx, region_id: int, wanted: Wanted, _: date) -> Page[PrescriberHours]:
    """Active prescribers' hours, by prescriber and weekday."""
    table = PrescriberHours
    query = (
        select(table)
        .join(table.prescriber)
        .where(Prescriber.region_id == region_id, Prescriber.active)
        .where(*has(wanted.text, Prescriber.name, Prescriber.code))
        .order_by(Prescriber.name, Prescriber.id, table.weekday, table.start_time)
    )
    return page_of(tx, query, wanted, contains_eager(table.prescriber))


def prescriber_exceptions(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[PrescriberException]:
    """Prescribers' other days from today on, by day. Show: past for those before, latest first."""
    past = wanted.show == "past"
    table = PrescriberException
    query = (
        select(table)
        .join(table.prescriber)
        .where(Prescriber.region_id == region_id, table.day < today if past else table.day >= today)
        .where(*has(wanted.text, Prescriber.name, Prescriber.code, table.reason))
        .order_by(table.day.desc() if past else table.day, Prescriber.name, table.id)
    )
    return page_of(tx, query, wanted, contains_eager(table.prescriber))


def pickups(tx: Tx, region_id: int, wanted: Wanted, today: date) -> Page[Pickup]:
    """What nurses have picked up from today on, by day and nurse. Show: past for those before."""
    past = wanted.show == "past"
    query = (
        select(Pickup)
        .join(Pickup.nurse)
        .where(Nurse.region_id == region_id, Pickup.day < today if past else Pickup.day >= today)
        .where(*has(wanted.text, Nurse.name, Nurse.code, Pickup.item))
        .order_by(Pickup.day.desc() if past else Pickup.day, Nurse.name, Pickup.item)
    )
    return page_of(tx, query, wanted, contains_eager(Pickup.nurse))


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
