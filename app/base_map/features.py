"""What of an OpenStreetMap extract is drawn: roads with names, water, greens, railways and places.

Nothing else of the extract is kept: a quiet map says where one is, and the routes stand out from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Tags = Mapping[str, str]

ROADS = {
    "motorway": ("motorway", 6),
    "motorway_link": ("motorway", 11),
    "trunk": ("motorway", 7),
    "trunk_link": ("motorway", 11),
    "primary": ("major", 8),
    "primary_link": ("major", 12),
    "secondary": ("major", 9),
    "secondary_link": ("major", 12),
    "tertiary": ("minor", 10),
    "tertiary_link": ("minor", 12),
    "residential": ("street", 12),
    "unclassified": ("street", 12),
    "living_street": ("street", 12),
    "road": ("street", 12),
    "pedestrian": ("street", 13),
    "service": ("service", 14),
}
"""OSM's `highway`: our kind, and the first zoom level that has it."""

LINES = {
    ("waterway", "river"): ("water", "river", 8),
    ("waterway", "canal"): ("water", "canal", 11),
    ("waterway", "stream"): ("water", "stream", 13),
    ("natural", "coastline"): ("water", "coast", 6),
    ("railway", "rail"): ("rail", "rail", 11),
    ("aeroway", "runway"): ("rail", "runway", 11),
}
"""Tag: layer, kind, first zoom level."""

AREAS = {
    ("natural", "water"): ("water", "water", 6),
    ("waterway", "riverbank"): ("water", "water", 6),
    ("waterway", "dock"): ("water", "water", 11),
    ("landuse", "reservoir"): ("water", "water", 8),
    ("landuse", "basin"): ("water", "water", 12),
    ("natural", "wood"): ("green", "wood", 9),
    ("landuse", "forest"): ("green", "wood", 9),
    ("leisure", "park"): ("green", "park", 9),
    ("leisure", "nature_reserve"): ("green", "park", 9),
    ("leisure", "golf_course"): ("green", "park", 11),
    ("leisure", "garden"): ("green", "park", 13),
    ("landuse", "cemetery"): ("green", "park", 11),
    ("landuse", "recreation_ground"): ("green", "park", 12),
    ("landuse", "village_green"): ("green", "park", 13),
}

PLACES = {"city": 6, "town": 8, "village": 10, "suburb": 11, "hamlet": 12, "neighbourhood": 13}

KEYS = ("highway", "waterway", "natural", "railway", "aeroway", "landuse", "leisure", "place")
_AREA_KEYS = ("waterway", "natural", "landuse", "leisure")


@dataclass(slots=True)
class Reading:
    """What reading has met so far: how many features of each layer, and how many without a usable shape."""

    kept: dict[str, int]
    broken: int = 0


def features(extract: Path, reading: Reading) -> Iterator[str]:
    """One GeoJSON feature a line, as tippecanoe reads them. Counts in `reading`.

    Raises RuntimeError or OSError where the extract cannot be read.
    """
    import osmium  # heavy, and only this command needs it

    shapes = osmium.geom.GeoJSONFactory()
    makers: dict[type, tuple[Callable[[Tags], _Drawn | None], Callable[[Any], str]]] = {
        osmium.osm.Node: (_place, shapes.create_point),
        osmium.osm.Way: (_line, shapes.create_linestring),
        osmium.osm.Area: (_area, shapes.create_multipolygon),
    }
    objects = (
        osmium.FileProcessor(str(extract))
        .with_locations()
        .with_areas(osmium.filter.KeyFilter(*_AREA_KEYS))
        .with_filter(osmium.filter.KeyFilter(*KEYS))
    )
    for each in objects:
        if type(each) not in makers:
            continue
        what, shape = makers[type(each)]
        drawn = what({tag.k: tag.v for tag in each.tags})
        if drawn is None:
            continue
        try:
            geometry = shape(each)
        except RuntimeError:  # cut off at the extract's edge, or not closed
            reading.broken += 1
            continue
        reading.kept[drawn.layer] = reading.kept.get(drawn.layer, 0) + 1
        yield drawn.as_json(geometry)


@dataclass(frozen=True, slots=True)
class _Drawn:
    layer: str
    kind: str
    zoom: int
    name: str = ""
    ref: str = ""

    def as_json(self, geometry: str) -> str:
        said = {"kind": self.kind, "name": self.name, "ref": self.ref}
        known = json.dumps({key: value for key, value in said.items() if value})
        tippecanoe = json.dumps({"layer": self.layer, "minzoom": self.zoom})
        return f'{{"type":"Feature","tippecanoe":{tippecanoe},"properties":{known},"geometry":{geometry}}}\n'


def _line(tags: Tags) -> _Drawn | None:
    road = ROADS.get(tags.get("highway", ""))
    if road is not None and tags.get("area") != "yes":
        kind, zoom = road
        return _Drawn("roads", kind, zoom, tags.get("name", ""), tags.get("ref", "").partition(";")[0])
    return _tagged(tags, LINES)


def _area(tags: Tags) -> _Drawn | None:
    return _tagged(tags, AREAS)


def _place(tags: Tags) -> _Drawn | None:
    kind, name = tags.get("place", ""), tags.get("name", "")
    return _Drawn("places", kind, PLACES[kind], name) if kind in PLACES and name else None


def _tagged(tags: Tags, known: Mapping[tuple[str, str], tuple[str, str, int]]) -> _Drawn | None:
    for key in KEYS:
        found = known.get((key, tags.get(key, "")))
        if found is not None:
            return _Drawn(*found, tags.get("name", ""))
    return None
