"""A person who may log in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base, closed
from app.store.models.nurse import Nurse


class Role(StrEnum):
    """What a user may see: a dispatcher her region, a nurse her own visits."""

    DISPATCHER = "dispatcher"
    NURSE = "nurse"


class User(Base):
    """`password_hash` is argon2id. `session_key` is part of every session: a new one logs out everywhere."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role != 'nurse' OR nurse_id IS NOT NULL", name="nurse_has_record"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    session_key: Mapped[str]
    role: Mapped[Role] = mapped_column(closed(Role))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    nurse_id: Mapped[int | None] = mapped_column(ForeignKey("nurses.id"), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    last_login_at: Mapped[datetime | None]

    nurse: Mapped[Nurse | None] = relationship()
