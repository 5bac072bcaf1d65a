"""The blueprint that the pages of records hang on."""

from __future__ import annotations

from flask import Blueprint

from app.exchange.nouns import NOUNS

blueprint = Blueprint("records", __name__, url_prefix="/records", template_folder="templates")

NOUN = "<any({}):noun>".format(",".join(f"'{name}'" for name in NOUNS))
"""The part of an address that names a kind of record; anything else is no page."""
