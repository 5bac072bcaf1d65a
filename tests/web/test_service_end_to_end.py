"""The service as a newcomer meets it: load the demo, serve it, log in as both, see the routes, re-plan."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from app.demo.cli import DISPATCHER, NURSE, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
VISITS = 6
BOOKED = VISITS + 1
"""The demo adds one whose responsible adult is not confirmed."""


class Service(NamedTuple):
    """Where it is served, and the day that the demo planned: tomorrow, or Monday."""

    address: str
    day: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A demo that was loaded, planned and served by the real commands, worker included."""
    folder = tmp_path_factory.mktemp("service")
    port = free_port()
    env = os.environ | {
        "ROUNDS_DEMO": "1",
        "ROUNDS_DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite'}",
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "--visits", str(VISITS)]
    loaded = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert loaded.returncode == 0, loaded.stderr
    assert f"of {BOOKED}" in loaded.stdout and PASSWORD in loaded.stdout
    planned = re.search(r"from \w+ (\d{4}-\d\d-\d\d) on", loaded.stdout)
    assert planned is not None, loaded.stdout
    with (folder / "log").open("wb") as log:
        serving = subprocess.Popen(
            [sys.executable, "tools/serve.py"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", serving)
        yield Service(f"http://127.0.0.1:{port}", planned[1])
    finally:
        serving.send_signal(signal.SIGINT)
        assert serving.wait(timeout=40) == 0, (folder / "log").read_text()


def wait_for(address: str, serving: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert serving.poll() is None, "the service ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {address}")


def log_in(browser: Browser, address: str, email: str, width: int) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 860}).new_page()
    page.goto(address)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


@pytest.mark.timeout(240)
def test_both_see_the_planned_routes_and_a_replan_runs(service: Service, chromium: Browser) -> None:
    board = log_in(chromium, service.address, DISPATCHER, 1440)
    expect(board.locator("#board")).to_be_visible()
    board.goto(f"{service.address}/board/{service.day}")  # by day the demo's today has visits too
    expect(board.get_by_text(re.compile(rf"\d of {BOOKED}"))).to_be_visible()
    expect(board.locator("[data-visit]").first).to_be_visible()
    expect(board.get_by_text("Published", exact=True).first).to_be_visible()

    phone = log_in(chromium, service.address, NURSE, 390)
    expect(phone.get_by_role("heading", name="Other days")).to_be_visible()
    phone.goto(f"{service.address}/my/#/day/{service.day}")
    expect(phone.get_by_text("Leave home").first).to_be_visible()
    expect(phone.get_by_text("Arrive").first).to_be_visible()
    expect(phone.get_by_role("link", name="Directions").first).to_be_visible()

    board.get_by_role("button", name="Re-plan").click()
    expect(board.get_by_role("button", name="Publish")).to_be_visible(timeout=90_000)
