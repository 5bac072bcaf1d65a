"""The headers of every response, and the cookie's."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from config import Settings

LARGEST_REQUEST = 8 * 1024 * 1024
"""Bytes; the largest upload is a CSV file."""

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Not no-referrer: the CSRF check wants the referrer of our own HTTPS pages. Other sites get none.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def configure(app: Flask, settings: Settings) -> None:
    """Set what Flask and its extensions read from `app.config`."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # Browsers take a __Host- cookie only over HTTPS and from this very host.
        SESSION_COOKIE_NAME="__Host-rounds" if settings.cookie_secure else "rounds",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        # A form lives as long as the session: dispatchers leave pages open all day.
        WTF_CSRF_TIME_LIMIT=None,
    )


def install(app: Flask, settings: Settings) -> None:
    """Check the CSRF token of every writing request, and set the headers of every response."""
    CSRFProtect(app)
    headers = {"Content-Security-Policy": content_policy(settings), **HEADERS}

    @app.after_request
    def _set_headers(response: Response) -> Response:
        # A page may say otherwise of itself: a check-in asks where the phone is, a file is kept for a year.
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if settings.cookie_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def content_policy(settings: Settings) -> str:
    """Everything comes from this service, but for map pictures where the operator has named their host."""
    pictures = " ".join(["'self'", "data:", *_picture_hosts(settings.tile_url)])
    return (
        f"default-src 'self'; img-src {pictures}; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def _picture_hosts(tile_url: str) -> tuple[str, ...]:
    if not tile_url:
        return ()
    scheme, _, rest = tile_url.partition("://")
    return (f"{scheme}://{rest.partition('/')[0].replace('{s}', '*')}",)
