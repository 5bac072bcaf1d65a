"""The record of one nurse at one visit: what her events say, held against the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.field.events import Event, instant_text
from app.field.places import Place
from app.field.story import Entry


class State(StrEnum):
    """How far the visit has come for her."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    NO_GO = "no_go"
    UNDER_WAY = "under_way"
    MONITORING = "monitoring"
    OVER = "over"
    DEPARTED = "departed"


class Wait(StrEnum):
    """Why she may not leave yet."""

    INFUSION = "infusion"
    PARTNER = "partner"
    OVERLAP = "overlap"
    MONITORING = "monitoring"


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseTimes:
    """When a phase began and ended; None: not yet."""

    position: int
    began: datetime | None
    ended: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Vitals; pressures in mmHg, oxygen in percent."""

    at: datetime
    systolic: int
    diastolic: int
    heart_rate: int | None
    oxygen: int | None
    over_limit: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitRecord:
    """All instants UTC, by the service's clock as far as known. `may_leave` None: she may, else why not.

    `discharge_missing`: what the discharge leaves open, by name. `partner_phases`: when the other nurse began
    hers, by position. `flags`: what somebody should look at, in
    order of the alphabet; docs/field.md says what each means. `entries`: the whole story.
    """

    state: State
    arrived_at: datetime | None
    place: Place | None
    answers: Mapping[str, bool]
    missing_answers: tuple[str, ...]
    go_at: datetime | None
    no_go: Mapping[str, Any] | None
    phases: tuple[PhaseTimes, ...]
    infusion_ended: datetime | None
    earliest_departure: datetime | None
    may_leave: Wait | None
    vitals: tuple[Reading, ...]
    vitals_due_at: datetime | None
    discharge: Mapping[str, Any] | None
    discharge_missing: tuple[str, ...]
    partner_phases: Mapping[int, datetime]
    departed_at: datetime | None
    departed_from: Place | None
    early: Mapping[str, Any] | None
    flags: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def began(self) -> datetime | None:
        """When she began: at her check-in, or with the first phase where she forgot that."""
        times = [self.arrived_at, *(phase.began for phase in self.phases)]
        return min((at for at in times if at is not None), default=None)

    def to_json(self) -> dict[str, Any]:
        """As the phone's fold gives it."""
        return {
            "state": self.state.value,
            "arrived_at": _text(self.arrived_at),
            "answers": dict(self.answers),
            "missing_answers": list(self.missing_answers),
            "go_at": _text(self.go_at),
            "no_go": None if self.no_go is None else dict(self.no_go),
            "phases": [
                {"position": phase.position, "began": _text(phase.began), "ended": _text(phase.ended)}
                for phase in self.phases
            ],
            "infusion_ended": _text(self.infusion_ended),
            "earliest_departure": _text(self.earliest_departure),
            "may_leave": {"ok": self.may_leave is None, "reason": self.may_leave and self.may_leave.value},
            "vitals": [
                {
                    "at": _text(reading.at),
                    "systolic": reading.systolic,
                    "diastolic": reading.diastolic,
                    "heart_rate": reading.heart_rate,
                    "oxygen": reading.oxygen,
                    "over_limit": reading.over_limit,
                }
                for reading in self.vitals
            ],
            "vitals_due_at": _text(self.vitals_due_at),
            "discharge": None if self.discharge is None else dict(self.discharge),
            "discharge_missing": list(self.discharge_missing),
            "departed_at": _text(self.departed_at),
            "early": None if self.early is None else dict(self.early),
            "flags": list(self.flags),
        }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else instant_text(moment)


def originals(record: VisitRecord) -> tuple[Event, ...]:
    """The events as they were recorded, before any amendment, in order."""
    return tuple(entry.event for entry in record.entries)
