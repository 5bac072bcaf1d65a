"""Finding visits on the board, crowded maps, and the week, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.store.engine import Database
from app.store.models import PlanRow, StopRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitKind, VisitStatus
from tests.support import board_pages
from tests.support.board_days import MONDAY
from tests.support.board_pages import URL

OPEN = Callable[..., Page]

OVERLAPS = """() => {
  const marks = document.querySelectorAll("#map .mark:not(.small) > .stop-mark");
  const boxes = [...marks].map((mark) => mark.getBoundingClientRect());
  let covered = 0;
  boxes.forEach((one, at) => boxes.slice(at + 1).forEach((other) => {
    const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (wide > 3 && high > 3) covered += 1;
  }));
  return [boxes.length, covered];
}"""


def zoom(page: Page, name: str) -> None:
    """Press a button of the map, and wait until the marks stand where they will."""
    place = "() => document.querySelector('#map .mark').style.transform"
    before = page.evaluate(place)
    page.get_by_role("button", name=name).click()
    page.wait_for_function(
        f"(before) => ({place})() !== before && !document.querySelector('#map .leaflet-zoom-anim')",
        arg=before,
    )


@pytest.fixture(scope="module")
def seed() -> Any:
    return board_pages.seed


class TestFinding:
    def test_by_a_name_without_its_accents_shows_it_everywhere_and_nothing_else(
        self, board: OPEN, database: Database
    ) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            stop = plan.routes[0].stops[0] if plan.routes[0].stops else plan.routes[1].stops[0]
            stop.visit.patient.name = "Zoë Müller-Ångström"
            visit = stop.visit_id
            stays = tx.scalars(select(StopRow).where(StopRow.visit_id == visit))
            nurses = {str(stay.route.nurse_id) for stay in stays}
        page = board()
        page.keyboard.press("/")
        page.keyboard.type("muller zoe")
        expect(page.locator(".finder-found")).to_have_text("1 of 22 visits")
        rows = page.locator("#timeline .tl-row:visible")
        expect(rows).to_have_count(len(nurses))
        assert {row.get_attribute("data-nurse") for row in rows.all()} == nurses
        expect(page.locator(f"#timeline .tl-bar.dim[data-visit='{visit}']")).to_have_count(0)
        expect(page.locator("#map .mark:not(.filtered) .stop-mark")).to_have_count(len(nurses))
        expect(page.locator("#route-table [data-choose]:visible")).to_have_count(len(nurses))
        expect(page.locator("#unassigned [data-choose]:visible")).to_have_count(0)
        page.keyboard.press("Enter")
        expect(page.locator("#panel h2")).to_have_text("Zoë Müller-Ångström")
        assert "ller" not in page.url
        page.get_by_role("button", name="Show all").click()
        expect(page.locator("#map .mark.filtered")).to_have_count(0)
        expect(page.locator("#timeline .tl-row:visible").nth(5)).to_be_visible()

    def test_a_hand_over_to_a_hidden_row_is_a_stub_with_the_other_nurses_name(self, board: OPEN) -> None:
        page = board()
        # Another visit of one of the two nurses, which is hers alone: found, it leaves the other row out.
        found = page.evaluate(
            """async () => {
              const day = await (await fetch(document.getElementById("board").dataset.url)).json();
              const nurse = (id) => day.nurses.find((each) => each.id === id);
              const stays = day.nurses.flatMap((each) => each.stops.map((stop) => stop.visit));
              const alone = ({ visit }) => stays.filter((each) => each === visit).length === 1;
              for (const { visit, giver, taker } of day.hand_overs) {
                for (const [here, away, said] of [[giver, taker, "to"], [taker, giver, "from"]]) {
                  const other = nurse(here).stops.find(alone);
                  if (!other) continue;
                  const words = day.visits[other.visit].code;
                  return { visit, here, words, said: `${said} ${nurse(away).name}` };
                }
              }
              return null;
            }"""
        )
        assert found, "one of the two has another visit"
        tie = page.locator(f".tl-tie[data-visit='{found['visit']}']")
        whole = tie.bounding_box()
        expect(tie).to_have_text("")
        page.locator("#finder [name=words]").fill(found["words"])
        expect(page.locator("#timeline .tl-row:visible")).to_have_count(1)
        expect(tie).to_have_text(found["said"])
        row = page.locator(f".tl-row[data-nurse='{found['here']}']").bounding_box()
        stub = tie.bounding_box()
        assert row is not None
        assert stub is not None
        assert row["y"] - 1 <= stub["y"] <= stub["y"] + stub["height"] <= row["y"] + row["height"] + 1
        page.get_by_role("button", name="Show all").click()
        expect(tie).to_have_text("")
        assert tie.bounding_box() == whole

    def test_by_status_and_credential(self, board: OPEN) -> None:
        page = board()
        page.get_by_label("Status").select_option("Without a nurse")
        expect(page.locator(".finder-found")).to_have_text("2 of 22 visits")
        expect(page.locator("#timeline .tl-row:visible")).to_have_count(0)
        expect(page.locator("#unassigned [data-choose]:visible")).to_have_count(2)
        page.get_by_label("Credential the visit needs").select_option("Pediatrics")
        expect(page.locator(".finder-found")).to_have_text("1 of 22 visits")

    def test_by_nurse_keeps_through_a_fresh_plan_and_the_keys_skip_what_is_hidden(
        self, board: OPEN, database: Database
    ) -> None:
        page = board()
        names = page.locator("#timeline .tl-who-name").all_text_contents()
        page.get_by_label("Nurse", exact=True).select_option(names[4])
        expect(page.locator("#timeline .tl-row:visible")).to_have_count(1)
        page.locator("#timeline .tl-row:visible .tl-name").focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#timeline .tl-row:visible .tl-name")).to_be_focused()
        with database.begin() as tx:
            tx.scalars(select(PlanRow)).one().status = PlanStatus.PUBLISHED
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("#board-head .badge")).to_have_text("Published")
        expect(page.locator("#timeline .tl-row:visible")).to_have_count(1)


def test_labels_of_a_map_never_cover_each_other_and_all_show_when_one_is_near(board: OPEN) -> None:
    page = board()
    page.wait_for_selector("#board[data-settled]")
    for _ in range(4):
        labels, covered = page.evaluate(OVERLAPS)
        assert labels > 0 and covered == 0
        zoom(page, "Zoom in")
    shown = page.evaluate(OVERLAPS)[0]
    zoom(page, "Show the whole day on the map")
    assert page.evaluate(OVERLAPS)[0] < shown


def test_the_chosen_visit_is_always_readable(board: OPEN) -> None:
    page = board(width=768, height=1024)
    expect(page.locator("#map .mark.small > .stop-mark"), "the map must be crowded").not_to_have_count(0)
    # The dot of the last stop of somebody: choosing it in the timeline shows its number.
    for bar in page.locator("#timeline .tl-bar").all()[:6]:
        bar.click()
        expect(page.locator("#map .mark.chosen .stop-position").first).to_be_visible()
        expect(page.locator("#map .mark.chosen.small")).to_have_count(0)


class TestTheWeek:
    def test_leads_from_the_day_to_the_week_and_back(self, board: OPEN) -> None:
        page = board()
        page.get_by_role("link", name="Week", exact=True).click()
        row = page.locator(".week-table tbody tr").first
        expect(row).to_contain_text("Draft")
        expect(row).to_contain_text("20, 2 without")
        row.get_by_role("link").click()
        page.wait_for_url(f"**{URL}")

    def test_counts_are_those_of_the_day_and_calls_are_no_visits(
        self, board: OPEN, database: Database
    ) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            paid = sum(route.paid_seconds for route in plan.routes)
            called = tx.scalars(select(Visit).where(Visit.id == plan.unassigned[0].visit_id)).one()
            session = plan.routes[-1].stops[0].visit
            tx.add(
                Visit(
                    region_id=session.region_id,
                    code="CALL1",
                    patient_id=called.patient_id,
                    protocol_version_id=called.protocol_version_id,
                    day=MONDAY,
                    zone=called.zone,
                    kind=VisitKind.CALL,
                    follows_visit_id=session.id,
                    follows_min=0,
                    follows_max=60,
                    follow_up_minutes=15,
                )
            )
            overtime = timedelta(seconds=plan.overtime_total)
        page = board()
        tiles = page.locator("#board-tiles")
        expect(tiles).to_contain_text("20 of 22")
        hours, minutes = divmod(round(paid / 60), 60)
        words = f"{hours} h {minutes} min" if minutes else f"{hours} h"
        expect(tiles.locator(".stat", has_text="Paid time")).to_contain_text(words)
        page.goto(f"/board/week/{MONDAY + timedelta(days=3)}")
        expect(page.locator(".week-table tbody tr").first).to_contain_text(words)
        expect(page.locator(".week-stats")).to_contain_text("none" if not overtime else "min")

    def test_a_cancelled_visit_counts_no_more(self, board: OPEN, database: Database) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            next(route for route in plan.routes if route.stops).stops[0].visit.status = VisitStatus.CANCELLED
        page = board()
        page.goto(f"/board/week/{MONDAY}")
        expect(page.locator(".week-table tbody tr").first).to_contain_text("19, 2 without")
