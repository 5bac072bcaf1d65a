"""The whole service on a small clinic: logged-in clients, and a real browser before a real server."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import BytecodeCache, FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from app.store.engine import Database, Tx
from app.store.migrate import upgrade
from app.wiring import create_app
from config import DEMO_SECRET, Settings
from tests.support import board_pages
from tests.support import clinic as clinics
from tests.support import phone as phones
from tests.support.clinic import Clinic
from tests.support.databases import anew, remove_sqlite
from tests.support.phone import Time

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
Seed = Callable[[Tx], Any]
expect.set_options(timeout=15_000)


class Client(FlaskClient):
    """A test client that sends the CSRF token of its session with every request, as our pages do."""

    token = ""

    def log_in(self, email: str, password: str = clinics.PASSWORD, **more: str) -> TestResponse:
        """Log in as a person would, from the log-in page."""
        self.renew_token("/login")
        answer = self.post("/login", data={"email": email, "password": password, **more})
        if answer.status_code == 302:
            self.renew_token("/account")
        return answer

    def renew_token(self, page: str) -> None:
        """Take the token that `page` carries."""
        found = TOKEN.search(self.get(page).text)
        assert found is not None, f"{page} has no CSRF token"
        self.token = found[1]

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As FlaskClient.open, with the token."""
        if self.token:
            kwargs["headers"] = {"X-CSRFToken": self.token} | dict(kwargs.get("headers") or {})
        return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def _sow(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Seed], tuple[Path, Any]]:
    """Makes a database by a seed, once for all tests: its path, and what the seed tells of it."""

    @cache
    def sow(seed: Seed) -> tuple[Path, Any]:
        path = tmp_path_factory.mktemp("seeded") / "rounds.sqlite"
        database = Database(f"sqlite:///{path}")
        upgrade(database)
        with database.begin() as tx:
            told = seed(tx)
        database.dispose()
        return path, told

    return sow


@pytest.fixture(scope="class")
def seed() -> Seed:
    """What fills the database: the tiny clinic, unless a module or a class says otherwise."""
    return clinics.seed


@pytest.fixture(scope="class")
def _seeded(_sow: Callable[[Seed], tuple[Path, Any]], seed: Seed) -> tuple[Path, Any]:
    # Not of a test's own scope: a test that turns the clock does so after this.
    return _sow(seed)


@pytest.fixture(scope="session")
def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("database") / "rounds.sqlite"


@pytest.fixture
def database(_seeded: tuple[Path, Any], _file: Path) -> Iterator[Database]:
    """A database of its own, as `seed` has it."""
    shutil.copy(_seeded[0], _file)
    made = anew(f"sqlite:///{_file}")
    yield made
    made.dispose()
    remove_sqlite(_file)


@pytest.fixture
def clinic(_seeded: tuple[Path, Any]) -> Clinic:
    """The ids of what is in the tiny clinic's database."""
    found = _seeded[1]
    assert isinstance(found, Clinic)
    return found


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings as in the demo, so that cookies work without HTTPS; no base map."""
    return Settings(
        database_url=database.url,
        secret_key=DEMO_SECRET,
        demo=True,
        cookie_secure=False,
        base_map=tmp_path / "base-map.pmtiles",
    )


@pytest.fixture(scope="session")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, database: Database, _templates: BytecodeCache) -> Flask:
    """The whole service."""
    made = create_app(settings, database=database)
    made.jinja_env.bytecode_cache = _templates  # else every test would compile them anew
    made.test_client_class = Client
    return made


@pytest.fixture
def client(app: Flask) -> Client:
    """Nobody logged in."""
    return _client(app)


@pytest.fixture
def dispatcher(app: Flask) -> Client:
    """The dispatcher, logged in."""
    return _client(app, clinics.DISPATCHER)


@pytest.fixture
def nurse(app: Flask) -> Client:
    """Ana, logged in."""
    return _client(app, clinics.NURSE)


@pytest.fixture
def other_nurse(app: Flask) -> Client:
    """Ben, logged in."""
    return _client(app, clinics.OTHER_NURSE)


def _client(app: Flask, email: str = "") -> Client:
    made = app.test_client()
    assert isinstance(made, Client)
    if email:
        assert made.log_in(email).status_code == 302
    return made


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The service on a port of its own; its address, without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = False  # what is asked is answered before the next test has the database
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for all tests of a process."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _is_fault(line: ConsoleMessage) -> bool:
    # Chromium reports every 4xx answer this way; whether that is wrong, the test knows.
    return line.type == "error" and "Failed to load resource" not in line.text


def _sign_in(context: BrowserContext, email: str) -> None:
    """Without drawing the pages on the way: that takes a second, and hundreds of tests begin like this."""
    found = TOKEN.search(context.request.get("/login").text())
    assert found is not None
    answer = context.request.post(
        "/login",
        form={"email": email, "password": clinics.PASSWORD},
        headers={"X-CSRFToken": found[1]},
        max_redirects=0,
    )
    assert answer.status == 302


@pytest.fixture
def elsewhere() -> tuple[str, ...]:
    """Addresses outside the service that pages of a test may ask for something; none, unless it says so."""
    return ()


@pytest.fixture
def open_page(
    chromium: Browser, live_server: str, elsewhere: tuple[str, ...]
) -> Iterator[Callable[..., Page]]:
    """Opens a page in a fresh browser session: `open_page("/my/", email=NURSE, width=390, height=844)`.

    With an e-mail address it logs in first; with a time, the browser goes by it. The test fails at its end
    when a page reported an error, broke the content policy, or asked another host for anything.
    """
    contexts, faults = [], []
    ours = (live_server, "data:", "blob:", *elsewhere)

    def open_(
        path: str,
        *,
        email: str = "",
        time: Time | None = None,
        width: int = 1440,
        height: int = 900,
        **more: Any,
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server, viewport={"width": width, "height": height}, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"error on {page.url}: {error}"))
        page.on("console", lambda line: faults.append(line.text) if _is_fault(line) else None)
        page.on(
            "response", lambda got: faults.append(f"{got.status} {got.url}") if got.status >= 500 else None
        )
        page.on("request", lambda sent: None if sent.url.startswith(ours) else faults.append(sent.url))
        if time:
            time.of(context)
        if email:
            _sign_in(context, email)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def board(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the day of tests/support/board_pages.py as a dispatcher and waits until it is drawn."""

    def open_(path: str = board_pages.URL, *, email: str = clinics.DISPATCHER, **more: Any) -> Page:
        page = open_page(path, email=email, **more)
        page.wait_for_selector("#board[data-ready]")
        return page

    return open_


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Twenty past eight, for the service and for phones."""
    return phones.time_of(monkeypatch, 8, 20)


@pytest.fixture
def day(time: Time, database: Database, clinic: Clinic) -> dict[str, int]:
    """Ana's day is published: first Mara, then Theo; the ids of their visits."""
    return phones.plan_day(database, clinic, ana=["mara", "theo"])


@pytest.fixture
def phone(open_page: Callable[..., Page], time: Time, day: dict[str, int]) -> Page:
    """Ana's, logged in and on her day."""
    page = open_page("/my/", email=clinics.NURSE, time=time, **phones.PHONE)
    phones.settled(page)
    return page
