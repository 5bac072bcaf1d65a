"""Travel times by air: great circle times a detour factor, at a set speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from geopy.distance import great_circle

from scheduler.model import ModelError, Place
from scheduler.travel.matrix import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class GreatCircle:
    """Great-circle distance (geopy) times `detour`, driven at `speed_kmh`; rounded up to whole seconds.

    Raises ModelError when built with a detour below 1 or a speed that is not positive.
    """

    detour: float = 1.3
    speed_kmh: float = 40.0

    def __post_init__(self) -> None:
        if not self.detour >= 1:
            raise ModelError("great circle", "detour", f"must be 1 or more, not {self.detour!r}")
        if not self.speed_kmh > 0:
            raise ModelError("great circle", "speed_kmh", f"must be more than 0, not {self.speed_kmh!r}")

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        """Symmetric times between all `places`."""
        seconds = np.zeros((len(places), len(places)), dtype=np.int64)
        for i, here in enumerate(places):
            for j, there in enumerate(places[:i]):
                seconds[i, j] = seconds[j, i] = self._seconds(here, there)
        return TravelMatrix([place.id for place in places], seconds)

    def _seconds(self, here: Place, there: Place) -> int:
        km = great_circle((here.latitude, here.longitude), (there.latitude, there.longitude)).km
        return int(np.ceil(km * self.detour / self.speed_kmh * 3600))
