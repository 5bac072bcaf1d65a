"""Local times that a day does not have, or has twice, because the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def trouble(day: date, local: time, zone: ZoneInfo) -> str | None:
    """What is wrong with a local time, and the cure; None for one that comes exactly once that day."""
    naive = datetime.combine(day, local)
    early, late = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return None
    back = early.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None) != naive:
        return (
            f"{local:%H:%M} does not exist on {day}: the clocks go forward then. "
            f"Choose {back:%H:%M} instead, or a time before the change."
        )
    after = _after_change(naive, zone)
    return (
        f"{local:%H:%M} comes twice on {day}: the clocks go back then. "
        f"Choose {after:%H:%M} or later, or a time before the change."
    )


def _after_change(naive: datetime, zone: ZoneInfo) -> datetime:
    """The first full minute after `naive` that comes once only."""
    while naive.replace(tzinfo=zone, fold=0).utcoffset() != naive.replace(tzinfo=zone, fold=1).utcoffset():
        naive += timedelta(minutes=1)
    return naive
