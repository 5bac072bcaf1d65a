"""Runs: every execution of the planner, and the claim that makes each night run once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.region import Region


class RunTrigger(StrEnum):
    """What asked for the run."""

    NIGHTLY = "nightly"
    REPLAN = "replan"
    COMMAND = "command"


class RunStatus(StrEnum):
    """Where a run stands. Queued and running ones are alive; the others have ended."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Run(Base):
    """One execution of the planner: of `day` alone, or of `days` days together, of which `day` is the first.

    At most one run of a region and first day is alive, and at most one of several days. `heartbeat_at` is
    renewed while it runs: a running one with an old heartbeat has died.

    `stage`, `cost`, `bound` (points) and `elapsed` (seconds) are its latest progress. `cancel_requested`:
    stop soon and keep the best plan found so far. `error` is safe to show.
    """

    __tablename__ = "runs"
    __table_args__ = (
        Index(None, "region_id", "day"),
        Index(None, "status"),
        Index(
            "uq_runs_alive",
            "region_id",
            "day",
            unique=True,
            sqlite_where=text("status IN ('queued', 'running')"),
            postgresql_where=text("status IN ('queued', 'running')"),
        ),
        Index(
            "uq_runs_several_days_alive",
            "region_id",
            unique=True,
            sqlite_where=text("days > 1 AND status IN ('queued', 'running')"),
            postgresql_where=text("days > 1 AND status IN ('queued', 'running')"),
        ),
        CheckConstraint("days BETWEEN 1 AND 21", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    day: Mapped[date]
    days: Mapped[int] = mapped_column(default=1)
    trigger: Mapped[RunTrigger] = mapped_column(closed(RunTrigger))
    status: Mapped[RunStatus] = mapped_column(closed(RunStatus), default=RunStatus.QUEUED)
    attempt: Mapped[int] = mapped_column(default=1)
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    worker: Mapped[str] = mapped_column(default="")
    seconds: Mapped[int]
    seed: Mapped[int] = mapped_column(default=0)
    stage: Mapped[str] = mapped_column(default="")
    elapsed: Mapped[float] = mapped_column(default=0.0)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(Text, default="")

    region: Mapped[Region] = relationship()

    @property
    def last_day(self) -> date:
        """The last of its days."""
        return self.day + timedelta(days=self.days - 1)


class Night(Base):
    """The claim of the nightly plan of one region and planned `day`: whoever inserts the row queues its run,
    nobody else. `run_id` is the latest attempt."""

    __tablename__ = "nights"

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    claimed_at: Mapped[datetime]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))

    run: Mapped[Run] = relationship()
