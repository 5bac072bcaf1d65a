"""What a nurse has picked up for a day: kits and drug units."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base
from app.store.models.nurse import Nurse


class Pickup(Base):
    """So many `units` of an item, as the protocols name it, for one nurse and day."""

    __tablename__ = "pickups"
    __table_args__ = (
        UniqueConstraint("nurse_id", "day", "item"),
        CheckConstraint("units >= 0", name="units"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nurse_id: Mapped[int] = mapped_column(ForeignKey("nurses.id"))
    day: Mapped[date]
    item: Mapped[str]
    units: Mapped[int]

    nurse: Mapped[Nurse] = relationship()
