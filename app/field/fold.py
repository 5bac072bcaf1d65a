"""The fold: a visit, its events and an instant become the record. Whatever the order in which events came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.field.events import Event, Kind, instant_text
from app.field.phases import course_of
from app.field.places import Place, place_of
from app.field.record import Reading, State, VisitRecord, Wait
from app.field.story import Entry, Story, story_of
from app.field.visit import INFUSION, MONITORING, VisitSpec


def record_of(
    visit: VisitSpec, events: Iterable[Event], now: datetime, *, others: Iterable[Event] = ()
) -> VisitRecord:
    """The record of a nurse's `events` at a visit as of `now`; `others`: those of the nurse who is there with
    her, or before or after her."""
    return _Fold(visit, story_of(events), story_of(others), now).record()


class _Fold:
    def __init__(self, visit: VisitSpec, hers: Story, others: Story, now: datetime) -> None:
        self.visit = visit
        self.hers = hers
        self.now = now
        self.course = course_of(visit, hers)
        self.arrived = _first(hers.of(Kind.ARRIVED))
        self.departed = _last(hers.of(Kind.DEPARTED))
        self.decision = _last(hers.of(Kind.GO, Kind.NO_GO))
        self.discharged = _last(hers.of(Kind.DISCHARGED))
        self.vitals = tuple(self._reading(entry) for entry in hers.of(Kind.VITALS))
        self.answers = _merged(hers.of(Kind.CHECKED))
        partner = _first(others.of(Kind.ARRIVED))
        self.partner_at = None if partner is None else partner.at
        self.partner_phases = _begun(others)
        self.infusion_ended = self._infusion_ended()
        self.earliest = self._earliest()

    def record(self) -> VisitRecord:
        place = self._place(self.arrived)
        return VisitRecord(
            state=self._state(),
            arrived_at=_at(self.arrived),
            place=place,
            answers=self.answers,
            missing_answers=self._missing_answers(self.answers),
            go_at=_at(self.decision) if self.decision and not self._is_no_go else None,
            no_go=self._no_go(),
            phases=self.course.phases(_at(self.departed)),
            infusion_ended=self.infusion_ended,
            earliest_departure=self.earliest,
            may_leave=self._wait(),
            vitals=self.vitals,
            vitals_due_at=self._vitals_due(),
            discharge=self._discharge(),
            discharge_missing=self._discharge_missing(),
            partner_phases=self.partner_phases,
            departed_at=_at(self.departed),
            departed_from=self._place(self.departed),
            early=None if self.departed is None else self.departed.payload.get("early"),
            flags=tuple(sorted(set(self._flags(place)))),
            entries=self.hers.entries,
        )

    @property
    def _is_no_go(self) -> bool:
        return self.decision is not None and self.decision.kind == Kind.NO_GO

    @property
    def _present(self) -> bool:
        return self.arrived is not None or bool(self.course.begun)

    def _no_go(self) -> Mapping[str, Any] | None:
        if self.decision is None or not self._is_no_go:
            return None
        told = self.decision.payload
        return {
            "at": instant_text(self.decision.at),
            "reason": told["reason"],
            "text": told.get("text") or "",
        }

    def _discharge(self) -> Mapping[str, Any] | None:
        if self.discharged is None:
            return None
        return {"at": instant_text(self.discharged.at), **self.discharged.payload}

    def _reading(self, entry: Entry) -> Reading:
        told, visit = entry.payload, self.visit
        over = (visit.max_systolic is not None and told["systolic"] > visit.max_systolic) or (
            visit.max_diastolic is not None and told["diastolic"] > visit.max_diastolic
        )
        return Reading(
            at=entry.at,
            systolic=told["systolic"],
            diastolic=told["diastolic"],
            heart_rate=told.get("heart_rate"),
            oxygen=told.get("oxygen"),
            over_limit=over,
        )

    def _place(self, entry: Entry | None) -> Place | None:
        """Where the phone was when it was recorded: no amendment moves it."""
        return None if entry is None else place_of(entry.event.payload.get("place"), self.visit.place)

    def _missing_answers(self, answers: Mapping[str, bool]) -> tuple[str, ...]:
        return tuple(key for key in self.visit.questions if answers.get(key) is not True)

    def _infusion_ended(self) -> datetime | None:
        """In her own events or else in the other nurse's; one who takes over knows it from the other."""
        if not self.visit.has_infusion:
            return None
        own = self.course.first_from(self.visit.after_infusion)
        seen = [at for position, at in self.partner_phases.items() if position >= self.visit.after_infusion]
        others_say = min(seen, default=None)
        return (others_say or own) if self.visit.takes else (own or others_say)

    def _earliest(self) -> datetime | None:
        if self.infusion_ended is None:
            return None
        hand_over = self.visit.hand_over
        if hand_over is None or not hand_over.gives:
            return self.infusion_ended + self.visit.monitoring
        if self.partner_at is None:
            return None
        return max(self.partner_at, self.infusion_ended) + timedelta(minutes=hand_over.overlap_minutes)

    def _wait(self) -> Wait | None:
        if not self._present or self._is_no_go or not self.visit.has_infusion:
            return None
        if self.infusion_ended is None:
            return Wait.INFUSION
        if self.earliest is None:
            return Wait.PARTNER
        if self.now >= self.earliest:
            return None
        return Wait.OVERLAP if self.visit.gives else Wait.MONITORING

    def _state(self) -> State:
        if self.departed is not None:
            return State.DEPARTED
        if self._is_no_go:
            return State.NO_GO
        if self._is_over():
            return State.OVER
        if self.infusion_ended is not None and self._present:
            return State.MONITORING
        if self.course.begun or self.decision is not None:
            return State.UNDER_WAY
        return State.PLANNED if self.arrived is None else State.ARRIVED

    def _is_over(self) -> bool:
        if not self.visit.has_infusion:
            return self.discharged is not None
        return self._present and self.earliest is not None and self.now >= self.earliest

    def _vitals_due(self) -> datetime | None:
        current = self.course.current
        if current is None or self.departed is not None or current.kind not in (INFUSION, MONITORING):
            return None
        every = self.visit.vitals_every.get(current.kind)
        if every is None:
            return None
        since = max([self.course.begun[current.position], *(reading.at for reading in self.vitals)])
        return since + timedelta(minutes=every)

    def _discharge_missing(self) -> tuple[str, ...]:
        if self.visit.gives or not self.visit.has_infusion:
            return ()
        if self.discharged is None:
            return ("discharge",)
        told = self.discharged.payload
        met = told.get("criteria") or {}
        missing = [name for name in self.visit.discharge_criteria if met.get(name) is not True]
        if self.visit.adult_hours > 0 and told.get("adult_present") is not True:
            missing.append("adult_present")
        if self.visit.mania_check and told.get("mania_signs") is None:
            missing.append("mania_signs")
        return tuple(missing)

    def _flags(self, place: Place | None) -> Iterator[str]:
        yield from self.course.flags
        if self.hers.jumped:
            yield "clock_jump"
        if any(reading.over_limit for reading in self.vitals):
            yield "over_limit"
        if self.arrived is None and (self.course.begun or self.decision or self.departed):
            yield "no_arrival"
        if self.arrived is not None and place is None:
            yield "no_place"
        if place is not None and place.far_off:
            yield "far_off"
        yield from self._flags_of_go()
        yield from self._flags_of_leaving()

    def _flags_of_go(self) -> Iterator[str]:
        go = _last(self.hers.of(Kind.GO))
        if go is None:
            return
        before = self.hers.entries[: self.hers.entries.index(go)]
        if self._missing_answers(_merged([each for each in before if each.kind == Kind.CHECKED])):
            yield "go_incomplete"
        readings = [each for each in before if each.kind == Kind.VITALS]
        if readings and self._reading(readings[-1]).over_limit:
            yield "go_over_limit"

    def _flags_of_leaving(self) -> Iterator[str]:
        if self.discharged is not None:
            if self._discharge_missing():
                yield "discharge_incomplete"
            if self.discharged.payload.get("mania_signs") is True:
                yield "mania_signs"
        if self.departed is None or self._is_no_go or not self.visit.has_infusion:
            return
        if self.discharged is None and not self.visit.gives:
            yield "no_discharge"
        if self.earliest is None or self.departed.at < self.earliest:
            yield "early_departure"
            if not ((self.departed.payload.get("early") or {}).get("reason") or "").strip():
                yield "early_unexplained"


def _begun(story: Story) -> dict[int, datetime]:
    """When each phase was first begun."""
    begun: dict[int, datetime] = {}
    for entry in story.of(Kind.PHASE_BEGAN):
        begun.setdefault(entry.payload["position"], entry.at)
    return begun


def _merged(entries: Sequence[Entry]) -> dict[str, bool]:
    answers: dict[str, bool] = {}
    for entry in entries:
        answers |= entry.payload["answers"]
    return answers


def _first(entries: Sequence[Entry]) -> Entry | None:
    return entries[0] if entries else None


def _last(entries: Sequence[Entry]) -> Entry | None:
    return entries[-1] if entries else None


def _at(entry: Entry | None) -> datetime | None:
    return None if entry is None else entry.at
