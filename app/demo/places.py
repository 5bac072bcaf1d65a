"""Where the demo's people live: neighbourhoods of Columbus, Ohio, with invented streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from random import Random

from geopy.distance import great_circle

from app.demo.rows import Spot

DETOUR_FACTOR = 1.3
SPEED_KMH = 40.0
CENTRE = (39.9690, -82.9990)

SOUTH, NORTH, WEST, EAST = 39.905, 40.035, -83.135, -82.865
"""Edges of the area in degrees: nobody lives beyond them."""

SPREAD_DEGREES = 0.007
"""Standard deviation of a home's latitude around its neighbourhood's centre, about 0.8 km."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A cluster of homes: its postal city and ZIP code, its centre, and how many live there beside others."""

    city: str
    zip_code: str
    latitude: float
    longitude: float
    weight: int = 2


NEIGHBOURHOODS = (
    Neighbourhood("Columbus", "43215", 39.977, -83.004, 3),
    Neighbourhood("Columbus", "43202", 40.014, -83.011, 3),
    Neighbourhood("Columbus", "43214", 40.030, -83.018, 3),
    Neighbourhood("Upper Arlington", "43221", 40.012, -83.066, 4),
    Neighbourhood("Grandview Heights", "43212", 39.981, -83.045, 3),
    Neighbourhood("Columbus", "43204", 39.953, -83.083, 2),
    Neighbourhood("Columbus", "43228", 39.950, -83.124, 2),
    Neighbourhood("Hilliard", "43026", 40.022, -83.124, 2),
    Neighbourhood("Columbus", "43223", 39.926, -83.050, 1),
    Neighbourhood("Columbus", "43206", 39.946, -82.990, 3),
    Neighbourhood("Columbus", "43207", 39.918, -82.978, 1),
    Neighbourhood("Columbus", "43203", 39.972, -82.970, 2),
    Neighbourhood("Bexley", "43209", 39.965, -82.934, 4),
    Neighbourhood("Columbus", "43211", 40.010, -82.972, 2),
    Neighbourhood("Columbus", "43219", 40.012, -82.930, 2),
    Neighbourhood("Columbus", "43227", 39.942, -82.903, 2),
    Neighbourhood("Whitehall", "43213", 39.968, -82.888, 2),
    Neighbourhood("Gahanna", "43230", 40.019, -82.884, 3),
)

STREETS = (
    "Alder, Amberly, Applewood, Ashcombe, Barberry, Beechnut, Bellflower, Birchmont, Blue Heron, "
    "Bramblewood, Brookmere, Buckeye Hollow, Cardinal, Cedarcrest, Chestnut Bend, Clover, Copperfield, "
    "Crestline, Dogwood, Elderberry, Elmhurst, Fallen Oak, Fernbrook, Foxglove, Garnet, Glenhaven, "
    "Goldenrod, Hawthorne, Hazelmere, Heatherstone, Hickory, Ironweed, Juniper, Kestrel, Larkspur, "
    "Laurel Ridge, Linden Hollow, Locust Grove, Maplecrest, Meadowlark, Millrace, Mulberry, Nightingale, "
    "Oakhaven, Old Orchard, Partridge, Pawpaw, Pembrook, Persimmon, Quarry Ridge, Redbud, Rosehill, "
    "Rowan, Sandpiper, Sassafras, Shagbark, Silver Birch, Spicebush, Stonecrop, Sumac, Sweetgum, "
    "Sycamore, Tanager, Thornapple, Trillium, Tulip Tree, Walnut Run, Whippoorwill, Willowmere, "
    "Winterberry, Wren Hollow, Yarrow"
)
STREET_KINDS = ("Street", "Avenue", "Drive", "Road", "Court", "Lane", "Place")


def home(rng: Random, neighbourhood: Neighbourhood) -> Spot:
    """A home in the neighbourhood. Streets and house numbers are invented: nobody's real home is meant."""
    latitude = min(max(rng.gauss(neighbourhood.latitude, SPREAD_DEGREES), SOUTH), NORTH)
    longitude = min(max(rng.gauss(neighbourhood.longitude, SPREAD_DEGREES * 1.3), WEST), EAST)
    street = f"{rng.randrange(12, 3990)} {rng.choice(STREETS.split(', '))} {rng.choice(STREET_KINDS)}"
    return Spot(
        address=f"{street}, {neighbourhood.city}, OH {neighbourhood.zip_code}",
        latitude=round(latitude, 5),
        longitude=round(longitude, 5),
    )


def spread(rng: Random, count: int) -> list[Neighbourhood]:
    """`count` neighbourhoods, each about as often as its weight says, in mixed order."""
    deck = [place for place in NEIGHBOURHOODS for _ in range(place.weight)]
    drawn: list[Neighbourhood] = []
    while len(drawn) < count:
        drawn += rng.sample(deck, len(deck))
    return drawn[:count]


def nearest(spot: Spot, count: int) -> Sequence[Neighbourhood]:
    """The `count` neighbourhoods whose centres are closest, nearest first."""
    return sorted(
        NEIGHBOURHOODS,
        key=lambda place: great_circle((spot.latitude, spot.longitude), (place.latitude, place.longitude)).km,
    )[:count]


def drive_minutes(origin: Spot, destination: Spot) -> int:
    """Whole minutes by the region's own travel model (great circle, detour, speed), rounded up."""
    km: float = great_circle(
        (origin.latitude, origin.longitude), (destination.latitude, destination.longitude)
    ).km
    return ceil(km * DETOUR_FACTOR / SPEED_KMH * 60)
