"""The nurse's day in a real browser, on a small phone and a usual one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.clock import utc_now
from app.store.engine import Database
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from tests.support.clinic import NURSE, ZONE, Clinic, add_plan, add_visit

LARGEST_PAGE = 150_000
SMALLEST_TARGET = 44


@pytest.fixture
def day(database: Database, clinic: Clinic) -> None:
    """Today: a visit with a partner, a cancelled one, one after a break; tomorrow one more."""
    today = utc_now().astimezone(ZONE).date()
    with database.begin() as tx:
        visits = [
            add_visit(tx, clinic, f"V{number}", patient, today)
            for number, patient in enumerate((clinic.mara, clinic.theo, clinic.mara))
        ]
        visits[1].status = VisitStatus.CANCELLED
        plan = add_plan(
            tx, clinic, today, {clinic.ana: visits, clinic.ben: visits[:1]}, status=PlanStatus.PUBLISHED
        )
        plan.routes[0].break_start = plan.routes[0].stops[1].end
        plan.routes[0].break_minutes = 30
        tomorrow = today + timedelta(days=1)
        later = add_visit(tx, clinic, "V9", clinic.theo, tomorrow)
        add_plan(tx, clinic, tomorrow, {clinic.ana: [later]}, status=PlanStatus.PUBLISHED)


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (1440, 900)])
def test_the_day_fits_the_screen_and_the_thumb(
    open_page: Callable[..., Page], width: int, height: int
) -> None:
    page = open_page("/my/", email=NURSE, width=width, height=height)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_text("Earliest departure").first).to_be_visible()
    for address in ("/my/", page.get_by_role("link", name="Mara Quill").first.get_attribute("href")):
        page.goto(str(address))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.eval_on_selector_all(
            "main a, main button",
            f"""all => all.filter(one => one.getBoundingClientRect().height < {SMALLEST_TARGET})
                        .map(one => one.outerHTML)""",
        )
        assert small == []
        clipped = page.eval_on_selector_all(
            "main a, main button, main time, main h2",
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML)"
            ".filter(html => !html.startsWith('<time'))",
        )
        assert clipped == []


@pytest.mark.usefixtures("day")
def test_she_finds_her_way_by_tapping(open_page: Callable[..., Page]) -> None:
    page = open_page("/my/", email=NURSE, width=390, height=844)
    page.get_by_role("link", name="Tomorrow").click()
    expect(page.get_by_role("heading", name="Tomorrow")).to_be_visible()
    page.get_by_role("link", name="Theo Brandt").click()
    expect(page.get_by_role("heading", name="Theo Brandt")).to_be_visible()
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Theo Brandt")).to_be_visible()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("Two-nurse visit, together with Ben Larsen")).to_be_visible()
    expect(page.get_by_text("Do not go")).to_be_visible()
    page.locator("summary").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    page.locator("summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()


@pytest.mark.usefixtures("day")
def test_the_day_is_light_on_the_air(open_page: Callable[..., Page]) -> None:
    page = open_page("/account", email=NURSE, width=390, height=844)
    loaded: list[int] = []
    page.on("response", lambda answer: loaded.append(len(answer.body()) if answer.ok else 0))
    page.goto("/my/", wait_until="networkidle")
    assert len(loaded) > 1
    assert sum(loaded) < LARGEST_PAGE


@pytest.mark.usefixtures("day")
def test_the_phases_have_widths_in_proportion(open_page: Callable[..., Page]) -> None:
    page = open_page("/my/", email=NURSE, width=390, height=844)
    widths = page.eval_on_selector_all(
        ".stop:first-of-type .strip rect", "all => all.map(one => one.getBoundingClientRect().width)"
    )[:5]
    total = sum(widths)
    assert [round(width / total * 135) for width in widths] == [15, 10, 40, 60, 10]
