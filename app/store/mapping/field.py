"""A stop of a plan becomes the visit that the fold holds a nurse's events against."""

from __future__ import annotations

from app.field.visit import HandOver, PlannedPhase, VisitSpec
from app.store.models import StopRow, Visit
from app.store.models.plan import hand_over_of
from app.store.models.visit import VisitKind


def spec_of(stop: StopRow, other: StopRow | None) -> VisitSpec:
    """One nurse's part of a visit. `other`: the stop of the nurse who comes too, None where she is alone."""
    visit, version = stop.visit, stop.visit.version
    is_session = visit.kind is VisitKind.SESSION
    first = first_position(stop, other)
    return VisitSpec(
        phases=tuple(
            PlannedPhase(position=first + place, kind=phase["kind"], minutes=phase["minutes"])
            for place, phase in enumerate(stop.phases)
        ),
        max_systolic=version.max_systolic if is_session else None,
        max_diastolic=version.max_diastolic if is_session else None,
        vitals_every={"infusion": version.vitals_infusion, "monitoring": version.vitals_monitoring},
        hand_over=_hand_over(stop, other),
        adult_hours=version.adult_hours if is_session else 0,
        mania_check=asks_for_mania(visit),
        discharge_criteria=tuple(version.discharge_criteria) if is_session else (),
        place=(visit.patient.latitude, visit.patient.longitude),
    )


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
    return HandOver(gives=shared.giver is stop, overlap_minutes=overlap)
