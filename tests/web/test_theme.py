"""Light and dark: the system decides, or the person, for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.clinic import DISPATCHER

GROUND = "() => getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(245, 244, 240)", "rgb(17, 22, 21)"


@pytest.mark.parametrize(("system", "ground"), [("light", LIGHT), ("dark", DARK)])
def test_the_system_decides(open_page: Callable[..., Page], system: str, ground: str) -> None:
    page = open_page("/login", color_scheme=system)
    assert page.evaluate(GROUND) == ground


def test_the_switch_decides_otherwise_on_every_page_from_then_on(open_page: Callable[..., Page]) -> None:
    page = open_page("/records/visits", email=DISPATCHER, color_scheme="light")
    page.locator("details.who > summary").click()
    colours = page.get_by_role("group", name="Colours")
    expect(colours.get_by_role("button", name="System")).to_have_attribute("aria-pressed", "true")
    colours.get_by_role("button", name="Dark").click()
    assert page.evaluate(GROUND) == DARK
    page.goto("/board/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(GROUND) == DARK
    page.locator("details.who > summary").click()
    page.get_by_role("group", name="Colours").get_by_role("button", name="System").click()
    page.reload()
    assert page.evaluate(GROUND) == LIGHT


@pytest.mark.parametrize(("cookie", "marked"), [("dark", True), ('"><script>', False), ("blue", False)])
def test_only_known_themes_are_taken_from_the_cookie(client: Any, cookie: str, marked: bool) -> None:
    client.set_cookie("theme", cookie)
    page = client.get("/login").text
    assert ("data-theme=" in page.split("<body>")[0]) is marked


def test_paper_is_light(open_page: Callable[..., Page]) -> None:
    page = open_page("/login", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.evaluate("() => getComputedStyle(document.body).color")
    assert ink == "rgb(28, 36, 34)"
