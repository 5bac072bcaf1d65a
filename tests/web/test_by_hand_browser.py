"""Visits moved by hand on the board, in a real browser: by mouse, by keys, by the menu; refused, with a
reason, undone, by two dispatchers at once; and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.actions.accounts import create_user
from app.store.engine import Database, Tx
from app.store.models import AcceptedExceptionRow, PlanRow, Region, RouteRow, StopRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.user import Role
from tests.support import board_pages
from tests.support.clinic import PASSWORD

OTHER = "other-dispatcher@demo.example"
OPEN = Callable[..., Page]
Touch = Callable[..., None]


def _two_dispatchers(tx: Tx) -> None:
    create_user(
        tx,
        email=OTHER,
        name="Otto Brandt",
        password=PASSWORD,
        role=Role.DISPATCHER,
        region_id=board_pages.seed(tx).region_id,
    )


@pytest.fixture(scope="module")
def seed() -> Any:
    return _two_dispatchers


def stops(database: Database) -> dict[int, tuple[int, str]]:
    """Of each visit with one nurse who comes, and when."""
    with database.begin() as tx:
        query = (
            select(StopRow.visit_id, RouteRow.nurse_id, StopRow.start)
            .join(StopRow.route)
            .join(RouteRow.plan)
            .where(PlanRow.status == PlanStatus.DRAFT)
        )
        return {visit: (nurse, start.isoformat()) for visit, nurse, start in tx.execute(query)}


def bar_of(page: Page, visit: int) -> Locator:
    return page.locator(f'.tl-bar[data-visit="{visit}"]')


def movable(page: Page, outcome: str = "accepted") -> tuple[int, dict[str, Any]]:
    """A visit of one nurse that another one could do with this outcome, and that place."""
    found: list[Any] = page.evaluate(
        """async (outcome) => {
          const board = document.getElementById("board").dataset;
          const day = await (await fetch(board.url)).json();
          const once = day.nurses.flatMap((nurse) => nurse.stops.map((stop) => [nurse.id, stop.visit]));
          for (const [nurse, visit] of once) {
            if (once.filter(([, other]) => other === visit).length > 1) continue;
            const query = new URLSearchParams({ plan: day.plan, revision: day.revision });
            const { places } = await (await fetch(`${board.dayUrl}/places/${visit}?${query}`)).json();
            const place = places.find((each) => each.outcome === outcome && each.nurse !== nurse);
            if (place) return [visit, place];
          }
          return [];
        }""",
        outcome,
    )
    assert found, f"the day has a visit that somebody else could do: {outcome}"
    return found[0], found[1]


def note(page: Page) -> Locator:
    return page.locator("#hand-note")


def x_of(page: Page, iso: str) -> float:
    """Where an instant is on the axis, in pixels of the window."""
    return float(
        page.evaluate(
            """async (iso) => {
              const day = await (await fetch(document.getElementById("board").dataset.url)).json();
              const [from, to] = [Date.parse(day.axis.start.iso), Date.parse(day.axis.end.iso)];
              const box = document.querySelector(".tl-axis").getBoundingClientRect();
              return box.left + ((Date.parse(iso) - from) / (to - from)) * box.width;
            }""",
            iso,
        )
    )


def drag(page: Page, visit: int, nurse: int, iso: str) -> None:
    """Carry a visit's bar to another row, so that its left edge is at this instant."""
    bar = bar_of(page, visit).bounding_box()
    row = page.locator(f'.tl-row[data-nurse="{nurse}"]').bounding_box()
    assert bar and row
    page.mouse.move(bar["x"] + 4, bar["y"] + 8)
    page.mouse.down()
    page.mouse.move(bar["x"] + 24, bar["y"] + 20, steps=3)
    page.wait_for_selector(".tl-row[data-fit]")
    page.mouse.move(x_of(page, iso) + 4, row["y"] + row["height"] / 2, steps=4)


class TestByMouse:
    def test_every_row_says_how_it_fits_and_a_drop_is_judged_and_stored(
        self, board: OPEN, database: Database
    ) -> None:
        page = board()
        visit, place = movable(page)
        drag(page, visit, place["nurse"], place["start"]["iso"])
        expect(page.locator(".tl-row[data-fit]").nth(5)).to_be_visible()
        expect(page.locator(".tl-ghost.fit-accepted")).to_contain_text("$")
        page.mouse.up()
        expect(note(page)).to_contain_text("to")
        expect(page.locator(f'.tl-row[data-nurse="{place["nurse"]}"] [data-visit="{visit}"]')).to_have_count(
            1
        )
        assert stops(database)[visit][0] == place["nurse"]
        expect(page.locator(".tl-row[data-fit], .tl-ghost")).to_have_count(0)
        expect(bar_of(page, visit)).to_have_accessible_name(  # it is pinned
            re.compile("pinned")
        )

    def test_escape_puts_it_back(self, board: OPEN, database: Database) -> None:
        page, before = board(), stops(database)
        visit, place = movable(page)
        drag(page, visit, place["nurse"], place["start"]["iso"])
        page.keyboard.press("Escape")
        page.mouse.up()
        expect(page.locator(".tl-ghost, .tl-row[data-fit]")).to_have_count(0)
        assert stops(database) == before

    def test_a_drop_upon_another_visit_is_refused_in_words(self, board: OPEN, database: Database) -> None:
        page, before = board(), stops(database)
        visit, _ = movable(page)
        nurse, start = next((n, s) for v, (n, s) in before.items() if v != visit and n != before[visit][0])
        drag(page, visit, nurse, start)
        page.mouse.up()
        expect(note(page)).to_have_class(re.compile("tone-danger"))
        expect(note(page).locator("li").first).to_be_visible()
        assert stops(database) == before

    def test_from_the_list_of_visits_without_a_nurse(self, board: OPEN) -> None:
        page = board()
        entry = page.locator("#unassigned [data-choose]").first.bounding_box()
        row = page.locator(".tl-row").nth(2).bounding_box()
        assert entry and row
        page.mouse.move(entry["x"] + 20, entry["y"] + 10)
        page.mouse.down()
        page.mouse.move(row["x"] + row["width"] / 2, row["y"] + 10, steps=5)
        expect(page.locator(".tl-ghost")).to_be_visible()
        page.mouse.up()
        expect(note(page)).to_contain_text("Pediatrics")


class TestByFinger:
    """On a tablet: a finger that rests on a bar lifts it; one that swipes scrolls."""

    @pytest.fixture
    def tablet(self, board: OPEN) -> Page:
        page = board(width=1024, height=768, has_touch=True)
        page.wait_for_selector("#board[data-settled]")
        return page

    @pytest.fixture
    def touch(self, tablet: Page) -> Touch:
        session = tablet.context.new_cdp_session(tablet)

        def send(kind: str, *at: float) -> None:
            points = [{"x": at[0], "y": at[1]}] if at else []
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        return send

    def rest_on(self, page: Page, touch: Touch, visit: int) -> tuple[float, float]:
        bar_of(page, visit).scroll_into_view_if_needed()
        bar = bar_of(page, visit).bounding_box()
        assert bar
        at = bar["x"] + 4, bar["y"] + 8
        touch("touchStart", *at)
        return at

    def test_resting_lifts_and_a_drop_is_judged_and_stored(
        self, tablet: Page, touch: Touch, database: Database
    ) -> None:
        visit, place = movable(tablet)
        x, y = self.rest_on(tablet, touch, visit)
        expect(bar_of(tablet, visit)).to_have_class(re.compile("carried"))
        tablet.wait_for_selector(".tl-row[data-fit]")
        touch("touchMove", x + 20, y + 10)
        row = tablet.locator(f'.tl-row[data-nurse="{place["nurse"]}"]')
        row.evaluate("(row) => row.scrollIntoView({ block: 'center' })")
        box = row.bounding_box()
        assert box
        touch("touchMove", x_of(tablet, place["start"]["iso"]) + 4, box["y"] + box["height"] / 2)
        expect(tablet.locator(".tl-ghost.fit-accepted")).to_contain_text("$")
        touch("touchEnd")
        expect(note(tablet)).to_contain_text("to")
        expect(row.locator(f'[data-visit="{visit}"]')).to_have_count(1)
        assert stops(database)[visit][0] == place["nurse"]

    def test_swiping_scrolls_and_lifts_nothing(self, tablet: Page, touch: Touch, database: Database) -> None:
        visit, _ = movable(tablet)
        before = stops(database)
        x, y = self.rest_on(tablet, touch, visit)
        for step in range(1, 6):
            touch("touchMove", x, y - 20 * step)
        tablet.wait_for_timeout(600)
        assert tablet.locator(".tl-ghost, .tl-row[data-fit], .tl-bar.carried").count() == 0
        touch("touchEnd")
        assert stops(database) == before

    def test_let_go_at_once_it_opens_the_menu(self, tablet: Page, touch: Touch, database: Database) -> None:
        visit, _ = movable(tablet)
        before = stops(database)
        self.rest_on(tablet, touch, visit)
        expect(bar_of(tablet, visit)).to_have_class(re.compile("carried"))
        touch("touchEnd")
        expect(tablet.get_by_role("menuitem", name="Move to …")).to_be_visible()
        expect(tablet.locator(".tl-ghost, .tl-bar.carried")).to_have_count(0)
        assert stops(database) == before


class TestByKeys:
    def test_space_picks_up_arrows_carry_and_enter_drops(self, board: OPEN, database: Database) -> None:
        page, before = board(), stops(database)
        visit, _ = movable(page)
        bar_of(page, visit).focus()
        page.keyboard.press("Space")
        expect(page.locator("#hand-said")).to_contain_text("picked up")
        page.keyboard.press("ArrowRight")
        expect(page.locator("#hand-said")).to_contain_text("M:")
        page.keyboard.press("Enter")
        expect(note(page)).to_be_visible()
        if "tone-ok" in str(note(page).get_attribute("class")):
            assert stops(database)[visit] != before[visit]
            assert stops(database)[visit][0] == before[visit][0]
        else:
            assert stops(database) == before

    def test_m_opens_the_list_of_nurses_and_p_pins(self, board: OPEN, database: Database) -> None:
        page = board()
        visit, place = movable(page)
        bar_of(page, visit).focus()
        page.keyboard.press("p")
        expect(note(page)).to_contain_text("pinned to nurse and start")
        with database.begin() as tx:
            assert tx.get_one(Visit, visit).pinned_start is not None
        bar_of(page, visit).focus()
        page.keyboard.press("p")
        expect(note(page)).to_contain_text("unpinned")
        bar_of(page, visit).focus()
        page.keyboard.press("m")
        page.locator(f'.move-choice input[value="{place["nurse"]}"]').check()
        page.get_by_role("button", name="Move", exact=True).click()
        row = page.locator(f'.tl-row[data-nurse="{place["nurse"]}"]')
        expect(row.locator(f'[data-visit="{visit}"]')).to_have_count(1)
        assert stops(database)[visit][0] == place["nurse"]


class TestHandOvers:
    def test_are_pinned_to_both_nurses(self, board: OPEN, database: Database) -> None:
        page = board()
        shared: dict[str, int] = page.evaluate(
            """async () => {
              const day = await (await fetch(document.getElementById("board").dataset.url)).json();
              return day.hand_overs[0];
            }"""
        )
        bar_of(page, shared["visit"]).first.click(button="right")
        page.get_by_role("menuitem", name="Pin nurse and start").click()
        expect(note(page)).to_contain_text("pinned to nurse and start")
        with database.begin() as tx:
            visit = tx.get_one(Visit, shared["visit"])
            assert (visit.pinned_nurse_id, visit.pinned_taker_id) == (shared["giver"], shared["taker"])
            taker = visit.pinned_taker.name if visit.pinned_taker else "nobody"
        expect(bar_of(page, shared["visit"]).first).to_have_accessible_name(re.compile("pinned"))
        bar_of(page, shared["visit"]).first.click()
        expect(page.locator("#panel")).to_contain_text(f"then {taker}")


class TestTheMenu:
    def test_moves_undoes_and_does_again(self, board: OPEN, database: Database) -> None:
        page, before = board(), stops(database)
        visit, place = movable(page)
        bar_of(page, visit).click(button="right")
        page.get_by_role("menuitem", name="Move to …").click()
        page.locator(f'.move-choice input[value="{place["nurse"]}"]').check()
        page.get_by_role("button", name="Move", exact=True).click()
        expect(page.locator('[data-hand="undo"]')).to_be_enabled()
        moved = stops(database)
        assert moved[visit][0] == place["nurse"]
        page.keyboard.press("Control+z")
        expect(note(page)).to_contain_text("Undone")
        assert stops(database) == before
        page.locator('[data-hand="redo"]').click()
        expect(note(page)).to_contain_text("Done again")
        assert stops(database) == moved

    def test_a_rule_of_operation_is_broken_with_a_reason(self, board: OPEN, database: Database) -> None:
        page = board()
        visit, place = movable(page, "needs_reason")
        with database.begin() as tx:
            code = tx.get_one(Visit, visit).code
        bar_of(page, visit).click(button="right")
        page.get_by_role("menuitem", name="Move to …").click()
        page.locator(f'.move-choice input[value="{place["nurse"]}"]').check()
        page.get_by_role("button", name="Move", exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("only with a reason")
        dialog.get_by_label("Reason").fill("Agreed with the family")
        dialog.get_by_role("button", name="Accept and do it").click()
        expect(note(page)).to_contain_text(code)
        expect(page.locator(".tl-bar .icon-exception").first).to_be_visible()
        with database.begin() as tx:
            reasons = set(tx.scalars(select(AcceptedExceptionRow.reason)))
        assert reasons == {"Agreed with the family"}
        bar_of(page, visit).first.click()
        expect(page.locator(".panel-exceptions").first).to_contain_text("Agreed with the family")
        expect(page.locator(".panel-exceptions").first).to_contain_text("Dana Whitfield")


class TestTwoDispatchers:
    def test_the_second_sees_what_has_changed_and_may_do_it_all_the_same(
        self, board: OPEN, database: Database
    ) -> None:
        dana, otto = board(), board(email=OTHER)
        otto.route("**/progress", lambda _: None)  # now and then his page would look by itself, and know
        visit, _ = movable(dana)
        other = next(each for each, (nurse, _) in stops(database).items() if each != visit)
        bar_of(dana, visit).focus()
        dana.keyboard.press("p")
        expect(note(dana)).to_contain_text("pinned")
        bar_of(otto, visit).focus()
        otto.keyboard.press("m")
        # What he has before him is old: the list itself says so.
        expect(otto.locator(".move-dialog")).to_contain_text("the plan is not what you saw")
        otto.locator(".move-dialog").get_by_role("button", name="Cancel").click()
        bar_of(otto, other).first.focus()
        otto.keyboard.press("p")
        expect(note(otto)).to_contain_text("Dana Whitfield at")
        with database.begin() as tx:
            assert tx.get_one(Visit, other).pinned_nurse_id is None
        otto.get_by_role("button", name="Do it all the same").click()
        expect(note(otto)).to_contain_text("pinned to nurse and start")
        with database.begin() as tx:
            assert tx.get_one(Visit, other).pinned_nurse_id is not None
            assert tx.get_one(Region, 1).id == 1


class TestWhy:
    def test_here_with_the_next_best_one_click_away(self, board: OPEN, database: Database) -> None:
        page = board()
        visit, _ = movable(page)
        bar_of(page, visit).click()
        page.get_by_role("button", name="Why here?").click()
        answer = page.locator(".panel-why")
        expect(answer).to_contain_text("$")
        before = stops(database)[visit]
        answer.get_by_role("button", name="Take").first.click()
        expect(note(page)).to_be_visible()
        assert stops(database)[visit][0] != before[0] or page.get_by_role("dialog").count() == 1

    def test_not_with_what_would_make_it_possible(self, board: OPEN) -> None:
        page = board()
        page.locator("#unassigned [data-choose]").first.click()
        page.get_by_role("button", name="Why not?").click()
        answer = page.locator(".panel-why")
        expect(answer).to_contain_text("It would be possible")
        expect(answer).to_contain_text("held Pediatrics")
