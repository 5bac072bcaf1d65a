"""The buttons of a course of treatment: each does one step and comes back to the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.courses import files, series
from app.actions.courses.preview import Change, change_of, days_of
from app.actions.errors import ActionError
from app.days import instant
from app.exchange.fields import parse_clock, shown
from app.exchange.localtime import trouble
from app.records import effects
from app.records.blueprint import blueprint
from app.store.engine import Tx
from app.store.models import Order, Patient, Visit
from app.store.models.user import Role
from app.store.queries import records
from app.web.access import allow
from app.web.context import actor, begin, zone

Row = TypeVar("Row", Order, Patient, Visit)

MOST_TOLD = 8
"""So many moved visits are named; the rest are counted."""


@blueprint.post("/orders/<int:key>/book")
@allow(Role.DISPATCHER)
def book_series(key: int) -> ResponseReturnValue:
    """Book the sessions that the order still lacks."""

    def step(tx: Tx, order: Order) -> None:
        tell(tx, [change_of(each) for each in series.book_series(tx, actor(), order.id)])

    return _done(Order, key, step, lambda order: order.patient_id)


@blueprint.post("/visits/<int:key>/fix")
@allow(Role.DISPATCHER)
def fix_session(key: int) -> ResponseReturnValue:
    """Fix a session to its day, or leave the day to planning."""
    fixed = request.form.get("fixed") == "yes"

    def step(tx: Tx, visit: Visit) -> None:
        series.set_fixed(tx, actor(), visit.id, fixed=fixed)
        flash("The day is fixed." if fixed else "Planning may move the session.", "success")

    return _visit_step(key, step)


@blueprint.post("/visits/<int:key>/presence")
@allow(Role.DISPATCHER)
def record_presence(key: int) -> ResponseReturnValue:
    """Who is there after the visit, and whether that is confirmed."""

    def step(tx: Tx, visit: Visit) -> None:
        adult = request.form.get("adult", "")
        if not adult.isdecimal():
            raise ActionError("Missing: the adult. Choose one, or add one first.")
        first, last = _moment("from", visit), _moment("until", visit)
        if last <= first:
            last += timedelta(days=1)  # until after midnight
        confirmed = request.form.get("confirmed") == "yes"
        files.record_presence(tx, actor(), visit.id, int(adult), first, last, confirmed=confirmed)
        flash("Recorded. What was recorded before stays on file.", "success")
        effects.warn_of_days(tx, visit.region_id, {visit.day})

    return _visit_step(key, step)


@blueprint.post("/visits/<int:key>/mania-check")
@allow(Role.DISPATCHER)
def record_mania_check(key: int) -> ResponseReturnValue:
    """The check for mania after a session."""

    def step(tx: Tx, visit: Visit) -> None:
        clear = request.form.get("clear") == "yes"
        by = request.form.get("checked_by", "")
        files.record_mania_check(tx, actor(), visit.id, day_of_form("checked_on"), by, clear=clear)
        flash("The mania check is recorded.", "success")

    return _visit_step(key, step)


@blueprint.post("/patients/<int:key>/agreement")
@allow(Role.DISPATCHER)
def record_agreement(key: int) -> ResponseReturnValue:
    """The coordinating psychiatrist's agreement, given or withdrawn."""

    def step(tx: Tx, patient: Patient) -> None:
        name = request.form.get("psychiatrist", "")
        if request.form.get("given") == "no":
            files.withdraw_agreement(tx, actor(), patient.id, name)
            flash("The agreement is withdrawn: no session is planned until there is a new one.", "warning")
            return
        until = day_of_form("expires_on") if request.form.get("expires_on", "").strip() else None
        files.record_agreement(tx, actor(), patient.id, name, day_of_form("agreed_on"), until)
        flash("The agreement is on file.", "success")

    return _done(Patient, key, step, lambda patient: patient.id)


def _visit_step(key: int, step: Callable[[Tx, Visit], None]) -> ResponseReturnValue:
    return _done(Visit, key, step, lambda visit: visit.patient_id)


def _done(
    table: type[Row], key: int, step: Callable[[Tx, Row], None], patient_of: Callable[[Row], int]
) -> ResponseReturnValue:
    """Do the step all or nothing, say what came of it, and go back to the patient's course."""
    with begin() as tx:
        row = records.one(tx, table, actor().region_id, key) or abort(404)
        try:
            with tx.begin_nested():
                step(tx, row)
        except ActionError as error:
            flash(str(error), "error")
        return redirect(url_for("records.course", key=patient_of(row)))


def tell(tx: Tx, changes: Sequence[Change]) -> None:
    """Flash what was booked, moved and cancelled, a sentence each, and the planned days that do not know of
    it."""
    for each in changes[:MOST_TOLD]:
        flash(each.sentence, "success")
    if len(changes) > MOST_TOLD:
        flash(f"And {len(changes) - MOST_TOLD} more.", "success")
    if not changes:
        flash("Nothing had to be moved.", "success")
    effects.warn_of_days(tx, actor().region_id, days_of(changes))


def day_of_form(name: str) -> date:
    """A date of the form. Raises ActionError for what is none."""
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ActionError(f"{shown(text)} is not a date: write it such as 2026-11-23.") from None


def _moment(name: str, visit: Visit) -> datetime:
    """A local time on the visit's day."""
    try:
        local = parse_clock(request.form.get(name, ""))
    except ValueError as error:
        raise ActionError(str(error)) from None
    complaint = trouble(visit.day, local, zone())
    if complaint is not None:
        raise ActionError(complaint)
    return instant(visit.day, local, zone())
