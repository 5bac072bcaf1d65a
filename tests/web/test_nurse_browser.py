"""The nurse's day in a real browser, on a small phone and a usual one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.store.engine import Database
from app.store.models import PlanRow, Visit
from app.store.models.visit import VisitStatus
from tests.support.clinic import NURSE, Clinic
from tests.support.phone import DAY, Time, plan_day, settled, time_of

SMALLEST_TARGET = 48
"""Pixels."""
SIZES = [(320, 640), (390, 844), (1440, 900)]
CLIPPED = """all => all.filter(one => getComputedStyle(one).display !== 'inline')
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML)"""
SMALL = f"""all => all.filter(one => one.checkVisibility() && !one.closest('.visually-hidden'))
    .filter(one => one.getBoundingClientRect().height < {SMALLEST_TARGET}).map(one => one.outerHTML)"""


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return time_of(monkeypatch, 7, 45)


@pytest.fixture
def day(time: Time, database: Database, clinic: Clinic) -> dict[str, int]:
    """Today: a visit with a partner, and a cancelled one before a break; tomorrow one more."""
    ids = plan_day(database, clinic, ana=["mara", "theo"], ben=["mara"])
    plan_day(database, clinic, DAY + timedelta(days=1), ana=["theo"])
    with database.begin() as tx:
        tx.get_one(Visit, ids["theo"]).status = VisitStatus.CANCELLED
        route = tx.get_one(PlanRow, 1).routes[0]
        route.break_start, route.break_minutes = route.stops[1].end, 30
    return ids


def fits(page: Page, width: int) -> None:
    """Nothing is wider than the screen, clipped, or too small for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.eval_on_selector_all("main a, main button, main summary, .bar a, .bar summary", SMALL) == []
    assert page.eval_on_selector_all("main a, main button, main time, main h2, main h3", CLIPPED) == []


@pytest.mark.usefixtures("day")
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_day_fits_the_screen_and_the_thumb(
    open_page: Callable[..., Page], time: Time, width: int, height: int
) -> None:
    page = open_page("/my/", email=NURSE, time=time, width=width, height=height)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    settled(page)
    fits(page, width)
    page.get_by_role("link", name="Open the visit").click()
    expect(page.get_by_role("button", name="I am here")).to_be_visible()
    fits(page, width)


@pytest.mark.usefixtures("day")
def test_she_finds_her_way_by_tapping(open_page: Callable[..., Page], time: Time) -> None:
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844)
    page.get_by_role("link", name="Tomorrow").click()
    expect(page.get_by_role("heading", name="Tomorrow")).to_be_focused()
    page.get_by_role("link", name="Theo Brandt").click()
    expect(page.get_by_role("heading", name="Theo Brandt")).to_be_visible()
    page.get_by_role("link", name="Tomorrow").click()
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("Two-nurse visit, together with Ben Larsen").first).to_be_visible()
    expect(page.get_by_text("Do not go")).to_be_visible()
    expect(page.get_by_text("88 Invented Avenue")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", name="Tomorrow")).to_be_visible()
    page.locator("details.who summary").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()


@pytest.mark.usefixtures("day")
def test_the_next_stop_comes_first_with_all_she_needs(open_page: Callable[..., Page], time: Time) -> None:
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844)
    card = page.get_by_role("region", name="Mara Quill")
    for words in (
        "8:20 AM",
        "210 Fictional Street",
        "Ring twice; the dog is friendly.",
        "IV kit",
        "Ketamine",
    ):
        expect(card.get_by_text(words).first).to_be_visible()
    expect(card.get_by_role("link", name="Call")).to_have_attribute("href", "tel:6145550142")
    directions = card.get_by_role("link", name="Directions")
    expect(directions).to_have_attribute("rel", "noopener noreferrer")
    address = directions.get_attribute("href") or ""
    assert "39.962000%2C-83.010000" in address
    assert "Mara" not in address and "Fictional" not in address
    assert "Mara" not in page.title()
    steps = page.locator(".route > li").all_inner_texts()
    assert [step.splitlines()[0] for step in steps] == [
        "Leave home",
        "Drive 20 min",
        "1",
        "Drive 20 min",
        "2",
        "Break, 30 min",
        "Drive 20 min",
        "Back home",
    ]


def test_the_phones_own_maps_open(open_page: Callable[..., Page]) -> None:
    page = open_page("/login")
    agents = [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)",
        "Mozilla/5.0 (Linux; Android 15)",
        "Mozilla/5.0 (X11)",
    ]
    found = []
    for agent in agents:
        page.evaluate(
            "agent => Object.defineProperty(navigator, 'userAgent', {value: agent, configurable: true})",
            agent,
        )
        found.append(links(page, "mapLink", {"latitude": 39.9612345678, "longitude": -82.99}))
    assert found == [
        "https://maps.apple.com/?daddr=39.961235,-82.990000&dirflg=d",
        "geo:0,0?q=39.961235,-82.990000",
        "https://www.google.com/maps/dir/?api=1&destination=39.961235%2C-82.990000&travelmode=driving",
    ]


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("(614) 555-0142", "tel:6145550142"),
        ("+1 614 555 0142", "tel:+16145550142"),
        ("614.555.0142 ext. 31", "tel:6145550142;ext=31"),
        ("614-555-0142 x31", "tel:6145550142;ext=31"),
        ("", ""),
        ("ask at the desk", ""),
    ],
)
def test_telephone_links(open_page: Callable[..., Page], written: str, link: str) -> None:
    assert links(open_page("/login"), "phoneLink", written) == link


def links(page: Page, name: str, argument: object) -> object:
    from app.nurse.files import release

    return page.evaluate(
        "async ([address, name, argument]) => (await import(address))[name](argument)",
        [f"/my/files/{release().version}/nurse/links.js", name, argument],
    )


@pytest.mark.usefixtures("day")
def test_the_phases_have_widths_in_proportion(open_page: Callable[..., Page], time: Time) -> None:
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844)
    expect(page.locator(".strip").first).to_be_visible()
    widths = (
        page.locator(".route .strip")
        .first.locator("rect")
        .evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    )
    assert [round(width / sum(widths) * 135) for width in widths] == [15, 10, 40, 60, 10]


def test_an_empty_day_says_why(
    open_page: Callable[..., Page], time: Time, database: Database, clinic: Clinic
) -> None:
    plan_day(database, clinic, ana=[], ben=["mara"])
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844)
    expect(page.get_by_text("Your shift is 8:00 AM – 5:00 PM, with nothing planned.")).to_be_visible()
    page.get_by_role("link", name="Tomorrow").click()
    expect(page.get_by_text("Not published yet")).to_be_visible()


def test_a_day_on_which_she_is_not_planned_is_her_day_off(
    open_page: Callable[..., Page], time: Time, database: Database, clinic: Clinic
) -> None:
    plan_day(database, clinic, ben=["mara"])
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844)
    expect(page.get_by_role("heading", name="Your day off")).to_be_visible()
    expect(page.get_by_text("The plan of this day is out, and you are not in it.")).to_be_visible()
    expect(page.get_by_text("Mara Quill")).to_have_count(0)


def test_where_she_has_nothing_today_the_next_day_with_visits_opens(
    open_page: Callable[..., Page], time: Time, database: Database, clinic: Clinic
) -> None:
    plan_day(database, clinic, DAY + timedelta(days=1), ana=["theo"])
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844)
    expect(page.get_by_role("heading", name="Tomorrow")).to_be_visible()
    expect(page.get_by_role("heading", name="Theo Brandt").first).to_be_visible()


def test_a_visit_of_another_nurse_is_not_hers_to_see(
    open_page: Callable[..., Page], time: Time, database: Database, clinic: Clinic
) -> None:
    ids = plan_day(database, clinic, ana=["mara"], ben=["theo"])
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844)
    settled(page)
    for visit in (ids["theo"], 999_999):
        page.goto(f"/my/#/visit/{visit}")
        expect(page.get_by_text("Not on your list")).to_be_visible()
        expect(page.get_by_text("Theo Brandt")).to_have_count(0)


def test_what_has_changed_is_marked_until_she_has_seen_it(
    open_page: Callable[..., Page], time: Time, database: Database, clinic: Clinic
) -> None:
    from app.store.models.plan import PlanStatus
    from tests.support.clinic import add_plan

    ids = plan_day(database, clinic, ana=["mara"])
    page = open_page("/my/", email=NURSE, time=time, width=390, height=844)
    settled(page)
    expect(page.get_by_text("Changed since you last looked")).to_have_count(0)
    with database.begin() as tx:
        tx.get_one(PlanRow, 1).status = PlanStatus.SUPERSEDED
        mara = tx.get_one(Visit, ids["mara"])
        from tests.support.clinic import add_visit

        theo = add_visit(tx, clinic, "V9", clinic.theo, DAY)
        add_plan(tx, clinic, DAY, {clinic.ana: [theo, mara]}, status=PlanStatus.PUBLISHED)
    page.reload()
    card = page.get_by_role("region", name="Changed since you last looked")
    expect(card.get_by_text("New", exact=True)).to_be_visible()
    expect(card.get_by_text("Moved", exact=True)).to_be_visible()
    card.get_by_role("button", name="I have seen this").click()
    expect(card).to_have_count(0)
    settled(page)
    page.reload()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    settled(page)
    expect(card).to_have_count(0)
