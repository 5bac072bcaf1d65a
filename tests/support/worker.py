"""The real worker but for its solver: `python -m tests.support.worker URL EXECUTION LEASE_SECONDS`."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from app.nightly import Nightly
from app.process import process_pool
from app.store.engine import Database
from app.web import logs
from app.worker import Worker, serve, stop_on_signals
from scheduler.triggers import Triggers
from tests.support import executions


def main(url: str, execution: str, lease_s: str) -> None:
    logs.configure("INFO")
    database = Database(url)
    worker = Worker(
        database,
        getattr(executions, execution),
        # Processes take a while to start, and are needed only where something is to be killed.
        make_executor=ThreadPoolExecutor if execution == "quickly" else process_pool(),
        lease_s=float(lease_s),
    )
    serve(worker, Nightly(database, Triggers()), stop_on_signals())
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
