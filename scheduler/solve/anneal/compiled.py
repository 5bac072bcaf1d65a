"""The typed door to numba: functions compiled once, cached on disk, and run without the interpreter's
lock."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import numba

FOLDER = Path(__file__).parent
P = ParamSpec("P")
R = TypeVar("R")

OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Without numba's memory management (_nrt) compiled functions cannot make arrays; with it every call
counts the references of every array it is handed, which made a move a hundred times slower."""


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


discard_stale_code(FOLDER)


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """`function` as machine code.

    Machine code is kept in the package's `__pycache__`, or, where that cannot be written, in the user's cache
    folder; where there is neither, every process compiles anew.
    """
    try:
        return cast(Callable[P, R], numba.njit(cache=True, **OPTIONS)(function))
    except RuntimeError:  # numba found no folder to keep the code in
        return cast(Callable[P, R], numba.njit(forceinline=True, **OPTIONS)(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """`function` as machine code, for use in other compiled functions only."""
    return cast(Callable[P, R], numba.njit(forceinline=True, **OPTIONS)(function))
