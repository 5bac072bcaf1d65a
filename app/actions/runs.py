"""The life of a run: queued, claimed by a worker, kept alive by its heartbeat, ended.

At most one run of a region and day is alive, and at most one of several days. A run that is not running any
more, because it was taken for dead or sent back to the queue, stores nothing: `running` in
`app.store.queries.runs` is the gate.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.clock import utc_now
from app.days import CalendarError, day_text, local_date, zone_of
from app.quiet import trace_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import Region, Run
from app.store.models.run import RunStatus, RunTrigger
from app.store.once import insert_once
from app.store.queries import runs as queries
from scheduler.model import Solution
from scheduler.solve import Progress

log = logging.getLogger("rounds.planning")

LEASE_S = 30.0
"""A running run without a heartbeat for this long has died."""

MOST_ATTEMPTS = 3
"""How often a night is tried before it is left to the dispatcher."""

PAUSE = timedelta(minutes=1)
"""What failed for an unknown cause waits so long, and longer each time, before it is tried again."""


def queue(
    tx: Tx,
    region: Region,
    day: date,
    trigger: RunTrigger,
    *,
    now: datetime,
    requested_by: int | None = None,
    days: int = 1,
) -> Run | None:
    """Queue a run of `days` days from `day` on; None where one of this region and day is alive already, or,
    for several days, another one of several."""
    run = new_run(region, day, trigger, now=now, days=days)
    run.requested_by = requested_by
    return run if insert_once(tx, run) else None


def new_run(region: Region, day: date, trigger: RunTrigger, *, now: datetime, days: int = 1) -> Run:
    """A queued run with the region's own solving time, not yet stored."""
    return Run(
        region_id=region.id,
        day=day,
        days=days,
        trigger=trigger,
        status=RunStatus.QUEUED,
        attempt=1,
        queued_at=now,
        seconds=region.solve_seconds if days == 1 else region.horizon_seconds,
        seed=0,
    )


def claim(tx: Tx, worker: str, now: datetime) -> Run | None:
    """Take the run that has waited longest; None where nothing waits. No two workers get the same one."""
    run = queries.first_queued(tx, now)
    if run is not None:
        begin(run, worker, now)
    return run


def begin(run: Run, worker: str, now: datetime) -> None:
    """The run is in the hands of `worker` from now on."""
    run.status = RunStatus.RUNNING
    run.worker = worker
    run.started_at = run.heartbeat_at = now
    run.stage = ""
    run.elapsed = 0.0
    run.cost = run.bound = None


def renew(tx: Tx, run_id: int, now: datetime) -> None:
    """Note that the run is alive; nothing happens where it is not running any more."""
    run = queries.running(tx, run_id)
    if run is not None:
        run.heartbeat_at = now


def note_progress(tx: Tx, run_id: int, progress: Progress, now: datetime) -> bool:
    """Write how far the run is. False: it shall stop, because somebody cancelled it or it is not running any
    more."""
    run = queries.running(tx, run_id)
    if run is None:
        return False
    run.heartbeat_at = now
    run.stage, run.elapsed = progress.stage, progress.seconds
    run.cost, run.bound = progress.cost, progress.bound
    return not run.cancel_requested


def cancel(tx: Tx, actor: Actor, run_id: int) -> None:
    """Stop a run of the actor's region soon, keeping the best plan found so far; one still waiting is ended.

    Raises ActionError where there is no such run, or it has ended.
    """
    run = tx.get(Run, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.region_id != actor.region_id:
        raise ActionError(f"There is no run {run_id}: look at the list of runs.")
    if run.status is RunStatus.QUEUED:
        run.status, run.finished_at, run.error = RunStatus.FAILED, utc_now(), "Cancelled before it began."
    elif run.status is RunStatus.RUNNING:
        run.cancel_requested = True
    else:
        raise ActionError(f"Run {run_id} has ended already: there is nothing to cancel.")
    record(tx, actor, action="cancel", subject="runs", subject_id=str(run_id))


def succeed(run: Run, solution: Solution, now: datetime, *, cost: int) -> None:
    """End a running run whose plans are stored; `cost` in points. Where a stage of the solver failed, its
    `error` says so."""
    run.status, run.finished_at, run.stage = RunStatus.SUCCEEDED, now, "done"
    run.cost, run.bound, run.elapsed = cost, solution.bound, solution.seconds
    for fault in solution.faults:
        log.error("run %s: a stage of the solver failed: %s", run.id, trace_of(fault))
        run.error = (
            f"A part of the planner failed ({type(fault).__name__}). The plan keeps every rule, but may be "
            "dearer than need be; the worker's log says where."
        )


def give_back(tx: Tx, run_id: int) -> None:
    """Send a running run back to the queue: its worker stops, and another shall take it up."""
    run = queries.running(tx, run_id)
    if run is not None:
        run.status = RunStatus.QUEUED
        run.worker = run.stage = ""


def fail(tx: Tx, run_id: int, error: str, now: datetime, *, again: bool = False) -> Run | None:
    """End a running run as failed; None where it is not running any more. `error` is safe to show.

    `again`: what went wrong may go right next time, so a night is queued anew, after PAUSE. What goes wrong
    with several days may go right with one: the night then plans tomorrow alone, at once.
    """
    run = queries.running(tx, run_id)
    if run is not None:
        _end(tx, run, error, now)
        if run.days > 1:
            _retry(tx, run, now, pause=timedelta())
        elif again:
            _retry(tx, run, now, pause=PAUSE * run.attempt**2)
    return run


def error_of(tx: Tx, run_id: int) -> str:
    """What went wrong with the run; empty where nothing did."""
    return tx.get_one(Run, run_id).error


def sweep(tx: Tx, now: datetime, lease_s: float = LEASE_S) -> Sequence[Run]:
    """End the running runs whose worker has died, and queue their nights anew, at once; the ones ended."""
    dead = queries.silent(tx, since=now - timedelta(seconds=lease_s))
    for run in dead:
        _end(tx, run, "The worker stopped in mid-run.", now)
        # The run need not be at fault, the first time: the worker may have been stopped.
        _retry(tx, run, now, pause=timedelta(), days=run.days if run.attempt == 1 else 1)
    return dead


def plan_alone(tx: Tx, run: Run, now: datetime) -> None:
    """A night of several days has ended without a draft of tomorrow: tomorrow is planned alone."""
    night = queries.night(tx, run.region_id, run.day)
    if night is not None and night.run_id == run.id:
        following = new_run(run.region, run.day, RunTrigger.NIGHTLY, now=now)
        if insert_once(tx, following):
            night.run_id = following.id


def _end(tx: Tx, run: Run, error: str, now: datetime) -> None:
    run.status, run.finished_at, run.error = RunStatus.FAILED, now, error
    # Before another one is queued: at most one run of the day may be alive.
    tx.flush()


def _retry(tx: Tx, run: Run, now: datetime, *, pause: timedelta, days: int = 1) -> None:
    night = queries.night(tx, run.region_id, run.day)
    if night is None or night.run_id != run.id or run.attempt >= MOST_ATTEMPTS or _is_over(run, now):
        return
    following = new_run(run.region, run.day, RunTrigger.NIGHTLY, now=now + pause, days=days)
    following.attempt = run.attempt + 1
    # Another seed, in case this one led the solver astray.
    following.seed = run.seed + 1
    if insert_once(tx, following):
        night.run_id = following.id
        it = "It" if days == run.days else f"{day_text(run.day)} alone"
        run.error += f" {it} is tried again (attempt {following.attempt} of {MOST_ATTEMPTS})."


def _is_over(run: Run, now: datetime) -> bool:
    try:
        return run.day < local_date(now, zone_of(run.region.zone))
    except CalendarError:
        return False
