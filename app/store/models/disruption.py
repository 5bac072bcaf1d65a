"""What happened on a planned day, and the plans made upon a published one."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.plan import PlanRow
from app.store.models.run import Run


class DisruptionKind(StrEnum):
    """What may happen."""

    NURSE_ILL = "nurse_ill"
    NURSE_LATE = "nurse_late"
    VISIT_OVERRUNS = "visit_overruns"
    VISIT_CANCELLED = "visit_cancelled"
    URGENT_VISIT = "urgent_visit"
    ROAD_CLOSED = "road_closed"


class DisruptionStatus(StrEnum):
    """Proposed until its plan is published (accepted) or laid aside or replaced (discarded)."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


class DisruptionRow(Base):
    """What a dispatcher reported of a day, at the instant `at`; the run `run_id` makes the proposal.

    `details` holds keys and numbers, no names: {"nurse", "visit", "minutes", "from" (ISO instant), "goes_on",
    "no_show", "factor", "visits", "between"}, those that belong to the kind.
    """

    __tablename__ = "disruptions"
    __table_args__ = (Index(None, "region_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    day: Mapped[date]
    kind: Mapped[DisruptionKind] = mapped_column(closed(DisruptionKind))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]]
    status: Mapped[DisruptionStatus] = mapped_column(
        closed(DisruptionStatus), default=DisruptionStatus.PROPOSED
    )
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), unique=True)
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    run: Mapped[Run] = relationship()


class Replan(Base):
    """The plan was made upon the plan `base_id`, which was in force then; what had begun at `as_of` is as it
    was in that one."""

    __tablename__ = "replans"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    base_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    as_of: Mapped[datetime]

    plan: Mapped[PlanRow] = relationship(foreign_keys=[plan_id])
    base: Mapped[PlanRow] = relationship(foreign_keys=[base_id])
