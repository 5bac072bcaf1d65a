"""Waiting in a browser test for what no element of the page tells of."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until something holds outside of the page, half a minute at most; the page goes on meanwhile."""
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to be")
