"""The two addresses that belong to no slice: "/" and the health check."""

from __future__ import annotations

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.store.models.user import Role
from app.web.access import allow, public
from app.web.context import begin
from app.web.nav import MENU

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@allow(Role.DISPATCHER, Role.NURSE)
def home() -> ResponseReturnValue:
    """Send each role to its first page."""
    return redirect(MENU[current_user.role][0].path)


@blueprint.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """200 when the service and its database answer."""
    with begin() as tx:
        tx.connection()
    return {"status": "ok"}
