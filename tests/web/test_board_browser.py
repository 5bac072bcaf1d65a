"""The board in a real browser: looking, choosing, re-planning, publishing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from app.actions import runs as run_actions
from app.clock import utc_now
from app.days import zone_of
from app.demo.clinic import ZONE
from app.store.engine import Database, Tx
from app.store.models import PlanRow, Region, Run, StopRow, Visit
from app.store.models.plan import PlanStatus, hand_over_of
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.visit import VisitStatus
from app.web.times import clock
from tests.support import board_pages, executions
from tests.support.board_days import MONDAY, add_run
from tests.support.board_pages import BOOKED, URL
from tests.support.waiting import until

LEFT_OUT = 2
OPEN = Callable[..., Page]


@pytest.fixture(scope="module")
def seed() -> Any:
    return board_pages.seed


def bars(page: Page) -> Locator:
    return page.locator("#timeline .tl-bar")


def hand_over(tx: Tx) -> tuple[str, str, int, str, str]:
    """The day's hand-over: who gives, who takes, the visit, when she comes and when both may be gone."""
    stops: dict[int, list[StopRow]] = defaultdict(list)
    for route in tx.scalars(select(PlanRow)).one().routes:
        for stop in route.stops:
            stops[stop.visit_id].append(stop)
    (found,) = (each for each in map(hand_over_of, stops.values()) if each is not None)
    zone = zone_of(ZONE)
    return (
        found.giver.route.nurse.name,
        found.taker.route.nurse.name,
        found.giver.visit_id,
        clock(found.begins, zone),
        clock(found.over, zone),
    )


def fits(page: Page, width: int) -> None:
    """Nothing sticks out to the side, once the map and the ties have followed the window."""
    page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)


def drop_plans(database: Database) -> None:
    with database.begin() as tx:
        for plan in tx.scalars(select(PlanRow)):
            plan.status = PlanStatus.SUPERSEDED


class TestTheTimeline:
    def test_has_a_row_for_every_nurse_on_shift(self, board: OPEN, database: Database) -> None:
        with database.begin() as tx:
            routes = tx.scalars(select(PlanRow)).one().routes
            names = sorted(route.nurse.name for route in routes)
            stops = sum(len(route.stops) for route in routes)
        page = board()
        assert page.locator("#timeline .tl-who-name").all_text_contents() == names
        expect(bars(page)).to_have_count(stops)

    def test_bars_show_the_phases_in_proportion(self, board: OPEN) -> None:
        page = board()
        phases = bars(page).first.locator(".phase")
        kinds = [str(phase.get_attribute("class")).split("phase-")[1] for phase in phases.all()]
        assert kinds == ["arrival", "iv_start", "infusion", "monitoring", "discharge"]
        minutes, widths = page.evaluate(
            """async () => {
              const day = await (await fetch(document.getElementById("board").dataset.url)).json();
              const bar = document.querySelector(".tl-bar");
              const id = Number(bar.closest(".tl-row").dataset.nurse);
              const nurse = day.nurses.find((each) => each.id === id);
              return [nurse.stops[0].phases.map((phase) => phase.minutes),
                      [...bar.querySelectorAll(".phase")].map((one) => one.getBoundingClientRect().width)];
            }"""
        )
        share = [width / sum(widths) for width in widths]
        assert share == pytest.approx([minute / sum(minutes) for minute in minutes], abs=0.02)

    def test_a_two_nurse_visit_stands_in_both_rows(self, board: OPEN) -> None:
        page = board()
        pair = page.locator(".tl-bar:has(.icon-nurses)")
        expect(pair).to_have_count(2)
        assert pair.nth(0).get_attribute("data-visit") == pair.nth(1).get_attribute("data-visit")
        pair.nth(0).click()
        for bar in pair.all():
            expect(bar).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#panel .panel-nurse")).to_have_count(2)
        expect(page.locator("#panel .panel-phases")).to_have_count(1)

    def test_a_hand_over_ties_the_two_bars_and_the_panel_says_who_and_when(
        self, board: OPEN, database: Database
    ) -> None:
        with database.begin() as tx:
            giver, taker, visit, begins, over = hand_over(tx)
        page = board()
        pair = page.locator(f".tl-bar[data-visit='{visit}']")
        expect(pair).to_have_count(2)
        expect(pair.locator(".icon-hand-over")).to_have_count(2)
        tie = page.locator(f".tl-tie[data-visit='{visit}']").bounding_box()
        rows = [page.locator(f".tl-row:has-text('{name}')") for name in (giver, taker)]
        first, second = (row.locator(f"[data-visit='{visit}']").bounding_box() for row in rows)
        assert tie and first and second
        assert tie["x"] == pytest.approx(second["x"], abs=2)
        assert tie["x"] + tie["width"] == pytest.approx(first["x"] + first["width"], abs=2)
        middles = sorted(bar["y"] + bar["height"] / 2 for bar in (first, second))
        assert [tie["y"], tie["y"] + tie["height"]] == pytest.approx(middles, abs=2)

        pair.first.click()
        said = f"{giver} hands over to {taker}, who comes at {begins}; both stay until {over}."
        expect(page.locator("#panel .panel-hand-over")).to_have_text(said)
        expect(page.locator("#panel .panel-phases")).to_have_count(2)
        expect(page.locator("#route-table .badge", has_text="hand-over")).to_have_count(2)

    def test_windows_appear_when_a_visit_is_pointed_at(self, board: OPEN) -> None:
        page = board()
        expect(page.locator(".tl-window")).to_have_count(0)
        bars(page).first.hover()
        expect(page.locator(".tl-window")).not_to_have_count(0)
        expect(page.locator(".tip")).to_contain_text("Window: start")

    def test_is_walked_with_the_arrow_keys(self, board: OPEN) -> None:
        page = board()
        bars(page).first.focus()
        first = page.evaluate("document.activeElement.getAttribute('aria-label')")
        page.keyboard.press("ArrowRight")
        second = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert first != second and "stop 2" in second
        page.keyboard.press("ArrowDown")
        rows = page.locator("#timeline .tl-row")
        assert page.evaluate("document.activeElement.closest('.tl-row').dataset.nurse") == rows.nth(
            1
        ).get_attribute("data-nurse")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowUp")
        expect(page.locator(".tl-name").first).to_be_focused()
        expect(page.locator("#timeline [tabindex='0']")).to_have_count(1)

    def test_does_not_depend_on_the_browsers_zone(self, board: OPEN) -> None:
        def seen(page: Page) -> list[Any]:
            return [
                bars(page).evaluate_all("all => all.map((one) => one.style.left + one.ariaLabel)"),
                page.locator(".tl-hour").all_text_contents(),
            ]

        assert seen(board(timezone_id="Asia/Tokyo")) == seen(board(timezone_id="America/Los_Angeles"))


class TestChoosingAVisit:
    def test_in_the_timeline_opens_the_panel_and_marks_map_and_list(self, board: OPEN) -> None:
        page = board()
        bar = bars(page).nth(2)
        name = bar.locator(".tl-patient").text_content()
        bar.click()
        panel = page.locator("#panel")
        expect(panel.get_by_role("heading", name=name)).to_be_visible()
        for words in ("Arrives", "Infusion", "Monitoring", "Window", "Address"):
            expect(panel).to_contain_text(words)
        expect(page.locator("#map .mark.chosen")).to_have_count(1)
        visit = bar.get_attribute("data-visit")
        expect(page.locator(f"#route-table [data-choose='{visit}']")).to_have_attribute(
            "aria-pressed", "true"
        )

    def test_on_the_map_marks_its_bar(self, board: OPEN) -> None:
        page = board()
        page.wait_for_selector("#board[data-settled]")
        page.locator("#map .stop-mark").first.click(force=True)
        expect(page.locator(".tl-bar[aria-pressed=true]")).not_to_have_count(0)
        expect(page.locator("#panel")).to_be_visible()

    def test_in_the_list_of_the_unassigned_says_why(self, board: OPEN) -> None:
        page = board()
        page.locator("#unassigned [data-choose]").first.click()
        expect(page.locator("#panel .panel-reason")).to_contain_text("Pediatrics")
        expect(page.locator("#map .mark.chosen .unserved-mark")).to_have_count(1)

    def test_with_enter_and_escape_goes_back_to_the_bar(self, board: OPEN) -> None:
        page = board()
        bars(page).first.focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Close the visit").focus()
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
        expect(bars(page).first).to_be_focused()
        expect(page.locator("#unassigned")).to_be_visible()

    def test_that_cannot_be_loaded_says_so(self, open_page: OPEN, board: OPEN) -> None:
        page = board()
        page.route("**/visits/*", lambda route: route.fulfill(status=200, body="not json"))
        bars(page).first.click()
        expect(page.locator("#panel")).to_contain_text("The visit could not be loaded. Choose it again.")


class TestOneNurse:
    def test_stands_out_when_her_name_is_chosen(self, board: OPEN) -> None:
        page = board()
        page.wait_for_selector("#board[data-settled]")
        name = page.locator(".tl-name").nth(1)
        name.click()
        expect(name).to_have_attribute("aria-pressed", "true")
        other = page.locator(".tl-row").nth(0).locator(".tl-track")
        expect(other).to_have_css("opacity", "0.3")
        expect(page.locator(".tl-row").nth(1).locator(".tl-track")).to_have_css("opacity", "1")
        number = name.locator(".nurse-number").text_content()
        lit = page.locator("#map .mark.highlight .stop-nurse").all_text_contents()
        assert lit and set(lit) == {number}
        name.click()
        expect(other).to_have_css("opacity", "1")


class TestARun:
    def carry_out(self, database: Database, worker: Callable[[str, int], None]) -> None:
        with database.begin() as tx:
            claimed = run_actions.claim(tx, "test", utc_now())
            assert claimed is not None
        worker(database.url, claimed.id)

    def test_from_the_button_to_the_new_plan_without_reloading(self, board: OPEN, database: Database) -> None:
        drop_plans(database)
        page = board()
        expect(page.locator("#board-tiles")).to_contain_text(f"{BOOKED} visits booked, no plan yet.")
        with page.expect_navigation():  # the page before may tell of the run, too
            page.get_by_role("button", name="Plan this day").click()
        page.wait_for_selector("#board[data-ready]")
        expect(page.locator("#run")).to_contain_text("Re-plan is waiting")
        expect(page.get_by_role("button", name="Plan this day")).to_be_disabled()
        page.evaluate("window.sameDocument = true")
        self.carry_out(database, executions.quickly)
        expect(bars(page).first).to_be_visible()
        expect(page.locator("#run")).to_be_hidden()
        expect(page.get_by_role("button", name="Publish")).to_be_enabled()
        expect(page.locator("#board-tiles")).to_contain_text("Visits served")
        assert page.evaluate("window.sameDocument") is True

    def test_shows_how_it_gets_on(self, board: OPEN, database: Database) -> None:
        with database.begin() as tx:
            region = tx.scalars(select(Region)).one()
            run = add_run(tx, region, MONDAY, RunStatus.RUNNING)
            run.cost, run.bound, run.elapsed = 3_960_000, None, 15.0
            key = run.id
        page = board()
        bar = page.get_by_label("Progress of the run")
        expect(page.locator("#run")).to_contain_text("$1,100")
        assert bar.evaluate("one => one.value") == 0.25
        with database.begin() as tx:
            later = tx.get_one(Run, key)
            later.cost, later.bound, later.elapsed = 3_780_000, 3_600_000, 45.0
        expect(page.locator("#run")).to_contain_text("within 5% of the best possible")
        assert bar.evaluate("one => one.value") == 0.75
        with page.expect_navigation():
            page.get_by_role("button", name="Stop and keep the best so far").click()
        expect(page.get_by_role("button", name="Stop and keep the best so far")).to_be_disabled()
        with database.begin() as tx:
            assert tx.get_one(Run, key).cancel_requested

    def test_that_nobody_takes_up_asks_for_the_worker(self, board: OPEN, database: Database) -> None:
        with database.begin() as tx:
            add_run(
                tx,
                tx.scalars(select(Region)).one(),
                MONDAY,
                RunStatus.QUEUED,
                queued_at=utc_now() - timedelta(seconds=12),
            )
        expect(board().locator("#run")).to_contain_text("is python -m app.worker running?")

    def test_that_fails_while_one_looks_is_told_at_once(self, board: OPEN, database: Database) -> None:
        with database.begin() as tx:
            run = add_run(
                tx, tx.scalars(select(Region)).one(), MONDAY, RunStatus.RUNNING, trigger=RunTrigger.NIGHTLY
            ).id
        page = board()
        expect(page.locator("#run")).to_contain_text("Nightly run is running")
        with database.begin() as tx:
            run_actions.fail(tx, run, "The sky fell down.", utc_now())
        expect(page.locator("#board-alerts")).to_contain_text("The sky fell down.")
        expect(page.get_by_role("button", name="Re-plan")).to_be_enabled()


def test_says_so_while_the_service_does_not_answer(board: OPEN) -> None:
    page = board()
    expect(page.get_by_text("Rounds does not answer.")).to_be_hidden()
    page.route("**/progress", lambda route: route.fulfill(body="not json"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Rounds does not answer.")).to_be_visible()
    page.unroute("**/progress")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("Rounds does not answer.")).to_be_hidden()


def test_an_answer_that_a_newer_one_has_overtaken_counts_for_nothing(board: OPEN) -> None:
    page = board()
    late: list[Route] = []
    page.route("**/progress", lambda route: route.fulfill(body="not json"))
    page.route("**/progress", lambda route: late.append(route), times=1)
    for _ in range(2):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        until(page, lambda: late)
    expect(page.get_by_text("Rounds does not answer.")).to_be_visible()
    with page.expect_response("**/progress"):
        late[0].continue_()
    page.evaluate("new Promise((done) => setTimeout(done, 200))")
    assert page.get_by_text("Rounds does not answer.").is_visible()  # the next look would say so anyway


def test_draws_120_nurses_and_400_stops(board: OPEN, open_page: OPEN) -> None:
    page = board()
    day = page.evaluate("async () => (await fetch(document.getElementById('board').dataset.url)).json()")
    busy = [nurse for nurse in day["nurses"] if nurse["stops"]]
    stops = [stop for nurse in busy for stop in nurse["stops"]]
    day["nurses"] = [
        busy[0]
        | {"id": number, "number": number, "stops": [stops[(number + k) % len(stops)] for k in range(n)]}
        for number in range(1, 121)
        for n in [4 if number <= 40 else 3]
    ]
    page.route("**/data", lambda route: route.fulfill(json=day))
    page.reload()
    page.wait_for_selector("#board[data-ready]")
    expect(bars(page)).to_have_count(400)
    took = page.evaluate(
        """async () => {
          const times = [];
          for (const row of [60, 61, 62]) {
            const began = performance.now();
            document.querySelectorAll(".tl-name")[row].click();
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            times.push(performance.now() - began);
          }
          return Math.min(...times);
        }"""
    )
    assert took < 2000  # a tenth of that on a quiet machine


class TestPublishing:
    def test_asks_first_and_then_shows_it_published(self, board: OPEN, database: Database) -> None:
        page = board()
        page.get_by_role("button", name="Publish").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(f"{LEFT_OUT} of {BOOKED} visits have no nurse in it.")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        page.get_by_role("button", name="Publish").click()
        dialog.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("Published. The nurses see their routes")).to_be_visible()
        expect(page.get_by_role("button", name="Publish")).to_have_count(0)
        with database.begin() as tx:
            assert tx.scalars(select(PlanRow)).one().status is PlanStatus.PUBLISHED

    def test_refused_says_what_has_changed(self, open_page: OPEN, board: OPEN, database: Database) -> None:
        page = board()
        with database.begin() as tx:
            visit = tx.scalars(select(PlanRow)).one().routes[0].stops[0].visit
            tx.get_one(Visit, visit.id).status = VisitStatus.CANCELLED
            code = visit.code
        refused: list[str] = []
        page.on("response", lambda answer: refused.append(answer.url) if answer.status == 409 else None)
        page.get_by_role("button", name="Publish").click()
        with page.expect_navigation():
            page.get_by_role("dialog").get_by_role("button", name="Publish").click()
        expect(page.get_by_role("alert").first).to_contain_text(f"Visit {code} has been cancelled")
        assert refused


class TestEveryWidth:
    def test_nothing_sticks_out(self, board: OPEN) -> None:
        page = board(width=1920, height=900)
        page.wait_for_selector("#board[data-settled]")
        for width in (1920, 1440, 1024, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            fits(page, width)
            bars(page).first.click()
            expect(page.locator("#panel .panel-stay")).to_be_visible()
            fits(page, width)
            page.get_by_role("button", name="Close the visit").click()

    def test_long_names_are_cut_not_spilled(self, board: OPEN, database: Database) -> None:
        with database.begin() as tx:
            route = tx.scalars(select(PlanRow)).one().routes[0]
            route.nurse.name = "Aaliyah Maximiliana Konstantopoulou-Featherstonehaugh of Reynoldsburg"
            route.stops[0].visit.patient.name = "Wolfeschlegelsteinhausenbergerdorff" * 2
        page = board(width=1024, height=768)
        name = page.locator(".tl-name").first
        assert name.bounding_box()["width"] < 260  # type: ignore[index]
        bars(page).first.click()
        expect(page.locator("#panel .panel-stay")).to_be_visible()
        fits(page, 1024)

    def test_names_and_hours_stay_in_view_while_the_timeline_scrolls(self, board: OPEN) -> None:
        page = board(width=390, height=844)
        timeline = page.locator("#timeline")
        timeline.evaluate("one => one.scrollTo(300, 80)")
        box, head = timeline.bounding_box(), page.locator(".tl-head").bounding_box()
        name = page.locator(".tl-name").nth(4).bounding_box()
        assert box and head and name
        assert name["x"] == pytest.approx(box["x"], abs=2)
        assert head["y"] == pytest.approx(box["y"], abs=2)


def test_names_are_text_wherever_they_stand(board: OPEN, database: Database) -> None:
    with database.begin() as tx:
        plan = tx.scalars(select(PlanRow)).one()
        for route in plan.routes:
            route.nurse.name = f'{route.nurse.name}<b class="planted">'
            for stop in route.stops:
                stop.visit.patient.name = '<b class="planted">Mallory'
    page = board()
    page.wait_for_selector("#board[data-settled]")
    page.locator("#map .stop-mark").first.hover(force=True)
    expect(page.locator(".leaflet-tooltip")).to_contain_text("Mallory")
    expect(page.locator(".planted")).to_have_count(0)
    bars(page).first.hover()
    bars(page).first.click()
    expect(page.locator("#panel")).to_contain_text("Mallory")
    expect(page.locator(".planted")).to_have_count(0)


def test_the_days_of_the_calendar(board: OPEN) -> None:
    page = board()
    page.get_by_role("link", name="Previous day").click()
    page.wait_for_url(f"**/board/{MONDAY - timedelta(days=1)}")
    expect(page.get_by_text("No visits on this day")).to_be_visible()
    page.get_by_role("link", name="Next day").click()
    page.wait_for_url(f"**{URL}")
    page.get_by_label("Go to a day").fill(str(MONDAY + timedelta(days=3)))
    page.wait_for_url(f"**/board/{MONDAY + timedelta(days=3)}")
