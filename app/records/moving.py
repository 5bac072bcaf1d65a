"""A session moved or dropped: the page that shows what that does, and the button that saves all of it."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.courses.preview import Drop, Move, confirm, preview
from app.actions.errors import ActionError
from app.records.blueprint import blueprint
from app.records.course_steps import day_of_form, tell
from app.records.words import today
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.models import Visit
from app.store.models.user import Role
from app.store.models.visit import VisitStatus
from app.store.queries import records
from app.web.access import allow
from app.web.context import actor, begin

DROPPED = {"cancelled": VisitStatus.CANCELLED, "missed": VisitStatus.MISSED}


@blueprint.post("/visits/<int:key>/move")
@allow(Role.DISPATCHER)
def move_session(key: int) -> ResponseReturnValue:
    """Show what another day does to the session and those after it; with the page's key, save it."""
    return _step(key)


@blueprint.post("/visits/<int:key>/drop")
@allow(Role.DISPATCHER)
def drop_session(key: int) -> ResponseReturnValue:
    """The same for a session that is cancelled or was missed, and is made up if that is asked for."""
    if request.form.get("status") not in DROPPED:
        abort(400)
    return _step(key)


def _step(key: int) -> ResponseReturnValue:
    given = request.form.get("key", "")
    if not given:
        with begin() as tx:
            return _page(tx, key)
    try:
        with begin() as tx:
            seen = confirm(tx, actor(), _asked(_visit(tx, key)), given)
            tell(tx, seen.changes)
    except ActionError as error:
        with begin() as tx:
            return _page(tx, key, str(error))
    return redirect(url_for("records.course", key=seen.patient_id))


def _visit(tx: Tx, key: int) -> Visit:
    return records.one(tx, Visit, actor().region_id, key) or abort(404)


def _asked(visit: Visit) -> Move | Drop:
    """The step that the form asks for. Raises ActionError for a day that is none."""
    status = request.form.get("status")
    if status is None:
        return Move(visit_id=visit.id, day=day_of_form("day"))
    return Drop(visit_id=visit.id, status=DROPPED[status], make_up=request.form.get("make_up") == "yes")


def _page(tx: Tx, key: int, refusal: str = "") -> ResponseReturnValue:
    """What the step would do; 409 where it is refused, with the reason and the same form."""
    visit = _visit(tx, key)
    seen = None
    try:
        seen = preview(tx, actor(), _asked(visit))
    except ActionError as error:
        refusal = refusal or str(error)
    audit(tx, actor(), action="read", subject="patients", subject_id=str(visit.patient_id), detail="moving")
    page = render_template(
        "records/moving.html",
        visit=visit,
        patient=visit.patient,
        seen=seen,
        refusal=refusal,
        given=request.form,
        today=today(),
    )
    return page, 409 if refusal else 200
