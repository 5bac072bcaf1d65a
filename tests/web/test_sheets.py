"""Day sheets: on a page, as PDF and CSV, and written by a command."""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from app.clock import utc_now
from app.days import zone_of
from app.sheets.paper import FONTS
from app.store.engine import Database
from app.store.models import AdultPresence, AuditEntry, Nurse, PlanRow
from app.store.models.plan import PlanStatus, hand_over_of
from app.store.models.visit import VisitStatus
from app.web.times import clock
from tests.support import board_pages
from tests.support.board_days import MONDAY
from tests.support.board_pages import URL
from tests.support.clinic import DISPATCHER

pytestmark = pytest.mark.skipif(
    not FONTS.is_dir(), reason="the pages' packages are not installed: make setup"
)

ADDRESS = f"{URL}/sheets"


@pytest.fixture(scope="module")
def seed() -> Any:
    return board_pages.seed


@pytest.fixture
def rows(dispatcher: Any) -> list[dict[str, str]]:
    return read(dispatcher.get(f"{ADDRESS}.csv").data)


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def publish(database: Database) -> None:
    with database.begin() as tx:
        plan = tx.scalars(select(PlanRow)).one()
        plan.status, plan.published_at = PlanStatus.PUBLISHED, utc_now()


class TestWhatTheySay:
    def test_every_stop_with_what_a_nurse_needs(self, rows: list[dict[str, str]], database: Database) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            zone = zone_of(plan.zone)
            stops = {
                (route.nurse.code, stop.visit.code): (clock(stop.arrival, zone), stop.visit.patient)
                for route in plan.routes
                for stop in route.stops
            }
            assert {(row["nurse_code"], row["visit"]) for row in rows if row["nurse"]} == set(stops)
            for row in (row for row in rows if row["nurse"]):
                arrival, patient = stops[row["nurse_code"], row["visit"]]
                assert (row["arrives"], row["patient"]) == (arrival, patient.name)
                assert (row["address"], row["phone"]) == (patient.address, patient.phone)
                assert row["access"] == patient.access_notes
                assert "Discharge" in row["phases"] or "Monitoring" in row["phases"]
        assert any("Ketamine 500 mg vial" in row["kit"] for row in rows)
        assert any("Hold the start above 140/90" in row["checks"] for row in rows)

    def test_visits_without_a_nurse_with_their_reason(self, rows: list[dict[str, str]]) -> None:
        without = [row for row in rows if not row["nurse"]]
        assert len(without) == 2
        assert all(row["without_a_nurse_because"] and row["patient"] for row in without)

    def test_both_nurses_of_a_hand_over_read_when_the_first_may_leave(
        self, rows: list[dict[str, str]], database: Database
    ) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            stays: dict[int, list[Any]] = {}
            for stop in (stop for route in plan.routes for stop in route.stops):
                stays.setdefault(stop.visit_id, []).append(stop)
            (shared,) = filter(None, map(hand_over_of, stays.values()))
            over = clock(shared.over, zone_of(plan.zone))
            giver, taker = shared.giver.route.nurse, shared.taker.route.nurse
            words = {
                row["nurse_code"]: row["together_with"]
                for row in rows
                if row["visit"] == shared.giver.visit.code
            }
            assert words[giver.code].startswith(f"Hand over to {taker.name}") and over in words[giver.code]
            assert words[taker.code].startswith(f"Take over from {giver.name}") and over in words[taker.code]

    def test_a_closed_gate_is_not_hidden(self, dispatcher: Any, database: Database) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            visit = next(
                stop.visit for route in plan.routes for stop in route.stops if stop.visit.version.adult_hours
            )
            code, known = visit.code, tx.scalars(select(AdultPresence)).first()
            assert known is not None
            tx.add(
                AdultPresence(
                    visit_id=visit.id,
                    adult_id=known.adult_id,
                    present_from=known.present_from,
                    present_until=known.present_until,
                    confirmed=False,
                    recorded_at=utc_now(),
                )
            )
        rows = [row for row in read(dispatcher.get(f"{ADDRESS}.csv").data) if row["visit"] == code]
        assert rows
        assert all("NOT CLEARED: not confirmed yet. Responsible adult" in row["checks"] for row in rows)

    def test_a_visit_cancelled_since_says_so(self, dispatcher: Any, database: Database) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            visit = next(route for route in plan.routes if route.stops).stops[0].visit
            visit.status = VisitStatus.CANCELLED
        assert "No longer booked for this day" in dispatcher.get(ADDRESS).text

    def test_a_name_is_no_formula(self, dispatcher: Any, database: Database) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            next(route for route in plan.routes if route.stops).stops[0].visit.patient.name = "=cmd|calc"
        assert any(row["patient"] == "'=cmd|calc" for row in read(dispatcher.get(f"{ADDRESS}.csv").data))


class TestThePages:
    def test_a_draft_says_that_it_is_one_and_a_published_plan_from_when(
        self, dispatcher: Any, database: Database
    ) -> None:
        assert "This is a draft" in dispatcher.get(ADDRESS).text
        publish(database)
        page = dispatcher.get(ADDRESS).text
        assert "This is a draft" not in page and "from plan 1, published" in page

    def test_one_nurses_sheet_has_nobody_elses_patients(self, dispatcher: Any, database: Database) -> None:
        with database.begin() as tx:
            busy = [route for route in tx.scalars(select(PlanRow)).one().routes if route.stops]
            one, other = busy[0], busy[1]
            hers, others = one.stops[0].visit.patient.name, other.stops[0].visit.patient.name
            nurse = one.nurse_id
        page = dispatcher.get(f"{ADDRESS}?nurse={nurse}").text
        assert hers in page and others not in page and "Without a nurse" not in page

    def test_a_pdf_with_names_of_any_letters(self, dispatcher: Any, database: Database) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            busy = [route.nurse_id for route in plan.routes if route.stops]
            patient = next(route for route in plan.routes if route.stops).stops[0].visit.patient
            patient.name, patient.access_notes = "Łukasz Nguyễn <&> Ωmega", "Gate <b>4</b>"
        answer = dispatcher.get(f"{ADDRESS}.pdf")
        assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="columbus-{MONDAY}.pdf"'
        assert answer.headers["Cache-Control"] == "no-store"
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
        assert "Łukasz Nguyễn <&> Ωmega" in "".join(pages) and "Access: Gate <b>4</b>" in "".join(pages)
        assert len([page for page in pages if "Take along" in page]) == len(busy)
        assert all("Printed" in page and "from plan 1, a draft" in page for page in pages)

    def test_each_reading_is_on_file_and_says_which(self, dispatcher: Any, database: Database) -> None:
        for path in (ADDRESS, f"{ADDRESS}.pdf", f"{ADDRESS}.csv"):
            assert dispatcher.get(path).status_code == 200
        with database.begin() as tx:
            details = [entry.detail for entry in tx.scalars(select(AuditEntry).order_by(AuditEntry.id))][-3:]
        assert [detail.split(" of ")[0] for detail in details] == [
            "day sheets on a page",
            "day sheets as PDF",
            "day sheets as CSV",
        ]
        assert all("22 visits" in detail for detail in details)

    def test_a_day_without_a_plan(self, dispatcher: Any) -> None:
        empty = f"/board/{MONDAY + timedelta(days=90)}/sheets"
        assert "plan the day first" in dispatcher.get(empty).text
        assert dispatcher.get(f"{empty}.pdf").status_code == 404


class TestInABrowser:
    def test_from_the_board_to_paper_and_to_both_files(
        self, open_page: Callable[..., Page], database: Database
    ) -> None:
        page = open_page(URL, email=DISPATCHER)
        page.get_by_role("link", name="Print").click()
        expect(page.get_by_role("heading", name="Day sheets")).to_be_visible()
        for kind, begins in (("PDF", b"%PDF-"), ("CSV", b"")):
            with page.expect_download() as got:
                page.get_by_role("link", name=kind, exact=True).click()
            file = got.value
            assert file.suggested_filename == f"columbus-{MONDAY}.{kind.lower()}"
            assert Path(file.path()).read_bytes().startswith(begins)
        with page.expect_navigation():
            page.locator("th a[href*='nurse=']").first.click()
        page.evaluate("window.print = () => { window.printed = true; }")
        page.locator("[data-print]").click()
        assert page.evaluate("window.printed") is True
        # On paper there are no buttons, and nothing is wider than the page.
        page.emulate_media(media="print")
        expect(page.locator("[data-print]")).to_be_hidden()


class TestTheCommand:
    def run(self, app: Flask, *words: str) -> Any:
        return app.test_cli_runner().invoke(args=["day-sheets", "--region", "columbus", *words])

    def test_writes_the_region_and_each_nurse_for_her_eyes_only(
        self, app: Flask, database: Database, tmp_path: Path
    ) -> None:
        folder = tmp_path / "copies"
        result = self.run(app, "--date", str(MONDAY), "--output", str(folder))
        assert result.exit_code == 0, result.output
        with database.begin() as tx:
            busy = {route.nurse.code for route in tx.scalars(select(PlanRow)).one().routes if route.stops}
            entry = tx.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
            assert entry is not None and entry.user_id is None and "day sheets to files" in entry.detail
        names = {path.name for path in folder.iterdir()}
        stem = f"columbus-{MONDAY}"
        assert names == {f"{stem}.pdf", f"{stem}.csv", *(f"{stem}-{code}.pdf" for code in busy)}
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}

    def test_a_later_call_replaces_and_takes_sheets_of_idle_nurses_away(
        self, app: Flask, database: Database, tmp_path: Path
    ) -> None:
        folder = tmp_path / "copies"
        self.run(app, "--date", str(MONDAY), "--output", str(folder))
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            route = next(route for route in plan.routes if route.stops)
            code = tx.get_one(Nurse, route.nurse_id).code
            route.stops.clear()
        other = folder / "columbus-2020-01-01-N001.pdf"
        other.write_bytes(b"of another day")
        assert self.run(app, "--date", str(MONDAY), "--output", str(folder)).exit_code == 0
        assert not (folder / f"columbus-{MONDAY}-{code}.pdf").exists()
        assert other.exists()

    @pytest.mark.parametrize(
        ("words", "cure"),
        [
            (("--date", "2020-01-01"), "has no plan for Wed, Jan 1: plan the day first"),
            (("--date", "tomorrow"), "--date 'tomorrow' is no date"),
        ],
    )
    def test_says_what_cannot_be(self, app: Flask, tmp_path: Path, words: tuple[str, ...], cure: str) -> None:
        result = self.run(app, *words, "--output", str(tmp_path / "copies"))
        assert result.exit_code == 2
        assert cure in result.output

    def test_a_directory_that_cannot_be_written(self, app: Flask, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        result = self.run(app, "--date", str(MONDAY), "--output", str(tmp_path / "file" / "copies"))
        assert result.exit_code == 2
        assert "cannot be written" in result.output
