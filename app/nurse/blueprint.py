"""Where the nurse's pages live."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("nurse", __name__, url_prefix="/my", template_folder="templates")
