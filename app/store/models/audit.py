"""The audit trail: who read or wrote what, when. Append-only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base


class AuditEntry(Base):
    """`action` is "read", "write", "publish", "log-in" ...; `subject` is a table and `subject_id` its key
    (empty: the listed set, its size in `detail`). `detail` names fields, never their values."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
