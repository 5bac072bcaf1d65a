"""A run carried out by a command itself, with its progress on the terminal."""

from __future__ import annotations

import sys

from flask import current_app

from app.actions import runs
from app.cli.common import ENGINES
from app.clock import utc_now
from app.planning import execute, heartbeat
from app.store.engine import Database
from scheduler.model import POINTS_PER_DOLLAR
from scheduler.progress import ProgressLines


def carry_out(database: Database, run_id: int) -> None:
    """Carry out a begun run. A KeyboardInterrupt ends it as failed, and is raised again."""
    lines = ProgressLines(sys.stderr, POINTS_PER_DOLLAR)
    try:
        with heartbeat(database, run_id):
            execute(database, run_id, current_app.extensions[ENGINES], lines)
    except KeyboardInterrupt:
        with database.begin() as tx:
            runs.fail(tx, run_id, "Stopped by hand.", utc_now())
        raise
