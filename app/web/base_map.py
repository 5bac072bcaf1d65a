"""The map under the routes: the base map's own file in pieces, or map pictures of a host, or neither."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.base_map import version_of
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import settings
from config import OPENSTREETMAP

blueprint = Blueprint("base_map", __name__)


@dataclass(frozen=True, slots=True)
class BaseMap:
    """What pages draw under a map. `kind`: "vector" (our file) or "pictures"; `url`: its address."""

    kind: str
    url: str
    attribution: str


def chosen() -> BaseMap | None:
    """Our own file where there is one, else the pictures of the settings; None: a grid alone."""
    version = version_of(settings().base_map)
    if version:
        return BaseMap("vector", url_for("base_map.tiles", v=version), OPENSTREETMAP)
    if settings().tile_url:
        return BaseMap("pictures", settings().tile_url, settings().tile_attribution)
    return None


@blueprint.get("/map/base.pmtiles")
@allow(Role.DISPATCHER)
def tiles() -> ResponseReturnValue:
    """The base map's file; pages ask for ranges of its bytes."""
    path = settings().base_map
    version = version_of(path)
    if not version:
        abort(404)
    response = send_file(path, mimetype="application/octet-stream", conditional=True, etag=version)
    fresh = request.args.get("v") == version
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable" if fresh else "no-cache"
    return response


def install(app: Flask) -> None:
    """Offer `base_map()` to templates."""
    app.jinja_env.globals["base_map"] = chosen
