"""How many transactions have written what a page may show."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base


class WriteCount(Base):
    """The one row, counted up by every such transaction as it commits (`app/store/writes.py`)."""

    __tablename__ = "writes"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
