"""Who may open which page. A view that does not say is closed to everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.store.models.user import Role
from app.web.replies import wants_json

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = frozenset({"public"})
"""The declaration of a view that asks for no log-in."""

_DECLARATION = "rounds_access"


def allow(*roles: Role) -> Callable[[View], View]:
    """Open a view to logged-in users of these roles. Stands under the route's decorator."""
    if not roles:
        raise ValueError("allow() needs at least one role; a view for everybody is @public")

    def declare(view: View) -> View:
        setattr(view, _DECLARATION, frozenset(roles))
        return view

    return declare


def public(view: View) -> View:
    """Open a view to everybody, logged in or not."""
    setattr(view, _DECLARATION, PUBLIC)
    return view


def declared(endpoint: str) -> frozenset[str] | None:
    """What an endpoint's view declares: `PUBLIC`, a set of roles, or None for nothing."""
    if endpoint == "static":
        return PUBLIC
    declaration: frozenset[str] | None = getattr(current_app.view_functions.get(endpoint), _DECLARATION, None)
    return declaration


def may_open(endpoint: str, role: Role) -> bool:
    """Whether users of `role` may open the endpoint."""
    declaration = declared(endpoint)
    return declaration is not None and (declaration is PUBLIC or role in declaration)


def own_page(target: str | None, role: Role) -> str | None:
    """`target` if it is the path of one of our pages that `role` may open, else None.

    Anything else, above all an address outside, is refused: redirecting to what comes back is safe.
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    path, _, query = target.partition("?")
    if not (target.isascii() and target.isprintable()):
        return None
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET", query_args=query)
    except HTTPException:
        return None
    return target if may_open(endpoint, role) else None


def install(app: Flask) -> None:
    """Check every request before its view, or any other hook, sees it."""
    app.before_request(_check)


def _check() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None  # no such page: the error page says so
    declaration = declared(endpoint)
    if declaration is PUBLIC:
        return None
    if declaration is None:
        abort(403)
    if not current_user.is_authenticated:
        return _ask_to_log_in()
    if current_user.role not in declaration:
        abort(403)
    return None


def _ask_to_log_in() -> Response:
    if wants_json():
        abort(401)
    if request.method == "GET":
        return redirect(url_for("auth.login", next=request.full_path.rstrip("?")))
    flash("Your log-in had ended, so nothing was saved. Log in and do it once more.", "warning")
    return redirect(url_for("auth.login"))
