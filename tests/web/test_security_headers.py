"""The headers and cookies of every kind of answer."""

from __future__ import annotations

import dataclasses
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.store.engine import Database
from app.web.access import public
from app.wiring import create_app
from config import Settings
from tests.support.clinic import NURSE, PASSWORD

KINDS = ["/login", "/healthz", "/nope", "/account", "/logout", "/static/base.css", "/boom"]


@pytest.fixture
def broken(app: Flask) -> Flask:
    """The service with a page that fails."""
    app.add_url_rule("/boom", view_func=_boom)
    return app


@public
def _boom() -> str:
    raise RuntimeError("patient Mara Quill")


@pytest.mark.parametrize("address", KINDS)
def test_every_answer_carries_the_headers(broken: Flask, address: str) -> None:
    with broken.test_client().get(address) as answer:
        headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{12}", headers["X-Request-ID"])
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("address", ["/login", "/account", "/my/", "/nope"])
def test_no_page_is_kept_by_the_browser(nurse: FlaskClient, address: str) -> None:
    assert nurse.get(address).headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_a_year_under_their_version_only(client: FlaskClient) -> None:
    page = client.get("/login").text
    versioned = re.search(r'href="(/static/base\.css\?v=[0-9a-f]{12})"', page)
    assert versioned is not None
    with client.get(versioned[1]) as kept:
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        tag = kept.headers["ETag"]
    for address in ("/static/base.css", "/static/base.css?v=000000000000"):
        with client.get(address) as asked:
            assert asked.headers["Cache-Control"] == "no-cache"
    with client.get("/static/base.css", headers={"If-None-Match": tag}) as again:
        assert again.status_code == 304


def test_static_files_set_no_cookie(nurse: FlaskClient) -> None:
    with nurse.get("/static/base.css") as answer:
        assert "Set-Cookie" not in answer.headers


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/login").headers["Set-Cookie"]
    assert cookie.startswith("rounds=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


class TestOverHttps:
    """As in production: behind one proxy that speaks TLS."""

    @pytest.fixture
    def app(self, settings: Settings, database: Database) -> Flask:
        secure = dataclasses.replace(
            settings, demo=False, cookie_secure=True, trusted_proxies=1, secret_key="s" * 40
        )
        return create_app(secure, database=database)

    @pytest.fixture
    def client(self, app: Flask) -> FlaskClient:
        client = app.test_client()
        client.environ_base |= {
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_HOST": "rounds.example",
            "HTTP_X_FORWARDED_FOR": "203.0.113.7",
        }
        return client

    def test_the_cookie_is_for_https_and_this_host_only(self, client: FlaskClient) -> None:
        cookie = client.get("/login").headers["Set-Cookie"]
        assert cookie.startswith("__Host-rounds=")
        assert "Secure" in cookie

    def test_browsers_are_told_to_stay_on_https(self, client: FlaskClient) -> None:
        assert client.get("/login").headers["Strict-Transport-Security"].startswith("max-age=31536000")

    def test_log_in_works_from_our_own_page_only(self, client: FlaskClient) -> None:
        page = client.get("/login", base_url="https://rounds.example")
        token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        assert token is not None
        form = {"email": NURSE, "password": PASSWORD, "csrf_token": token[1]}
        for referrer, status in (("https://evil.example/", 400), ("https://rounds.example/login", 302)):
            answer = client.post(
                "/login", base_url="https://rounds.example", data=form, headers={"Referer": referrer}
            )
            assert answer.status_code == status

    def test_the_demo_log_ins_are_not_shown(self, client: FlaskClient) -> None:
        assert "rounds-demo" not in client.get("/login").text


def test_the_demo_shows_its_log_ins(client: FlaskClient) -> None:
    assert "rounds-demo" in client.get("/login").text
