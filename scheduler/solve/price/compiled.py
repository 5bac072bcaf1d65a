"""numba's njit with a type, so that compiled functions keep theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from scheduler.solve.stale import discard_stale_code

F = TypeVar("F", bound=Callable[..., Any])


discard_stale_code(Path(__file__).parent)


def compiled(function: F) -> F:
    """Compile without the interpreter's lock, and keep the machine code on disk for the next process."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
