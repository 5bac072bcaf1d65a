"""The versions of a protocol on its page: which there are, their approval, and visits under older ones."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.actions.errors import ActionError
from app.actions.records import versions
from app.records import effects
from app.records.blueprint import blueprint
from app.records.words import today
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.models import Protocol
from app.store.models.user import Role
from app.store.queries import board, records
from app.store.queries import versions as queries
from app.web.access import allow
from app.web.context import actor, begin

LONGEST_NAME = 200


def below(tx: Tx, protocol: Protocol) -> dict[str, Any]:
    """What the page shows below the form; the reading of the visits is audited."""
    kept = queries.kept_visits(tx, protocol, today())
    if kept:
        detail = f"list: {len(kept)} under older versions of protocol {protocol.id}"
        audit(tx, actor(), action="read", subject="visits", detail=detail)
    authors = {version.created_by for version in protocol.versions if version.created_by is not None}
    return {"kept": kept, "authors": board.names_of_users(tx, authors)}


@blueprint.post("/protocols/<int:key>/approve")
@allow(Role.DISPATCHER)
def approve(key: int) -> ResponseReturnValue:
    """Note the medical director's approval of the newest version."""
    number = request.form.get("version", "")
    with begin() as tx:
        protocol = _found(tx, key)
        try:
            name = request.form.get("approved_by", "").strip()[:LONGEST_NAME]
            versions.approve(tx, actor(), protocol, int(number) if number.isdecimal() else 0, name)
        except ActionError as error:
            flash(str(error), "error")
        else:
            flash(f"Version {number} is approved by {name}.", "success")
        return _back(protocol)


@blueprint.post("/protocols/<int:key>/move")
@allow(Role.DISPATCHER)
def move(key: int) -> ResponseReturnValue:
    """Move the chosen visits to the newest version."""
    chosen = {int(id) for id in request.form.getlist("visit") if id.isdecimal() and len(id) < 10}
    with begin() as tx:
        protocol = _found(tx, key)
        try:
            moved = versions.move_to_newest(tx, actor(), protocol, chosen, today())
        except ActionError as error:
            flash(str(error), "error")
            return _back(protocol)
        if not moved:
            flash("No visit is chosen: tick those to be moved.", "error")
            return _back(protocol)
        many = "1 visit is" if len(moved) == 1 else f"{len(moved)} visits are"
        flash(f"{many} now booked under version {protocol.newest.number}.", "success")
        effects.warn_of_days(tx, protocol.region_id, {visit.day for visit in moved})
        return _back(protocol)


def _found(tx: Tx, key: int) -> Protocol:
    return records.one(tx, Protocol, actor().region_id, key) or abort(404)


def _back(protocol: Protocol) -> ResponseReturnValue:
    return redirect(url_for("records.edit", noun="protocols", ident=protocol.id))
