"""A day of twenty visits in a database of its own, for tests that only look at it."""

from __future__ import annotations

from pathlib import Path

from app.store.engine import Database
from app.store.migrate import upgrade
from tests.support.board_days import MONDAY, add_draft, seed_day

URL = f"/board/{MONDAY}"
VISITS, NURSES = 21, 11


def make_day(path: Path) -> Path:
    """The database at `path`, with a day of VISITS visits and its draft."""
    made = Database(f"sqlite:///{path}")
    upgrade(made)
    with made.begin() as tx:
        add_draft(tx, seed_day(tx, VISITS, NURSES), VISITS, NURSES)
    made.dispose()
    return path
