"""How far a check-in is from the patient's home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

EARTH_M = 6_371_008.8
"""The mean radius."""

FAR_OFF_M = 300.0
"""A check-in that is further away than this, its own accuracy allowed for, is flagged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the phone was, in degrees; `accuracy_m`: the radius it was sure of. `distance_m`: great circle
    to the patient's home, None where that is not known."""

    latitude: float
    longitude: float
    accuracy_m: float
    distance_m: float | None

    @property
    def far_off(self) -> bool:
        """Surely not at the address."""
        return self.distance_m is not None and self.distance_m - self.accuracy_m > FAR_OFF_M


def place_of(told: Mapping[str, Any] | None, home: tuple[float, float] | None) -> Place | None:
    """The place of an event's payload; None where the phone gave none."""
    if told is None:
        return None
    here = (told["latitude"], told["longitude"])
    return Place(
        latitude=here[0],
        longitude=here[1],
        accuracy_m=told["accuracy_m"],
        distance_m=None if home is None else great_circle_m(here, home),
    )


def great_circle_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points in degrees, in metres."""
    (latitude, longitude), (latitude2, longitude2) = (map(radians, point) for point in (one, other))
    half = sin((latitude2 - latitude) / 2) ** 2
    half += cos(latitude) * cos(latitude2) * sin((longitude2 - longitude) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))
