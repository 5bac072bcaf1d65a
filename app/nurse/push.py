"""Notices to the nurse's device: turned on and off by her browser."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from app.actions.errors import ActionError
from app.actions.phones import Device, subscribe, unsubscribe
from app.nurse.blueprint import blueprint
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import actor, begin, pusher


@blueprint.get("/push")
@allow(Role.NURSE)
def push_key() -> dict[str, Any]:
    """{"key": the public key to subscribe with, or null where this service sends no notices}."""
    return {"key": pusher().key}


@blueprint.post("/push")
@allow(Role.NURSE)
def push_on() -> ResponseReturnValue:
    """Take a browser's PushSubscription as JSON: {"endpoint", "keys": {"p256dh", "auth"}}; 400 where that
    cannot be."""
    try:
        with begin() as tx:
            subscribe(tx, actor(), _device())
    except ActionError as refusal:
        return jsonify(error=str(refusal), status=400), 400
    return "", 204


@blueprint.post("/push/off")
@allow(Role.NURSE)
def push_off() -> ResponseReturnValue:
    """Forget this device: {"endpoint"}."""
    with begin() as tx:
        unsubscribe(tx, actor(), _text(_sent(), "endpoint"))
    return "", 204


def _device() -> Device:
    sent = _sent()
    keys = sent.get("keys")
    keys = keys if isinstance(keys, dict) else {}
    return Device(endpoint=_text(sent, "endpoint"), p256dh=_text(keys, "p256dh"), auth=_text(keys, "auth"))


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name)
    return value if isinstance(value, str) else ""
