"""The time of day, in one place so that tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime


def read() -> datetime:
    """The machine's clock, as an aware UTC instant; tests put another one in its place."""
    return datetime.now(UTC)


def utc_now() -> datetime:
    """Now, as an aware UTC instant."""
    return read()
