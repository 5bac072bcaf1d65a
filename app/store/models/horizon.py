"""What a run of several days came to: its sums, the sessions that got another day, what could not be done."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.store.models.base import Base
from app.store.models.run import Run
from app.store.models.visit import Visit


class HorizonResult(Base):
    """Of `visits` on all days `served` had a place. `kept`: the share, from 0 to 1, of sessions whose nurse
    is that of the session before (None: there are none). `published`: the days that were left alone,
    as in 2026-11-24. `troubles`: a sentence each, with codes of visits and no names."""

    __tablename__ = "horizon_results"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    visits: Mapped[int]
    served: Mapped[int]
    kept: Mapped[float | None]
    published: Mapped[list[str]]
    troubles: Mapped[list[str]]

    run: Mapped[Run] = relationship()
    moves: Mapped[list[DayMoveRow]] = relationship(
        cascade="all, delete-orphan", order_by="DayMoveRow.after, DayMoveRow.id"
    )

    @property
    def days_left_alone(self) -> tuple[date, ...]:
        """`published` as dates."""
        return tuple(map(date.fromisoformat, self.published))


class DayMoveRow(Base):
    """A session that the run moved from one day to another."""

    __tablename__ = "day_moves"
    __table_args__ = (Index(None, "run_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("horizon_results.run_id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"))
    before: Mapped[date]
    after: Mapped[date]

    visit: Mapped[Visit] = relationship()
