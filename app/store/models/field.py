"""What nurses' phones recorded. Append-only: the database itself refuses to change or delete it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.field.events import Event
from app.store.models.base import Base
from app.store.models.nurse import Nurse
from app.store.models.visit import Visit


class FieldEvent(Base):
    """One event of a nurse's phone, under the id that the phone gave it.

    `at` is the phone's clock and `offset_ms` the service's clock minus the phone's as the phone knew it
    (None: it did not); `reckoned_ms` is then the same as the service saw it when the event came.
    `happened_at` is what the two make; `received_at` the service's own clock. `set_aside`: why it is not part
    of the record, a sentence; empty where it is. `visit_id` is None too where the visit is none of the
    region's.
    """

    __tablename__ = "field_events"
    __table_args__ = (
        Index(None, "nurse_id", "day"),
        Index(None, "region_id", "day"),
        Index(None, "visit_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    nurse_id: Mapped[int] = mapped_column(ForeignKey("nurses.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    device: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
    day: Mapped[date]
    at: Mapped[datetime]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    reckoned_ms: Mapped[int | None] = mapped_column(BigInteger)
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    set_aside: Mapped[str] = mapped_column(Text, default="")

    nurse: Mapped[Nurse] = relationship()
    visit: Mapped[Visit | None] = relationship()

    @property
    def event(self) -> Event:
        """The event as the folds take it; where the phone knew no offset, with the one reckoned."""
        offset = self.reckoned_ms if self.offset_ms is None else self.offset_ms
        return Event(
            id=self.id,
            device=self.device,
            seq=self.seq,
            kind=self.kind,
            visit=self.visit_id,
            day=self.day,
            at=self.at,
            offset=None if offset is None else timedelta(milliseconds=offset),
            payload=self.payload,
        )
