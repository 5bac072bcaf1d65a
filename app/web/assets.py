"""Static files: addresses that change with the content, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC = Path(__file__).resolve().parent / "static"


def asset(name: str) -> str:
    """The address of a static file, with its version. A module that such a file imports by a relative path
    has no version: the browser then asks each time whether it is still fresh."""
    return _address(request.script_root, name, _version(name))


def install(app: Flask) -> None:
    """Offer `asset()` to templates, and let browsers keep what it points at."""
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            name = (request.view_args or {}).get("filename", "")
            fresh = request.args.get("v") == _version(name)
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
        return response


def _version(name: str) -> str:
    try:
        stat = (STATIC / name).stat()
    except OSError:
        return "missing"
    return _digest(name, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=512)
def _address(_root: str, name: str, version: str) -> str:
    # Building an address takes longer than all else that a page does for its dozen files.
    return url_for("static", filename=name, v=version)


@lru_cache(maxsize=512)
def _digest(name: str, _changed: int, _size: int) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
