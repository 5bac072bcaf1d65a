"""When a nurse is expected at her next stops, by her plan and by how far she has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from app.field.record import State, VisitRecord
from app.field.visit import PlannedPhase


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """A hand-over at a stop, as far as it is known from the other nurse's day: `at`: when she comes to take
    over or, where she `gives`, when the infusion ends. `overlap`: how long both stay. `before`: the phases of
    the visit before the taker's."""

    gives: bool
    at: datetime
    overlap: timedelta
    before: tuple[PlannedPhase, ...] = ()

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """From a shared case."""
        return cls(
            gives=told["gives"],
            at=datetime.fromisoformat(told["at"]),
            overlap=timedelta(minutes=told["overlap_minutes"]),
            before=_phases(told.get("before", ())),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedStop:
    """One stop of a route, as planned; `travel`: the drive there. `off`: it does not take place any more."""

    visit: int
    arrival: datetime
    start: datetime
    end: datetime
    travel: timedelta
    phases: tuple[PlannedPhase, ...]
    meeting: Meeting | None = None
    off: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedRoute:
    """One nurse's day as planned. `rest_start`: her break (None: she has none) of length `rest`."""

    departure: datetime | None
    rest_start: datetime | None
    rest: timedelta
    stops: tuple[PlannedStop, ...]

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """From a shared case."""
        return cls(
            departure=_instant(told["departure"]),
            rest_start=_instant(told.get("break_start")),
            rest=timedelta(minutes=told.get("break_minutes", 0)),
            stops=tuple(_stop(each) for each in told["stops"]),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What has happened or is expected at a stop. `late`: how much later she is there than planned;
    `arrived`: she is, or was; `over`: she has left."""

    visit: int
    arrival: datetime
    start: datetime
    end: datetime
    late: timedelta
    arrived: bool
    over: bool


def expected_of(
    route: PlannedRoute, records: Mapping[int, VisitRecord], now: datetime
) -> tuple[Expected, ...]:
    """The stops still to come or under way, and those that are over, in order; without those that are off.

    She is nowhere before she is planned to be, but for what her events say. An overrun or a late start moves
    every later stop at once; waiting on the way makes up for it.
    """
    leaves, seen = route.departure or now, route.departure or now
    found: list[Expected] = []
    for stop in route.stops:
        record = records.get(stop.visit)
        if stop.off and (record is None or record.began is None):
            continue
        on_the_way, at_the_door = _rests(route, seen, stop)
        arrival = _arrival(stop, record, leaves + stop.travel + on_the_way, now)
        start = _start(stop, record, arrival + at_the_door, now)
        end = _end(stop, record, start, now)
        found.append(
            Expected(
                visit=stop.visit,
                arrival=arrival,
                start=start,
                end=end,
                late=max(arrival - stop.arrival, timedelta()),
                arrived=record is not None and record.began is not None,
                over=record is not None and record.departed_at is not None,
            )
        )
        leaves, seen = end, stop.end
    return tuple(found)


def _arrival(stop: PlannedStop, record: VisitRecord | None, soonest: datetime, now: datetime) -> datetime:
    if record is not None and record.began is not None:
        return record.began
    return max(stop.arrival, soonest, now)


def _start(stop: PlannedStop, record: VisitRecord | None, ready: datetime, now: datetime) -> datetime:
    """When she begins: with the first phase, or, before that, not before it is planned, nor before there is
    anything to take over."""
    begun = [phase.began for phase in record.phases if phase.began is not None] if record else []
    return min(begun) if begun else max(stop.start, ready, _taken_over(stop, record, now) or ready)


def _taken_over(stop: PlannedStop, record: VisitRecord | None, now: datetime) -> datetime | None:
    """When she takes over: the other nurse's phases go on as her own would."""
    if stop.meeting is None or stop.meeting.gives:
        return None
    if record is not None and record.infusion_ended is not None:
        return record.infusion_ended
    begun = record.partner_phases if record is not None else {}
    before = {phase.position: timedelta(minutes=phase.minutes) for phase in stop.meeting.before}
    current = max((position for position in begun if position in before), default=None)
    if current is None:
        return max(stop.meeting.at, now)
    later = sum((span for position, span in before.items() if position > current), timedelta())
    return max(now, begun[current] + before[current]) + later


def _handed_over(stop: PlannedStop, record: VisitRecord | None, now: datetime) -> datetime | None:
    """When she may leave whom she hands over, while the other nurse is not there yet."""
    if stop.meeting is None or not stop.meeting.gives:
        return None
    if record is not None and record.earliest_departure is not None:
        return None
    return max(stop.meeting.at, now) + stop.meeting.overlap


def _end(stop: PlannedStop, record: VisitRecord | None, start: datetime, now: datetime) -> datetime:
    if record is not None and record.departed_at is not None:
        return record.departed_at
    if record is not None and record.began is not None and record.state is State.NO_GO:
        return now
    ends = _stay_ends(stop, record, start, now)
    return max(ends, _handed_over(stop, record, now) or ends)


def _stay_ends(stop: PlannedStop, record: VisitRecord | None, start: datetime, now: datetime) -> datetime:
    stay = stop.end - stop.start
    if record is None or record.began is None:
        return start + stay
    if all(phase.began is None for phase in record.phases):
        return max(start, now) + stay  # checked in, nothing begun: the whole stay is still to come
    return _by_phases(stop, record, now)


def _by_phases(stop: PlannedStop, record: VisitRecord, now: datetime) -> datetime:
    """The phase that runs lasts as long as planned, or has taken longer already; the later ones follow. Never
    before the earliest departure."""
    begun = [phase for phase in record.phases if phase.began is not None]
    current = max(begun, key=lambda phase: phase.position)
    minutes = {phase.position: timedelta(minutes=phase.minutes) for phase in stop.phases}
    ends = max(now, (current.began or now) + minutes[current.position])
    later = sum((span for position, span in minutes.items() if position > current.position), timedelta())
    return max(ends + later, record.earliest_departure or ends)


def _rests(route: PlannedRoute, since: datetime, stop: PlannedStop) -> tuple[timedelta, timedelta]:
    """The part of the break that falls on the drive to a stop, and the part at its door."""
    none = timedelta()
    if route.rest_start is None or not since <= route.rest_start < stop.start:
        return none, none
    return (route.rest, none) if route.rest_start < stop.arrival else (none, route.rest)


def _stop(told: Mapping[str, Any]) -> PlannedStop:
    return PlannedStop(
        visit=told["visit"],
        arrival=datetime.fromisoformat(told["arrival"]),
        start=datetime.fromisoformat(told["start"]),
        end=datetime.fromisoformat(told["end"]),
        travel=timedelta(seconds=told["travel_seconds"]),
        phases=_phases(told["phases"]),
        meeting=Meeting.from_json(told["meeting"]) if told.get("meeting") else None,
        off=told.get("off", False),
    )


def _phases(told: Iterable[Mapping[str, Any]]) -> tuple[PlannedPhase, ...]:
    return tuple(
        PlannedPhase(position=each["position"], kind=each["kind"], minutes=each["minutes"]) for each in told
    )


def _instant(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


def told_arrival(expected: Expected) -> datetime:
    """The arrival as people are told it: as planned or recorded, else up to the next five minutes, so that it
    does not change every second."""
    if not expected.late or expected.arrived:
        return expected.arrival
    return rounded_up(expected.arrival)


def rounded_up(moment: datetime) -> datetime:
    """To the next full five minutes."""
    return moment + (-(moment - _EPOCH) % _STEP)


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_STEP = timedelta(minutes=5)
