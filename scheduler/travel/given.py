"""Travel times that are given: a stored matrix, or that of a published instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.model import ModelError, Place
from scheduler.travel.matrix import TravelMatrix


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenTimes:
    """A TravelSource that knows the times between some places already, by their ids."""

    times: TravelMatrix

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        """Times between `places`, in their order. Raises ModelError for a place without times."""
        ids = [place.id for place in places]
        known = set(self.times.places)
        for name in ids:
            if name not in known:
                raise ModelError("travel", "places", f"no times for place {name!r}; add its row and column")
        if tuple(ids) == self.times.places:
            return self.times
        rows = [self.times.row(name) for name in ids]
        return TravelMatrix(ids, self.times.seconds[np.ix_(rows, rows)])
