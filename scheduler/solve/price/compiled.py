"""numba's njit with a type, so that compiled functions keep theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile without the interpreter's lock, and keep the machine code on disk for the next process."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
