"""A region: one clinic's area, with its own zone, road speed, prices and planning hour."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.models.base import Base, on_the_globe


class Region(Base):
    """`code` names it on the command line. `zone` is an IANA name; `plan_hour` is local. Rates in dollars.
    `rest_hours` pass at least between two shifts of a nurse. A night plans `horizon_days` days together, of
    which tomorrow is the first, for `horizon_seconds`; 1: tomorrow alone.
    `state`: the postal code of the state where its patients live, unless their records say another one
    (empty: not on file).

    A published visit that starts within `freeze_minutes` keeps nurse and start when its day is planned again,
    where nothing prevents it."""

    __tablename__ = "regions"
    __table_args__ = (
        CheckConstraint("plan_hour BETWEEN 0 AND 23", name="plan_hour"),
        CheckConstraint("detour_factor >= 1", name="detour_factor"),
        CheckConstraint("speed_kmh > 0", name="speed_kmh"),
        CheckConstraint("solve_seconds > 0", name="solve_seconds"),
        CheckConstraint("horizon_days BETWEEN 1 AND 21", name="horizon_days"),
        CheckConstraint("horizon_seconds > 0", name="horizon_seconds"),
        CheckConstraint("travel_rate >= 0", name="travel_rate"),
        CheckConstraint("overtime_rate >= 0", name="overtime_rate"),
        CheckConstraint("not_preferred_price >= 0", name="not_preferred_price"),
        CheckConstraint("rest_hours BETWEEN 0 AND 24", name="rest_hours"),
        CheckConstraint("freeze_minutes >= 0", name="freeze_minutes"),
        *on_the_globe(),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    zone: Mapped[str]
    plan_hour: Mapped[int] = mapped_column(default=3)
    working_days: Mapped[str] = mapped_column(default="Mon Tue Wed Thu Fri")
    solve_seconds: Mapped[int] = mapped_column(default=60)
    horizon_days: Mapped[int] = mapped_column(default=10)
    horizon_seconds: Mapped[int] = mapped_column(default=180)
    detour_factor: Mapped[float] = mapped_column(default=1.3)
    speed_kmh: Mapped[float] = mapped_column(default=40.0)
    travel_rate: Mapped[int] = mapped_column(default=45)
    overtime_rate: Mapped[int] = mapped_column(default=90)
    not_preferred_price: Mapped[int] = mapped_column(default=20)
    rest_hours: Mapped[int] = mapped_column(default=11)
    freeze_minutes: Mapped[int] = mapped_column(default=120)
    latitude: Mapped[float]
    longitude: Mapped[float]
    state: Mapped[str] = mapped_column(default="")
