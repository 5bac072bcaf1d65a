"""The visit as it was planned for one nurse: what the fold holds her events against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

INFUSION, MONITORING = "infusion", "monitoring"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPhase:
    """One phase. `position` counts the phases of the whole visit from 0: a nurse who takes over monitoring
    has only the later ones; the last of the nurse who gives, the overlap, has the taker's first position."""

    position: int
    kind: str
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOver:
    """`gives`: she leaves monitoring to the other, both being there for `overlap_minutes`; else she takes."""

    gives: bool
    overlap_minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitSpec:
    """`max_systolic` and `max_diastolic` in mmHg (None: no limit); `vitals_every`: minutes by kind of phase
    (None or missing: not asked for). `place`: latitude and longitude of the patient's home."""

    phases: tuple[PlannedPhase, ...]
    max_systolic: int | None = None
    max_diastolic: int | None = None
    vitals_every: Mapping[str, int | None] = field(default_factory=dict)
    hand_over: HandOver | None = None
    adult_hours: int = 0
    mania_check: bool = False
    discharge_criteria: tuple[str, ...] = ()
    place: tuple[float, float] | None = None

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """From a visit of the snapshot, or of a shared case."""
        limits, hand_over = told.get("limits") or {}, told.get("hand_over")
        patient = told.get("patient") or {}
        return cls(
            phases=tuple(
                PlannedPhase(position=each["position"], kind=each["kind"], minutes=each["minutes"])
                for each in told["phases"]
            ),
            max_systolic=limits.get("max_systolic"),
            max_diastolic=limits.get("max_diastolic"),
            vitals_every=told.get("vitals_every") or {},
            hand_over=hand_over
            and HandOver(gives=hand_over["gives"], overlap_minutes=hand_over["overlap_minutes"]),
            adult_hours=told.get("adult_hours") or 0,
            mania_check=bool(told.get("mania_check")),
            discharge_criteria=tuple(told.get("discharge_criteria") or ()),
            place=(patient["latitude"], patient["longitude"]) if "latitude" in patient else None,
        )

    @property
    def gives(self) -> bool:
        """She leaves monitoring to another nurse."""
        return self.hand_over is not None and self.hand_over.gives

    @property
    def takes(self) -> bool:
        """She takes monitoring over."""
        return self.hand_over is not None and not self.hand_over.gives

    @property
    def has_infusion(self) -> bool:
        """Whether anybody must stay for the monitoring of an infusion, hers or the other nurse's."""
        return self.takes or any(phase.kind == INFUSION for phase in self.phases)

    @property
    def after_infusion(self) -> int:
        """The position from which on the infusion is over."""
        if self.takes:
            return min(phase.position for phase in self.phases)
        return max((phase.position for phase in self.phases if phase.kind == INFUSION), default=-1) + 1

    @property
    def monitoring(self) -> timedelta:
        """How long she stays after the infusion's end at least."""
        return timedelta(minutes=sum(phase.minutes for phase in self.phases if phase.kind == MONITORING))

    @property
    def questions(self) -> tuple[str, ...]:
        """What must be answered yes before the start."""
        return tuple(
            key
            for key in ("order_valid", "identity", "fasting", "adult", "kit")
            if key != "adult" or self.adult_hours > 0
        )
