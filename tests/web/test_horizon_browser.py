"""Several days in a real browser: planned together, the first published, and two things happen, each looked
at before it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.actions import runs
from app.actions.plans import judge
from app.planning import execute
from app.store.engine import Database, Tx
from app.store.models import Credential, PlanRow, Region, RouteRow, Run, StopRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus
from app.store.models.visit import VisitStatus
from app.web.times import short_day
from scheduler.solve.engine import EngineSolver
from tests.support import small_clinic
from tests.support.clinic import DISPATCHER
from tests.support.executions import engines
from tests.support.rows import DAY, local
from tests.support.small_clinic import DAYS, on

OPEN = Callable[..., Page]
EVENING = local(DAY - timedelta(days=1), 20)
"""A log-in of twelve hours lasts until the next morning."""


class Time:
    """What time the service thinks it is."""

    now = EVENING


def _in_the_evening(tx: Tx) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "read", lambda: EVENING)
        small_clinic.seed(tx)


@pytest.fixture(scope="module")
def seed() -> Any:
    return _in_the_evening


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    at = Time()
    monkeypatch.setattr(clock, "read", lambda: at.now)
    return at


def work(database: Database, time: Time) -> None:
    """What the worker does."""
    with database.begin() as tx:
        run = runs.claim(tx, "worker", time.now)
        assert run is not None
    execute(database, run.id, engines(EngineSolver))
    with database.begin() as tx:
        ended = tx.get_one(Run, run.id)
        assert ended.status is RunStatus.SUCCEEDED, ended.error


def assert_clean(database: Database) -> None:
    """The referee finds no fault with any plan, and the published ones fit the records."""
    with database.begin() as tx:
        region = tx.get_one(Region, 1)
        alive = tx.query(PlanRow).filter(PlanRow.status != PlanStatus.SUPERSEDED).all()
        assert alive
        for row in alive:
            verdict = judge(tx, region, row)
            assert verdict.faults == ()
            assert row.status is PlanStatus.DRAFT or verdict.changes == ()


def plan(page: Page, database: Database, time: Time) -> None:
    """Ask for the days on the page, and wait until they are planned."""
    page.get_by_label("First day").fill(str(DAY))
    page.get_by_label("Days", exact=True).fill(str(DAYS))
    page.get_by_role("button", name="Plan these days").click()
    expect(page.get_by_text("3-day re-plan is waiting")).to_be_visible()
    work(database, time)
    expect(page.get_by_role("heading", name="Nurses' weeks")).to_be_visible(timeout=15_000)


def last_published(database: Database) -> str:
    """The code of the visit that starts last in a published plan."""
    with database.begin() as tx:
        stops = tx.query(StopRow).join(StopRow.route).join(RouteRow.plan)
        published = stops.filter(PlanRow.status == PlanStatus.PUBLISHED)
        return published.order_by(StopRow.start.desc(), StopRow.id).first().visit.code


def test_days_are_planned_one_published_and_two_things_happen(
    open_page: OPEN, database: Database, time: Time
) -> None:
    page = open_page("/board/", email=DISPATCHER)
    page.get_by_role("link", name="Coming days").click()
    plan(page, database, time)
    assert_clean(database)
    expect(page.get_by_role("heading", name="Sessions on another day")).to_be_visible()
    row = page.locator(".days-table tr", has=page.get_by_role("link", name=short_day(DAY), exact=True))
    expect(row).to_contain_text("Draft")
    expect(page.locator(".weeks-table")).to_contain_text("of 36 h")

    row.get_by_role("link", name="Look and publish").click()
    expect(page.locator("#board[data-ready]")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. The nurses see their routes")).to_be_visible()
    assert_clean(database)

    # The next morning a patient cancels: proposal, changes, publication.
    time.now = local(DAY, 7)
    code = last_published(database)
    page.goto(f"/board/{DAY}/happened")
    form = page.locator("form", has=page.get_by_role("heading", name="Patient cancels"))
    form.get_by_label("Visit").select_option(value=code)
    form.get_by_role("button", name="Make a proposal").click()
    work(database, time)
    expect(page.get_by_role("heading", name=f"{code}: the patient cancels")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Publish this").click()
    expect(page.get_by_text("Published. The nurses see their routes")).to_be_visible()
    assert_clean(database)

    # A later session is moved: what moves and whom to tell, then saved; its days' drafts are stale by that.
    with database.begin() as tx:
        visit = tx.query(Visit).filter(Visit.day == on(2), Visit.status == VisitStatus.BOOKED).first()
        assert visit is not None
        patient, session = visit.patient_id, visit.session
    page.goto(f"/records/patients/{patient}/course")
    line = page.locator("li.session", has=page.get_by_text(f"Session {session}:"))
    line.locator("summary").click()
    line.get_by_label("Day").fill(str(on(3)))
    line.get_by_role("button", name="See what moves").click()
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    expect(page.get_by_role("heading", name="Who must be told")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Session {session} moves from")).to_be_visible()
    page.goto("/board/horizon")
    expect(page.get_by_text("no longer fits", exact=False).first).to_be_visible()
    plan(page, database, time)
    expect(page.get_by_text("No longer fits")).to_have_count(0)
    assert_clean(database)


def test_the_days_board_tells_a_draft_that_no_longer_fits(
    open_page: OPEN, database: Database, time: Time
) -> None:
    page = open_page("/board/horizon", email=DISPATCHER)
    plan(page, database, time)
    told = page.get_by_text("This draft no longer fits.")
    with page.expect_response(re.compile("/fit$")):
        page.goto(f"/board/{DAY}")
    expect(told).to_have_count(0)
    with database.begin() as tx:
        for credential in tx.query(Credential):
            credential.expires_on = credential.valid_from
    page.reload()
    expect(told).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_before_anything_is_planned(open_page: OPEN, width: int) -> None:
    page = open_page("/board/horizon", email=DISPATCHER, width=width, height=844)
    expect(page.get_by_role("heading", name="Coming days")).to_be_visible()
    expect(page.get_by_text("No plan yet").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_run_is_stopped_early(open_page: OPEN, database: Database, time: Time) -> None:
    page = open_page("/board/horizon", email=DISPATCHER)
    page.get_by_role("button", name="Plan these days").click()
    expect(page.get_by_text("re-plan is waiting")).to_be_visible()
    with database.begin() as tx:
        run = runs.claim(tx, "worker", time.now)
        assert run is not None
    page.get_by_role("button", name="Stop and keep the best so far").click()
    execute(database, run.id, engines(EngineSolver))
    expect(page.get_by_text("Visits served")).to_be_visible(timeout=20_000)


def test_what_cannot_be_is_refused_with_what_was_given(open_page: OPEN) -> None:
    page = open_page("/board/horizon", email=DISPATCHER, java_script_enabled=False)
    page.evaluate("document.querySelector('.horizon-form').noValidate = true")
    page.get_by_label("Days", exact=True).fill("40")
    page.get_by_role("button", name="Plan these days").click()
    expect(page.get_by_role("alert")).to_contain_text("40 days cannot be planned together: give 2 to 21")
    expect(page.get_by_label("Days", exact=True)).to_have_value("40")
