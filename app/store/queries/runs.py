"""Runs, as those who carry them out see them. What is about to be changed is locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.store.engine import Tx
from app.store.models import Night, Run
from app.store.models.run import RunStatus

ALIVE = (RunStatus.QUEUED, RunStatus.RUNNING)


def alive(tx: Tx, region_id: int, day: date) -> Run | None:
    """The day's queued or running run; there is at most one."""
    return tx.scalar(select(Run).where(Run.region_id == region_id, Run.day == day, Run.status.in_(ALIVE)))


def first_queued(tx: Tx, now: datetime) -> Run | None:
    """Of the runs that are due the one that has waited longest, with its region, locked; those that another
    worker is claiming are passed over."""
    query = (
        select(Run)
        .where(Run.status == RunStatus.QUEUED, Run.queued_at <= now)
        .order_by(Run.queued_at, Run.id)
        .limit(1)
        .options(joinedload(Run.region))
        .with_for_update(skip_locked=True, of=Run)
    )
    return tx.scalar(query)


def running(tx: Tx, run_id: int) -> Run | None:
    """The run, locked, as it is now; None where it is not running any more."""
    query = (
        select(Run)
        .where(Run.id == run_id, Run.status == RunStatus.RUNNING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return tx.scalar(query)


def silent(tx: Tx, since: datetime) -> Sequence[Run]:
    """Running runs without a heartbeat since then, locked; those that somebody else is changing are passed
    over."""
    query = (
        select(Run)
        .where(Run.status == RunStatus.RUNNING, Run.heartbeat_at < since)
        .order_by(Run.id)
        .with_for_update(skip_locked=True)
    )
    return tx.scalars(query).all()


def recent(tx: Tx, limit: int) -> Sequence[Run]:
    """The latest runs of all regions, with their regions, newest first."""
    return tx.scalars(select(Run).order_by(Run.id.desc()).limit(limit).options(joinedload(Run.region))).all()


def night(tx: Tx, region_id: int, day: date) -> Night | None:
    """The claim of the day's nightly plan, if somebody has made it."""
    return tx.get(Night, (region_id, day))
