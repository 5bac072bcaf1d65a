"""The page itself: one HTML file that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scheduler.picture.view import View

_FOLDER = Path(__file__).parent


def render(view: View) -> str:
    """The HTML of a view. Every value of the problem is escaped; style and script are the package's own, and
    the page's content policy allows no other script and no request."""
    script = _own("picture.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("picture.html").render(
        view=view, style=_own("picture.css"), script=script, script_hash=f"sha256-{digest}"
    )


def _own(name: str) -> Markup:
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of this package
