"""axe-core on the pages that people live in, in light and dark; and what it cannot see: keyboard paths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support import board_pages
from tests.support.board_days import MONDAY
from tests.support.board_pages import URL
from tests.support.clinic import DISPATCHER

OPEN = Callable[..., Page]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: make test installs it")

GRAVE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter((each) => ["serious", "critical"].includes(each.impact))
    .map((each) => [each.id, ...each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))].join(" | "));
}"""

PAGES = {
    "board": URL,
    "week": f"/board/week/{MONDAY}",
    "coming days": "/board/horizon",
    "runs": "/board/runs",
    "sheets": f"{URL}/sheets",
    "visits": "/records/visits",
    "patients": "/records/patients",
    "a new patient": "/records/patients/new",
    "nurses": "/records/nurses",
    "protocols": "/records/protocols",
    "orders": "/records/orders",
    "booking": "/records/visits/book",
    "account": "/account",
}


@pytest.fixture(scope="module")
def seed() -> Any:
    return board_pages.seed


def drawn(page: Page) -> None:
    """Wait until all of a page is there; a board's map and lists come last."""
    page.wait_for_selector("#board[data-settled], body:not(:has(#board))")
    page.wait_for_load_state("networkidle")


def findings(page: Page) -> Any:
    # Through the debugger: the content policy rightly lets no script in that is not ours.
    page.evaluate(AXE.read_text())
    return page.evaluate(GRAVE)


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_grave_finding(open_page: OPEN, scheme: str) -> None:
    page = open_page("/login", color_scheme=scheme)
    found = {"log-in": findings(page)}
    page = open_page("/account", email=DISPATCHER, color_scheme=scheme)
    for name, address in PAGES.items():
        answer = page.goto(address)
        assert answer is not None and answer.ok, f"{name}: {address}"
        drawn(page)
        found[name] = findings(page)
    assert {name: those for name, those in found.items() if those} == {}


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_in_use_has_none_either(open_page: OPEN, scheme: str) -> None:
    page = open_page(URL, email=DISPATCHER, color_scheme=scheme)
    page.wait_for_selector("#board[data-ready]")
    page.get_by_label("Status").select_option("With a nurse")
    page.locator("#timeline .tl-bar").first.click()
    page.wait_for_selector("#panel .panel-facts")
    page.locator("details.who > summary").click()
    assert findings(page) == []
    page.locator("details.who > summary").click()
    page.get_by_role("button", name="Publish").click()
    assert findings(page) == []


def test_the_board_by_keyboard_alone(open_page: OPEN) -> None:
    page = open_page(URL, email=DISPATCHER)
    page.wait_for_selector("#board[data-ready]")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#timeline') !== null"):
            break
    assert page.evaluate("document.activeElement.matches('.tl-bar, .tl-name')")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 768, 1024, 1280, 1920])
@pytest.mark.parametrize("address", [URL, f"/board/week/{MONDAY}", f"{URL}/sheets"])
def test_nothing_is_cut_off_at_any_width(open_page: OPEN, width: int, address: str) -> None:
    page = open_page(address, email=DISPATCHER, width=width, height=900)
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 768, 1280, 1440, 1920])
def test_the_page_does_not_move_while_the_day_loads(open_page: OPEN, width: int) -> None:
    page = open_page("/account", email=DISPATCHER, width=width, height=900)
    assert board_pages.shift_while_loading(page, URL) < 0.02
