"""Runs: queued once, taken by one worker, ended when their worker dies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from app import clock
from app.actions import nights, plans, runs
from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.store.engine import Database
from app.store.models import Night, Region, Run
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.user import Role
from app.store.queries import runs as queries
from scheduler.solve import Progress
from tests.support.rows import DAY, Clinic, local

NOW = local(DAY, 3) - timedelta(days=1)
LEASE = timedelta(seconds=runs.LEASE_S)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


@pytest.fixture
def dispatcher(database: Database) -> Actor:
    """Of the only region; its nurse is user 2."""
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        actor = clinic.dispatcher()
        clinic.as_nurse(clinic.nurse("Ana"))
        return actor


def queued(database: Database, trigger: RunTrigger = RunTrigger.REPLAN, day: date = DAY) -> int:
    with database.begin() as tx:
        run = runs.queue(tx, tx.get_one(Region, 1), day, trigger, now=NOW)
        assert run is not None
        return run.id


def claimed(database: Database, trigger: RunTrigger = RunTrigger.REPLAN, day: date = DAY) -> int:
    run_id = queued(database, trigger, day)
    with database.begin() as tx:
        run = runs.claim(tx, "worker 1", NOW)
        assert run is not None and run.id == run_id
    return run_id


def claimed_night(database: Database) -> int:
    with database.begin() as tx:
        night = nights.claim_night(tx, 1, NOW)
        assert night is not None and night.day == DAY
        assert runs.claim(tx, "worker 1", NOW) is night
        return night.id


def the_run(database: Database, run_id: int) -> Run:
    with database.begin() as tx:
        return tx.get_one(Run, run_id)


def alive(database: Database) -> Run | None:
    with database.begin() as tx:
        return queries.alive(tx, 1, DAY)


class TestRequest:
    """A dispatcher asks for a re-plan."""

    def test_is_queued_with_the_regions_time_and_audited(self, database: Database, dispatcher: Actor) -> None:
        with database.begin() as tx:
            tx.get_one(Region, 1).solve_seconds = 17
            run = plans.request_replan(tx, dispatcher, DAY)
        stored = the_run(database, run.id)
        assert (stored.status, stored.trigger) == (RunStatus.QUEUED, RunTrigger.REPLAN)
        assert (stored.day, stored.seconds, stored.requested_by) == (DAY, 17, dispatcher.user_id)

    @pytest.mark.parametrize("make", [queued, claimed])
    def test_is_refused_while_one_is_alive(self, database: Database, dispatcher: Actor, make) -> None:
        make(database)
        with database.begin() as tx, pytest.raises(ActionError, match="Tue, Jun 11 is being planned already"):
            plans.request_replan(tx, dispatcher, DAY)

    def test_another_day_is_free(self, database: Database, dispatcher: Actor) -> None:
        queued(database)
        with database.begin() as tx:
            assert plans.request_replan(tx, dispatcher, DAY + timedelta(days=1)).id

    def test_a_dead_run_does_not_stand_in_the_way(self, database: Database, dispatcher: Actor) -> None:
        dead = claimed(database)
        with database.begin() as tx:
            tx.get_one(Run, dead).heartbeat_at = NOW - LEASE - timedelta(seconds=1)
        with database.begin() as tx:
            plans.request_replan(tx, dispatcher, DAY)
        assert the_run(database, dead).status is RunStatus.FAILED

    def test_is_refused_for_a_day_that_is_over(self, database: Database, dispatcher: Actor) -> None:
        with database.begin() as tx, pytest.raises(ActionError, match="Sun, Jun 9 is over"):
            plans.request_replan(tx, dispatcher, date(2030, 6, 9))

    def test_is_refused_to_a_nurse(self, database: Database, dispatcher: Actor) -> None:
        with database.begin() as tx, pytest.raises(ActionError, match="Only a dispatcher"):
            nurse = Actor(user_id=2, name="Ana", role=Role.NURSE, region_id=1, nurse_id=1)
            plans.request_replan(tx, nurse, DAY)

    def test_many_at_once_queue_one(self, database: Database, dispatcher: Actor) -> None:
        def ask(_: int) -> bool:
            try:
                with database.begin() as tx:
                    plans.request_replan(tx, dispatcher, DAY)
            except ActionError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(ask, range(8))) == 1


class TestQueue:
    """Workers take runs."""

    @pytest.fixture(autouse=True)
    def _clinic(self, dispatcher: Actor) -> None: ...

    def test_oldest_first_then_nothing(self, database: Database) -> None:
        first = queued(database)
        second = queued(database, day=DAY + timedelta(days=1))
        with database.begin() as tx:
            taken = [runs.claim(tx, "worker", NOW) for _ in range(3)]
        assert [run.id if run else None for run in taken] == [first, second, None]

    def test_taken_means_running(self, database: Database) -> None:
        run = the_run(database, claimed(database))
        assert (run.status, run.worker) == (RunStatus.RUNNING, "worker 1")
        assert run.started_at == run.heartbeat_at == NOW

    def test_many_workers_take_each_run_once(self, database: Database) -> None:
        waiting = {queued(database, day=DAY + timedelta(days=days)) for days in range(6)}

        def take(worker: int) -> list[int]:
            taken = []
            for _ in range(6):
                with database.begin() as tx:
                    run = runs.claim(tx, f"worker {worker}", NOW)
                    taken += [run.id] if run else []
            return taken

        with ThreadPoolExecutor(6) as pool:
            taken = [run for each in pool.map(take, range(6)) for run in each]
        assert sorted(taken) == sorted(waiting)

    def test_given_back_it_can_be_taken_again(self, database: Database) -> None:
        run_id = claimed(database)
        with database.begin() as tx:
            runs.give_back(tx, run_id)
        with database.begin() as tx:
            again = runs.claim(tx, "worker 2", NOW)
        assert again is not None and (again.id, again.attempt, again.worker) == (run_id, 1, "worker 2")


class TestHeartbeat:
    """Who stops beating is dead."""

    @pytest.fixture(autouse=True)
    def _clinic(self, dispatcher: Actor) -> None: ...

    def test_progress_is_written_and_keeps_it_alive(self, database: Database) -> None:
        run_id, later = claimed(database), NOW + LEASE
        with database.begin() as tx:
            progress = Progress(stage="anneal", seconds=2.5, cost=7200, bound=3600)
            assert runs.note_progress(tx, run_id, progress, later)
        run = the_run(database, run_id)
        assert (run.stage, run.elapsed, run.cost, run.bound) == ("anneal", 2.5, 7200, 3600)
        with database.begin() as tx:
            assert runs.sweep(tx, later + LEASE) == []

    def test_the_silent_end_as_failed(self, database: Database) -> None:
        silent, beating = claimed(database), claimed(database, day=DAY + timedelta(days=1))
        later = NOW + LEASE + timedelta(seconds=1)
        with database.begin() as tx:
            runs.renew(tx, beating, later)
            assert [run.id for run in runs.sweep(tx, later)] == [silent]
        dead = the_run(database, silent)
        assert (dead.status, dead.error) == (RunStatus.FAILED, "The worker stopped in mid-run.")
        assert dead.finished_at == later
        assert the_run(database, beating).status is RunStatus.RUNNING

    def test_a_queued_run_may_wait_for_ever(self, database: Database) -> None:
        queued(database)
        with database.begin() as tx:
            assert runs.sweep(tx, NOW + timedelta(days=2)) == []

    def test_what_is_not_running_cannot_be_brought_back(self, database: Database) -> None:
        run_id = claimed(database)
        with database.begin() as tx:
            runs.fail(tx, run_id, "Stopped by hand.", NOW)
        with database.begin() as tx:
            runs.renew(tx, run_id, NOW)
            assert not runs.note_progress(tx, run_id, Progress(stage="x", seconds=1.0), NOW)
            assert runs.fail(tx, run_id, "Something else.", NOW) is None
            runs.give_back(tx, run_id)
        run = the_run(database, run_id)
        assert (run.status, run.error, run.stage) == (RunStatus.FAILED, "Stopped by hand.", "")


class TestRetry:
    """A night that died is tried again, three times in all."""

    @pytest.fixture(autouse=True)
    def _clinic(self, dispatcher: Actor) -> None: ...

    def test_a_night_is_queued_anew_and_stays_one_night(self, database: Database) -> None:
        first = claimed_night(database)
        with database.begin() as tx:
            runs.sweep(tx, NOW + 2 * LEASE)
        second = alive(database)
        assert second is not None
        assert (second.status, second.attempt, second.trigger) == (RunStatus.QUEUED, 2, RunTrigger.NIGHTLY)
        assert second.seed != the_run(database, first).seed
        assert the_run(database, first).error.endswith("It is tried again (attempt 2 of 3).")
        with database.begin() as tx:
            assert tx.get_one(Night, (1, DAY)).run_id == second.id

    def test_three_times_at_most(self, database: Database) -> None:
        claimed_night(database)
        for attempt in (1, 2, 3):
            run = alive(database)
            assert run is not None and run.attempt == attempt
            with database.begin() as tx:
                runs.claim(tx, "worker", NOW + timedelta(hours=attempt))
            with database.begin() as tx:
                runs.fail(
                    tx, run.id, "The planning process died.", NOW + timedelta(hours=attempt), again=True
                )
        assert alive(database) is None
        assert the_run(database, run.id).error == "The planning process died."

    def test_what_failed_for_an_unknown_cause_waits_a_little(self, database: Database) -> None:
        run_id = claimed_night(database)
        with database.begin() as tx:
            runs.fail(tx, run_id, "The planning process died.", NOW, again=True)
        with database.begin() as tx:
            assert runs.claim(tx, "worker", NOW + runs.PAUSE - timedelta(seconds=1)) is None
            assert runs.claim(tx, "worker", NOW + runs.PAUSE) is not None

    def test_a_region_whose_zone_is_unknown_stands_in_nobodys_way(self, database: Database) -> None:
        run_id = claimed_night(database)
        with database.begin() as tx:
            tx.get_one(Region, 1).zone = "America/Atlantis"
        with database.begin() as tx:
            assert [run.id for run in runs.sweep(tx, NOW + 2 * LEASE)] == [run_id]

    def test_not_what_would_fail_again(self, database: Database) -> None:
        run_id = claimed_night(database)
        with database.begin() as tx:
            runs.fail(tx, run_id, "The region's settings cannot be.", NOW)
        assert alive(database) is None

    def test_not_once_the_day_is_over(self, database: Database) -> None:
        claimed_night(database)
        with database.begin() as tx:
            runs.sweep(tx, local(DAY, 23) + timedelta(hours=2))
        assert alive(database) is None

    def test_not_what_a_dispatcher_asked_for(self, database: Database) -> None:
        run_id = claimed(database)
        with database.begin() as tx:
            runs.fail(tx, run_id, "The planning process died.", NOW, again=True)
        assert alive(database) is None


class TestCancel:
    """A dispatcher stops a run."""

    def test_a_waiting_one_ends(self, database: Database, dispatcher: Actor) -> None:
        run_id = queued(database)
        with database.begin() as tx:
            runs.cancel(tx, dispatcher, run_id)
        run = the_run(database, run_id)
        assert (run.status, run.error) == (RunStatus.FAILED, "Cancelled before it began.")

    def test_a_running_one_is_told_to_stop(self, database: Database, dispatcher: Actor) -> None:
        run_id = claimed(database)
        with database.begin() as tx:
            runs.cancel(tx, dispatcher, run_id)
        with database.begin() as tx:
            assert not runs.note_progress(tx, run_id, Progress(stage="wait", seconds=1.0), NOW)

    def test_an_ended_one_cannot_be(self, database: Database, dispatcher: Actor) -> None:
        run_id = claimed(database)
        with database.begin() as tx:
            runs.fail(tx, run_id, "Stopped by hand.", NOW)
        with database.begin() as tx, pytest.raises(ActionError, match="has ended already"):
            runs.cancel(tx, dispatcher, run_id)

    def test_another_regions_is_unknown(self, database: Database, dispatcher: Actor) -> None:
        run_id = claimed(database)
        with database.begin() as tx:
            stranger = Clinic.make(tx, "portland").dispatcher()
        with database.begin() as tx, pytest.raises(ActionError, match=f"no run {run_id}"):
            runs.cancel(tx, stranger, run_id)
