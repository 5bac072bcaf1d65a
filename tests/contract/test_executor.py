"""The Executor seam: a worker carries runs out on any `concurrent.futures.Executor` of pickled work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.actions import runs
from app.clock import utc_now
from app.process import Execute, MakeExecutor, process_pool
from app.store.engine import Database
from app.store.migrate import upgrade
from app.store.models import Region, Run
from app.store.models.run import RunStatus, RunTrigger
from app.worker import Worker
from tests.support import executions
from tests.support.rows import DAY, Clinic


@pytest.fixture(params=["processes", "threads"])
def make_executor(request: pytest.FixtureRequest) -> MakeExecutor:
    return process_pool() if request.param == "processes" else ThreadPoolExecutor


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'rounds.sqlite'}")
    upgrade(made)
    with made.begin() as tx:
        clinic = Clinic.make(tx)
        clinic.nurse("Ana")
        clinic.visit()
    yield made
    made.dispose()


def carried_out(database: Database, execute: Execute, make_executor: MakeExecutor) -> Run:
    """A run, queued, taken by a worker and ended."""
    with database.begin() as tx:
        queued = runs.queue(tx, tx.get_one(Region, 1), DAY, RunTrigger.REPLAN, now=utc_now())
    assert queued is not None
    worker = Worker(database, execute, make_executor=make_executor)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        worker.step()
        with database.begin() as tx:
            run = tx.get_one(Run, queued.id)
        if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
            worker.step()
            return run
        time.sleep(0.05)
    pytest.fail("the run did not end")


def explode(database_url: str, run_id: int) -> None:
    raise RuntimeError("before the run could be marked as failed")


def test_a_run_succeeds(database: Database, make_executor: MakeExecutor) -> None:
    assert carried_out(database, executions.quickly, make_executor).status is RunStatus.SUCCEEDED


def test_an_execution_that_raises_fails_its_run(database: Database, make_executor: MakeExecutor) -> None:
    run = carried_out(database, explode, make_executor)
    assert (run.status, run.error) == (RunStatus.FAILED, "The planning process died.")


def test_the_next_run_is_carried_out_after_a_failure(database: Database, make_executor: MakeExecutor) -> None:
    carried_out(database, explode, make_executor)
    assert carried_out(database, executions.quickly, make_executor).status is RunStatus.SUCCEEDED
