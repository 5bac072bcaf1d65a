"""The picture of a plan, opened as a file in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scheduler.model import Plan, Problem
from tests.support.pictures import page as picture
from tests.support.problems import street, street_plan

OPEN = Callable[..., Page]
ON = "on"


@pytest.fixture
def open_picture(chromium: Browser, tmp_path: Path) -> Iterator[OPEN]:
    """Opens a plan's page from a file; fails at its end where the page reported an error or asked for
    anything but itself."""
    faults: list[str] = []
    contexts = []

    def open_(problem: Problem | None = None, plan: Plan | None = None, *, width: int = 1440) -> Page:
        file = tmp_path / "day.html"
        file.write_text(picture(problem, plan), encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text))
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.on("request", lambda sent: None if sent.url == file.as_uri() else faults.append(sent.url))
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def chosen(page: Page, visit: str) -> dict[str, int]:
    """How many elements of each pane show the visit as chosen."""
    panes = {"map": ".map .stop", "timeline": ".bar", "list": ".stops li"}
    return {
        name: page.locator(f'{css}.on-visit[data-visit="{visit}"]').count() for name, css in panes.items()
    }


def bar(page: Page, visit: str) -> Locator:
    return page.locator(f'.bar[data-visit="{visit}"]').first


@pytest.mark.parametrize("where", [".map .stop", ".bar", ".entry"])
def test_a_visit_chosen_in_one_is_chosen_in_all(where: str, open_picture: OPEN) -> None:
    page = open_picture()
    if where == ".entry":
        page.locator(".route summary").nth(1).click()
        page.keyboard.press("Escape")
    page.locator(f'{where}[data-visit="v4"]').first.click()
    assert chosen(page, "v4") == {"map": 2, "timeline": 2, "list": 2}
    assert page.locator(".row.on").count() == 2  # both nurses of the hand-off
    expect(bar(page, "v4")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_contain_text("Visit v4")
    page.get_by_role("button", name="Show all").click()
    assert page.locator(".on, .on-visit").count() == 0


def test_a_route_chosen_by_name_opens_its_list(open_picture: OPEN) -> None:
    page = open_picture()
    page.locator(".timeline .name").nth(2).click()
    expect(page.locator(".route[open] .stops")).to_contain_text("v5")
    assert page.locator(".map .stop.on").count() == 2
    assert page.locator(".map .stop:not(.on)").count() == 5
    page.keyboard.press("Escape")
    expect(page.locator("body")).not_to_have_class("has-choice")


def test_pointing_tells_the_details(open_picture: OPEN) -> None:
    page = open_picture()
    bar(page, "v2").hover()
    tip = page.locator(".tip")
    expect(tip).to_contain_text("stop 3 of route 1, ana")
    expect(tip).to_contain_text("start 08:00–09:00 or start 13:00–15:00")


def test_the_timeline_is_one_tab_stop_with_arrow_keys(open_picture: OPEN) -> None:
    page = open_picture()
    assert page.locator(".timeline [tabindex='0']").count() == 1
    page.locator(".timeline .name").first.focus()
    page.keyboard.press("ArrowRight")
    expect(bar(page, "v1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(bar(page, "v4")).to_be_focused()
    page.keyboard.press("Enter")
    assert chosen(page, "v4")["map"] == 2


def test_the_map_zooms_and_fits_again(open_picture: OPEN) -> None:
    page = open_picture()
    sheet = page.locator(".sheet")

    def width() -> float:
        box = sheet.bounding_box()
        assert box is not None
        return box["width"]

    before = width()
    page.get_by_role("button", name="Larger").click()
    assert width() > 1.5 * before
    page.get_by_role("group", name="Size of the map").get_by_role("button", name="Fit").click()
    assert width() == pytest.approx(before, abs=1)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("served", [True, False])
def test_nothing_sticks_out_of_the_window(width: int, served: bool, open_picture: OPEN) -> None:
    long = "Wilhelmina-Alexandra van der Hoogenband-Oosterhuizen " * 3
    problem = street()
    shifts = tuple(shift.replace(nurse=f"{long}{shift.nurse}") for shift in problem.shifts)
    nobody = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    page = open_picture(problem.replace(shifts=shifts), street_plan() if served else nobody, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_hostile_ids_stay_text(open_picture: OPEN) -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    problem = street()
    visits = tuple(visit.replace(id=f"{visit.id}{hostile}") for visit in problem.visits)
    page = open_picture(problem.replace(visits=visits), street_plan().replace(unassigned=(f"v6{hostile}",)))
    page.locator(".bar").first.click()
    assert page.locator("img").count() == 0
    expect(page.locator(".tip, .chosen-text").first).to_contain_text("<img")
