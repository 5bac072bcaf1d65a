"""A clinic for playing several days in a browser: eight patients with two sessions each, and four nurses.

All first sessions are booked for one day and all second ones for another, more than the nurses can do.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from app.actions.accounts import actor_of, create_user
from app.actions.actor import Actor
from app.actions.courses import series
from app.store.engine import Tx
from app.store.models.user import Role
from tests.support.clinic import DISPATCHER, PASSWORD
from tests.support.rows import DAY, Clinic

PATIENTS, DAYS = 8, 3
NAMES = ("Ana Imagined", "Ben Conceived", "Cleo Invented", "Dov Supposed")


def on(number: int) -> date:
    """Day number `number` of those that are played, from 0; the first is a Tuesday."""
    return DAY + timedelta(days=number)


def seed(tx: Tx) -> Actor:
    """Fill an empty database; the dispatcher. On the first day only two of the four nurses work."""
    clinic = Clinic.make(tx, solve_seconds=1, horizon_seconds=1, horizon_days=DAYS)
    nurses = [clinic.nurse(name, east=0.01 * at, weekly_hours=36) for at, name in enumerate(NAMES)]
    for nurse in nurses[2:]:
        clinic.off(nurse, on(0))
    user = create_user(
        tx, email=DISPATCHER, name="Dana Whitfield", password=PASSWORD, role=Role.DISPATCHER, region_id=1
    )
    actor, protocol, prescriber = actor_of(user), clinic.protocol(), clinic.prescriber()
    for number in range(PATIENTS):
        order = clinic.order(
            protocol,
            prescriber=prescriber,
            patient=clinic.patient(phone=f"(614) 555-01{40 + number}"),
            sessions=2,
            min_hours=24,
            max_hours=None,
            latest_start=time(14),
        )
        series.book_series(tx, actor, order.id)
    return actor
