"""The board of a day under way follows what nurses record, without reloading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.store.engine import Database
from tests.support.clinic import DISPATCHER, Clinic, local
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
    assert "min late" in str(bar.get_attribute("aria-label"))
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
        """([was, visit]) => {
          const width = (name) => document.querySelector(name)?.getBoundingClientRect().width ?? 0;
          const [now, planned] = [width(".tl-live.recorded"), width(`.tl-bar[data-visit="${visit}"]`)];
          return now > was * 2 && Math.abs(now / planned - 98 / 135) < 0.05;
        }""",
        arg=[short, visits[0]],
    )


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
