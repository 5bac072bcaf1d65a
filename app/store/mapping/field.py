"""Rows of plans and events become what the folds of the field take, and their records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from app.field.expected import Expected, Meeting, PlannedRoute, PlannedStop
from app.field.fold import record_of
from app.field.record import VisitRecord
from app.field.visit import HandOver, PlannedPhase, VisitSpec
from app.store.models import FieldEvent, RouteRow, StopRow, Visit
from app.store.models.plan import hand_over_of
from app.store.models.visit import VisitKind, VisitStatus


def spec_of(stop: StopRow, other: StopRow | None) -> VisitSpec:
    """One nurse's part of a visit. `other`: the stop of the nurse who comes too, None where she is alone."""
    visit, version = stop.visit, stop.visit.version
    is_session = visit.kind is VisitKind.SESSION
    hand_over = _hand_over(stop, other)
    return VisitSpec(
        phases=_phases(stop, first_position(stop, other), hand_over),
        max_systolic=version.max_systolic if is_session else None,
        max_diastolic=version.max_diastolic if is_session else None,
        vitals_every={"infusion": version.vitals_infusion, "monitoring": version.vitals_monitoring},
        hand_over=hand_over,
        adult_hours=version.adult_hours if is_session else 0,
        mania_check=asks_for_mania(visit),
        discharge_criteria=tuple(version.discharge_criteria) if is_session else (),
        place=(visit.patient.latitude, visit.patient.longitude),
    )


def _phases(stop: StopRow, first: int, hand_over: HandOver | None) -> tuple[PlannedPhase, ...]:
    """As the plan has them; or as the protocol has them, where the stop lasts as long as it really did."""
    minutes = [phase["minutes"] for phase in stop.phases]
    if _as_it_went(stop):
        asked = [phase.minutes for phase in stop.visit.phases][first : first + len(minutes)]
        if hand_over is not None and hand_over.gives:
            asked[-1:] = [hand_over.overlap_minutes]
        # Of another number where the visit was moved to a version with other phases since.
        minutes = asked if len(asked) == len(minutes) else minutes
    return tuple(
        PlannedPhase(position=first + place, kind=phase["kind"], minutes=each)
        for place, (phase, each) in enumerate(zip(stop.phases, minutes, strict=True))
    )


def _as_it_went(stop: StopRow) -> bool:
    """Whether the stop had begun when its plan was made."""
    return stop.start <= stop.route.plan.created_at


def first_position(stop: StopRow, other: StopRow | None) -> int:
    """The position of her first phase among those of the whole visit: who takes over monitoring begins where
    the other's last phase, the overlap, does."""
    shared = None if other is None else hand_over_of((stop, other))
    return len(shared.giver.phases) - 1 if shared is not None and shared.taker is stop else 0


def asks_for_mania(visit: Visit) -> bool:
    """Whether her nurse must look for signs of mania: of a patient with bipolar disorder she must."""
    return visit.patient.bipolar


def _hand_over(stop: StopRow, other: StopRow | None) -> HandOver | None:
    shared = None if other is None else hand_over_of((stop, other))
    if shared is None:
        return None
    overlap = round((shared.over - shared.begins).total_seconds() / 60)
    if _as_it_went(shared.giver):
        overlap = stop.visit.version.overlap_minutes
    return HandOver(gives=shared.giver is stop, overlap_minutes=overlap)


def record_at(stop: StopRow, other: StopRow | None, rows: Iterable[FieldEvent], now: datetime) -> VisitRecord:
    """The record of the stop's nurse. `rows`: what anybody recorded of the visit; what is set aside is no
    part of it."""
    nurse = stop.route.nurse_id
    counted = [row for row in rows if not row.set_aside]
    hers = [row.event for row in counted if row.nurse_id == nurse]
    others = [row.event for row in counted if row.nurse_id != nurse]
    return record_of(spec_of(stop, other), hers, now, others=others)


def planned_route(
    route: RouteRow, others: Mapping[int, StopRow], due: Mapping[int, Expected] = MappingProxyType({})
) -> PlannedRoute:
    """A nurse's route, for reckoning when she is expected. `others`: by visit, the stop of who comes too;
    `due`: when those are expected there, where that is known better than by the plan."""
    return PlannedRoute(
        departure=route.departure,
        rest_start=route.break_start,
        rest=timedelta(minutes=route.break_minutes),
        stops=tuple(
            PlannedStop(
                visit=stop.visit_id,
                arrival=stop.arrival,
                start=stop.start,
                end=stop.end,
                travel=timedelta(seconds=stop.travel_seconds),
                phases=spec_of(stop, others.get(stop.visit_id)).phases,
                meeting=meeting_of(stop, others.get(stop.visit_id), due.get(stop.visit_id)),
                off=stop.visit.status is not VisitStatus.BOOKED,
            )
            for stop in route.stops
        ),
    )


def meeting_of(stop: StopRow, other: StopRow | None, due: Expected | None) -> Meeting | None:
    """The hand-over at a stop as `other`'s day has it, who is expected there as `due` (None: as planned)."""
    hand_over = _hand_over(stop, other)
    if hand_over is None or other is None:
        return None
    overlap = timedelta(minutes=hand_over.overlap_minutes)
    if hand_over.gives:
        at = other.arrival if due is None else due.arrival
        return Meeting(gives=True, at=at, overlap=overlap)
    return Meeting(
        gives=False,
        at=stop.start if due is None or due.over else due.end - overlap,
        overlap=overlap,
        before=spec_of(other, stop).phases[:-1],
    )
