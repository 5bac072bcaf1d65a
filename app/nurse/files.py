"""The files of the nurse's phone under one release: addresses that change when any of them changes.

A page, its modules and its service worker name files of the same release, so that an old page never runs with
a new module; what is gone from the service is still in the phone's cache until the new release is there.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.nurse.languages import FOLDER, LANGUAGES, catalogue_json
from app.web.assets import STATIC

SHARED = (
    "tokens.css",
    "base.css",
    "frame.css",
    "components.css",
    "data.css",
    "forms.css",
    "icons.svg",
    "mark.svg",
)
VENDOR = ("vendor/lit-html/lit-html.js", "vendor/idb/index.js")
COMPRESSED = frozenset({"text/css", "text/javascript", "image/svg+xml", "application/json"})


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """What is sent for one name; `packed` is the body for browsers that take gzip, None for pictures."""

    kind: str
    body: bytes
    packed: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """All files by name, and the version that stands for every one of them."""

    version: str
    files: dict[str, File]

    @property
    def modules(self) -> list[str]:
        """The names of the JavaScript modules, for preloading."""
        return [name for name in self.files if name.endswith(".js")]

    @property
    def kept(self) -> list[str]:
        """The names of what the phone keeps: all but pictures, which it wants once, to install the page."""
        return [name for name in self.files if not name.endswith(".png")]


def release() -> Release:
    """The files as they are now; read again only when one has changed."""
    own = sorted(path.relative_to(STATIC).as_posix() for path in (STATIC / "nurse").rglob("*.*"))
    names = (*SHARED, *VENDOR, *own)
    catalogues = [FOLDER / f"{language}.po" for language in LANGUAGES[1:]]
    paths = [*(STATIC / name for name in names), *catalogues]
    return _read(names, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


@lru_cache(maxsize=2)
def _read(names: tuple[str, ...], _states: tuple[tuple[Path, int, int], ...]) -> Release:
    files = {name: _file(name, (STATIC / name).read_bytes()) for name in names}
    for language in LANGUAGES[1:]:
        name = f"messages/{language}.json"
        files[name] = _file(name, catalogue_json(language).encode())
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(f"{name}\n{len(file.body)}\n".encode() + file.body)
    return Release(version=digest.hexdigest()[:16], files=files)


def _file(name: str, body: bytes) -> File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = gzip.compress(body, 9, mtime=0) if kind in COMPRESSED else None
    return File(kind=kind, body=body, packed=packed)
