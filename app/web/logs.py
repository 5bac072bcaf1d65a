"""The service's log. Lines carry routes, never what was asked or shown: no query strings, no patient data."""

from __future__ import annotations

import logging
import time
from urllib.parse import quote
from uuid import uuid4

from flask import Flask, Response, g, request
from flask_login import current_user

from app.quiet import trace_of

requests = logging.getLogger("rounds.requests")
failures = logging.getLogger("rounds.failures")


def configure(level: str) -> None:
    """Set up logging to stderr for the whole process."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Even at DEBUG these would write what they were asked: addresses, and values of statements.
    for name in ("geopy", "sqlalchemy.engine"):
        logging.getLogger(name).setLevel(logging.WARNING)


def install(app: Flask) -> None:
    """Give every request an id, and log it when it is answered."""

    @app.before_request
    def _begin() -> None:
        g.request_id = uuid4().hex[:12]
        g.began = time.perf_counter()

    @app.after_request
    def _log(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        if request.endpoint != "static":
            milliseconds = (time.perf_counter() - g.began) * 1000
            requests.info(
                "%s %s %s %.0f ms user=%s id=%s",
                request.method,
                _address(),
                response.status_code,
                milliseconds,
                current_user.actor.user_id if current_user.is_authenticated else "-",
                g.request_id,
            )
        return response


def _address() -> str:
    """The path that was asked for. What is no page of ours may hold anything, and is left out; so is a secret
    that is part of an address."""
    if not request.url_rule:
        return "(no such page)"
    if "secret" in (request.view_args or {}):
        return request.url_rule.rule
    return quote(request.path)


def failure(error: Exception) -> None:
    """Log an unforeseen error under the request's id, without its message."""
    failures.error("id=%s %s %s: %s", g.request_id, request.method, request.endpoint, trace_of(error))
