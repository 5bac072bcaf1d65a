"""What happened on a day, from its row to the planner's words."""

from __future__ import annotations

from datetime import datetime

from app.store.mapping import ids
from app.store.mapping.day import LoadedDay
from app.store.models import DisruptionRow
from app.store.models.disruption import DisruptionKind
from scheduler.disruption import (
    Disruption,
    NurseIll,
    NurseLate,
    RoadClosed,
    UrgentVisit,
    VisitCancelled,
    VisitOverruns,
)


def disruption_of(row: DisruptionRow, loaded: LoadedDay) -> Disruption | None:
    """The planner's disruption. None where it says nothing that the day as loaded does not say already: an
    urgent visit is booked, and where its record cannot be planned, the day says why."""
    told = row.details
    match row.kind:
        case DisruptionKind.NURSE_ILL:
            since = loaded.today.seconds(datetime.fromisoformat(told["from"]))
            return NurseIll(shift=ids.shift_id(told["nurse"]), from_s=max(0, since), goes_on=told["goes_on"])
        case DisruptionKind.NURSE_LATE:
            return NurseLate(shift=ids.shift_id(told["nurse"]), minutes=told["minutes"])
        case DisruptionKind.VISIT_OVERRUNS:
            return VisitOverruns(visit=ids.visit_id(told["visit"]), minutes=told["minutes"])
        case DisruptionKind.VISIT_CANCELLED:
            return VisitCancelled(visit=ids.visit_id(told["visit"]), no_show=told["no_show"])
        case DisruptionKind.URGENT_VISIT:
            visits = {visit.id: visit for visit in loaded.problem.visits}
            visit = visits.get(ids.visit_id(told["visit"]))
            return None if visit is None else UrgentVisit(visit=visit)
        case DisruptionKind.ROAD_CLOSED:
            return _road(row)


def _road(row: DisruptionRow) -> RoadClosed:
    places = [ids.patient_place(patient) for patient in row.details["patients"]]
    if row.details["between"]:
        return RoadClosed(factor=row.details["factor"], leg=(places[0], places[1]))
    return RoadClosed(factor=row.details["factor"], places=frozenset(places))
