"""One run carried out: from the day's rows to a stored draft, or to a failure that says why."""

from __future__ import annotations

import logging
from datetime import timedelta
from time import sleep

import pytest

from app import clock
from app.actions import runs
from app.engines import execute_run
from app.planning import execute, heartbeat
from app.store.audit import entries
from app.store.engine import Database
from app.store.mapping import evidence_of
from app.store.models import PlanRow, Region, RouteRow, Run, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.visit import Priority
from app.store.queries import plans as queries
from scheduler.check import check
from scheduler.solve import Progress
from tests.support.executions import engines
from tests.support.rows import DAY, Clinic, local
from tests.support.solvers import AppendingSolver, FalteringSolver, LawlessSolver, RaisingSolver, SlowSolver

NOW = local(DAY, 3) - timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


def begun(database: Database, seconds: int = 1) -> int:
    """A run of the only region, in the hands of a worker."""
    with database.begin() as tx:
        run = runs.queue(tx, tx.get_one(Region, 1), DAY, RunTrigger.REPLAN, now=NOW)
        assert run is not None
        run.seconds = seconds
        runs.begin(run, "worker", NOW)
        return run.id


def run_of(database: Database, run_id: int) -> Run:
    with database.begin() as tx:
        return tx.get_one(Run, run_id)


def draft_of(database: Database) -> PlanRow | None:
    with database.begin() as tx:
        row = queries.of_day(tx, 1, DAY, PlanStatus.DRAFT)
        return None if row is None else queries.of_run(tx, row.run_id)


def routes_of(database: Database, plan: PlanRow) -> dict[str, RouteRow]:
    with database.begin() as tx:
        row = queries.by_id(tx, plan.id, plan.region_id)
        assert row is not None
        return {route.nurse.name: route for route in row.routes}


class TestDraft:
    """What a run leaves behind."""

    @pytest.fixture
    def visits(self, database: Database) -> dict[str, Visit]:
        with database.begin() as tx:
            clinic = Clinic.make(tx)
            ana, _ = clinic.nurse("Ana"), clinic.nurse("Ben")
            clinic.nurse("Cleo", holds=())
            return {
                "first": clinic.visit(prefers=[ana]),
                "pair": clinic.visit(clinic.protocol(staff=2), windows=(((13, 0), (14, 0), None),)),
                "nobody": clinic.visit(clinic.protocol(asks=["pediatrics"]), priority=Priority.IMPORTANT),
                "impossible": clinic.visit(windows=()),
            }

    @pytest.fixture
    def draft(self, database: Database, visits: dict[str, Visit]) -> PlanRow:
        execute(database, begun(database), engines())
        draft = draft_of(database)
        assert draft is not None
        return draft

    def test_totals_and_run(self, database: Database, draft: PlanRow) -> None:
        run = run_of(database, draft.run_id)
        assert (run.status, run.stage, run.cost, run.bound) == (RunStatus.SUCCEEDED, "done", draft.cost, 0)
        assert (draft.day, draft.zone, draft.visits_served) == (DAY, "America/New_York", 2)
        assert draft.created_at == run.finished_at == NOW
        assert draft.overtime_total == 0

    def test_evidence_is_judged_as_it_was(self, draft: PlanRow) -> None:
        evidence = evidence_of(draft)
        report = check(evidence.problem, evidence.matrix, evidence.plan)
        assert report.feasible and report.cost is not None
        assert (report.cost.total, report.cost.travel_seconds) == (draft.cost, draft.travel_total)

    def test_routes(self, database: Database, draft: PlanRow, visits: dict[str, Visit]) -> None:
        routes = routes_of(database, draft)
        ana, ben, cleo = routes["Ana"], routes["Ben"], routes["Cleo"]
        assert [stop.visit_id for stop in ana.stops] == [visits["first"].id, visits["pair"].id]
        assert [stop.visit_id for stop in ben.stops] == [visits["pair"].id]
        assert ana.stops[1].start == ben.stops[0].start == local(DAY, 13)
        assert (cleo.stops, cleo.departure, cleo.finish, cleo.travel_seconds) == ([], None, None, 0)
        for route in (ana, ben, cleo):
            assert (route.shift_start, route.shift_end) == (local(DAY, 8), local(DAY, 17))
        assert draft.travel_total == sum(route.travel_seconds for route in routes.values())

    def test_stops(self, database: Database, draft: PlanRow) -> None:
        first, second = routes_of(database, draft)["Ana"].stops
        assert (first.position, second.position) == (0, 1)
        assert first.arrival == local(DAY, 8) + timedelta(seconds=first.travel_seconds)
        assert first.travel_seconds > 60
        assert first.end - first.start == timedelta(minutes=135)
        assert first.phases[2] == {"kind": "infusion", "minutes": 40}

    def test_every_visit_without_a_nurse_has_its_reason(
        self, draft: PlanRow, visits: dict[str, Visit]
    ) -> None:
        rows = {row.visit_id: row for row in draft.unassigned}
        assert rows.keys() == {visits["nobody"].id, visits["impossible"].id}
        assert "pediatrics" in rows[visits["nobody"].id].reason
        assert {line["nurse"] for line in rows[visits["nobody"].id].details} == {"Ana", "Ben", "Cleo"}
        assert rows[visits["impossible"].id].reason == "It has no time window: add one."

    def test_is_audited(self, database: Database, draft: PlanRow) -> None:
        with database.begin() as tx:
            (entry,) = entries(tx, subject="plans", subject_id=str(draft.id))
        assert (entry.action, entry.user_id) == ("write", None)

    def test_the_next_draft_takes_its_place(self, database: Database, draft: PlanRow) -> None:
        execute(database, begun(database), engines())
        newer = draft_of(database)
        assert newer is not None and newer.id != draft.id
        with database.begin() as tx:
            assert tx.get_one(PlanRow, draft.id).status is PlanStatus.SUPERSEDED

    def test_the_published_plan_is_not_touched(self, database: Database, draft: PlanRow) -> None:
        with database.begin() as tx:
            tx.get_one(PlanRow, draft.id).status = PlanStatus.PUBLISHED
        execute(database, begun(database), engines())
        assert draft_of(database) is not None
        with database.begin() as tx:
            assert tx.get_one(PlanRow, draft.id).status is PlanStatus.PUBLISHED


def test_an_expired_credential_is_told_with_its_date(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana Ortiz").credentials[0].expires_on = DAY - timedelta(days=1)
        clinic.visit()
    execute(database, begun(database), engines())
    draft = draft_of(database)
    assert draft is not None
    (row,) = draft.unassigned
    assert "Ana Ortiz" in row.reason and "expired on Mon, Jun 10" in row.reason


def test_a_day_without_visits_or_nurses_gets_an_empty_draft(database: Database) -> None:
    with database.begin() as tx:
        Clinic.make(tx)
    execute(database, begun(database), engines())
    draft = draft_of(database)
    assert draft is not None and (draft.routes, draft.unassigned, draft.cost) == ([], [], 0)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_with_the_services_own_engines(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        ana, _ = clinic.nurse("Ana", rest=(30, (11, 0), (14, 0))), clinic.nurse("Ben")
        clinic.visit(clinic.protocol(staff=2), pinned_nurse=ana, pinned_start=local(DAY, 9))
        clinic.visit(windows=(((12, 0), (14, 0), None),))
    run_id = begun(database)
    execute_run(database.url, run_id)
    assert run_of(database, run_id).status is RunStatus.SUCCEEDED
    draft = draft_of(database)
    assert draft is not None and draft.visits_served == 2
    routes = routes_of(database, draft)
    assert routes["Ana"].stops[0].start == routes["Ben"].stops[0].start == local(DAY, 9)
    rest = routes["Ana"].break_start
    assert rest is not None and local(DAY, 11) <= rest <= local(DAY, 13, 30)


class TestFailure:
    """Nothing is stored, and the run says why, without what must not be shown."""

    @pytest.fixture(autouse=True)
    def _clinic(self, database: Database) -> None:
        with database.begin() as tx:
            clinic = Clinic.make(tx)
            clinic.nurse("Ana")
            clinic.visit()

    def test_an_infeasible_plan_is_never_stored(self, database: Database) -> None:
        run_id = begun(database)
        execute(database, run_id, engines(LawlessSolver))
        run = run_of(database, run_id)
        assert (run.status, run.error) == (
            RunStatus.FAILED,
            "The solver's plan broke rules (visit_missing), so nothing was stored.",
        )
        assert draft_of(database) is None

    def test_an_unforeseen_error_is_named_not_quoted(self, database: Database, caplog) -> None:
        run_id = begun(database)
        with caplog.at_level(logging.INFO):
            execute(database, run_id, engines(RaisingSolver))
        assert "(KeyError)" in run_of(database, run_id).error
        assert "KeyError" in caplog.text and "in solve" in caplog.text
        assert RaisingSolver.secret not in run_of(database, run_id).error + caplog.text

    def test_a_stage_that_fails_is_told_of_and_the_plan_stored(self, database: Database, caplog) -> None:
        run_id = begun(database)
        with caplog.at_level(logging.INFO):
            execute(database, run_id, engines(FalteringSolver))
        run = run_of(database, run_id)
        assert run.status is RunStatus.SUCCEEDED and draft_of(database) is not None
        assert "A part of the planner failed (ZeroDivisionError)." in run.error
        assert "ZeroDivisionError" in caplog.text
        assert FalteringSolver.secret not in run.error + caplog.text

    def test_a_region_that_cannot_be_is_named(self, database: Database) -> None:
        with database.begin() as tx:
            tx.get_one(Region, 1).zone = "America/Atlantis"
        run_id = begun(database)
        execute(database, run_id, engines())
        assert "'America/Atlantis' is unknown" in run_of(database, run_id).error

    def test_a_run_taken_away_in_mid_run_stores_nothing(self, database: Database) -> None:
        run_id = begun(database)

        class TakenAway(AppendingSolver):
            def solve(self, *args, **kwargs):
                with database.begin() as tx:
                    runs.fail(tx, run_id, "The worker stopped in mid-run.", NOW)
                return super().solve(*args, **kwargs)

        execute(database, run_id, engines(TakenAway))
        assert draft_of(database) is None
        assert run_of(database, run_id).error == "The worker stopped in mid-run."


class TestProgress:
    """A run under way can be watched and stopped."""

    @pytest.fixture(autouse=True)
    def _clinic(self, database: Database) -> None:
        with database.begin() as tx:
            clinic = Clinic.make(tx)
            clinic.nurse("Ana")
            clinic.visit()

    def test_is_written_while_it_runs(self, database: Database) -> None:
        run_id = begun(database, seconds=30)
        seen: list[Progress] = []

        class Watched(SlowSolver):
            def solve(self, problem, matrix, limits, report, cancelled):
                super().solve(problem, matrix, limits, report, lambda: run_of(database, run_id).elapsed > 0.5)
                run = run_of(database, run_id)
                assert (run.status, run.stage, run.cost, run.bound) == (RunStatus.RUNNING, "wait", 1000, 10)
                assert run.elapsed > 0.5
                return super().solve(problem, matrix, limits.__class__(seconds=0.01), report, cancelled)

        execute(database, run_id, engines(Watched), seen.append)
        assert run_of(database, run_id).status is RunStatus.SUCCEEDED
        assert [seen[0].stage, seen[-1].stage] == ["travel", "append"]

    def test_cancelled_it_keeps_the_best_plan_so_far(self, database: Database) -> None:
        run_id = begun(database, seconds=60)

        class Cancelled(SlowSolver):
            def solve(self, *args, **kwargs):
                with database.begin() as tx:
                    tx.get_one(Run, run_id).cancel_requested = True
                return super().solve(*args, **kwargs)

        execute(database, run_id, engines(Cancelled))
        assert run_of(database, run_id).status is RunStatus.SUCCEEDED
        assert draft_of(database) is not None

    def test_a_heartbeat_keeps_it_alive(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        run_id = begun(database)
        later = NOW + timedelta(minutes=5)
        monkeypatch.setattr(clock, "read", lambda: later)
        monkeypatch.setattr("app.planning.EVERY_S", 0.02)
        with heartbeat(database, run_id):
            for _ in range(600):
                if run_of(database, run_id).heartbeat_at == later:
                    break
                sleep(0.05)
        with database.begin() as tx:
            assert runs.sweep(tx, later) == []


def test_two_drafts_at_once_are_one_draft(database: Database) -> None:
    """Runs of a day never overlap; should they ever, the database keeps one draft."""
    with database.begin() as tx:
        Clinic.make(tx)
    execute(database, begun(database), engines())
    draft = draft_of(database)
    assert draft is not None
    with pytest.raises(Exception, match=r"(?i)unique"), database.begin() as tx:
        tx.add(
            PlanRow(
                region_id=1,
                day=DAY,
                zone="x",
                run_id=draft.run_id,
                created_at=NOW,
                problem={},
                travel_seconds={},
                plan={},
                cost=0,
                visits_served=0,
                travel_total=0,
                overtime_total=0,
            )
        )
