"""The page "Book a visit": the best slots for a patient, or dates for a series; one click books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions import booking
from app.actions.booking import Booked, Choice, Offer, SlotGoneError, SlotLine
from app.actions.errors import ActionError
from app.actions.records.content import WindowContent
from app.days import WEEKDAYS, next_working_day
from app.engines import make_travel
from app.records.asking import MOST_DAYS, MOST_SESSIONS, AskForm
from app.records.blueprint import blueprint
from app.records.words import today
from app.store.engine import Tx
from app.store.models import Order, Region
from app.store.models.user import Role
from app.store.models.visit import Priority
from app.store.queries import records
from app.store.queries.directory import Directory
from app.web.access import allow
from app.web.context import actor, begin
from app.web.times import short_day
from scheduler.explain import NoSeries, cheapest_series

SHOWN = 12
"""So many slots are shown, the cheapest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the page shows: slots to choose from, or the proposed dates of a series, or `why_none`."""

    slots: Sequence[SlotLine]
    series: Sequence[SlotLine]
    why_none: str
    offer: Offer


@blueprint.get("/visits/book")
@allow(Role.DISPATCHER)
def ask_for_slots() -> ResponseReturnValue:
    """The form; the address may name the patient, or an order whose sessions are to be booked."""
    with begin() as tx:
        directory = Directory(tx, actor().region_id)
        form = AskForm(directory=directory, prefill=_defaults(directory.region) | _of_order(tx))
        return _page(form)


@blueprint.post("/visits/book")
@allow(Role.DISPATCHER)
def find_slots() -> ResponseReturnValue:
    """The slots of what the form asks for."""
    with begin() as tx:
        form = _form(tx)
        if not form.validate():
            return _page(form), 400
        return _found_page(tx, form)


@blueprint.post("/visits/book/slot")
@allow(Role.DISPATCHER)
def book_slot() -> ResponseReturnValue:
    """Book the chosen slot, or all dates of a series; where one is gone, show those that are left (409)."""
    with begin() as tx:
        form = _form(tx)
        if not form.validate():
            return _page(form), 400
    try:
        choices = [Choice.parse(text) for text in request.form.getlist("slot")]
        with begin() as tx:
            region = tx.get_one(Region, actor().region_id)
            wanted = request.form.get("request", "")
            booked = booking.book(tx, actor(), region, form.record(), choices, wanted, make_travel)
    except ActionError as refusal:
        with begin() as tx:
            return _found_page(tx, _form(tx), refusal), 409
    _tell(booked)
    return redirect(url_for("board.day", day=booked.visits[0].day))


def _tell(booked: Booked) -> None:
    codes = ", ".join(f"{visit.code} on {short_day(visit.day)}" for visit in booked.visits)
    flash(f"Booked: {codes}.", "success")
    for day, missing in booked.waiting.items():
        flash(f"{short_day(day)}: the visit is in no plan until this is done. {missing}", "warning")
    if booked.drafts:
        days = ", ".join(map(short_day, booked.drafts))
        flash(f"The drafts of {days} have it now: publish them, so that the nurses see it.", "info")


def _form(tx: Tx) -> AskForm:
    return AskForm(request.form, directory=Directory(tx, actor().region_id))


def _defaults(region: Region) -> dict[str, Any]:
    """What the form shows first: a visit within the next ten days, at any time of the day."""
    return {
        "patient": request.args.get("patient", ""),
        "windows": (WindowContent(earliest_start=time(8), latest_start=time(16), latest_end=None),),
        "priority": Priority.ROUTINE,
        "first": next_working_day(today(), region.working_days),
        "days": 10,
        "sessions": 1,
        "min_hours": 48,
        "max_hours": 96,
        "weekdays": list(WEEKDAYS),
    }


def _of_order(tx: Tx) -> dict[str, Any]:
    """What the order in the address asks for; nothing where it names none of the region's."""
    code = request.args.get("order", "")
    order = records.by_codes(tx, Order, actor().region_id, [code]).get(code)
    if order is None:
        return {}
    window = WindowContent(
        earliest_start=order.earliest_start, latest_start=order.latest_start, latest_end=order.latest_end
    )
    tomorrow = today() + timedelta(days=1)
    return {
        "order": order.code,
        "patient": order.patient.code,
        "protocol": order.protocol.code,
        "windows": (window,),
        "first": max(order.valid_from, tomorrow),
        "days": MOST_DAYS,
        "sessions": max(1, min(MOST_SESSIONS, booking.sessions_left(tx, order))),
        "min_hours": order.min_hours,
        "max_hours": order.max_hours,
        "weekdays": order.weekdays.split(),
        "not_after": order.not_after or order.valid_until,
    }


def _found_page(tx: Tx, form: AskForm, refusal: ActionError | None = None) -> str:
    """The form with what it asks for. A form that is refused twice shows the refusal alone."""
    form.validate()
    region = tx.get_one(Region, actor().region_id)
    try:
        asked, series = form.record(), form.is_series
        offer = booking.offer(tx, actor(), region, asked, form.span(), make_travel, varied=series)
        after = booking.session_before(tx, region, asked, form.first.data)
    except ActionError as error:
        return _page(form, refusal=refusal or error)
    return _page(form, _found(form, offer, after), refusal)


def _found(form: AskForm, offer: Offer, after: datetime | None) -> Found:
    slots = [booking.line_of(offer, slot) for slot in offer.slots[:SHOWN]]
    if not form.is_series:
        return Found(slots=slots, series=(), why_none="", offer=offer)
    rules = form.rules(booking.change_cost(offer.region), after)
    series = cheapest_series(offer.slots, rules)
    if isinstance(series, NoSeries):
        return Found(slots=slots, series=(), why_none=booking.why_no_series(series, rules), offer=offer)
    lines = [booking.line_of(offer, slot) for slot in series.slots]
    return Found(slots=(), series=lines, why_none="", offer=offer)


def _page(form: AskForm, found: Found | None = None, refusal: ActionError | None = None) -> str:
    return render_template(
        "records/book.html",
        form=form,
        found=found,
        refusal=refusal,
        gone=isinstance(refusal, SlotGoneError),
        sent=[each for each in request.form.items(multi=True) if each[0] not in _OURS],
        request_id=booking.new_request(),
    )


_OURS = ("csrf_token", "request", "slot")
"""What the forms send beside the fields of AskForm."""
