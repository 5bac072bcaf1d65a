"""Something happens on a published day: reported, looked at, published, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app import clock
from app.actions import runs
from app.demo.clinic import ZONE
from app.planning import execute
from app.store.engine import Database, Tx
from app.store.models import Nurse, PlanRow, Region, RouteRow, Run, StopRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus
from app.store.models.visit import VisitStatus
from tests.support import board_pages
from tests.support.board_days import MONDAY
from tests.support.clinic import DISPATCHER
from tests.support.executions import engines
from tests.support.midday_solver import MiddaySolver

HAPPENED, CHANGES = f"/board/{MONDAY}/happened", f"/board/{MONDAY}/changes"
OPEN = Callable[..., Page]
TEN = datetime.combine(MONDAY, time(10), ZoneInfo(ZONE)).astimezone(UTC)


def _published(tx: Tx) -> None:
    plan = board_pages.seed(tx)
    plan.status, plan.published_at = PlanStatus.PUBLISHED, plan.created_at
    tx.get_one(Region, plan.region_id).solve_seconds = 1


@pytest.fixture(scope="module")
def seed() -> Any:
    return _published


@pytest.fixture(autouse=True)
def _ten_oclock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: TEN)


def work(database: Database) -> None:
    """What the worker does."""
    with database.begin() as tx:
        run = runs.claim(tx, "worker", TEN)
        assert run is not None
        run_id = run.id
    execute(database, run_id, engines(MiddaySolver))
    with database.begin() as tx:
        ended = tx.get_one(Run, run_id)
        assert ended.status is RunStatus.SUCCEEDED, ended.error


def last_stop(database: Database) -> tuple[str, str, int]:
    """Of the visit that starts last: its code, its nurse's name, its key."""
    with database.begin() as tx:
        stop = tx.scalars(select(StopRow).order_by(StopRow.start.desc(), StopRow.id)).first()
        assert stop is not None
        nurse = tx.get_one(Nurse, tx.get_one(RouteRow, stop.route_id).nurse_id)
        return stop.visit.code, nurse.name, stop.visit_id


def test_a_cancelled_visit_from_report_to_publication(open_page: OPEN, database: Database) -> None:
    code, _, visit_id = last_stop(database)
    page = open_page(f"/board/{MONDAY}", email=DISPATCHER)
    page.get_by_role("link", name="Something happened").click()
    form = page.locator("form", has=page.get_by_role("heading", name="Patient cancels"))
    form.get_by_label("Visit").select_option(value=code)
    form.get_by_role("button", name="Make a proposal").click()
    expect(page.get_by_text("Rounds looks for a proposal.")).to_be_visible()

    work(database)
    expect(page.get_by_role("heading", name=f"{code}: the patient cancels")).to_be_visible(timeout=15_000)
    row = page.locator(".changes-table tr", has_text=code)
    expect(row).to_contain_text("cancelled")
    expect(page.get_by_role("heading", name="Patients to tell")).to_be_visible()
    expect(page.get_by_text("the price of changed promises is in it")).to_be_visible()

    page.get_by_role("button", name="Publish this").click()
    expect(page.get_by_text("Published. The nurses see their routes")).to_be_visible()
    with database.begin() as tx:
        assert tx.get_one(Visit, visit_id).status is VisitStatus.CANCELLED


def test_an_ill_nurse_without_scripts_and_discarded(open_page: OPEN, database: Database) -> None:
    _, name, _ = last_stop(database)
    page = open_page(HAPPENED, email=DISPATCHER, java_script_enabled=False, width=390, height=844)
    form = page.locator("form", has=page.get_by_role("heading", name="Nurse ill"))
    form.get_by_label("Nurse").select_option(label=name)
    with page.expect_navigation():
        form.get_by_role("button", name="Make a proposal").click()
    work(database)
    page.goto(CHANGES)
    expect(page.get_by_role("heading", name=f"{name} is ill from 10:00 AM")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_navigation():
        page.get_by_role("button", name="Discard").click()
    page.goto(CHANGES)
    expect(page.get_by_text("Nothing to compare")).to_be_visible()


def test_a_refusal_keeps_what_was_given(open_page: OPEN, database: Database) -> None:
    with database.begin() as tx:
        region = tx.scalars(select(Region)).one()
        started = tx.scalars(
            select(StopRow).join(StopRow.route).join(RouteRow.plan).where(PlanRow.region_id == region.id)
        ).all()
        code = min(started, key=lambda stop: stop.start).visit.code
    page = open_page(HAPPENED, email=DISPATCHER)
    form = page.locator("form", has=page.get_by_role("heading", name="Patient cancels"))
    form.get_by_label("Visit").select_option(value=code)
    form.get_by_role("button", name="Make a proposal").click()
    expect(page.get_by_role("alert")).to_contain_text("nobody leaves before the monitoring has run")
    expect(form.get_by_label("Visit")).to_have_value(code)


def test_the_publish_dialog_lists_the_changes(open_page: OPEN, database: Database) -> None:
    code, *_ = last_stop(database)
    with database.begin() as tx:
        tx.scalars(select(Visit).where(Visit.code == code)).one().status = VisitStatus.CANCELLED
    page = open_page(f"/board/{MONDAY}", email=DISPATCHER)
    with page.expect_navigation():
        page.get_by_role("button", name="Re-plan").click()
    work(database)
    page.goto(f"/board/{MONDAY}")
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".dialog-changes")).to_contain_text(f"{code}")
    expect(dialog).to_contain_text("cancelled")
    expect(dialog).to_contain_text("includes the price of changed promises")
