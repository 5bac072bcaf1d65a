"""Light or dark: as the person chose by the switch (static/theme.js), else as the system says."""

from __future__ import annotations

from flask import Flask, request

COOKIE = "theme"
THEMES = ("light", "dark")


def theme() -> str:
    """The chosen theme; "" where the system decides."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in THEMES else ""


def install(app: Flask) -> None:
    """Offer `theme()` to the layout."""
    app.jinja_env.globals["theme"] = theme
