"""What the generator makes: plain frozen rows, local times, codes instead of keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A street address with its coordinates in degrees (WGS 84)."""

    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """One weekday's hours (Monday is 0). Without `break_minutes` there is no break window."""

    weekday: int
    start: time
    end: time
    break_minutes: int = 0
    break_earliest: time | None = None
    break_latest: time | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherDay:
    """A day that differs from the week: other hours, or none at all when `start` and `end` are None."""

    day: date
    reason: str
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """A credential, valid from one day to another, both included, in these `states` (none: everywhere)."""

    kind: str
    valid_from: date
    expires_on: date | None
    states: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoNurse:
    """A nurse with her week, her exceptions and her credentials."""

    code: str
    name: str
    phone: str
    home: Spot
    max_visits: int | None
    max_overtime_min: int
    week: tuple[Hours, ...]
    other_days: tuple[OtherDay, ...]
    credentials: tuple[Proof, ...]

    def hours_on(self, day: date) -> Hours | None:
        """Her hours that day, exceptions considered; None where she is off."""
        usual = next((hours for hours in self.week if hours.weekday == day.weekday()), None)
        other = next((exception for exception in self.other_days if exception.day == day), None)
        if other is None:
            return usual
        if other.start is None or other.end is None:
            return None
        return Hours(weekday=day.weekday(), start=other.start, end=other.end)

    def kinds_on(self, day: date) -> frozenset[str]:
        """The credentials that count that day."""
        return frozenset(
            proof.kind
            for proof in self.credentials
            if proof.valid_from <= day and (proof.expires_on is None or day <= proof.expires_on)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoProtocol:
    """A visit's recipe: phases as (kind, minutes) in order; credentials for the whole visit, for IV start and
    infusion, and for monitoring."""

    code: str
    name: str
    phases: tuple[tuple[str, int], ...]
    whole: tuple[str, ...]
    infusion: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    staff: int = 1
    hand_over: bool = False

    @property
    def minutes(self) -> int:
        """The whole visit."""
        return sum(minutes for _, minutes in self.phases)

    @property
    def credentials(self) -> tuple[str, ...]:
        """What a nurse needs who stays throughout."""
        return (*self.whole, *self.infusion, *self.monitoring)

    @property
    def until_monitoring(self) -> int:
        """Minutes from arrival to the infusion's end."""
        kinds = [kind for kind, _ in self.phases]
        return sum(minutes for _, minutes in self.phases[: kinds.index("monitoring")])

    def asked(self, kind: str) -> tuple[str, ...]:
        """What a phase of this kind alone asks for."""
        return {"iv_start": self.infusion, "infusion": self.infusion, "monitoring": self.monitoring}.get(
            kind, ()
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoPatient:
    """A patient, with the codes of the nurses preferred and barred; `monitoring`: so many minutes at least,
    whatever the protocol says (None: no minimum)."""

    code: str
    name: str
    phone: str
    home: Spot
    access_notes: str
    preferred: tuple[str, ...]
    barred: tuple[str, ...]
    monitoring: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalWindow:
    """Earliest start, latest start, and by when the visit must be over (None: no limit)."""

    earliest: time
    latest_start: time
    latest_end: time | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoVisit:
    """A booked visit; patient, protocol and pinned nurse by code."""

    code: str
    patient: str
    protocol: str
    day: date
    windows: tuple[LocalWindow, ...]
    priority: str
    notes: str
    pinned_nurse: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlantedStop:
    """Proof that a visit can be served: one nurse's stay in a whole plan that serves them all. `part`: the
    number of her task, as `app.store.mapping.modes` counts them; `start` is local."""

    visit: str
    nurse: str
    part: int
    start: time
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """The whole demo region. `planted` serves every visit but those of `hopeless` (visit code -> why)."""

    days: tuple[date, ...]
    nurses: tuple[DemoNurse, ...]
    protocols: tuple[DemoProtocol, ...]
    patients: tuple[DemoPatient, ...]
    visits: tuple[DemoVisit, ...]
    planted: tuple[PlantedStop, ...]
    hopeless: dict[str, str]
