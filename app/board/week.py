"""Seven days side by side: visits, time and money of each, and what is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.board import text
from app.board.day import shown_plan
from app.store.engine import Tx
from app.store.models import PlanRow, Region
from app.store.models.plan import PlanStatus
from app.store.queries import week as queries

DAYS = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekDay:
    """One day; its figures are those of the plan that the day's page shows first. Durations in seconds.

    `waiting`: a draft that would take the place of the published plan. `proof` in words, "" where unknown.
    """

    day: date
    status: PlanStatus | None
    waiting: bool
    booked: int
    served: int
    nurses: int
    drive: int
    paid: int
    overtime: int
    proof: str

    @property
    def unserved(self) -> int:
        """Booked visits without a nurse; without a plan, all of them."""
        return self.booked - self.served


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """Monday to Sunday, and their sums."""

    days: tuple[WeekDay, ...]

    @property
    def first(self) -> date:
        """The Monday."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """The Sunday."""
        return self.days[-1].day

    def total(self, figure: str) -> int:
        """The sum of one figure over the days."""
        return sum(getattr(day, figure) for day in self.days)


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def load_week(tx: Tx, region: Region, monday: date) -> Week:
    """The region's week from `monday` on, in a fixed number of queries."""
    days = [monday + timedelta(days=number) for number in range(DAYS)]
    booked = queries.booked_between(tx, region.id, days[0], days[-1])
    plans = queries.plans_between(tx, region.id, days[0], days[-1])
    shown = {day: plan for day in days if (plan := shown_plan(plans.get(day, {}), None))}
    ids = [plan.id for plan in shown.values()]
    served, routes = queries.served_by(tx, ids), queries.routes_of(tx, ids)
    paid: dict[int, list[int]] = {}
    for route in routes:
        paid.setdefault(route.plan_id, []).append(route.paid_seconds)
    return Week(
        days=tuple(
            _day(day, booked.get(day, set()), plans.get(day, {}), shown.get(day), served, paid)
            for day in days
        )
    )


def _day(
    day: date,
    booked: set[int],
    plans: dict[PlanStatus, PlanRow],
    plan: PlanRow | None,
    served: dict[int, set[int]],
    paid: dict[int, list[int]],
) -> WeekDay:
    worked: Sequence[int] = paid.get(plan.id, ()) if plan else ()
    return WeekDay(
        day=day,
        status=plan.status if plan else None,
        waiting=len(plans) > 1,
        booked=len(booked),
        served=len(booked & served.get(plan.id, set())) if plan else 0,
        nurses=sum(seconds > 0 for seconds in worked),
        drive=plan.travel_total if plan else 0,
        paid=sum(worked),
        overtime=plan.overtime_total if plan else 0,
        proof=text.proof(plan.cost, plan.bound) if plan else "",
    )
