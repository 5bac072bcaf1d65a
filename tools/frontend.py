"""Copies the built files of the pages' packages from node_modules to app/web/static/vendor, and nothing else.

Run by `make setup` after npm. Exit status 1 when a file is missing.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "app" / "web" / "static" / "vendor"

FILES = {
    "idb": (PACKAGES / "idb" / "build", ("index.js",)),
    "lit-html": (PACKAGES / "lit-html", ("lit-html.js",)),
    "leaflet": (
        PACKAGES / "leaflet" / "dist",
        (
            "leaflet-src.esm.js",
            "leaflet.js",
            "leaflet.css",
            "images/layers.png",
            "images/layers-2x.png",
            "images/marker-icon.png",
            "images/marker-icon-2x.png",
            "images/marker-shadow.png",
        ),
    ),
    # For the PDF of day sheets.
    "dejavu": (PACKAGES / "dejavu-fonts-ttf" / "ttf", ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")),
    # One file with all that it needs, PMTiles' reader included.
    "protomaps": (PACKAGES / "protomaps-leaflet" / "dist", ("protomaps-leaflet.js",)),
}
"""Folder under static/vendor: where its files come from, and which."""


def main() -> int:
    """Copy everything anew, so that nothing of an earlier version stays behind."""
    missing = [
        source / name for source, names in FILES.values() for name in names if not (source / name).is_file()
    ]
    if missing:
        for path in missing:
            print(f"{path.relative_to(ROOT)} is missing: run npm ci first", file=sys.stderr)
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, (source, names) in FILES.items():
        for name in names:
            target = VENDOR / package / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
