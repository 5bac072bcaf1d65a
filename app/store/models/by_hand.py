"""Plans changed by hand: each step, so that it can be undone; and rules broken with a reason."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.nurse import Nurse
from app.store.models.user import User
from app.store.models.visit import Visit
from scheduler.model import OperationRule


class StepKind(StrEnum):
    """What a dispatcher did: a visit elsewhere, in or out of the plan; or its pin changed."""

    MOVE = "move"
    LEAVE_OUT = "leave_out"
    PIN = "pin"


class PlanStep(Base):
    """One change by hand of the draft `plan_id`, which made its content `revision`; or of a draft whose place
    that one has taken.

    `words` say what it did, with codes and nurses' names, never a patient's.
    `before` and `after`: {"routes": {shift: route or null}, "pin": {"nurse", "start" (ISO)} or null,
    "left_out"}, the routes as the plan's JSON has them. A step undone has `undone_at`, and then the content
    `undone_revision`; one that can neither be undone nor done again any more is `closed`.
    """

    __tablename__ = "plan_steps"
    __table_args__ = (Index(None, "plan_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    revision: Mapped[str]
    kind: Mapped[StepKind] = mapped_column(closed(StepKind))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    words: Mapped[str]
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
    undone_revision: Mapped[str | None]
    closed: Mapped[bool] = mapped_column(default=False)

    visit: Mapped[Visit] = relationship()
    user: Mapped[User] = relationship()


class AcceptedExceptionRow(Base):
    """A rule of operation that a plan of `day` may break, by at most `amount` seconds or visits: at the
    visit, on the nurse's shift, or both. `step_id`: the change by hand that asked for it. Never deleted;
    taken back, it has `withdrawn_at`."""

    __tablename__ = "accepted_exceptions"
    __table_args__ = (
        Index(None, "region_id", "day"),
        CheckConstraint("visit_id IS NOT NULL OR nurse_id IS NOT NULL", name="subject"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    day: Mapped[date]
    rule: Mapped[OperationRule] = mapped_column(closed(OperationRule))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
    nurse_id: Mapped[int | None] = mapped_column(ForeignKey("nurses.id"))
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    step_id: Mapped[int] = mapped_column(ForeignKey("plan_steps.id"), index=True)
    withdrawn_at: Mapped[datetime | None]

    visit: Mapped[Visit | None] = relationship()
    nurse: Mapped[Nurse | None] = relationship()
    user: Mapped[User] = relationship()
