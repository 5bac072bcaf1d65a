"""Adding and changing records: one form page for every kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from app.actions.records import saving
from app.actions.records.saving import ChangedMeanwhileError, TakenError
from app.exchange.forms import RecordForm
from app.exchange.nouns import NOUNS, Noun
from app.records import defaults, effects, versions
from app.records.blueprint import NOUN, blueprint
from app.records.lists import CODED, KEPT, tabs_of
from app.records.words import today
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.models import AvailabilityException, Patient, Protocol, Visit
from app.store.models.user import Role
from app.store.models.visit import VisitStatus
from app.store.queries import record_lists
from app.store.queries.continuity import kept, published_sessions
from app.store.queries.directory import Directory
from app.web.access import allow, own_page
from app.web.context import actor, begin, geocoder
from app.web.times import short_day


@blueprint.route(f"/{NOUN}/new", methods=["GET", "POST"])
@allow(Role.DISPATCHER)
def new(noun: str) -> ResponseReturnValue:
    """A form for a new record; the address may name the nurse, patient or day it is for."""
    kind = NOUNS[noun]
    with begin() as tx:
        directory = Directory(tx, actor().region_id, user_id=actor().user_id)
        if request.method == "GET":
            form = kind.form(directory=directory, prefill=defaults.prefill(tx, noun, directory))
            return _page(tx, kind, form, weekdays=defaults.weekdays_to_tick(tx, noun))
        forms = [kind.form(fields, directory=directory) for fields in _records_sent(noun)]
        wrong = next((form for form in forms if not form.validate()), None)
        rows: list[Any] = []
        if wrong is None:
            rows, wrong = _add_all(tx, kind, forms, directory)
        if wrong is not None:
            return _page(tx, kind, wrong, weekdays=request.form.getlist("weekday")), 400
        effects.warn(tx, rows[0])
        flash(f"The {kind.one} is added." if len(rows) == 1 else f"{len(rows)} are added.", "success")
        return redirect(_after(kind, rows[0]))


@blueprint.route(f"/{NOUN}/<ident>", methods=["GET", "POST"])
@allow(Role.DISPATCHER)
def edit(noun: str, ident: str) -> ResponseReturnValue:
    """A record's form; sent back, it changes the record unless somebody else has changed it meanwhile."""
    kind = NOUNS[noun]
    with begin() as tx:
        directory = Directory(tx, actor().region_id, user_id=actor().user_id)
        row = _found(tx, kind, ident)
        stored = kind.keeper.record_of(row, directory)
        if request.method == "GET":
            form = kind.form(directory=directory, record=stored)
            return _page(tx, kind, form, row, seen=saving.fingerprint(stored))
        seen = request.form.get("seen", "")
        form = kind.form(request.form, directory=directory)
        if form.validate() and _keeps_code(noun, form, stored):
            before = _day_of(row)
            try:
                names = saving.change(
                    tx,
                    actor(),
                    kind.keeper,
                    row,
                    form.record(),
                    directory,
                    seen=seen,
                )
            except ChangedMeanwhileError:
                stored = kind.keeper.record_of(row, directory)
                now = saving.fingerprint(stored)
                return _page(tx, kind, form, row, seen=now, meanwhile=_meanwhile(form, stored)), 409
            except TakenError:
                _complain_taken(kind, form)
            else:
                if names:
                    effects.warn(tx, row, also=before)
                flash("Saved." if names else "Nothing was changed.", "success")
                return redirect(_after(kind, row))
        return _page(tx, kind, form, row, seen=seen), 400


@blueprint.post(f"/{NOUN}/<ident>/remove")
@allow(Role.DISPATCHER)
def remove(noun: str, ident: str) -> ResponseReturnValue:
    """Take away hours, an exception, a credential or a standing."""
    kind = NOUNS[noun]
    if noun in CODED or noun in KEPT:
        abort(404)
    with begin() as tx:
        row = _found(tx, kind, ident)
        effects.warn(tx, row)
        target = _after(kind, row)
        saving.remove(tx, actor(), kind.keeper, row)
    flash(f"The {kind.one} is removed.", "success")
    return redirect(target)


@blueprint.post("/visits/<ident>/status")
@allow(Role.DISPATCHER)
def set_status(ident: str) -> ResponseReturnValue:
    """Cancel a visit, or book a cancelled one again; it is never deleted."""
    kind = NOUNS["visits"]
    words = {status.value: status for status in VisitStatus}
    status = words.get(request.form.get("set_status", "")) or abort(400)
    with begin() as tx:
        directory = Directory(tx, actor().region_id, user_id=actor().user_id)
        row = _found(tx, kind, ident)
        stored = kind.keeper.record_of(row, directory)
        wanted = replace(stored, status=status)
        seen = saving.fingerprint(stored)
        if saving.change(tx, actor(), kind.keeper, row, wanted, directory, seen=seen):
            effects.warn(tx, row)
        done = "cancelled" if status is VisitStatus.CANCELLED else "booked again"
        flash(f"Visit {row.code} is {done}.", "success")
        return redirect(_after(kind, row))


def _records_sent(noun: str) -> Iterator[MultiDict[str, str]]:
    """The fields of each record to add: hours may be sent for several weekdays at once."""
    weekdays = request.form.getlist("weekday") if noun == "weekly-shifts" else []
    if not weekdays:
        yield request.form
    for weekday in weekdays:
        fields = request.form.copy()
        fields["weekday"] = weekday
        yield fields


def _add_all(
    tx: Tx, kind: Noun, forms: list[RecordForm], directory: Directory
) -> tuple[list[Any], RecordForm | None]:
    """Add a record per form, all or none: the rows, or the form whose key is there already."""
    rows: list[Any] = []
    try:
        with tx.begin_nested():
            for form in forms:
                rows.append(saving.add(tx, actor(), kind.keeper, form.record(), directory))
    except TakenError:
        wrong = forms[len(rows)]
        _complain_taken(kind, wrong)
        return [], wrong
    return rows, None


def _found(tx: Tx, kind: Noun, ident: str) -> Any:
    return kind.keeper.find(tx, actor().region_id, ident) or abort(404)


def _page(
    tx: Tx,
    kind: Noun,
    form: RecordForm,
    row: Any = None,
    *,
    seen: str = "",
    meanwhile: Mapping[str, str] | None = None,
    weekdays: Sequence[str] = (),
) -> str:
    if row is not None:
        ident = kind.keeper.ident(row)
        audit(tx, actor(), action="read", subject=kind.keeper.subject, subject_id=ident, detail="form")
    return render_template(
        "records/edit.html",
        noun=kind,
        nouns=NOUNS,
        tabs=tabs_of(kind.name),
        form=form,
        row=row,
        ident=None if row is None else kind.keeper.ident(row),
        seen=seen,
        meanwhile=meanwhile,
        **_below(tx, row),
        course=_course(tx, row) if isinstance(row, Patient) else None,
        coded=kind.name in CODED,
        removable=kind.name not in CODED and kind.name not in KEPT,
        weekdays=weekdays,
        geocoder=geocoder().available,
        back=_back(kind, row),
        next=request.values.get("next", ""),
    )


def _below(tx: Tx, row: Any) -> dict[str, Any]:
    """What the sections below the form of a record show."""
    if isinstance(row, Patient):
        return {"coming": record_lists.visits_of_patient(tx, row.id, today())}
    return versions.below(tx, row) if isinstance(row, Protocol) else {}


def _course(tx: Tx, patient: Patient) -> str:
    """Which nurses have begun the patient's sessions so far; empty where there were none."""
    sessions = published_sessions(tx, [patient.id]).get(patient.id, [])
    if not sessions:
        return ""
    last = sessions[-1]
    came = f"{last.nurse} began the latest planned session, on {short_day(last.day)}."
    if len(sessions) == 1:
        return came
    same = kept([session.nurse_id for session in sessions])
    return f"{same} of {len(sessions) - 1} by the nurse of the session before. {came}"


def _keeps_code(noun: str, form: RecordForm, stored: Any) -> bool:
    if noun not in CODED or form.code.data == stored.code:
        return True
    form.code.errors = [
        f'"{form.code.data}": the code stays {stored.code}; for another one add a new record.'
    ]
    return False


def _complain_taken(kind: Noun, form: RecordForm) -> None:
    field = form[kind.key[-1]]
    name = ", ".join(form[column].text() for column in kind.key)
    field.errors = [f'"{name}" is there already: choose another, or open that one and change it.']


def _meanwhile(form: RecordForm, stored: Any) -> dict[str, str]:
    """What is stored now, by label, where the form says otherwise."""
    names = saving.differences(form.record(), stored)
    return {form[name].label.text: form[name].format(getattr(stored, name)) for name in names}


def _day_of(row: Any) -> date | None:
    return row.day if isinstance(row, Visit | AvailabilityException) else None


def _asked_from() -> str | None:
    """The page of ours that `next` names, if it does."""
    return own_page(request.values.get("next"), current_user.role)


def _back(kind: Noun, row: Any) -> str:
    """The page that this form was opened from, as far as one can tell."""
    asked = _asked_from()
    if asked is not None:
        return asked
    if kind.name in ("weekly-shifts", "exceptions", "credentials") and row is not None:
        return url_for("records.edit", noun="nurses", ident=row.nurse_id)
    if kind.name in ("prescriber-hours", "prescriber-exceptions") and row is not None:
        return url_for("records.edit", noun="prescribers", ident=row.prescriber_id)
    if kind.name in ("patient-nurses", "phase-minimums", "adults") and row is not None:
        return url_for("records.edit", noun="patients", ident=row.patient_id)
    return url_for("records.list_", noun=kind.name)


def _after(kind: Noun, row: Any) -> str:
    """Where to go once the record is stored: where the form was asked for, or else to what it belongs to."""
    if kind.name == "visits" and _asked_from() is None:
        return url_for("records.list_", noun="visits", day=row.day)
    if kind.name in CODED and _asked_from() is None:
        return url_for("records.edit", noun=kind.name, ident=row.id)
    return _back(kind, row)
