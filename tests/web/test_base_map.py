"""The map under the routes: our own file, a host's pictures, or the grid."""

from __future__ import annotations

import dataclasses
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from werkzeug import Request, Response
from werkzeug.serving import make_server

from app.base_map import build
from app.store.engine import Database
from app.wiring import create_app
from config import Settings
from tests.support import clinic as clinics
from tests.support.maps import write_extract

OPEN = Callable[..., Page]
VENDOR = Path(__file__).resolve().parents[2] / "app" / "web" / "static" / "vendor" / "protomaps"
ADDRESS = "/map/base.pmtiles"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8ff9f"
    "a11e0007070200a1b8d5d70000000049454e44ae426082"
)

CANVAS = """() => [...document.querySelectorAll("canvas.leaflet-tile")].flatMap((canvas) => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  for (let at = 0; at < data.length; at += 4) colours.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  return [...colours];
})"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("map")
    return build([write_extract(folder / "town.osm.pbf")], folder / "map.pmtiles").path


class TestOurOwnFile:
    @pytest.fixture
    def settings(self, settings: Settings, made: Path) -> Settings:
        shutil.copy(made, settings.base_map)
        return settings

    def test_is_served_in_ranges(self, dispatcher: FlaskClient, made: Path) -> None:
        whole = made.read_bytes()
        with dispatcher.get(ADDRESS, headers={"Range": "bytes=100-163"}) as part:
            assert part.status_code == 206
            assert part.data == whole[100:164]
            assert part.headers["Content-Range"] == f"bytes 100-163/{len(whole)}"
        with dispatcher.get(ADDRESS, headers={"Range": f"bytes={len(whole)}-"}) as beyond:
            assert beyond.status_code == 416

    def test_may_be_kept_by_its_browser_under_its_version_only(self, dispatcher: FlaskClient) -> None:
        page = dispatcher.get("/records/patients/new").text
        address = page.split('name="base-map" content="')[1].split('"')[0]
        assert address.startswith(f"{ADDRESS}?v=")
        with dispatcher.get(address) as kept, dispatcher.get(ADDRESS) as asked:
            assert kept.headers["Cache-Control"] == "private, max-age=31536000, immutable"
            assert asked.headers["Cache-Control"] == "no-cache"

    def test_is_for_those_who_see_maps(self, client: FlaskClient, nurse: FlaskClient) -> None:
        assert client.get(ADDRESS).status_code == 302
        assert nurse.get(ADDRESS).status_code == 403

    @pytest.mark.skipif(not VENDOR.is_dir(), reason="the pages' packages are not installed: make setup")
    def test_is_drawn_in_the_colours_of_the_page(self, open_page: OPEN) -> None:
        water = {"light": "205,223,232", "dark": "32,49,59"}
        for scheme, colour in water.items():
            page = open_page("/records/patients/new", email=clinics.DISPATCHER, color_scheme=scheme)
            page.wait_for_selector("[data-place-map] canvas.leaflet-tile-loaded")
            page.wait_for_function(f"() => ({CANVAS})().includes({colour!r})")
            expect(page.locator(".grid-line")).to_have_count(0)
            expect(page.get_by_role("link", name="© OpenStreetMap contributors")).to_be_visible()


class TestPicturesOfAHost:
    @pytest.fixture
    def asked(self) -> list[Request]:
        return []

    @pytest.fixture
    def host(self, asked: list[Request]) -> Iterator[str]:
        @Request.application
        def answer(request: Request) -> Response:
            asked.append(request)
            return Response(PIXEL, mimetype="image/png")

        server = make_server("127.0.0.1", 0, answer, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()

    @pytest.fixture
    def elsewhere(self, host: str) -> tuple[str, ...]:
        return (host,)

    @pytest.fixture
    def settings(self, settings: Settings, host: str) -> Settings:
        url = host + "/{z}/{x}/{y}.png?key=k1"
        return dataclasses.replace(settings, tile_url=url, tile_attribution="© Example <b>Maps</b>")

    def test_are_shown_with_their_credit_and_tell_the_host_no_page(
        self, open_page: OPEN, asked: list[Request], live_server: str
    ) -> None:
        page = open_page("/records/patients/new", email=clinics.DISPATCHER)
        page.wait_for_selector("img.leaflet-tile-loaded")
        expect(page.get_by_text("© Example <b>Maps</b>")).to_be_visible()
        assert asked
        assert {request.headers.get("Referer") for request in asked} == {f"{live_server}/"}

    def test_the_policy_names_their_host_and_no_other(self, client: FlaskClient, host: str) -> None:
        policy = client.get("/login").headers["Content-Security-Policy"]
        assert f"img-src 'self' data: {host};" in policy


def test_a_host_with_many_names_is_allowed_by_all_of_them(settings: Settings, database: Database) -> None:
    many = dataclasses.replace(settings, tile_url="https://{s}.tile.example:8443/{z}/{x}/{y}.png?key=k1")
    policy = (
        create_app(many, database=database).test_client().get("/login").headers["Content-Security-Policy"]
    )
    assert "img-src 'self' data: https://*.tile.example:8443;" in policy


def test_without_either_there_is_a_grid_and_no_credit(open_page: OPEN, dispatcher: FlaskClient) -> None:
    page = open_page("/records/patients/new", email=clinics.DISPATCHER)
    page.wait_for_selector(".grid-line", state="attached")
    expect(page.locator(".map-credit")).to_have_count(0)
    assert dispatcher.get(ADDRESS).status_code == 404
