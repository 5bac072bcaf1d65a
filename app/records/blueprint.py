"""The blueprint that the pages of records hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("records", __name__, url_prefix="/records", template_folder="templates")
