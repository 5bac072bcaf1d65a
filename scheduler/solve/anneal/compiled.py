"""The typed door to numba: functions compiled once, cached on disk, and run without the interpreter's
lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

import numba

from scheduler.solve.stale import discard_stale_code

P = ParamSpec("P")
R = TypeVar("R")

OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Without numba's memory management (_nrt) compiled functions cannot make arrays; with it every call
counts the references of every array it is handed, which made a move a hundred times slower."""


discard_stale_code(Path(__file__).parent)


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
