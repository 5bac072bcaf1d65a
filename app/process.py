"""Runs in processes of their own: one that crashes, or is stopped, takes nothing else with it."""

from __future__ import annotations

import faulthandler
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial

Execute = Callable[[str, int], None]
"""Carries out a run, given the database's URL and the run's id. It can be sent to another process."""

MakeExecutor = Callable[[], Executor]
"""Where a run is carried out: on this machine's processes, or for instance on a Dask cluster's."""


def process_pool(log_level: str = "INFO") -> MakeExecutor:
    """Makes pools of one fresh process, which ends when this process does, however that ends."""
    return partial(
        ProcessPoolExecutor,
        max_workers=1,
        # Started afresh: a copy of a process with threads and connections would share them.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_prepare,
        initargs=(log_level,),
    )


def carry_out(execute: Execute, database_url: str, run_id: int, deadline_s: float) -> None:
    """`execute` the run; a process not done after `deadline_s` seconds says where it hangs, and ends."""
    # Its watch is a thread without Python: it works even where a solver keeps all Python threads waiting.
    faulthandler.dump_traceback_later(deadline_s, exit=True)
    try:
        execute(database_url, run_id)
    finally:
        faulthandler.cancel_dump_traceback_later()


def kill_children() -> None:
    """End the processes of all pools of this process at once."""
    for child in multiprocessing.active_children():
        child.kill()


def _prepare(log_level: str) -> None:
    # The parent decides when to stop: a Ctrl-C, or a signal to all, reaches this process too.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    logging.basicConfig(level=log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
