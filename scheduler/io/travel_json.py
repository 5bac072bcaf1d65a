"""Where travel times come from, as JSON: great circle with its two figures, or the times themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from scheduler.io.node import Node
from scheduler.model.record import MAX_SECONDS
from scheduler.travel import GivenTimes, GreatCircle, TravelMatrix


def to_dict(travel: GreatCircle | GivenTimes | TravelMatrix) -> dict[str, Any]:
    """Great circle: its detour and speed. Matrix: its places, and seconds by row (from) and column (to)."""
    if isinstance(travel, GreatCircle):
        return {"kind": "great_circle", "detour": travel.detour, "speed_kmh": travel.speed_kmh}
    times = travel.times if isinstance(travel, GivenTimes) else travel
    return {"kind": "matrix", "places": list(times.places), "seconds": times.seconds.tolist()}


def from_dict(data: object) -> GreatCircle | GivenTimes:
    """The travel source that `data` describes. Raises FormatError."""
    return from_node(Node(data, "travel"))


def from_node(node: Node) -> GreatCircle | GivenTimes:
    """The travel source described at `node`. Raises FormatError."""
    kind = node["kind"].text()
    if kind == "great_circle":
        node.only("kind", "detour", "speed_kmh")
        with node.building():
            return GreatCircle(detour=node["detour"].number(), speed_kmh=node["speed_kmh"].number())
    if kind == "matrix":
        node.only("kind", "places", "seconds")
        return GivenTimes(times=_times(node))
    raise node["kind"].fail(f"must be great_circle or matrix, not {kind!r}")


def _times(node: Node) -> TravelMatrix:
    places = [place.text() for place in node["places"].items()]
    rows = node["seconds"].items()
    if len(rows) != len(places):
        raise node["seconds"].fail(f"has {len(rows)} rows for {len(places)} places; give one row per place")
    cells = [_row(row, len(places)) for row in rows]
    seconds = np.array(cells, dtype=np.int64).reshape(len(places), len(places))
    try:
        return TravelMatrix(places, seconds)
    except ValueError as error:
        raise node.fail(str(error)) from error


def _row(row: Node, width: int) -> list[int]:
    cells = row.wholes()
    if len(cells) != width:
        raise row.fail(f"has {len(cells)} columns for {width} places; give one column per place")
    if cells and not 0 <= min(cells) <= max(cells) <= MAX_SECONDS:
        worst = next(cell for cell in cells if not 0 <= cell <= MAX_SECONDS)
        raise row.fail(f"must be from 0 to {MAX_SECONDS} seconds, not {worst}")
    return cells
