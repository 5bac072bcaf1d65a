"""The directed travel matrix, and the seam that fills it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scheduler.model import Place


class TravelMatrix:
    """Driving times between places, in whole seconds, directed.

    `seconds` has shape (n, n): row from, column to, in the order of `places`; zeros on the diagonal. The
    order of places is the caller's. Raises ValueError where the shape or a value is wrong.
    """

    def __init__(self, places: Sequence[str], seconds: npt.NDArray[np.int64]) -> None:
        if seconds.shape != (len(places), len(places)):
            raise ValueError(f"travel matrix: {len(places)} places, but seconds has shape {seconds.shape}")
        if not np.issubdtype(seconds.dtype, np.integer) or bool((seconds < 0).any()):
            raise ValueError("travel matrix: seconds must be whole numbers, 0 or more")
        if bool(seconds.diagonal().any()):
            raise ValueError("travel matrix: from a place to itself it takes 0 seconds")
        if len(set(places)) != len(places):
            raise ValueError("travel matrix: a place is listed more than once")
        self.places = tuple(places)
        self.seconds = seconds.astype(np.int64, copy=False)
        self._row = {place: row for row, place in enumerate(self.places)}

    def row(self, place: str) -> int:
        """The row and column of a place. Raises KeyError for an unknown one."""
        return self._row[place]

    def between(self, origin: str, destination: str) -> int:
        """Seconds from origin to destination."""
        return int(self.seconds[self._row[origin], self._row[destination]])


class TravelSource(Protocol):
    """Where travel times come from."""

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        """Times between all `places`, in bulk."""
        ...
