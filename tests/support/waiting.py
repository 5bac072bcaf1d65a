"""Waiting in a browser test for what no element of the page tells of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until something holds outside of the page, half a minute at most; the page goes on meanwhile."""
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to be")


def until_answered(page: Page, question: str, told: Any = None) -> None:
    """Wait until a function of the page answers yes. It may be asynchronous: `wait_for_function` takes its
    promise for a yes."""
    until(page, lambda: page.evaluate(question, told))
