"""A run of several days, asked for: by a dispatcher on the page, or by an operator's command."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.actions import runs
from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.actions.plans import region_of, require_not_over
from app.clock import utc_now
from app.days import day_text
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import Region, Run
from app.store.models.run import RunTrigger
from app.store.queries import horizon as queries
from app.store.queries import runs as run_queries

FEWEST_DAYS, MOST_DAYS = 2, 21
LONGEST_S = 3600
DAY = timedelta(days=1)


def request_days(tx: Tx, actor: Actor, first: date, count: int, seconds: int | None = None) -> Run:
    """Queue a run of `count` days of the actor's region, from `first` on, for `seconds` (None: the region's).

    Raises ActionError where the days cannot be, are all published, or a run stands in the way.
    """
    region = region_of(tx, actor)
    run = queue_days(
        tx,
        region,
        first,
        count,
        RunTrigger.REPLAN,
        seconds=seconds,
        requested_by=actor.user_id,
        now=utc_now(),
    )
    detail = f"{count} days from {first}"
    record(tx, actor, action="re-plan", subject="runs", subject_id=str(run.id), detail=detail)
    return run


def queue_days(
    tx: Tx,
    region: Region,
    first: date,
    count: int,
    trigger: RunTrigger,
    *,
    now: datetime,
    seconds: int | None = None,
    requested_by: int | None = None,
) -> Run:
    """The same for nobody in particular; not audited. Raises ActionError."""
    if not FEWEST_DAYS <= count <= MOST_DAYS:
        raise ActionError(
            f"{count} days cannot be planned together: give {FEWEST_DAYS} to {MOST_DAYS}, "
            "or plan the day alone."
        )
    if seconds is not None and not 1 <= seconds <= LONGEST_S:
        raise ActionError(f"{seconds} seconds cannot be: give 1 to {LONGEST_S}.")
    require_not_over(region, first, now)
    last = first + (count - 1) * DAY
    if len(queries.published_days(tx, region.id, first, last)) == count:
        raise ActionError(
            f"All days from {day_text(first)} to {day_text(last)} are published: plan later ones."
        )
    runs.sweep(tx, now)
    run = runs.queue(tx, region, first, trigger, now=now, requested_by=requested_by, days=count)
    if run is None:
        raise ActionError(_why_not(tx, region, first))
    run.seconds = seconds or run.seconds
    return run


def _why_not(tx: Tx, region: Region, first: date) -> str:
    alive = run_queries.alive(tx, region.id, first)
    if alive is not None and alive.days == 1:
        return f"{day_text(first)} is being planned already: wait for that run, or cancel it."
    return "Several days are being planned already: wait for that run, or stop it."
