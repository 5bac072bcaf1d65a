"""One visit in full, as JSON for the side panel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.actions.actor import Actor
from app.board import text
from app.board.day import shown_plan
from app.board.payload import COLOURS, window
from app.days import zone_of
from app.states import STATES
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import StopRow, UnassignedRow, Visit
from app.store.models.patient import Standing
from app.store.models.plan import PlanStatus, hand_over_of
from app.store.models.protocol import PhaseKind
from app.store.models.visit import Priority, VisitStatus
from app.store.queries import board as queries
from app.web.times import clock, duration, span

PHASES: Mapping[str, str] = {
    PhaseKind.ARRIVAL: "Arrival",
    PhaseKind.IV_START: "IV start",
    PhaseKind.INFUSION: "Infusion",
    PhaseKind.MONITORING: "Monitoring",
    PhaseKind.DISCHARGE: "Discharge",
}

_TONES = {Priority.IMPORTANT: "badge-warn", Priority.URGENT: "badge-danger"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedStop:
    """A stop of the visit, with its nurse's number of the day and how many stops her route has."""

    row: StopRow
    number: int
    of: int


def load_detail(
    tx: Tx, actor: Actor, day: date, visit_id: int, asked: PlanStatus | None
) -> dict[str, Any] | None:
    """The visit as the panel shows it (see `views.visit_detail`), its reading audited.

    None where the actor's region has no such visit.
    """
    visit = queries.visit_in_full(tx, actor.region_id, visit_id)
    if visit is None:
        return None
    record(
        tx,
        actor,
        action="read",
        subject="visits",
        subject_id=str(visit_id),
        detail="patient name, address, telephone, access notes, nurses; notes, windows",
    )
    plan = shown_plan(queries.plans_of_day(tx, actor.region_id, day), asked)
    if plan is None:
        return _detail(visit, (), None)
    return _detail(
        visit, tuple(_stops(tx, plan.id, visit_id)), queries.unassigned_visit(tx, plan.id, visit_id)
    )


def _stops(tx: Tx, plan_id: int, visit_id: int) -> Iterator[PlannedStop]:
    counts = queries.stops_by_nurse(tx, plan_id)
    numbers = {nurse: number for number, nurse in enumerate(counts, start=1)}
    for row in queries.stops_of_visit(tx, plan_id, visit_id):
        nurse = row.route.nurse_id
        yield PlannedStop(row=row, number=numbers[nurse], of=counts[nurse])


def _detail(visit: Visit, stops: Sequence[PlannedStop], unassigned: UnassignedRow | None) -> dict[str, Any]:
    patient, zone = visit.patient, zone_of(visit.zone)
    standings = {standing.nurse_id: standing.standing for standing in patient.nurses}
    return {
        "id": visit.id,
        "code": visit.code,
        "patient": patient.name,
        "address": patient.address,
        "access_notes": patient.access_notes,
        "phone": patient.phone,
        "notes": visit.notes,
        "protocol": f"{visit.protocol.name} ({duration(visit.minutes * 60)} in all)",
        "badges": list(_badges(visit, bool(stops))),
        "windows": [window(row, zone)["text"] for row in visit.windows],
        "credentials": _credentials(visit),
        "pinned": _pin(visit, zone),
        "preferred": _named(visit, Standing.PREFERRED),
        "barred": _named(visit, Standing.BARRED),
        "stops": [_stop(stop, standings, zone) for stop in stops],
        "hand_over": _hand_over(stops, zone),
        "reason": unassigned.reason if unassigned else "",
        "details": unassigned.details if unassigned else [],
    }


def _credentials(visit: Visit) -> str:
    """What its nurses hold together, and where, if the patient lives in another state than the region's."""
    kinds = ", ".join(sorted(visit.version.kinds))
    state = visit.patient.state
    return f"{kinds} (valid in {STATES.get(state, state)})" if kinds and state else kinds


def _badges(visit: Visit, served: bool) -> Iterator[dict[str, str]]:
    if visit.priority in _TONES:
        yield {"text": visit.priority.value.capitalize(), "tone": _TONES[visit.priority]}
    if visit.version.staff > 1:
        yield {"text": "Two nurses", "tone": "badge-info"}
    if visit.pinned_nurse_id is not None:
        yield {"text": "Pinned", "tone": "badge-accent"}
    if visit.status is VisitStatus.CANCELLED:
        yield {"text": "Cancelled", "tone": "badge-warn"}
    elif not served:
        yield {"text": "No nurse", "tone": "badge-warn"}


def _pin(visit: Visit, zone: ZoneInfo) -> str:
    if visit.pinned_nurse is None:
        return ""
    at = f" at {clock(visit.pinned_start, zone)}" if visit.pinned_start else ""
    then = f", then {visit.pinned_taker.name}" if visit.pinned_taker else ""
    return f"{visit.pinned_nurse.name}{at}{then}"


def _named(visit: Visit, standing: Standing) -> str:
    return ", ".join(sorted(each.nurse.name for each in visit.patient.nurses if each.standing is standing))


def _stop(stop: PlannedStop, standings: Mapping[int, Standing], zone: ZoneInfo) -> dict[str, Any]:
    row = stop.row
    nurse = row.route.nurse
    wait = round((row.start - row.arrival).total_seconds())
    return {
        "nurse": nurse.name,
        "nurse_id": nurse.id,
        "number": stop.number,
        "colour": (stop.number - 1) % COLOURS,
        "standing": _standing(nurse.id, standings),
        "position": row.position + 1,
        "of": stop.of,
        "arrival": clock(row.arrival, zone),
        "drive": duration(row.travel_seconds),
        "wait": duration(wait) if wait else "",
        "text": span(row.start, row.end, zone),
        "phases": list(_phases(row, zone)),
    }


def _hand_over(stops: Sequence[PlannedStop], zone: ZoneInfo) -> str:
    shared = hand_over_of(stop.row for stop in stops) if stops else None
    return text.hand_over(shared, zone) if shared else ""


def _standing(nurse_id: int, standings: Mapping[int, Standing]) -> str:
    if Standing.PREFERRED not in standings.values():
        return ""
    return "preferred" if standings.get(nurse_id) is Standing.PREFERRED else "not a preferred nurse"


def _phases(row: StopRow, zone: ZoneInfo) -> Iterator[dict[str, str]]:
    start = row.start
    for phase in row.phases:
        end = start + timedelta(minutes=phase["minutes"])
        yield {
            "kind": phase["kind"],
            "label": PHASES[phase["kind"]],
            "minutes": duration(phase["minutes"] * 60),
            "text": span(start, end, zone),
        }
        start = end
