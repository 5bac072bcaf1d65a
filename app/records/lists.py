"""The lists: searched by words, a page at a time.

What is searched for may be a patient's name, so it is posted and never stands in an address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.exchange.nouns import NOUNS
from app.records.blueprint import NOUN, blueprint
from app.records.words import today
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.models.user import Role
from app.store.queries import order_lists, record_lists
from app.store.queries.paging import Page, Wanted
from app.web.access import allow
from app.web.context import actor, begin

Query = Callable[[Tx, int, Wanted, date], Page[Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class List:
    """What one list offers: its rows, what `show` may be (the first is the default), and what it says of
    itself and when it is empty."""

    query: Query
    search: str
    show: tuple[tuple[str, str], ...] = ()
    by_day: bool = False
    about: str = ""
    empty: str


_ACTIVE = (("active", "Active"), ("inactive", "Inactive"), ("all", "All"))

LISTS: dict[str, List] = {
    "nurses": List(
        query=record_lists.nurses,
        search="Name, code, address or phone",
        show=_ACTIVE,
        empty="Add the nurses who visit patients, then their weekly hours and credentials.",
    ),
    "weekly-shifts": List(
        query=record_lists.weekly_shifts,
        search="Nurse",
        about="Local times. A day that differs goes under days off.",
        empty="Hours appear here once there are nurses.",
    ),
    "exceptions": List(
        query=record_lists.exceptions,
        search="Nurse or reason",
        show=(("coming", "From today on"), ("past", "Past")),
        about="Single days on which a nurse is off or works other hours than in the week.",
        empty="Nobody is off and nobody works other hours than usual.",
    ),
    "credentials": List(
        query=record_lists.credentials,
        search="Nurse or credential",
        show=(("active", "Active nurses"), ("all", "All nurses")),
        about="The first to expire first. A nurse gets only visits for which hers count, on that day and in "
        "the patient's state.",
        empty="Add what each nurse holds: visits ask for credentials by their protocol.",
    ),
    "patients": List(
        query=record_lists.patients,
        search="Name, code, address or phone",
        show=_ACTIVE,
        empty="Add the patients who are visited at home, then book their visits.",
    ),
    "patient-nurses": List(
        query=record_lists.patient_nurses,
        search="Patient or nurse",
        show=(("both", "Preferred and barred"), ("preferred", "Preferred"), ("barred", "Barred")),
        about="A barred nurse is never sent. A visit by a nurse who is not preferred costs a little more.",
        empty="No patient prefers a nurse, and none is barred.",
    ),
    "phase-minimums": List(
        query=record_lists.phase_minimums,
        search="Patient",
        about="What lasts longer for one patient than the protocol says.",
        empty="Every phase lasts as long as its protocol says, for every patient.",
    ),
    "adults": List(
        query=record_lists.adults,
        search="Patient or adult",
        about="Who may be with a patient after discharge. That somebody is, is confirmed for each visit.",
        empty="Add the adults who may be with a patient after discharge.",
    ),
    "prescribers": List(
        query=order_lists.prescribers,
        search="Name, code or phone",
        show=_ACTIVE,
        empty="Add who orders infusions, and when each can be reached while they run.",
    ),
    "prescriber-hours": List(
        query=order_lists.prescriber_hours,
        search="Prescriber",
        about="Local times. No infusion of their orders is planned outside them.",
        empty="Without hours no infusion of a prescriber's orders is planned.",
    ),
    "prescriber-exceptions": List(
        query=order_lists.prescriber_exceptions,
        search="Prescriber or reason",
        show=(("coming", "From today on"), ("past", "Past")),
        about="Single days on which a prescriber cannot be reached, or at other hours.",
        empty="Every prescriber's week holds.",
    ),
    "pickups": List(
        query=order_lists.pickups,
        search="Nurse or item",
        show=(("coming", "From today on"), ("past", "Past")),
        about="Kits and drug units for a day. A nurse who has picked up anything has no more than that.",
        empty="Nobody has picked up anything yet: nothing is limited.",
    ),
    "orders": List(
        query=order_lists.orders,
        search="Patient, code or prescriber",
        show=(("active", "Active"), ("held", "On hold"), ("ended", "Ended"), ("all", "All")),
        about="The first to end first. An order's page books its sessions.",
        empty="Add a prescriber's order; its sessions are then booked in one go.",
    ),
    "protocols": List(
        query=record_lists.protocols,
        search="Name or code",
        show=_ACTIVE,
        empty="A protocol says how long each phase of a visit lasts and which credentials it asks for.",
    ),
    "visits": List(
        query=record_lists.visits,
        search="Patient or code",
        show=(
            ("all", "Booked and cancelled"),
            ("booked", "Booked"),
            ("cancelled", "Cancelled"),
            ("past", "Past days"),
        ),
        by_day=True,
        about="From today on; choose a day to see only that one.",
        empty="Book a visit, and the next nightly plan takes it up.",
    ),
}

CODED = ("nurses", "patients", "prescribers", "orders", "protocols", "visits")
"""Kinds with a code, which stays as it is: files and people know the record by it. The others hang on a nurse
or a patient and may be removed."""

KEPT = ("adults",)
"""Kinds that hang on a patient and stay: what was recorded with them refers to them."""

TABS = {
    "nurses": ("nurses", "weekly-shifts", "exceptions", "credentials", "pickups"),
    "patients": ("patients", "patient-nurses", "phase-minimums", "adults"),
    "orders": ("orders", "prescribers", "prescriber-hours", "prescriber-exceptions"),
}
"""Lists that stand beside one another, by the first of them."""


def tabs_of(noun: str) -> tuple[str, ...]:
    """The lists beside this one, itself included; none where it stands alone."""
    return next((names for names in TABS.values() if noun in names), ())


@blueprint.get("/")
@allow(Role.DISPATCHER)
def index() -> ResponseReturnValue:
    """The records begin with the visits."""
    return redirect(url_for("records.list_", noun="visits"))


@blueprint.route(f"/{NOUN}", methods=["GET", "POST"], endpoint="list_")
@allow(Role.DISPATCHER)
def list_(noun: str) -> ResponseReturnValue:
    """One page of a list. Search words come posted; day, page and show may stand in the address."""
    listed, wanted = LISTS[noun], _wanted(noun)
    with begin() as tx:
        page = listed.query(tx, actor().region_id, wanted, today())
        audit(
            tx,
            actor(),
            action="read",
            subject=NOUNS[noun].keeper.subject,
            detail=f"list: {len(page.rows)} of {page.total}",
        )
        return render_template(
            "records/list.html",
            noun=NOUNS[noun],
            nouns=NOUNS,
            list=listed,
            tabs=tabs_of(noun),
            wanted=wanted,
            page=page,
            today=today(),
            days=_days_around(wanted.day) if wanted.day else None,
        )


def _wanted(noun: str) -> Wanted:
    values = request.values
    offered = [value for value, _ in LISTS[noun].show]
    show = values.get("show", "")
    number = values.get("page", "")
    return Wanted(
        text=request.form.get("q", "").strip()[:80],
        show=show if show in offered else (offered[0] if offered else ""),
        day=_day(values.get("day", "")) if LISTS[noun].by_day else None,
        number=int(number) if number.isdecimal() and len(number) < 7 else 1,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _days_around(day: date) -> tuple[date, date]:
    step = timedelta(days=1)
    return max(day, date.min + step) - step, min(day, date.max - step) + step
