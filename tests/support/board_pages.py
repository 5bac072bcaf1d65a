"""A day of twenty visits and its draft, for tests of the board's pages."""

from __future__ import annotations

from app.store.engine import Tx
from app.store.models import PlanRow
from tests.support.board_days import MONDAY, add_draft, seed_day

URL = f"/board/{MONDAY}"
VISITS, NURSES = 21, 11
BOOKED = VISITS + 1
"""The demo adds a visit whose responsible adult is not confirmed."""


def seed(tx: Tx) -> PlanRow:
    """Fill an empty database; the draft."""
    return add_draft(tx, seed_day(tx, VISITS, NURSES), VISITS, NURSES)
