"""What the demo's nurses record as their day goes on, as their phones would send it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from app.actions import accounts
from app.actions.field import accept
from app.field.envelope import batch_of
from app.field.events import instant_text
from app.store.engine import Tx
from app.store.models import RouteRow, StopRow, User
from app.store.models.protocol import PhaseKind
from app.store.models.visit import VisitKind
from app.store.queries import field

NAMES = UUID("5d3c7d62-6a0e-4b39-9a0d-3f1c5b1f0a11")
"""Of events and devices: the same event has the same id however often it is played."""

STEPS = 100
"""Room for the events of one stop in their order."""

USUAL, HIGH = (124, 79), (147, 94)
"""Blood pressures; the second is above the demo's limits."""

Told = tuple[datetime, str, dict[str, Any]]
"""When, what, and its payload."""


def play(tx: Tx, user: User, route: RouteRow, now: datetime, *, late: bool, high: bool) -> int:
    """Record what the nurse has done of her route by `now`, all to the plan; how many events that are.

    With `late` she has not arrived where she should be by now. With `high` one blood pressure is above the
    limit. Visits of which somebody recorded anything herself are left alone.
    """
    device = str(uuid5(NAMES, f"device of {route.nurse_id}"))
    touched = {
        row.visit_id for row in field.of_visits(tx, [s.visit_id for s in route.stops]) if row.device != device
    }
    events = [_event(device, 0, number, None, route, each) for number, each in enumerate(_picked_up(route))]
    for place, stop in enumerate(route.stops):
        if stop.visit_id in touched or (late and stop.end > now):
            break
        story = sorted(_at_a_visit(stop, high=high and place == 0), key=lambda each: each[0])
        events += [_event(device, place + 1, step, stop, route, each) for step, each in enumerate(story)]
    happened = [each for each in events if datetime.fromisoformat(each["at"]) <= now]
    batch = {"device": device, "sent_at": instant_text(now), "events": happened}
    accept(tx, accounts.actor_of(user), batch_of(batch), now)
    return len(happened)


def _event(
    device: str, place: int, step: int, stop: StopRow | None, route: RouteRow, told: Told
) -> dict[str, Any]:
    at, kind, payload = told
    seq = place * STEPS + step
    return {
        "id": str(uuid5(NAMES, f"{device}/{route.plan.day}/{seq}")),
        "device": device,
        "seq": seq + STEPS * STEPS * route.plan.day.toordinal(),
        "kind": kind,
        "visit": None if stop is None else stop.visit_id,
        "day": route.plan.day.isoformat(),
        "at": instant_text(at),
        "offset_ms": 0,
        "payload": payload,
    }


def _picked_up(route: RouteRow) -> Iterator[Told]:
    units: Counter[str] = Counter()
    for stop in route.stops:
        units.update(_supplies(stop))
    for item in sorted(units):
        yield route.departure or route.shift_start, "picked_up", {"item": item, "units": units[item]}


def _supplies(stop: StopRow) -> dict[str, int]:
    if stop.visit.kind is not VisitKind.SESSION:
        return {}
    version = stop.visit.version
    return dict.fromkeys(version.kit, 1) | {each.item: each.units for each in version.drug_units}


def _at_a_visit(stop: StopRow, *, high: bool) -> Iterator[Told]:
    place = {
        "latitude": stop.visit.patient.latitude,
        "longitude": stop.visit.patient.longitude,
        "accuracy_m": 12,
    }
    yield stop.arrival, "arrived", {"place": place}
    answers = dict.fromkeys(("order_valid", "identity", "fasting", "adult", "kit"), True)
    yield stop.start + timedelta(seconds=20), "checked", {"answers": answers}
    yield stop.start + timedelta(seconds=50), "vitals", _pressure(USUAL)
    yield stop.start + timedelta(seconds=60), "go", {}
    at = stop.start
    for position, phase in enumerate(stop.phases):
        over = at + timedelta(minutes=phase["minutes"])
        yield at + timedelta(seconds=0 if position else 70), "phase_began", {"position": position}
        yield from _in_phase(stop, phase["kind"], at, over, high)
        at = over
    yield stop.end, "departed", {"place": place, "early": None}


def _in_phase(stop: StopRow, kind: str, at: datetime, over: datetime, high: bool) -> Iterator[Told]:
    version = stop.visit.version
    every = {
        PhaseKind.INFUSION: version.vitals_infusion,
        PhaseKind.MONITORING: version.vitals_monitoring,
    }.get(PhaseKind(kind))
    if kind == PhaseKind.INFUSION:
        for number, (item, units) in enumerate(sorted(_supplies(stop).items())):
            yield at + timedelta(seconds=10 + number), "used", {"item": item, "units": units}
    due = at + timedelta(minutes=every or 0)
    while every and due < over:
        is_high = high and kind == PhaseKind.INFUSION and due == at + timedelta(minutes=every)
        yield due, "vitals", _pressure(HIGH if is_high else USUAL)
        due += timedelta(minutes=every)
    if kind == PhaseKind.DISCHARGE:
        yield at + timedelta(minutes=4), "discharged", _discharge(stop)


def _discharge(stop: StopRow) -> dict[str, Any]:
    return {
        "criteria": dict.fromkeys(stop.visit.version.discharge_criteria, True),
        "adult_present": True,
        "mood": "calm, a little tired",
        "mania_signs": False if stop.visit.patient.bipolar else None,
        "follow_up_booked": True,
    }


def _pressure(pressure: tuple[int, int]) -> dict[str, Any]:
    return {"systolic": pressure[0], "diastolic": pressure[1], "heart_rate": 72, "oxygen": 98, "phase": None}
