"""The worker: `python -m app.worker`. It plans every region's night and carries out what dispatchers ask for.

Any number of workers may run side by side, on one machine or several. What they share is in the database: a
night is claimed by inserting its row, a run by taking it from the queue, and a run whose heartbeat stops is
taken for dead.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from app.actions import runs
from app.clock import utc_now
from app.engines import execute_run
from app.nightly import Nightly
from app.process import Execute, MakeExecutor, carry_out, kill_children, process_pool
from app.quiet import trace_of
from app.store import migrate
from app.store.engine import Database
from app.web import logs
from config import Settings, SettingsError
from scheduler.triggers import Triggers

POLL_S = 0.5
PAUSE_S = 5.0
"""How long the worker waits after a turn that failed."""

log = logging.getLogger("rounds.worker")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
    executor: Executor
    future: Future[None]


class Worker:
    """Takes runs from the queue, at most `processes` at a time, each in an executor of its own."""

    def __init__(
        self,
        database: Database,
        execute: Execute,
        *,
        make_executor: MakeExecutor,
        processes: int = 1,
        lease_s: float = runs.LEASE_S,
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._database = database
        self._execute = execute
        self._make_executor = make_executor
        self._processes = processes
        self._lease_s = lease_s
        self._jobs: dict[int, _Job] = {}
        self._swept = float("-inf")

    def run(self, stop: threading.Event, poll_s: float = POLL_S) -> None:
        """Work until `stop` is set; runs under way then go back to the queue, for whoever works next."""
        while not stop.is_set():
            try:
                self.step()
                stop.wait(poll_s)
            except Exception as error:
                # The database may be away for a while: nights and runs are still there when it is back.
                log.error("worker %s: %s", self.name, trace_of(error))
                stop.wait(PAUSE_S)
        self._give_back()

    def step(self) -> None:
        """One turn: end what has ended, keep alive what runs, bury the dead, take what waits."""
        self._conclude()
        self._renew()
        self._sweep()
        while len(self._jobs) < self._processes and self._take():
            pass

    def _conclude(self) -> None:
        for run_id, job in list(self._jobs.items()):
            if not job.future.done():
                continue
            error = job.future.exception()
            if error is not None:
                log.error("run %s: its process died: %s", run_id, type(error).__name__)
            with self._database.begin() as tx:
                # A run that has ended as it should is not running any more, and stays as it is.
                runs.fail(tx, run_id, "The planning process died.", utc_now(), again=True)
            job.executor.shutdown(wait=False)
            del self._jobs[run_id]

    def _renew(self) -> None:
        for run_id in self._jobs:
            with self._database.begin() as tx:
                runs.renew(tx, run_id, utc_now())

    def _sweep(self) -> None:
        if time.monotonic() < self._swept + self._lease_s / 6:
            return
        with self._database.begin() as tx:
            dead = runs.sweep(tx, utc_now(), self._lease_s)
        self._swept = time.monotonic()
        for run in dead:
            log.warning("run %s had no heartbeat: its worker %s is taken for dead", run.id, run.worker)

    def _take(self) -> bool:
        with self._database.begin() as tx:
            run = runs.claim(tx, self.name, utc_now())
        if run is None:
            return False
        log.info("run %s taken: %s %s, attempt %s", run.id, run.region.code, run.day, run.attempt)
        executor = self._make_executor()
        deadline_s = 3 * run.seconds + 300
        future = executor.submit(carry_out, self._execute, self._database.url, run.id, deadline_s)
        self._jobs[run.id] = _Job(executor=executor, future=future)
        return True

    def _give_back(self) -> None:
        for run_id in self._jobs:
            with self._database.begin() as tx:
                runs.give_back(tx, run_id)
            log.info("run %s goes back to the queue: worker %s stops", run_id, self.name)
        kill_children()
        for job in self._jobs.values():
            job.executor.shutdown(wait=True, cancel_futures=True)


def serve(worker: Worker, nightly: Nightly, stop: threading.Event) -> None:
    """Claim nights and carry out runs until `stop` is set."""
    log.info("worker %s starts", worker.name)
    nightly.start()
    try:
        worker.run(stop)
    finally:
        nightly.stop()
    log.info("worker %s has stopped", worker.name)


def stop_on_signals() -> threading.Event:
    """Set by SIGTERM and SIGINT; the same signal again ends the process at once."""
    stop = threading.Event()

    def handle(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
    return stop


def main() -> int:
    """Work until told to stop. The exit status is 2 for bad settings and a database of another shape."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    logs.configure(settings.log_level)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    database = Database(settings.database_url)
    try:
        migrate.require_newest(database)
    except migrate.UnfitDatabaseError as error:
        print(error, file=sys.stderr)
        return 2
    worker = Worker(
        database,
        execute_run,
        make_executor=process_pool(settings.log_level),
        processes=settings.solve_processes,
    )
    serve(worker, Nightly(database, Triggers()), stop_on_signals())
    database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
