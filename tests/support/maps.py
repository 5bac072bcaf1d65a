"""A small made-up extract of OpenStreetMap: two streets, a motorway, a lake and a park around a place."""

from __future__ import annotations

from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way

CENTRE = (39.969, -82.999)
"""Latitude and longitude of the middle: the demo's."""

_REACH = 0.05
"""Degrees from the middle to where the streets end."""


def write_extract(path: Path, *, roads: bool = True) -> Path:
    """The extract at `path`; without `roads` only water and green."""
    latitude, longitude = CENTRE
    corners: list[tuple[float, float]] = []
    ways: list[tuple[list[int], dict[str, str]]] = []

    def add(points: list[tuple[float, float]], closed: bool = False, **tags: str) -> None:
        first = len(corners) + 1
        corners.extend((latitude + north * _REACH, longitude + east * _REACH) for north, east in points)
        nodes = [*range(first, len(corners) + 1)]
        ways.append(([*nodes, nodes[0]] if closed else nodes, tags))

    if roads:
        add([(0, -1), (0, 1)], highway="primary", name="Broad Street", ref="US 40;US 62")
        add([(-1, 0), (1, 0)], highway="residential", name="High Street")
        add([(-1, -1), (1, 1)], highway="motorway", ref="I 70")
        add([(-1, 1), (1, 1)], highway="proposed", name="Nowhere Road")
    add([(0.2, 0.2), (0.2, 0.8), (0.8, 0.8)], closed=True, natural="water", name="Long Lake")
    add([(-0.2, -0.2), (-0.2, -0.8), (-0.8, -0.8)], closed=True, leisure="park")
    with osmium.SimpleWriter(str(path)) as writer:
        for ident, (lat, lon) in enumerate(corners, start=1):
            writer.add_node(Node(id=ident, location=(lon, lat)))
        writer.add_node(
            Node(id=9000, location=(longitude, latitude), tags={"place": "city", "name": "Midtown"})
        )
        for ident, (nodes, tags) in enumerate(ways, start=1):
            writer.add_way(Way(id=ident, nodes=nodes, tags=tags))
    return path
