"""What the nurse's phone exchanges with the service: her events in, her days out."""

from __future__ import annotations

import json

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.actions.field import Outcome, WrongNurseError, accept
from app.clock import utc_now
from app.field.envelope import EnvelopeError, batch_of
from app.field.events import instant_text
from app.nurse.blueprint import blueprint
from app.nurse.snapshot import Snapshot, snapshot_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import actor, begin


@blueprint.post("/events")
@allow(Role.NURSE)
def store_events() -> ResponseReturnValue:
    """Take a batch of at most 200 events; docs/field.md tells of their shape.

    {"device", "sent_at", "nurse", "events": [...]} -> {"server_now", "results": [{"id", "status": "stored",
    "known" or "set_aside", "reason"?, "code"?}], "version" (of the snapshot)}. 400 names the field of an
    envelope that cannot be read; 409 where they are another nurse's.
    """
    received = utc_now()
    try:
        batch = batch_of(_json())
        with begin() as tx:
            outcomes = accept(tx, actor(), batch, received)
        with begin() as tx:
            version = snapshot_of(tx, actor(), utc_now()).version
    except EnvelopeError as error:
        return jsonify(error=str(error), field=error.field, event=error.event, status=400), 400
    except WrongNurseError as error:
        return jsonify(error=str(error), field="nurse", status=409), 409
    return jsonify(
        server_now=instant_text(utc_now()), results=[_result(each) for each in outcomes], version=version
    )


@blueprint.get("/snapshot")
@allow(Role.NURSE)
def snapshot() -> ResponseReturnValue:
    """All that her phone needs to work without a signal; docs/field.md tells of its shape."""
    now = utc_now()
    with begin() as tx:
        found = snapshot_of(tx, actor(), now)
        if request.if_none_match.contains(found.version):
            answer = jsonify()
            answer.status_code, answer.data = 304, b""
        else:
            _audit(tx, found)
            answer = jsonify({"version": found.version, "server_now": instant_text(now), **found.content})
    answer.set_etag(found.version)
    # The shell of the phone is kept without a signal, and so holds no token of the session.
    answer.headers["X-CSRFToken"] = generate_csrf()
    return answer


def _json() -> object:
    try:
        told: object = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise EnvelopeError("batch", "give JSON") from None
    return told


def _result(outcome: Outcome) -> dict[str, str]:
    told = {"id": outcome.id, "status": outcome.status.value}
    return told | {"reason": outcome.reason, "code": outcome.code} if outcome.reason else told


def _audit(tx: Tx, found: Snapshot) -> None:
    for visit, patient, shown in found.shown:
        record(
            tx,
            actor(),
            action="read",
            subject="patients",
            subject_id=str(patient),
            detail=f"visit {visit} for her phone: {shown}",
        )
