"""What a dispatcher is told after a change: planned days that do not know of it, visits that hang on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from flask import flash

from app.records.words import today
from app.store.engine import Tx
from app.store.models import (
    Adult,
    AvailabilityException,
    Credential,
    Nurse,
    Order,
    Patient,
    PatientNurse,
    PhaseMinimum,
    Pickup,
    Prescriber,
    PrescriberException,
    PrescriberHours,
    Protocol,
    Visit,
    WeeklyShift,
)
from app.store.models.plan import PlanStatus
from app.store.queries import planned, versions
from app.web.times import day_name

MOST_DAYS = 3
"""So many days are named; of more, only the number is told."""

Changed = (
    Nurse
    | WeeklyShift
    | AvailabilityException
    | Credential
    | Patient
    | PatientNurse
    | PhaseMinimum
    | Pickup
    | Adult
    | Order
    | Prescriber
    | PrescriberHours
    | PrescriberException
    | Protocol
    | Visit
)


def warn(tx: Tx, row: Changed, *, also: date | None = None) -> None:
    """Flash what the change of a row means. `also`: the day on which a visit or exception was before."""
    for sentence in (*_hanging_visits(tx, row), *_stale_plans(_plans(tx, row, also))):
        flash(sentence, "warning")


def warn_of_days(tx: Tx, region_id: int, days: Collection[date]) -> None:
    """Flash which of these days are planned already."""
    for sentence in _stale_plans(planned.plans_on(tx, region_id, days, today())):
        flash(sentence, "warning")


def _plans(tx: Tx, row: Changed, also: date | None) -> dict[date, PlanStatus]:
    match row:
        case Visit():
            days = {row.day} | ({also} if also else set())
            return planned.plans_on(tx, row.region_id, days, today())
        case Protocol() | Adult():
            return {}  # visits keep their version, and presence is confirmed for each of them
        case Patient():
            return planned.plans_on(tx, row.region_id, planned.booked_days(tx, row, today()), today())
        case PatientNurse() | PhaseMinimum():
            days_of_patient = planned.booked_days(tx, row.patient, today())
            return planned.plans_on(tx, row.patient.region_id, days_of_patient, today())
        case AvailabilityException():
            days = {row.day} | ({also} if also else set())
            return planned.plans_on(tx, row.nurse.region_id, days, today())
        case Pickup():
            return planned.plans_on(tx, row.nurse.region_id, {row.day}, today())
        case Order() | Prescriber():
            return _plans_of_orders(tx, row)
        case PrescriberHours() | PrescriberException():
            return _plans_of_orders(tx, row.prescriber)
        case Nurse():
            return planned.plans_with_nurse(tx, row, today())
        case _:
            return planned.plans_with_nurse(tx, row.nurse, today())


def _plans_of_orders(tx: Tx, row: Order | Prescriber) -> dict[date, PlanStatus]:
    if isinstance(row, Order):
        days = planned.booked_days(tx, row, today())
    else:
        days = planned.ordered_days(tx, row, today())
    return planned.plans_on(tx, row.region_id, days, today())


def _stale_plans(plans: dict[date, PlanStatus]) -> Iterator[str]:
    if not plans:
        return
    published = PlanStatus.PUBLISHED in plans.values()
    state = "published to the nurses" if published else "planned"
    if len(plans) > MOST_DAYS:
        which = f"{len(plans)} days from {day_name(min(plans))} on are"
    else:
        names = [day_name(day) for day in sorted(plans)]
        which = f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"
    yield f"{which} already {state}. The plan does not know of this change: re-plan on the board."


def _hanging_visits(tx: Tx, row: Changed) -> Iterator[str]:
    if isinstance(row, Patient) and not row.active:
        days = planned.booked_days(tx, row, today())
        if days:
            yield (
                f"Visits of this patient are still booked, the first on {day_name(days[0])}. "
                "They will not be planned: cancel them, or make the patient active again."
            )
    if isinstance(row, Protocol):
        count = versions.count_kept(tx, row, today())
        if count:
            visits = "1 visit stays" if count == 1 else f"{count} visits stay"
            yield f"{visits} booked under an older version: move those that are to change, below."
    if isinstance(row, Nurse) and not row.active:
        days = planned.pinned_days(tx, row, today())
        if days:
            yield (
                f"Visits are still pinned to this nurse, the first on {day_name(days[0])}. "
                "They will not be planned: pin them to somebody else, or take the pin away."
            )
