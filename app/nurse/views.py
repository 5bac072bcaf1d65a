"""The nurse's pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.store.models.user import Role
from app.web.access import allow

blueprint = Blueprint("nurse", __name__, url_prefix="/my", template_folder="templates")


@blueprint.get("/")
@allow(Role.NURSE)
def index() -> ResponseReturnValue:
    """Today, or the next day that has stops."""
    return render_template("nurse/day.html")
