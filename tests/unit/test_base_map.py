"""The base map: what of an extract is drawn, what the file holds, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from app.base_map import BaseMapError, build, version_of
from app.base_map.features import Reading, features
from tests.support.maps import CENTRE, write_extract

COLUMBUS = Path(__file__).resolve().parents[3] / "shared" / "osm" / "columbus-oh.osm.pbf"


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_extract(tmp_path_factory.mktemp("map") / "town.osm.pbf")


@pytest.fixture(scope="module")
def read(extract: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in features(extract, Reading(kept={}))]


def named(read: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = (each for each in read if each["properties"].get("name") == name)
    return found


def test_roads_keep_kind_name_and_first_number(read: list[dict[str, Any]]) -> None:
    road = named(read, "Broad Street")
    assert road["properties"] == {"kind": "major", "name": "Broad Street", "ref": "US 40"}
    assert road["tippecanoe"] == {"layer": "roads", "minzoom": 8}
    assert road["geometry"]["type"] == "LineString"


def test_small_streets_come_later_than_motorways(read: list[dict[str, Any]]) -> None:
    (motorway,) = (each for each in read if each["properties"]["kind"] == "motorway")
    assert motorway["tippecanoe"]["minzoom"] < named(read, "High Street")["tippecanoe"]["minzoom"]


def test_water_greens_and_places_are_drawn_and_what_is_not_built_is_not(read: list[dict[str, Any]]) -> None:
    assert named(read, "Long Lake")["geometry"]["type"] == "MultiPolygon"
    assert named(read, "Midtown")["tippecanoe"]["layer"] == "places"
    layers = sorted(each["tippecanoe"]["layer"] for each in read)
    assert layers == ["green", "places", "roads", "roads", "roads", "water"]


def test_the_file_has_every_layer_and_says_whose_the_data_is(extract: Path, tmp_path: Path) -> None:
    target = tmp_path / "var" / "map.pmtiles"
    built = build([extract], target)
    assert (
        built.features == {"green": 1, "places": 1, "roads": 3, "water": 1}
        and built.size == target.stat().st_size
    )
    decoder = Path(sysconfig.get_path("scripts")) / "tippecanoe-decode"
    said = subprocess.run([decoder, target], capture_output=True, text=True, check=True).stdout
    properties = json.loads(said)["properties"]
    assert properties["attribution"] == "© OpenStreetMap contributors"
    layers = {layer["id"] for layer in json.loads(properties["json"])["vector_layers"]}
    assert layers == {"green", "places", "roads", "water"}
    west, south, east, north = map(float, properties["bounds"].split(","))
    assert west < CENTRE[1] < east and south < CENTRE[0] < north


def test_another_map_takes_the_old_ones_place_with_another_version(extract: Path, tmp_path: Path) -> None:
    target = tmp_path / "map.pmtiles"
    assert version_of(target) == ""
    build([extract], target)
    first = version_of(target)
    build([extract, write_extract(tmp_path / "more.osm.pbf")], target)
    assert first and version_of(target) not in ("", first)
    assert {path.name for path in tmp_path.iterdir()} == {"map.pmtiles", "more.osm.pbf"}


def test_what_is_no_extract_is_refused_and_the_old_map_stays(extract: Path, tmp_path: Path) -> None:
    target = tmp_path / "map.pmtiles"
    build([extract], target)
    before = target.read_bytes()
    junk = tmp_path / "junk.osm.pbf"
    junk.write_bytes(b"no map at all")
    for given, cure in (
        (tmp_path / "gone.osm.pbf", "gone.osm.pbf is no file: give an extract"),
        (junk, "junk.osm.pbf cannot be read as OpenStreetMap data"),
        (write_extract(tmp_path / "lake.osm.pbf", roads=False), "not one road in .*lake.osm.pbf"),
    ):
        with pytest.raises(BaseMapError, match=cure):
            build([given], target)
    assert target.read_bytes() == before


def test_a_file_of_another_kind_is_no_base_map(tmp_path: Path) -> None:
    other = tmp_path / "map.pmtiles"
    other.write_bytes(b"PK\x03\x04 a zip archive")
    assert version_of(other) == ""


@pytest.mark.skipif(not COLUMBUS.exists(), reason="no extracts of OpenStreetMap on this machine")
def test_a_city_becomes_a_small_file(tmp_path: Path) -> None:
    built = build([COLUMBUS], tmp_path / "map.pmtiles")
    assert built.features["roads"] > 10_000 and built.features["water"] > 100
    assert built.size < 3_000_000
