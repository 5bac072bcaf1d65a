"""Machine code kept on disk must be that of today's sources."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


def discard_stale_code(folder: Path) -> None:
    """Delete the machine code kept in `folder`'s `__pycache__` if a source in `folder` has changed since.

    numba itself looks only at the file of the function it calls, not at those of the functions called from
    there.
    """
    digest = sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))).hexdigest()
    mark = folder / "__pycache__" / "sources.sha256"
    try:
        if mark.exists() and mark.read_text() == digest:
            return
        mark.parent.mkdir(exist_ok=True)
        for path in [*mark.parent.glob("*.nbi"), *mark.parent.glob("*.nbc")]:
            path.unlink(missing_ok=True)
        mark.write_text(digest)
    except OSError:
        return  # a read-only installation: its sources do not change
