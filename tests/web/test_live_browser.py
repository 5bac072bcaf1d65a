"""The board of a day under way follows what nurses record, without reloading."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.store.engine import Database
from app.store.models import Visit
from app.store.models.plan import PlanStatus
from tests.support.board_pages import shift_while_loading
from tests.support.clinic import DISPATCHER, Clinic, add_plan, local
from tests.support.field import TODAY, Now, at, batch, event, publish_two

URL = f"/board/{TODAY}"
HERE = {"place": {"latitude": 39.9621, "longitude": -83.0101, "accuracy_m": 12}}
WIDTH = "(bar) => bar.getBoundingClientRect().width"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    return Now(monkeypatch)


@pytest.fixture
def visits(database: Database, clinic: Clinic) -> list[int]:
    return publish_two(database, clinic)


@pytest.fixture
def board(open_page: Callable[..., Page], nurse: Any, now: Now, visits: list[int]) -> Page:
    send(nurse, now, event(0, "changes_seen", at(8), {"plan": 1}, visit=None))
    page = open_page(URL, email=DISPATCHER)
    page.wait_for_selector("#board[data-ready]")
    page.wait_for_selector("#live:not([hidden])")
    page.evaluate("window.stays = true")
    return page


def look(page: Page) -> None:
    """As when the dispatcher comes back to the page: it looks at once."""
    with page.expect_response("**/live"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def send(client: Any, now: Now, *events: dict[str, Any]) -> None:
    assert client.post("/my/events", json=batch(*events, sent_at=now.moment)).status_code == 200


def infusion(visit: int, began: datetime, ended: datetime) -> list[dict[str, Any]]:
    return [
        event(1, "arrived", at(8, 22), HERE, visit=visit),
        event(2, "phase_began", at(8, 25), {"position": 0}, visit=visit),
        event(3, "phase_began", at(8, 40), {"position": 1}, visit=visit),
        event(4, "phase_began", began, {"position": 2}, visit=visit),
        event(5, "phase_began", ended, {"position": 3}, visit=visit),
    ]


@pytest.mark.parametrize("width", [768, 1280, 1440])
def test_a_day_under_way_does_not_move_while_it_loads(
    open_page: Callable[..., Page], nurse: Any, now: Now, visits: list[int], width: int
) -> None:
    send(nurse, now, event(0, "changes_seen", at(8), {"plan": 1}, visit=None))
    now.moment = at(9, 30)
    page = open_page("/account", email=DISPATCHER, width=width, height=900)
    assert shift_while_loading(page, URL) < 0.02
    expect(page.get_by_text("No check-in yet")).to_be_visible()
    expect(page.locator("#live")).to_be_visible()


def test_a_check_in_that_is_missing_is_told_and_goes_when_it_comes(
    board: Page, nurse: Any, now: Now, visits: list[int]
) -> None:
    expect(board.locator("#board-alerts")).not_to_contain_text("No check-in")
    now.moment = at(8, 40)
    look(board)
    expect(board.locator("#board-alerts")).to_contain_text("No check-in yet: V1 (Ana Ortiz)")
    send(nurse, now, event(1, "arrived", at(8, 38), HERE, visit=visits[0]))
    look(board)
    expect(board.locator("#board-alerts")).not_to_contain_text("No check-in")
    expect(board.locator(".live-tally")).to_contain_text("1 checked in")
    assert board.evaluate("window.stays") is True


def test_the_clock_of_monitoring_and_the_next_patients_wait(
    board: Page, nurse: Any, now: Now, visits: list[int]
) -> None:
    now.moment = at(10, 30)
    send(nurse, now, *infusion(visits[0], at(9, 25), at(10, 15)))
    look(board)
    monitoring = board.get_by_role("region", name="In the field now")
    expect(monitoring.locator("li").first).to_have_text(
        "Mara QuillAna Ortiz: may leave at 11:15 AM, in 45 min"
    )
    expect(monitoring).to_contain_text("Ana Ortiz: 11:45 AM instead of 11:00 AM")
    bar = board.locator(f".tl-bar[data-visit='{visits[1]}']")
    expect(bar.locator(".tl-state")).to_contain_text("+")
    expect(bar).to_have_accessible_name(re.compile("min late"))
    board.get_by_role("button", name="Theo").last.click()
    expect(bar).to_have_attribute("aria-pressed", "true")


def test_what_was_recorded_is_drawn_under_the_bar_and_grows(
    board: Page, nurse: Any, now: Now, visits: list[int]
) -> None:
    expect(board.locator(".tl-live")).to_have_count(0)
    now.moment = at(9)
    send(nurse, now, event(1, "arrived", at(8, 22), HERE, visit=visits[0]))
    look(board)
    recorded = board.locator(".tl-live.recorded")
    expect(recorded).to_have_count(1)
    short = recorded.evaluate(WIDTH)
    now.moment = at(10)
    send(nurse, now, event(2, "note", at(9, 59), {"text": "all well"}, visit=visits[0]))
    look(board)
    # From 8:22 until now, 98 minutes, against the 135 of the plan; before it were 38.
    board.wait_for_function(
        """(was) => {
          const width = (name) => document.querySelector(name)?.getBoundingClientRect().width ?? 0;
          const [now, planned] = [width(".tl-live.recorded"), width(".tl-planned")];
          return now > was * 2 && Math.abs(now / planned - 98 / 135) < 0.05;
        }""",
        arg=short,
    )


# Hours after midnight at which an element begins and ends on the axis.
HOURS = """(element) => {
  const axis = document.querySelector(".tl-axis").getBoundingClientRect();
  const marks = [...document.querySelectorAll(".tl-hour")].map((mark) => mark.textContent);
  const first = (Number.parseInt(marks[0]) % 12) + (marks[0].endsWith("PM") ? 12 : 0);
  const box = element.getBoundingClientRect();
  return [box.left, box.right].map((x) => first + ((x - axis.left) / axis.width) * (marks.length - 1));
}"""


def stands(page: Page, selector: str, *hours: float) -> None:
    """Wait until an element begins and ends at these hours; the page may draw it anew meanwhile."""
    page.wait_for_function(
        f"""([selector, wanted]) => {{
          const element = document.querySelector(selector);
          const hours = element ? ({HOURS})(element) : [];
          return hours.length && wanted.every((hour, index) => Math.abs(hours[index] - hour) < 0.05);
        }}""",
        arg=[selector, hours],
        timeout=15_000,
    )


def test_bars_stand_where_visits_are_and_leave_an_outline_where_they_were_planned(
    board: Page, nurse: Any, now: Now, visits: list[int]
) -> None:
    first, second = (board.locator(f".tl-bar[data-visit='{visit}']") for visit in visits)
    stands(board, f".tl-bar[data-visit='{visits[0]}']", 8 + 25 / 60, 10 + 40 / 60)
    now.moment = at(10, 30)
    send(nurse, now, *infusion(visits[0], at(9, 25), at(10, 15)))
    look(board)
    expect(board.locator(".tl-planned")).to_have_count(2)
    # Monitoring runs until 11:15, so discharge ends it at 11:25, and Theo is reached at 11:45.
    stands(board, f".tl-bar[data-visit='{visits[0]}']", 8 + 25 / 60, 11 + 25 / 60)
    stands(board, f".tl-bar[data-visit='{visits[1]}']", 11.75, 14)
    stands(board, ".tl-drive:nth-of-type(3)", 11 + 25 / 60, 11.75)
    stands(board, ".tl-planned", 8 + 25 / 60, 10 + 40 / 60)
    stands(board, ".tl-planned ~ .tl-planned", 11 + 5 / 60, 13 + 20 / 60)
    expect(first).to_have_accessible_name(re.compile("under way 8:25 AM to 11:25 AM, planned 8:25"))
    expect(second).to_have_accessible_name(re.compile("expected 11:.* planned 11:"))
    widths = first.locator(".phase").evaluate_all(f"(all) => all.map({WIDTH})")
    assert widths[2] / widths[1] == pytest.approx(50 / 45, abs=0.1)
    second.hover()
    expect(board.locator(".tip")).to_contain_text("expected 11:")
    expect(board.get_by_text("As planned")).to_be_visible()
    assert board.evaluate("window.stays") is True


def test_a_day_that_lasts_longer_than_its_axis_gets_more_hours(
    board: Page, nurse: Any, now: Now, visits: list[int]
) -> None:
    last = board.locator(".tl-hour").count()
    now.moment = at(19, 20)
    send(nurse, now, event(1, "arrived", at(19, 10), HERE, visit=visits[0]))
    look(board)
    bar = board.locator(f".tl-bar[data-visit='{visits[1]}']")
    expect(bar).to_have_accessible_name(re.compile("expected 9:55 PM to 12:10 AM"))
    expect(board.locator(".tl-hour").nth(last)).to_be_attached()
    stands(board, f".tl-bar[data-visit='{visits[1]}']", 21 + 55 / 60, 24 + 10 / 60)


def test_a_visit_moved_in_a_draft_stands_where_the_draft_has_it(
    open_page: Callable[..., Page],
    nurse: Any,
    now: Now,
    visits: list[int],
    database: Database,
    clinic: Clinic,
) -> None:
    send(nurse, now, event(0, "changes_seen", at(8), {"plan": 1}, visit=None))
    with database.begin() as tx:
        swapped = [tx.get_one(Visit, visit) for visit in reversed(visits)]
        add_plan(tx, clinic, TODAY, {clinic.ana: swapped, clinic.ben: []}, status=PlanStatus.DRAFT)
    now.moment = at(12)
    page = open_page(URL, email=DISPATCHER)
    page.wait_for_selector("#live:not([hidden])")
    expect(page.locator(".tl-planned")).to_have_count(0)
    stands(page, f".tl-bar[data-visit='{visits[1]}']", 8 + 25 / 60)


def test_bars_jump_where_motion_is_unwanted(board: Page, open_page: Callable[..., Page]) -> None:
    duration = "getComputedStyle(document.querySelector('.tl-bar')).transitionDuration"
    assert "0.4s" in board.evaluate(duration)
    still = open_page(URL, email=DISPATCHER, reduced_motion="reduce")
    still.wait_for_selector("#board[data-ready]")
    assert float(still.evaluate(f"parseFloat({duration})")) < 0.01


def test_an_overrun_an_early_departure_and_a_no_go_are_told_as_they_come(
    board: Page, nurse: Any, now: Now, visits: list[int]
) -> None:
    alerts = board.locator("#board-alerts")
    now.moment = at(10, 30)
    send(nurse, now, *infusion(visits[0], at(9, 25), at(10, 15)))
    look(board)
    expect(alerts).to_contain_text("Behind the plan: V1 (Ana Ortiz) by 45 min")
    now.moment = at(10, 50)
    send(nurse, now, event(6, "departed", at(10, 50), {**HERE, "early": None}, visit=visits[0]))
    look(board)
    expect(alerts).to_contain_text("Left before monitoring was over: V1 (Ana Ortiz)")
    expect(alerts).not_to_contain_text("Behind the plan")
    expect(board.locator(f".tl-bar[data-visit='{visits[0]}'] .tl-state")).to_have_text("✓")
    now.moment = at(11, 20)
    arrived = event(7, "arrived", at(11, 10), HERE, visit=visits[1])
    refused = event(8, "no_go", at(11, 15), {"reason": "not_home", "text": ""}, visit=visits[1])
    send(nurse, now, arrived, refused)
    look(board)
    expect(alerts).to_contain_text("No-go: V2 (Ana Ortiz)")
    expect(board.locator(f".tl-bar[data-visit='{visits[1]}'] .tl-state")).to_have_text("no-go")
    assert board.evaluate("window.stays") is True


def test_where_nobody_records_visits_nobody_is_late(
    open_page: Callable[..., Page], now: Now, visits: list[int]
) -> None:
    now.moment = at(12)
    page = open_page(URL, email=DISPATCHER)
    with page.expect_response("**/live"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("#board[data-ready]")
    expect(page.locator("#live")).to_be_hidden()
    expect(page.locator(".tl-state, .tl-live")).to_have_count(0)


def test_a_day_to_come_is_not_looked_at(
    open_page: Callable[..., Page], visits: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "read", lambda: local(date(2026, 11, 23), 12))
    page = open_page(URL, email=DISPATCHER)
    page.wait_for_selector("#board[data-ready]")
    expect(page.locator("#live")).to_have_count(0)
