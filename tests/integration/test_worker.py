"""Workers as real processes: one plan per night, and nothing lost when one is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest

from app.actions import plans, runs
from app.actions.actor import Actor
from app.clock import utc_now
from app.days import local_date, next_working_day, zone_of
from app.planning import execute
from app.process import carry_out, process_pool
from app.store.engine import Database
from app.store.models import Night, PlanRow, Region, Run
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus, RunTrigger
from app.store.queries import plans as plan_queries
from app.store.queries import runs as queries
from scheduler.solve import Progress
from tests.support.executions import engines
from tests.support.rows import Clinic

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
ZONE = f"Etc/GMT{utc_now().hour - 12:+d}"
"""Where it is noon now: these tests never see a midnight. (Its name has the sign the other way round.)"""
NEVER = 23
"""A planning hour that does not strike while these tests run."""


@pytest.fixture
def start(database: Database) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a worker: `start("slowly", lease_s=2)`. All are killed at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start_(execution: str, lease_s: float = 30) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.support.worker", database.url, execution, str(lease_s)]
        started.append(subprocess.Popen(command, cwd=ROOT))
        return started[-1]

    yield start_
    for process in started:
        process.kill()
        process.wait()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.05)


def the_run(database: Database, run_id: int) -> Run:
    with database.begin() as tx:
        return tx.get_one(Run, run_id)


def all_runs(database: Database) -> list[Run]:
    with database.begin() as tx:
        return list(reversed(queries.recent(tx, 100)))


def planned_day() -> date:
    return next_working_day(local_date(utc_now(), zone_of(ZONE)), "Mon Tue Wed Thu Fri")


def clinic_with_a_visit(database: Database, code: str = "columbus", **region: int) -> Actor:
    """A region with a nurse, and a visit on the next working day; its dispatcher."""
    with database.begin() as tx:
        clinic = Clinic.make(tx, code, zone=ZONE, **region)
        clinic.nurse("Ana")
        clinic.visit(day=planned_day())
        return clinic.dispatcher()


def request(database: Database, actor: Actor) -> int:
    with database.begin() as tx:
        return plans.request_replan(tx, actor, planned_day()).id


def published(database: Database, actor: Actor) -> int:
    """A published plan of the day, made by hand; its id."""
    with database.begin() as tx:
        run = runs.queue(
            tx, tx.get_one(Region, actor.region_id), planned_day(), RunTrigger.COMMAND, now=utc_now()
        )
        assert run is not None
        runs.begin(run, "by hand", utc_now())
    execute(database, run.id, engines())
    with database.begin() as tx:
        draft = plan_queries.of_day(tx, actor.region_id, planned_day(), PlanStatus.DRAFT)
        assert draft is not None
        return plans.publish(tx, actor, draft.id).id


def test_two_workers_started_together_make_one_plan_per_region_and_night(database: Database, start) -> None:
    for code in ("columbus", "dayton", "toledo"):
        clinic_with_a_visit(database, code)
    workers = [start("quickly"), start("quickly")]
    wait_for(lambda: [run.status for run in all_runs(database)] == [RunStatus.SUCCEEDED] * 3)
    time.sleep(1)
    assert all(worker.poll() is None for worker in workers)

    assert {(run.region.code, run.day, run.trigger, run.attempt) for run in all_runs(database)} == {
        (code, planned_day(), RunTrigger.NIGHTLY, 1) for code in ("columbus", "dayton", "toledo")
    }
    with database.begin() as tx:
        found = tx.query(PlanRow).all()
        assert sorted(plan.region_id for plan in found) == [1, 2, 3]
        assert {(plan.status, plan.visits_served) for plan in found} == {(PlanStatus.DRAFT, 1)}
        assert tx.query(Night).count() == 3


def test_killed_in_mid_solve(database: Database, start) -> None:
    """The solver dies with the worker; the run has failed, the published plan stands, the next run works."""
    actor = clinic_with_a_visit(database, solve_seconds=120, plan_hour=NEVER)
    standing = published(database, actor)
    killed = request(database, actor)
    worker = start("slowly")
    wait_for(lambda: the_run(database, killed).stage == "wait")
    children = psutil.Process(worker.pid).children(recursive=True)
    assert children
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []

    start("quickly", lease_s=1)
    wait_for(lambda: the_run(database, killed).status is RunStatus.FAILED)
    assert the_run(database, killed).error == "The worker stopped in mid-run."
    with database.begin() as tx:
        assert tx.get_one(PlanRow, standing).status is PlanStatus.PUBLISHED
        assert plan_queries.of_day(tx, actor.region_id, planned_day(), PlanStatus.DRAFT) is None
    following = request(database, actor)
    wait_for(lambda: the_run(database, following).status is RunStatus.SUCCEEDED)
    with database.begin() as tx:
        draft = plan_queries.of_day(tx, actor.region_id, planned_day(), PlanStatus.DRAFT)
        assert draft is not None and draft.run_id == following
        assert tx.get_one(PlanRow, standing).status is PlanStatus.PUBLISHED


def test_a_night_whose_worker_was_killed_is_tried_again_and_planned_once(database: Database, start) -> None:
    clinic_with_a_visit(database, solve_seconds=120)
    worker = start("slowly")
    wait_for(lambda: [run.stage for run in all_runs(database)] == ["wait"])
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()

    start("quickly", lease_s=4), start("quickly", lease_s=4)  # neither takes a busy one for dead
    wait_for(lambda: all_runs(database)[-1].status is RunStatus.SUCCEEDED)
    first, second = all_runs(database)
    assert (first.status, second.attempt) == (RunStatus.FAILED, 2)
    with database.begin() as tx:
        assert [plan.run_id for plan in tx.query(PlanRow)] == [second.id]
        assert tx.query(Night).one().run_id == second.id


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_gives_its_run_back_at_once(
    database: Database, start, number: signal.Signals
) -> None:
    actor = clinic_with_a_visit(database, solve_seconds=120, plan_hour=NEVER)
    run_id = request(database, actor)
    worker = start("slowly")
    wait_for(lambda: the_run(database, run_id).stage == "wait")
    children = psutil.Process(worker.pid).children(recursive=True)
    worker.send_signal(number)
    assert worker.wait(60) == 0
    assert the_run(database, run_id).status is RunStatus.QUEUED
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []

    start("quickly")
    wait_for(lambda: the_run(database, run_id).status is RunStatus.SUCCEEDED)
    assert the_run(database, run_id).attempt == 1


def test_a_crash_takes_only_its_own_run(database: Database, start) -> None:
    """The first run's process dies; the worker plans the others, and will try that night again."""
    for code in ("columbus", "dayton"):
        clinic_with_a_visit(database, code)
    start("first_dying")
    wait_for(lambda: RunStatus.SUCCEEDED in [run.status for run in all_runs(database)])
    dead, other, again = all_runs(database)
    assert (dead.region_id, dead.status) == (1, RunStatus.FAILED)
    assert dead.error == "The planning process died. It is tried again (attempt 2 of 3)."
    assert (other.region_id, other.status) == (2, RunStatus.SUCCEEDED)
    assert (again.region_id, again.attempt, again.status) == (1, 2, RunStatus.QUEUED)


def hang(database_url: str, run_id: int) -> None:
    time.sleep(600)


def test_a_run_that_hangs_is_ended() -> None:
    with process_pool()() as pool:
        future = pool.submit(carry_out, hang, "sqlite://", 1, 1.0)
        assert isinstance(future.exception(30), BrokenProcessPool)


def test_the_real_worker_refuses_a_database_of_another_shape(empty_database: Database) -> None:
    ended = real_worker(empty_database.url)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "flask --app wsgi migrate" in ended.stderr


def test_the_real_worker_refuses_bad_settings(sqlite_files) -> None:
    ended = real_worker("sqlite://", ROUNDS_SOLVE_PROCESSES="many")
    assert ended.returncode == 2
    assert ended.stderr == "ROUNDS_SOLVE_PROCESSES is 'many': set it to a whole number from 1 to 64\n"


def real_worker(url: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "ROUNDS_DEMO": "1", "ROUNDS_DATABASE_URL": url, **more}
    command = [sys.executable, "-m", "app.worker"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def test_many_writers_wait_for_one_another(database: Database) -> None:
    """Heartbeats, progress and claims from many connections at once: all are written, none is refused."""
    with database.begin() as tx:
        region = Clinic.make(tx).region
        made = [
            runs.queue(tx, region, planned_day() + timedelta(days=days), RunTrigger.REPLAN, now=utc_now())
            for days in range(8)
        ]
    ids = [run.id for run in made if run is not None]

    def work(run_id: int) -> None:
        own = Database(database.url)
        with own.begin() as tx:
            assert runs.claim(tx, f"worker {run_id}", utc_now()) is not None
        for turn in range(25):
            with own.begin() as tx:
                runs.note_progress(tx, run_id, Progress(stage="wait", seconds=float(turn)), utc_now())
            with own.begin() as tx:
                runs.sweep(tx, utc_now())
        own.dispose()

    with ThreadPoolExecutor(len(ids)) as pool:
        list(pool.map(work, ids))
    assert {run.status for run in all_runs(database)} == {RunStatus.RUNNING}
