"""Travel times by air: great circle times a detour factor, at a set speed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from geopy.distance import EARTH_RADIUS

from scheduler.model import ModelError, Place
from scheduler.travel.matrix import TravelMatrix

_EPSILON = 1e-6
"""Seconds by which the rounding of floats may lift a whole number before it counts as more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GreatCircle:
    """Great-circle distance times `detour`, driven at `speed_kmh`; rounded up to whole seconds.

    The distance is that of geopy's `great_circle`, on its sphere, computed for all pairs at once.
    Raises ModelError when built with a detour below 1 or a speed that is not positive, or either not finite.
    """

    detour: float = 1.3
    speed_kmh: float = 40.0

    def __post_init__(self) -> None:
        if not 1 <= self.detour < math.inf:
            raise ModelError("great circle", "detour", f"must be 1 or more, not {self.detour!r}")
        if not 0 < self.speed_kmh < math.inf:
            raise ModelError("great circle", "speed_kmh", f"must be more than 0, not {self.speed_kmh!r}")

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        """Symmetric times between all `places`."""
        hours = _kilometres(places) * self.detour / self.speed_kmh
        one_way = np.triu(np.ceil(hours * 3600 - _EPSILON)).astype(np.int64)
        return TravelMatrix([place.id for place in places], one_way + one_way.T)


def _kilometres(places: Sequence[Place]) -> npt.NDArray[np.float64]:
    """Vincenty's formula for the sphere, which holds for near and for opposite points alike."""
    latitude = np.radians([place.latitude for place in places])
    longitude = np.radians([place.longitude for place in places])
    sin, cos = np.sin(latitude), np.cos(latitude)
    apart = longitude[None, :] - longitude[:, None]
    across = cos[None, :] * np.sin(apart)
    along = np.outer(cos, sin) - np.outer(sin, cos) * np.cos(apart)
    cosine = np.outer(sin, sin) + np.outer(cos, cos) * np.cos(apart)
    angle: npt.NDArray[np.float64] = np.arctan2(np.hypot(across, along), cosine)
    return angle * float(EARTH_RADIUS)
