"""One day of hers as her phone holds it. Shapes are told in docs/field.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.field.custody import custody_of
from app.field.events import CUSTODY, instant_text
from app.nurse.day import Step, steps
from app.store.models import FieldEvent, RouteRow
from app.store.models.visit import VisitKind, VisitStatus


def day_json(
    day: date,
    route: RouteRow | None,
    events: Sequence[FieldEvent],
    drugs: Sequence[str],
    changes: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The day. `events`: all she recorded on it; `drugs`: the items of which waste wants a witness;
    `changes`: since she last said she had seen them."""
    counted = [row for row in events if row.kind in CUSTODY and not row.set_aside]
    custody = custody_of((row.event for row in counted), drugs)
    return {
        "day": day.isoformat(),
        **(_NO_ROUTE if route is None else _of_route(route)),
        "closed": custody.closed,
        "drugs": list(drugs),
        "custody": [line.to_json() for line in custody.lines],
        "changes": list(changes),
        "events": [row.event.to_json() for row in counted],
    }


_NO_ROUTE: Mapping[str, Any] = {
    "plan": None,
    "shift": None,
    "departure": None,
    "finish": None,
    "steps": [],
    "pickup": [],
}


def _of_route(route: RouteRow) -> dict[str, Any]:
    return {
        "plan": route.plan_id,
        "shift": {"start": instant_text(route.shift_start), "end": instant_text(route.shift_end)},
        "departure": route.departure and instant_text(route.departure),
        "finish": route.finish and instant_text(route.finish),
        "steps": [_step(step) for step in steps(route)],
        "pickup": pickup(route),
    }


def pickup(route: RouteRow) -> list[dict[str, Any]]:
    """What the visits of her day take of kits and drugs, by item."""
    units: Counter[str] = Counter()
    for visit in (stop.visit for stop in route.stops):
        if visit.kind is VisitKind.SESSION and visit.status is VisitStatus.BOOKED:
            units.update(visit.version.kit)
            units.update({each.item: each.units for each in visit.version.drug_units})
    return [{"item": item, "units": count} for item, count in sorted(units.items())]


def _step(step: Step) -> dict[str, Any]:
    at = step.stop.arrival if step.stop else step.at
    return {
        "kind": step.kind,
        "at": at and instant_text(at),
        "seconds": step.seconds,
        "visit": step.stop and step.stop.visit_id,
    }
