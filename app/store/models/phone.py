"""What a nurse's devices subscribe to: her calendar feed, and notices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base


class CalendarFeed(Base):
    """A nurse's calendar feed. Its address is a secret of which only the SHA-256 is kept; a new address, or
    none, ends the one before."""

    __tablename__ = "calendar_feeds"

    nurse_id: Mapped[int] = mapped_column(ForeignKey("nurses.id"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class PushSubscription(Base):
    """Where a device of a user takes notices: an address at its maker's push service, and the keys that
    notices are encrypted with."""

    __tablename__ = "push_subscriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    endpoint: Mapped[str] = mapped_column(Text, unique=True)
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime]
