"""The board's pages and data, without a browser."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event, select

from app.actions.accounts import create_user
from app.clock import utc_now
from app.store.engine import Database
from app.store.models import AuditEntry, Patient, PhaseMinimum, PlanRow, Region, Run, UnassignedRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.protocol import PhaseKind
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.user import Role
from app.store.models.visit import VisitStatus
from tests.support.board_days import MONDAY, add_draft, add_run, seed_day
from tests.support.board_pages import drawn
from tests.support.clinic import PASSWORD, ZONE, Clinic, add_plan, add_visit, local

TODAY = utc_now().astimezone(ZONE).date()
DAY = TODAY + timedelta(days=3)
URL = f"/board/{DAY}"


@pytest.fixture
def visits(database: Database, clinic: Clinic) -> list[int]:
    """Mara and Theo are booked on DAY; nothing is planned."""
    with database.begin() as tx:
        made = [
            add_visit(tx, clinic, code, patient, DAY)
            for code, patient in (("V1", clinic.mara), ("V2", clinic.theo))
        ]
        return [visit.id for visit in made]


@pytest.fixture
def draft(database: Database, clinic: Clinic, visits: list[int]) -> int:
    """Ana visits Mara, Ben is idle, Theo is unassigned."""
    with database.begin() as tx:
        plan = add_plan(
            tx,
            clinic,
            DAY,
            {clinic.ana: [tx.get_one(Visit, visits[0])], clinic.ben: []},
            status=PlanStatus.DRAFT,
        )
        plan.problem = {"visits": [{"id": f"v{visits[1]}", "drop_cost": 3_600_000}]}
        plan.plan = {"unassigned": [f"v{visits[1]}"]}
        plan.cost, plan.bound = 3_600_000 + 360_000, 3_900_000
        plan.travel_total, plan.overtime_total = 2400, 1500
        plan.unassigned = [
            UnassignedRow(
                visit_id=visits[1],
                reason="No nurse has room before 4:00 PM.",
                details=[{"nurse": "Ana Ortiz", "why": "is with another patient"}],
            )
        ]
        return plan.id


def publish_in_store(database: Database, plan_id: int) -> None:
    with database.begin() as tx:
        plan = tx.get_one(PlanRow, plan_id)
        plan.status, plan.published_at = PlanStatus.PUBLISHED, utc_now()


def region(tx: Any) -> Region:
    found = tx.scalar(select(Region))
    assert found is not None
    return found


class TestTheMostUsefulDay:
    def test_is_the_next_with_a_plan(self, dispatcher: Any, database: Database, clinic: Clinic) -> None:
        with database.begin() as tx:
            add_visit(tx, clinic, "V1", clinic.mara, TODAY + timedelta(days=1))
            add_plan(tx, clinic, TODAY - timedelta(days=1), {clinic.ana: []}, status=PlanStatus.PUBLISHED)
            add_plan(tx, clinic, TODAY + timedelta(days=9), {clinic.ana: []}, status=PlanStatus.DRAFT)
        assert dispatcher.get("/board/").location == f"/board/{TODAY + timedelta(days=9)}"

    def test_else_the_next_with_visits(self, dispatcher: Any, visits: list[int]) -> None:
        assert dispatcher.get("/board/").location == URL

    def test_else_the_next_working_day(self, dispatcher: Any) -> None:
        ahead = (TODAY + timedelta(days=days) for days in range(1, 8))
        working = next(day for day in ahead if day.weekday() < 5)
        assert dispatcher.get("/board/").location == f"/board/{working}"


class TestTheDaysState:
    def test_no_visits(self, dispatcher: Any) -> None:
        page = drawn(dispatcher, URL)
        assert "No visits on this day" in page
        booking = re.search(r'href="([^"]+)">Book a visit', page)
        assert booking and dispatcher.get(html.unescape(booking[1])).status_code == 200
        assert 'type="submit" disabled' in page

    def test_no_plan_yet(self, dispatcher: Any, visits: list[int]) -> None:
        page = drawn(dispatcher, URL)
        assert "2 visits booked, no plan yet." in page
        assert "Plan this day" in page
        assert "publish-dialog" not in page

    def test_a_draft_can_be_published(self, dispatcher: Any, draft: int) -> None:
        page = drawn(dispatcher, URL)
        assert "Draft" in page and 'id="publish-dialog"' in page
        assert "1 of 2 visits has no nurse in it." in page

    def test_a_published_plan_cannot_be_published_again(
        self, dispatcher: Any, database: Database, draft: int
    ) -> None:
        publish_in_store(database, draft)
        page = drawn(dispatcher, URL)
        assert "Published" in page and 'id="publish-dialog"' not in page

    def test_both_plans_have_a_switch_and_the_draft_comes_first(
        self, dispatcher: Any, database: Database, clinic: Clinic, draft: int
    ) -> None:
        publish_in_store(database, draft)
        with database.begin() as tx:
            newer = add_plan(tx, clinic, DAY, {clinic.cleo: []}, status=PlanStatus.DRAFT).id
        assert 'aria-label="Plan"' in drawn(dispatcher, URL)
        assert dispatcher.get(f"{URL}/data").json["plan"] == newer
        assert dispatcher.get(f"{URL}/data?plan=published").json["plan"] == draft
        assert "It takes the place of the plan published" in drawn(dispatcher, URL)

    def test_a_day_that_is_over_offers_neither_planning_nor_publishing(
        self, dispatcher: Any, database: Database, clinic: Clinic
    ) -> None:
        past = TODAY - timedelta(days=2)
        with database.begin() as tx:
            visit = add_visit(tx, clinic, "V1", clinic.mara, past)
            add_plan(tx, clinic, past, {clinic.ana: [visit]}, status=PlanStatus.DRAFT)
        page = drawn(dispatcher, f"/board/{past}")
        assert "Re-plan" not in page and "publish-dialog" not in page

    def test_the_totals(self, dispatcher: Any, draft: int) -> None:
        page = " ".join(drawn(dispatcher, URL).split())
        for words in (
            "1 of 2",
            "40 min",
            "25 min",
            "$100",
            "plus $1,000 for visits left out",
            "within 1.6%",
            "of the best possible",
        ):
            assert f">{words}<" in page

    def test_without_a_bound_nothing_is_claimed(
        self, dispatcher: Any, database: Database, draft: int
    ) -> None:
        with database.begin() as tx:
            tx.get_one(PlanRow, draft).bound = None
        page = drawn(dispatcher, URL)
        assert "best possible" not in page and "optimal" not in page

    def test_names_of_patients_stay_out_of_title_and_addresses(self, dispatcher: Any, draft: int) -> None:
        page = drawn(dispatcher, URL)
        assert "Mara Quill" in page
        head = page[: page.index("</head>")]
        assert "Mara" not in head and 'href="/board' in page
        assert all("Mara" not in part.split('"')[0] for part in page.split('href="')[1:])


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("0001-01-01", 404),
        ("1999-12-31", 404),
        ("2000-01-01", 200),
        ("2099-12-31", 200),
        ("2100-01-01", 404),
        ("9999-12-31", 404),
        ("2027-02-30", 404),
        ("tomorrow", 404),
    ],
)
def test_days_that_are_no_pages(dispatcher: Any, day: str, status: int) -> None:
    assert dispatcher.get(f"/board/{day}").status_code == status


class TestFailuresAreSeen:
    def test_the_days_failed_run_with_its_error_and_the_cure(
        self, dispatcher: Any, database: Database, visits: list[int]
    ) -> None:
        with database.begin() as tx:
            add_run(
                tx, region(tx), DAY, RunStatus.FAILED, trigger=RunTrigger.NIGHTLY, error="The sky fell down."
            )
        page = " ".join(drawn(dispatcher, URL).split())
        assert "The nightly run failed" in page
        assert (
            "The sky fell down. There is no plan for this day yet. Press Plan this day to try again." in page
        )

    def test_the_published_plan_is_said_to_stand(
        self, dispatcher: Any, database: Database, draft: int
    ) -> None:
        publish_in_store(database, draft)
        with database.begin() as tx:
            add_run(tx, region(tx), DAY, RunStatus.FAILED, error="The sky fell down.")
        page = drawn(dispatcher, URL)
        assert "The published plan stands. Press Re-plan to try again." in page

    def test_a_later_success_ends_the_alert(
        self, dispatcher: Any, database: Database, visits: list[int]
    ) -> None:
        with database.begin() as tx:
            add_run(tx, region(tx), DAY, RunStatus.FAILED, error="The sky fell down.")
            add_run(tx, region(tx), DAY, RunStatus.SUCCEEDED)
        assert "The sky fell down" not in drawn(dispatcher, URL)

    def test_a_stage_that_failed_is_told(self, dispatcher: Any, database: Database, draft: int) -> None:
        with database.begin() as tx:
            add_run(tx, region(tx), DAY, RunStatus.SUCCEEDED, error="A part of the planner failed.")
        page = " ".join(drawn(dispatcher, URL).split())
        assert "The re-plan made a plan, but not its best:" in page
        assert "A part of the planner failed." in page

    def test_another_days_failure_is_told_and_linked(self, dispatcher: Any, database: Database) -> None:
        other = DAY + timedelta(days=1)
        with database.begin() as tx:
            add_run(
                tx,
                region(tx),
                other,
                RunStatus.FAILED,
                trigger=RunTrigger.NIGHTLY,
                error="The sky fell down.",
            )
            add_run(tx, region(tx), TODAY - timedelta(days=1), RunStatus.FAILED, error="Long ago.")
        page = drawn(dispatcher, URL)
        assert "The sky fell down." in page and f'href="/board/{other}"' in page
        assert "Long ago." not in page


class TestAPlanGrowsStale:
    def test_visits_booked_since_are_told_and_listed(
        self, dispatcher: Any, database: Database, clinic: Clinic, draft: int
    ) -> None:
        with database.begin() as tx:
            late = add_visit(tx, clinic, "V3", clinic.mara, DAY).id
        page = drawn(dispatcher, URL)
        assert "1 visit has been booked since this plan was made." in page
        assert "Booked after this plan was made." in page
        assert dispatcher.get(f"{URL}/data").json["unplanned"] == [late]

    def test_visits_cancelled_since_are_told_and_marked(
        self, dispatcher: Any, database: Database, visits: list[int], draft: int
    ) -> None:
        with database.begin() as tx:
            tx.get_one(Visit, visits[0]).status = VisitStatus.CANCELLED
        assert "1 planned visit is no longer booked for this day." in drawn(dispatcher, URL)
        marked = dispatcher.get(f"{URL}/data").json["visits"]
        assert [marked[str(visit)]["withdrawn"] for visit in visits] == [True, False]

    def test_visits_that_last_otherwise_since_are_told(
        self, dispatcher: Any, database: Database, clinic: Clinic, visits: list[int], draft: int
    ) -> None:
        assert "otherwise now" not in drawn(dispatcher, URL)
        longer = PhaseMinimum(kind=PhaseKind.MONITORING, minutes=120, reason="Slow to settle")
        with database.begin() as tx:
            patient = tx.get_one(Patient, clinic.mara)
            patient.phase_minimums.append(longer)
        page = drawn(dispatcher, URL)
        assert "1 planned visit lasts otherwise now" in page
        assert "Slow to settle" not in page

    def test_what_the_planner_left_aside_is_told(
        self, dispatcher: Any, database: Database, draft: int
    ) -> None:
        with database.begin() as tx:
            tx.get_one(PlanRow, draft).notes = ["Cleo Winter is not planned for."]
        assert "Cleo Winter is not planned for." in drawn(dispatcher, URL)


class TestTheData:
    def test_a_stop_has_phases_drive_and_local_times_with_offset(
        self, dispatcher: Any, visits: list[int], draft: int
    ) -> None:
        data = dispatcher.get(f"{URL}/data").json
        ana, ben = data["nurses"]
        offset = local(DAY, 8).astimezone(ZONE).isoformat()[-6:]
        assert (ana["name"], ana["number"], ben["number"]) == ("Ana Ortiz", 1, 2)
        stop = ana["stops"][0]
        assert stop["visit"] == visits[0] and stop["position"] == 1
        assert stop["arrival"] == {"iso": f"{DAY}T08:20:00{offset}", "text": "8:20 AM"}
        assert stop["text"] == "8:25 – 10:40 AM"
        assert [phase["kind"] for phase in stop["phases"]] == [
            "arrival",
            "iv_start",
            "infusion",
            "monitoring",
            "discharge",
        ]
        assert [drive["text"] for drive in ana["drives"]] == ["20 min drive", "20 min drive"]
        assert ana["finish"]["text"] == "11:00 AM"
        assert ben["stops"] == [] and ben["load"] == "free all day"

    def test_the_unassigned_have_reasons(self, dispatcher: Any, visits: list[int], draft: int) -> None:
        assert dispatcher.get(f"{URL}/data").json["unassigned"] == [
            {
                "visit": visits[1],
                "reason": "No nurse has room before 4:00 PM.",
                "details": [{"nurse": "Ana Ortiz", "why": "is with another patient"}],
            }
        ]
        page = drawn(dispatcher, URL)
        assert "No nurse has room before 4:00 PM." in page and "is with another patient" in page

    def test_without_a_plan_the_shifts_of_the_day_are_shown(self, dispatcher: Any, visits: list[int]) -> None:
        data = dispatcher.get(f"{URL}/data").json
        assert [nurse["name"] for nurse in data["nurses"]] == ["Ana Ortiz", "Ben Larsen", "Cleo Winter"]
        assert data["nurses"][0]["shift"]["text"] == "8:00 AM – 5:00 PM"
        assert data["unplanned"] == visits and data["plan"] is None

    def test_the_table_says_the_same_without_a_script(self, dispatcher: Any, draft: int) -> None:
        page = drawn(dispatcher, URL)
        table = page[page.index('id="route-table"') :]
        for words in ("Ana Ortiz", "Mara Quill", "8:20 AM", "8:25 – 10:40 AM", "Ben Larsen", "free all day"):
            assert words in table

    def test_as_many_queries_for_fifty_visits_as_for_five(
        self, dispatcher: Any, database: Database, clinic: Clinic
    ) -> None:
        counts = []
        for day, size in ((DAY, 5), (DAY + timedelta(days=1), 50)):
            with database.begin() as tx:
                made = [add_visit(tx, clinic, f"V{day}-{n}", clinic.mara, day) for n in range(size)]
                plan = add_plan(
                    tx,
                    clinic,
                    day,
                    {clinic.ana: made[: size // 2], clinic.ben: made[size // 2 : -1], clinic.cleo: []},
                    status=PlanStatus.DRAFT,
                )
                plan.problem, plan.plan = {"visits": []}, {"unassigned": []}
                plan.unassigned = [UnassignedRow(visit_id=made[-1].id, reason="No room.", details=[])]
            counts.append(queries_of(database, lambda day=day: dispatcher.get(f"/board/{day}/data")))
        assert counts[0] == counts[1] < 30


def queries_of(database: Database, ask: Any) -> int:
    seen: list[str] = []

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    assert ask().status_code == 200
    event.remove(database.engine, "before_cursor_execute", count)
    return len(seen)


class TestOneVisit:
    def test_in_full(self, dispatcher: Any, visits: list[int], draft: int) -> None:
        detail = dispatcher.get(f"{URL}/visits/{visits[0]}").json
        assert detail["patient"] == "Mara Quill"
        assert detail["address"] == "210 Fictional Street, Columbus, OH 43215"
        assert detail["access_notes"] == "Ring twice; the dog is friendly."
        assert detail["windows"] == ["start 8:00 AM – 4:00 PM, over by 8:00 PM"]
        assert detail["record"] == f"/records/visits/{visits[0]}?next=/board/{DAY}"
        assert dispatcher.get(detail["record"]).status_code == 200
        stop = detail["stops"][0]
        assert (stop["nurse"], stop["position"], stop["of"]) == ("Ana Ortiz", 1, 1)
        assert (stop["arrival"], stop["drive"], stop["wait"]) == ("8:20 AM", "20 min", "5 min")
        assert [(phase["label"], phase["text"]) for phase in stop["phases"]] == [
            ("Arrival", "8:25 – 8:40 AM"),
            ("IV start", "8:40 – 8:50 AM"),
            ("Infusion", "8:50 – 9:30 AM"),
            ("Monitoring", "9:30 – 10:30 AM"),
            ("Discharge", "10:30 – 10:40 AM"),
        ]

    def test_unassigned_with_reason(self, dispatcher: Any, visits: list[int], draft: int) -> None:
        detail = dispatcher.get(f"{URL}/visits/{visits[1]}").json
        assert detail["stops"] == [] and detail["reason"] == "No nurse has room before 4:00 PM."
        assert {"text": "No nurse", "tone": "badge-warn"} in detail["badges"]

    def test_unknown(self, dispatcher: Any) -> None:
        answer = dispatcher.get(f"{URL}/visits/999", headers={"Accept": "application/json"})
        assert answer.status_code == 404 and answer.is_json


class TestOnlyHerOwnRegion:
    @pytest.fixture
    def stranger(self, app: Any, database: Database) -> Any:
        """The dispatcher of another region, logged in."""
        with database.begin() as tx:
            elsewhere = Region(
                code="elsewhere", name="Elsewhere", zone="America/Denver", latitude=39.7, longitude=-104.9
            )
            tx.add(elsewhere)
            tx.flush()
            create_user(
                tx,
                email="stranger@demo.example",
                name="Sam Stranger",
                password=PASSWORD,
                role=Role.DISPATCHER,
                region_id=elsewhere.id,
            )
        client = app.test_client()
        assert client.log_in("stranger@demo.example").status_code == 302
        return client

    def test_another_regions_day_is_empty_for_her(self, stranger: Any, visits: list[int], draft: int) -> None:
        data = stranger.get(f"{URL}/data").json
        assert data["plan"] is None and data["visits"] == {} and data["nurses"] == []
        assert "Mara" not in stranger.get(URL).text
        assert stranger.get(f"{URL}/visits/{visits[0]}").status_code == 404

    def test_and_its_plans_and_runs_are_out_of_her_reach(
        self, stranger: Any, database: Database, draft: int
    ) -> None:
        with database.begin() as tx:
            run = add_run(tx, region(tx), DAY, RunStatus.RUNNING).id
        assert stranger.post(f"{URL}/publish", data={"plan": draft, "revision": "x"}).status_code == 409
        assert stranger.post(f"{URL}/discard", data={"plan": draft}).status_code == 409
        assert stranger.post(f"{URL}/stop", data={"run": run}).status_code == 409
        assert stranger.get(f"{URL}/progress").json["run"] is None
        with database.begin() as tx:
            assert tx.get_one(PlanRow, draft).status is PlanStatus.DRAFT
            assert not tx.get_one(Run, run).cancel_requested

    @pytest.mark.parametrize(
        "path", ["/board/", URL, f"{URL}/data", f"{URL}/progress", f"{URL}/visits/1", "/board/runs"]
    )
    def test_nurses_see_nothing_of_it(self, nurse: Any, path: str) -> None:
        assert nurse.get(path).status_code == 403


class TestReadingIsAudited:
    def entries(self, database: Database, act: Any) -> list[tuple[str, str, str, str]]:
        with database.begin() as tx:
            before = len(tx.scalars(select(AuditEntry)).all())
        act()
        with database.begin() as tx:
            new = tx.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[before:]
            return [(entry.action, entry.subject, entry.subject_id, entry.detail) for entry in new]

    def test_a_day_with_plan_and_count_each_time_it_is_looked_at(
        self, dispatcher: Any, database: Database, draft: int
    ) -> None:
        for _ in range(2):
            found = self.entries(database, lambda: dispatcher.get(f"{URL}/data"))
            [(action, subject, _, detail)] = found
            assert (action, subject) == ("read", "visits")
            assert f"plan {draft}" in detail and "2 visits" in detail and "Mara" not in detail

    def test_the_page_shows_nothing_of_patients_itself(
        self, dispatcher: Any, database: Database, draft: int
    ) -> None:
        assert self.entries(database, lambda: dispatcher.get(URL)) == []
        assert "Mara" not in dispatcher.get(URL).text

    def test_one_visit(self, dispatcher: Any, database: Database, visits: list[int], draft: int) -> None:
        [(action, subject, key, detail)] = self.entries(
            database, lambda: dispatcher.get(f"{URL}/visits/{visits[0]}")
        )
        assert (action, subject, key) == ("read", "visits", str(visits[0]))
        assert "address" in detail and "Fictional" not in detail


class TestReplanning:
    def test_queues_a_run_of_hers(self, dispatcher: Any, database: Database, visits: list[int]) -> None:
        assert dispatcher.post(f"{URL}/replan").location == URL
        with database.begin() as tx:
            run = tx.scalars(select(Run)).one()
            assert (run.day, run.status, run.trigger) == (DAY, RunStatus.QUEUED, RunTrigger.REPLAN)
            assert run.requested_by is not None

    def test_is_refused_while_one_is_under_way(
        self, dispatcher: Any, database: Database, visits: list[int]
    ) -> None:
        dispatcher.post(f"{URL}/replan")
        answer = dispatcher.post(f"{URL}/replan")
        assert answer.status_code == 409
        assert "is being planned already" in answer.text and "<h1>" in answer.text

    def test_progress_while_it_waits(self, dispatcher: Any, visits: list[int]) -> None:
        dispatcher.post(f"{URL}/replan")
        run = dispatcher.get(f"{URL}/progress").json["run"]
        assert run["status"] == "queued" and run["warning"] == ""

    def test_progress_asks_for_the_worker_after_ten_seconds(
        self, dispatcher: Any, database: Database
    ) -> None:
        with database.begin() as tx:
            long_ago = utc_now() - timedelta(seconds=11)
            add_run(tx, region(tx), DAY, RunStatus.QUEUED, queued_at=long_ago)
        run = dispatcher.get(f"{URL}/progress").json["run"]
        assert run["warning"] == "No worker has picked this up yet: is python -m app.worker running?"

    def test_progress_while_it_runs(self, dispatcher: Any, database: Database) -> None:
        with database.begin() as tx:
            run = add_run(tx, region(tx), DAY, RunStatus.RUNNING)
            run.stage, run.elapsed, run.seconds = "travel", 15.0, 60
            run.cost, run.bound = 3_960_000, 3_600_000
        shown = dispatcher.get(f"{URL}/progress").json["run"]
        assert (shown["stage"], shown["share"], shown["elapsed"]) == (
            "Working out the drives",
            0.25,
            "15 of 60 s",
        )
        assert shown["cost"] == "$1,100, visits left out included"
        assert shown["proof"] == "within 10% of the best possible"
        assert shown["warning"] == ""

    def test_progress_tells_of_a_worker_that_has_fallen_silent(
        self, dispatcher: Any, database: Database
    ) -> None:
        with database.begin() as tx:
            run = add_run(tx, region(tx), DAY, RunStatus.RUNNING)
            run.heartbeat_at = utc_now() - timedelta(seconds=45)
        warning = dispatcher.get(f"{URL}/progress").json["run"]["warning"]
        assert warning.startswith("The worker has given no sign of life for 4")

    def test_the_version_changes_with_plans_and_runs_but_not_with_progress(
        self, dispatcher: Any, database: Database, clinic: Clinic
    ) -> None:
        def version() -> str:
            answer: str = dispatcher.get(f"{URL}/progress").json["version"]
            return answer

        seen = [version()]
        with database.begin() as tx:
            run = add_run(tx, region(tx), DAY, RunStatus.RUNNING).id
        seen.append(version())
        with database.begin() as tx:
            tx.get_one(Run, run).elapsed = 30.0
        assert version() == seen[-1]
        with database.begin() as tx:
            tx.get_one(Run, run).status = RunStatus.FAILED
        seen.append(version())
        with database.begin() as tx:
            plan = add_plan(tx, clinic, DAY, {clinic.ana: []}, status=PlanStatus.DRAFT).id
        seen.append(version())
        publish_in_store(database, plan)
        seen.append(version())
        assert len(set(seen)) == 5
        assert dispatcher.get(f"{URL}/data").json["version"] == seen[-1]

    def test_stopping_asks_the_run_to_end(self, dispatcher: Any, database: Database) -> None:
        with database.begin() as tx:
            run = add_run(tx, region(tx), DAY, RunStatus.RUNNING).id
        assert dispatcher.post(f"{URL}/stop", data={"run": run}).location == URL
        assert dispatcher.get(f"{URL}/progress").json["run"]["stopping"] is True
        assert dispatcher.post(f"{URL}/stop", data={"run": "x"}).status_code == 400


class TestPublishing:
    @pytest.fixture(scope="class")
    @classmethod
    def seed(cls) -> Any:
        """Instead of the tiny clinic, a day of eight visits with a plan that the referee has judged."""
        return lambda tx: add_draft(tx, seed_day(tx, 8), 8)

    def plan(self, database: Database) -> PlanRow:
        with database.begin() as tx:
            return tx.scalars(select(PlanRow)).one()

    def seen(self, database: Database) -> dict[str, Any]:
        plan = self.plan(database)
        return {"plan": plan.id, "revision": plan.revision}

    def test_makes_it_the_plan_that_nurses_see(self, dispatcher: Any, database: Database) -> None:
        answer = dispatcher.post(f"/board/{MONDAY}/publish", data=self.seen(database), follow_redirects=True)
        assert "Published. The nurses see their routes" in answer.text
        assert "by Dana Whitfield" in drawn(dispatcher, f"/board/{MONDAY}")
        assert self.plan(database).status is PlanStatus.PUBLISHED

    def test_is_refused_in_words_where_the_plan_no_longer_fits(
        self, dispatcher: Any, database: Database
    ) -> None:
        with database.begin() as tx:
            plan = tx.scalars(select(PlanRow)).one()
            gone = plan.routes[0].stops[0].visit
            gone.status = VisitStatus.CANCELLED
            code = gone.code
        answer = dispatcher.post(f"/board/{MONDAY}/publish", data=self.seen(database))
        assert answer.status_code == 409
        assert f"Visit {code} has been cancelled or moved to another day." in answer.text
        assert 'id="timeline"' in answer.text
        assert self.plan(database).status is PlanStatus.DRAFT

    def test_is_refused_for_a_draft_that_has_been_replaced(self, dispatcher: Any, database: Database) -> None:
        seen = self.seen(database)
        assert dispatcher.post(f"/board/{MONDAY}/discard", data=seen).status_code == 302
        answer = dispatcher.post(f"/board/{MONDAY}/publish", data=seen)
        assert answer.status_code == 409 and "has been replaced or discarded" in answer.text

    def test_is_refused_for_what_was_changed_since(self, dispatcher: Any, database: Database) -> None:
        old = self.seen(database) | {"revision": "another"}
        answer = dispatcher.post(f"/board/{MONDAY}/publish", data=old)
        assert answer.status_code == 409 and "the plan is not what you saw" in answer.text
        assert self.plan(database).status is PlanStatus.DRAFT

    def test_needs_to_be_told_which(self, dispatcher: Any) -> None:
        assert dispatcher.post(f"/board/{MONDAY}/publish").status_code == 400


class TestTheRunsPage:
    def test_lists_them_newest_first_with_error_and_duration(
        self, dispatcher: Any, database: Database
    ) -> None:
        with database.begin() as tx:
            add_run(
                tx, region(tx), DAY, RunStatus.FAILED, trigger=RunTrigger.NIGHTLY, error="The sky fell down."
            )
            run = add_run(tx, region(tx), DAY + timedelta(days=1), RunStatus.SUCCEEDED)
            run.cost, run.bound, run.attempt = 7200, 7200, 2
        page = " ".join(dispatcher.get("/board/runs").text.split())
        for words in (
            "The sky fell down.",
            "42 s",
            "Nightly run",
            "Re-plan, attempt 2",
            "$2, proved optimal",
        ):
            assert words in page
        assert page.index("Succeeded") < page.index("Failed")

    def test_without_any(self, dispatcher: Any) -> None:
        assert "No runs yet" in dispatcher.get("/board/runs").text

    def test_of_her_region_only(self, dispatcher: Any, database: Database) -> None:
        with database.begin() as tx:
            other = Region(code="other", name="Other", zone="America/Denver", latitude=39.7, longitude=-104.9)
            tx.add(other)
            tx.flush()
            add_run(tx, other, DAY, RunStatus.FAILED, error="Elsewhere the sky fell down.")
        assert "Elsewhere" not in dispatcher.get("/board/runs").text


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 11, 1), 25), (date(2027, 3, 14), 23)],
)
def test_the_axis_counts_elapsed_hours_where_clocks_change(
    dispatcher: Any, database: Database, clinic: Clinic, day: date, hours: int
) -> None:
    with database.begin() as tx:
        plan = add_plan(tx, clinic, day, {clinic.ana: []}, status=PlanStatus.DRAFT)
        plan.routes[0].shift_start = local(day, 0)
        plan.routes[0].shift_end = local(day + timedelta(days=1), 0)
    axis = dispatcher.get(f"/board/{day}/data").json["axis"]
    starts = [datetime.fromisoformat(hour["iso"]) for hour in axis["hours"]]
    assert len(starts) - 1 == hours
    assert {after - before for before, after in pairwise(starts)} == {timedelta(hours=1)}
