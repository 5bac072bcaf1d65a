"""The base map's file, as the web service serves it."""

from __future__ import annotations

from pathlib import Path

_MAGIC = b"PMTiles\x03"


def version_of(path: Path) -> str:
    """Another text whenever the file is another; "" where there is none, or it is no PMTiles file."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return ""
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_mtime_ns:x}{stat.st_size:x}"
