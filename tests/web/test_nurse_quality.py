"""What a phone, a bad line and a screen reader ask of the nurse's page."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time as clocks
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.clock import utc_now
from app.store.engine import Database
from tests.support.clinic import NURSE, ZONE, Clinic
from tests.support.phone import (
    DAY,
    PHONE,
    Time,
    arrive,
    begin,
    kept,
    log_in,
    plan_day,
    settled,
    tap,
    to_go,
)
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LARGEST_PAGE = 150_000
"""Bytes on the air: page, files and snapshot, the service worker's copies included."""

HEADERS = 700
"""Bytes allowed for the headers of one answer."""


@pytest.fixture
def gunicorn(database: Database, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The service as it is run, on the test's database: its address, and its log of bytes and paths."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "access.log"
    env = os.environ | {"ROUNDS_DEMO": "1", "ROUNDS_DATABASE_URL": database.url}
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    command += ["--access-logfile", str(log), "--access-logformat", "%(B)s %(s)s %(U)s", "wsgi:app"]
    serving = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        deadline = clocks.monotonic() + 60
        while clocks.monotonic() < deadline:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            clocks.sleep(0.2)
        yield f"http://127.0.0.1:{port}", log
    finally:
        serving.terminate()
        serving.wait(60)


def test_the_first_day_is_light_on_the_air(
    chromium: Browser, gunicorn: tuple[str, Path], database: Database, clinic: Clinic
) -> None:
    today = utc_now().astimezone(ZONE).date()
    plan_day(database, clinic, today, ana=["mara", "theo"])
    address, log = gunicorn
    context = chromium.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    log_in(page)
    settled(page)
    kept(page)

    def on_the_air() -> list[tuple[int, str]]:
        lines = [line.split(" ", 2) for line in log.read_text().splitlines()]
        return [(int(size) + HEADERS, path) for size, _status, path in lines if path.startswith("/my/")]

    # The log is written a moment after the answer is sent.
    needed = {"/my/", "/my/snapshot", "/my/worker.js", "/my/kept"}
    until(page, lambda: {path for _, path in on_the_air()} >= needed and len(on_the_air()) > 30)
    context.close()
    sent = on_the_air()
    weight = sum(size for size, _ in sent)
    assert weight < LARGEST_PAGE, sorted(sent, reverse=True)[:10]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state(
    open_page: Callable[..., Page], time: Time, day: dict[str, int], scheme: str
) -> None:
    page = open_page("/my/", email=NURSE, time=time, **PHONE, color_scheme=scheme)
    settled(page)
    found = {"day": axe(page)}
    page.goto(f"/my/#/supplies/{DAY}")
    found["supplies"] = axe(page)
    page.goto("/my/#/day/2026-11-25")
    found["empty"] = axe(page)
    page.goto(f"/my/#/visit/{day['mara']}")
    found["planned"] = axe(page)
    arrive(page)
    found["gate"] = axe(page)
    to_go(page)
    found["ready"] = axe(page)
    for words in ("Begin: Arrival and vitals", "Begin: IV start", "Begin: Infusion"):
        begin(page, words)
    found["infusion"] = axe(page)
    begin(page, "Infusion has ended: begin monitoring")
    for fold in page.locator("main details > summary").all():
        fold.click()
    found["monitoring"] = axe(page)
    time.on(minutes=61)
    found["over"] = axe(page)
    print("AA", {state: faults for state, faults in found.items() if faults})
    assert {state: faults for state, faults in found.items() if faults} == {}


def axe(page: Page) -> list[str]:
    """Serious and critical findings, with the first element of each; contrast as AAA asks it of text."""
    page.locator("#title").wait_for()
    page.evaluate("window.scrollTo(0, 0)")  # what lies under the bar while scrolling is not small
    page.evaluate(AXE.read_text())
    page.evaluate(
        """() => {
          window.found = null;
          const runOnly = ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22aa',
            'best-practice'];
          axe.run(document, { runOnly }).then(({ violations }) => { window.found = violations; });
        }"""
    )
    # It waits by timers now and then, and time stands still.
    until(page, lambda: page.clock.run_for(1) or page.evaluate("window.found !== null"))
    told: list[dict[str, Any]] = page.evaluate(
        """() => window.found.map(({ id, impact, nodes: [{ html, failureSummary }] }) =>
          ({ id, impact, html, failureSummary }))"""
    )
    return [json.dumps(each) for each in told if each["impact"] in ("serious", "critical")]


def test_it_speaks_spanish_at_once_when_she_chooses_it(
    open_page: Callable[..., Page], time: Time, day: dict[str, int]
) -> None:
    page = open_page("/my/", email=NURSE, time=time, **PHONE)
    settled(page)
    kept(page)
    time.signal(page, False)
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", name="Hoy")).to_be_visible()
    expect(page.get_by_text("martes, 24 de noviembre")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.reload()
    expect(page.get_by_role("heading", name="Hoy")).to_be_visible()


def test_what_the_clinic_wrote_is_read_in_its_language(
    open_page: Callable[..., Page], time: Time, day: dict[str, int]
) -> None:
    page = open_page("/my/", email=NURSE, time=time, **PHONE, locale="es-MX")
    page.goto(f"/my/#/visit/{day['mara']}")
    expect(page.get_by_role("heading", name="Ketamine 40 min").locator("[lang=en]")).to_be_visible()
    tap(page, "Estoy aquí")
    page.locator(".checks").wait_for()
    for answer in page.locator(".checks").get_by_role("button", name="Sí").all():
        answer.click()
        expect(answer).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Sistólica").fill("120")
    page.get_by_label("Diastólica").fill("80")
    tap(page, "Guardar estas constantes")
    tap(page, "Adelante", exact=True)
    for words in ("Llegada y constantes", "Vía intravenosa", "Infusión"):
        begin(page, f"Empezar: {words}")
    begin(page, "Terminó la infusión: empezar la observación")
    expect(page.locator("label [lang=en]", has_text="Walks without help")).to_be_visible()
    expect(page.get_by_text("Tal como lo escribió la clínica, en inglés.").first).to_be_visible()


def test_a_new_release_is_taken_without_losing_anything(
    open_page: Callable[..., Page], time: Time, day: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("/my/", email=NURSE, time=time, **PHONE)
    settled(page)
    kept(page)
    page.goto(f"/my/#/visit/{day['mara']}")
    time.signal(page, False)
    arrive(page)
    monkeypatch.setattr("app.nurse.files.COMPRESSED", frozenset())
    monkeypatch.setattr("app.nurse.files.VENDOR", ("vendor/idb/index.js", "vendor/lit-html/lit-html.js"))
    time.signal(page, True)
    page.evaluate(
        "navigator.serviceWorker.getRegistration('/my/').then((one) => one.update().then(() => null))"
    )
    expect(page.get_by_text("A new version is ready.")).to_be_visible(timeout=20_000)
    before = page.evaluate("caches.keys()")
    page.get_by_role("button", name="Use it now").click()
    expect(page.get_by_role("heading", name="Before you start")).to_be_visible()
    expect(page.get_by_text("A new version is ready.")).to_have_count(0)
    settled(page)
    until(page, lambda: len(page.evaluate("caches.keys()")) == 1)
    after = page.evaluate("caches.keys()")
    assert after[0] not in before[:1]


def test_the_clock_is_told_to_a_screen_reader_at_moments_only(
    open_page: Callable[..., Page], time: Time, day: dict[str, int]
) -> None:
    page = open_page("/my/", email=NURSE, time=time, **PHONE)
    page.goto(f"/my/#/visit/{day['mara']}")
    arrive(page)
    to_go(page)
    for words in ("Begin: Arrival and vitals", "Begin: IV start", "Begin: Infusion"):
        begin(page, words)
    begin(page, "Infusion has ended: begin monitoring")
    time.pause()
    polite = page.locator("#polite")
    expect(polite).to_be_empty()
    time.on(minutes=30)
    expect(polite).to_have_text("30 minutes until you may leave")
    time.on(minutes=5)
    time.pause()
    expect(polite).to_have_text("30 minutes until you may leave")
    time.on(minutes=25)
    expect(polite).to_have_text("You may leave now")


def test_refusing_to_tell_the_place_changes_nothing(
    open_page: Callable[..., Page], time: Time, day: dict[str, int]
) -> None:
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844, permissions=[])
    page.goto(f"/my/#/visit/{day['mara']}")
    expect(page.get_by_role("button", name="I am here")).to_be_visible()
    time.pause()
    page.get_by_role("button", name="I am here").click()
    page.clock.run_for(11_000)
    expect(page.get_by_role("heading", name="Before you start")).to_be_visible()
    page.locator("[data-fold=entries] > summary").click()
    expect(page.get_by_text("without place")).to_be_visible()
