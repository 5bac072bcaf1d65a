"""The nightly plan of each region: when it is due, and the claim that makes it happen once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.actions import runs
from app.days import CalendarError, next_working_day, zone_of
from app.store.engine import Tx
from app.store.models import Night, Region, Run
from app.store.models.run import RunStatus, RunTrigger
from app.store.once import insert_once
from app.store.queries import runs as queries


def due_day(region: Region, now: datetime) -> date | None:
    """The day to be planned this local night: the next working day. None before the region's hour has struck.

    It stays due until local midnight, so that a worker that was down at the hour makes up for it. Read from
    the wall clock, it is right where the clocks jump over the hour or show it twice. Raises CalendarError
    where the region's zone or working days cannot be.
    """
    local = now.astimezone(zone_of(region.zone))
    if local.hour < region.plan_hour:
        return None
    return next_working_day(local.date(), region.working_days)


def claim_night(tx: Tx, region_id: int, now: datetime) -> Run | None:
    """Queue the region's nightly run if it is due and nobody has done so; else None, and nothing changes.

    It plans as many days together as the region says, from the due one on. While another run of that day, or
    of several days, is alive it waits for the next call. A region whose calendar cannot be gets
    a failed run that says why, once a day.
    """
    region = tx.get(Region, region_id)
    if region is None:
        return None
    try:
        day = due_day(region, now)
    except CalendarError as error:
        return _refused(tx, region, now, f"Region {region.code}: {error}.")
    if day is None or queries.night(tx, region.id, day) is not None:
        return None
    run = runs.new_run(region, day, RunTrigger.NIGHTLY, now=now, days=region.horizon_days)
    return _claim(tx, run, now)


def _refused(tx: Tx, region: Region, now: datetime, error: str) -> Run | None:
    tomorrow = (now.astimezone(UTC) + timedelta(days=1)).date()
    if queries.night(tx, region.id, tomorrow) is not None:
        return None
    run = runs.new_run(region, tomorrow, RunTrigger.NIGHTLY, now=now)
    run.status, run.finished_at, run.error = RunStatus.FAILED, now, error
    return _claim(tx, run, now)


def _claim(tx: Tx, run: Run, now: datetime) -> Run | None:
    """The night and its run are inserted together or not at all."""
    night = Night(region_id=run.region_id, day=run.day, claimed_at=now, run=run)
    return run if insert_once(tx, night) else None
