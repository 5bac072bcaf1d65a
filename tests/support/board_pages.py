"""The board as its script puts it together; a day of twenty visits and its draft."""

from __future__ import annotations

import html
import re
from typing import Any

from playwright.sync_api import Page

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


def drawn(client: Any, path: str) -> str:
    """The HTML of a day's page with the parts that its script puts into it."""
    page = client.get(path).text
    found = re.search(r'data-url="([^"]+)"', page)
    assert found is not None, f"{path} is no board"
    day = client.get(html.unescape(found[1])).json
    return "\n".join((page, day["parts"], day["table"]))


def shift_while_loading(page: Page, path: str) -> float:
    """By how much what is seen of a board moves while its day comes: the browser's own layout shift score."""
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => {"
        " for (const each of list.getEntries()) window.shift += each.value;"
        "}).observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(path)
    page.wait_for_selector("#board[data-settled]")
    page.wait_for_timeout(500)
    shift: float = page.evaluate("window.shift")
    return shift
