"""The page that a nurse's phone keeps: shell, service worker, manifest and files. None holds patient data:
the page draws what it gets from the snapshot, so that it works the same without signal."""

from __future__ import annotations

import gzip

from flask import Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.nurse.blueprint import blueprint
from app.nurse.files import Release, release
from app.nurse.languages import chosen, translate
from app.store.models.user import Role
from app.web.access import allow, public

PERMISSIONS = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
"""As for all pages, but a check-in may ask the phone where it is."""

COLOUR = "#0d5c63"


@blueprint.get("/")
@allow(Role.NURSE)
def index() -> ResponseReturnValue:
    """The page as a nurse opens it."""
    return _shell()


@blueprint.get("/kept")
@public
def kept() -> ResponseReturnValue:
    """The same page as the phone's service worker fetches it to keep, perhaps when a log-in has ended."""
    return _shell()


@blueprint.get("/worker.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker of the present release; the browser takes a new one whenever a byte differs."""
    now = release()
    script = render_template(
        "nurse/worker.js",
        release=now.version,
        addresses=[url_for(".kept"), *_addresses(now, now.kept)],
        icon=_address(now, "nurse/icon-192.png"),
    )
    return _packed(Response(script, mimetype="text/javascript"))


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """What the phone needs to install the page."""
    now = release()
    pictures = [("192", "any"), ("512", "any"), ("512", "maskable")]
    answer = jsonify(
        id=url_for(".index"),
        name="Rounds",
        short_name="Rounds",
        description=translate("Your visits, with or without signal"),
        lang=chosen(),
        start_url=url_for(".index"),
        scope=url_for(".index"),
        display="standalone",
        background_color=COLOUR,
        theme_color=COLOUR,
        icons=[
            {
                "src": _address(now, f"nurse/icon-{'maskable-' if purpose == 'maskable' else ''}{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in pictures
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@blueprint.get("/files/<version>/<path:name>")
@public
def file(version: str, name: str) -> ResponseReturnValue:
    """One file of the present release; a file of another one is no file at all."""
    now = release()
    found = now.files.get(name)
    if found is None or version != now.version:
        abort(404)
    packs = found.packed is not None and request.accept_encodings["gzip"] > 0
    answer = Response(found.packed if packs else found.body, mimetype=found.kind)
    if packs:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _shell() -> ResponseReturnValue:
    now = release()
    page = render_template(
        "nurse/shell.html",
        language=chosen(),
        say=translate,
        colour=COLOUR,
        file=lambda name: _address(now, name),
        modules=_addresses(now, now.modules),
    )
    answer = _packed(Response(page, mimetype="text/html"))
    answer.headers["Permissions-Policy"] = PERMISSIONS
    answer.vary.add("Accept-Language")
    return answer


def _packed(answer: Response) -> Response:
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        answer.set_data(gzip.compress(answer.get_data(), 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _address(now: Release, name: str) -> str:
    return url_for(".file", version=now.version, name=name)


def _addresses(now: Release, names: list[str]) -> list[str]:
    return [_address(now, name) for name in names]
