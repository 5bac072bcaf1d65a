"""The time of day, in one place so that tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, as an aware UTC instant."""
    return datetime.now(UTC)
