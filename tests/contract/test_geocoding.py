"""The geocoders: none, and geopy's against a Nominatim of our own on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.actions.errors import ActionError
from app.geocoding import Geocoder, GeopyGeocoder, Located, NoGeocoder, from_settings
from config import Settings, SettingsError

BROAD_STREET = {
    "lat": "39.9627",
    "lon": "-82.9988",
    "display_name": "100, East Broad Street, Columbus, Ohio, 43215, United States",
    "addresstype": "building",
    "type": "office",
}


class FakeNominatim(ThreadingHTTPServer):
    """Answers /search as Nominatim does: with what `known` holds, an empty list, or `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.known: dict[str, dict[str, Any]] = {"100 E Broad St, Columbus": BROAD_STREET}
        self.status = 200
        self.asked: list[tuple[str, str | None]] = []


class _Handler(BaseHTTPRequestHandler):
    server: FakeNominatim

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)["q"][0]
        self.server.asked.append((parts.path, self.headers["User-Agent"]))
        found = self.server.known.get(query)
        body = json.dumps([found] if found else []).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def nominatim() -> Iterator[FakeNominatim]:
    server = FakeNominatim()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def geocoder(nominatim: FakeNominatim) -> Geocoder:
    options = {
        "domain": f"127.0.0.1:{nominatim.server_port}",
        "scheme": "http",
        "user_agent": "rounds",
        "proxies": {},
    }
    return from_settings(settings("nominatim", json.dumps(options)))


def settings(geocoder: str, options: str = "") -> Settings:
    return Settings(
        database_url="sqlite://", secret_key="s" * 40, geocoder=geocoder, geocoder_options=options
    )


def test_an_address_is_found_with_what_it_matched(geocoder: Geocoder, nominatim: FakeNominatim) -> None:
    assert geocoder.available
    assert geocoder.locate("100 E Broad St, Columbus") == Located(
        latitude=39.9627,
        longitude=-82.9988,
        matched_address=str(BROAD_STREET["display_name"]),
        kind="building",
    )
    assert nominatim.asked == [("/search", "rounds")]


def test_an_unknown_address_is_not_found(geocoder: Geocoder) -> None:
    assert geocoder.locate("1 Nowhere Lane") is None


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_geocoder_that_refuses_is_said_without_the_address(
    geocoder: Geocoder, nominatim: FakeNominatim, status: int
) -> None:
    nominatim.status = status
    with pytest.raises(ActionError, match="geocoder did not answer") as caught:
        geocoder.locate("100 E Broad St, Columbus")
    assert "Broad" not in str(caught.value)


def test_a_geocoder_that_is_down_is_said() -> None:
    down = GeopyGeocoder(
        "nominatim", {"domain": "127.0.0.1:9", "scheme": "http", "user_agent": "rounds", "proxies": {}}
    )
    with pytest.raises(ActionError, match="set the place on the map or by its coordinates"):
        down.locate("100 E Broad St, Columbus")


def test_without_a_setting_there_is_none() -> None:
    chosen = from_settings(settings(""))
    assert isinstance(chosen, NoGeocoder)
    assert not chosen.available
    assert chosen.locate("100 E Broad St, Columbus") is None


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("nonesuch", "{}", "ROUNDS_GEOCODER is 'nonesuch'"),
        ("nominatim", "{", "ROUNDS_GEOCODER_OPTIONS is not JSON"),
        ("nominatim", "[1]", "ROUNDS_GEOCODER_OPTIONS is not a JSON object"),
        ("nominatim", '{"colour": "red"}', "ROUNDS_GEOCODER_OPTIONS do not suit nominatim: .*colour"),
        ("nominatim", "{}", "ROUNDS_GEOCODER_OPTIONS do not suit nominatim: .*user_agent"),
        ("bing", "{}", "ROUNDS_GEOCODER_OPTIONS do not suit bing: .*api_key"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_at_the_start(name: str, options: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        from_settings(settings(name, options))
