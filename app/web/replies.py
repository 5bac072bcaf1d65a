"""Whether the caller is a page's script or a person."""

from __future__ import annotations

from flask import request


def wants_json() -> bool:
    """Whether the answer goes to a script: it asked for JSON, sent JSON, or the browser calls it a fetch."""
    if request.headers.get("Sec-Fetch-Dest") == "empty" or request.is_json:
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]
