"""A nurse's day as her page shows it: drives, visits, waits and the break, in order. No database here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.store.models import RouteRow, StopRow, Visit
from app.store.models.plan import hand_over_of
from app.store.models.protocol import PhaseKind
from app.store.models.visit import VisitStatus

LABELS: Mapping[str, str] = {
    PhaseKind.ARRIVAL: "Arrival and vitals",
    PhaseKind.IV_START: "IV start",
    PhaseKind.INFUSION: "Infusion",
    PhaseKind.MONITORING: "Monitoring",
    PhaseKind.DISCHARGE: "Discharge",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseView:
    """One phase with its instants; `offset` and `minutes` from the visit's start, for the strip."""

    kind: str
    label: str
    start: datetime
    end: datetime
    offset: int
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverView:
    """She leaves the monitoring to `nurse` (`gives`), or takes it over from her: `begins`: when the other, or
    she herself, takes over; `over`: when both need no longer be there; `minutes` between."""

    gives: bool
    nurse: str
    begins: datetime
    over: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StopView:
    """One visit of hers. `wait` in seconds, without a break that falls into it. `beside`: the nurse who is
    there with her throughout; empty where she is alone, or hands over or takes over."""

    number: int
    visit: Visit
    arrival: datetime
    start: datetime
    end: datetime
    wait: int
    phases: tuple[PhaseView, ...]
    minutes: int
    beside: str
    hand_over: HandOverView | None
    cancelled: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the day: "leave", "drive", "break", "stop" or "home". `seconds` of a drive or a break."""

    kind: str
    at: datetime | None = None
    seconds: int = 0
    stop: StopView | None = None


def steps(route: RouteRow, others: Mapping[int, StopRow]) -> tuple[Step, ...]:
    """The whole day in order; empty for an idle shift."""
    if not route.stops or route.departure is None or route.finish is None:
        return ()
    rest = _Rest(route)
    lines = [*rest.before(route.departure), Step(kind="leave", at=route.departure)]
    for number, stop in enumerate(route.stops, start=1):
        lines += rest.before(stop.arrival)
        lines.append(Step(kind="drive", seconds=stop.travel_seconds))
        resting = rest.before(stop.start)
        lines += resting
        lines.append(Step(kind="stop", stop=_stop(stop, number, others, rest.seconds if resting else 0)))
    lines += rest.before(route.finish)
    home = route.travel_seconds - sum(stop.travel_seconds for stop in route.stops)
    lines += [Step(kind="drive", seconds=max(home, 0)), Step(kind="home", at=route.finish)]
    return (*lines, *rest.before(None))


def stop_view(route: RouteRow, stop: StopRow, others: Mapping[int, StopRow]) -> StopView:
    """One of the route's stops by itself."""
    return next(
        step.stop for step in steps(route, others) if step.stop and step.stop.visit.id == stop.visit_id
    )


class _Rest:
    """The shift's break, handed out once: to the first moment that comes after its start."""

    def __init__(self, route: RouteRow) -> None:
        self._start = route.break_start
        self.seconds = route.break_minutes * 60

    def before(self, moment: datetime | None) -> list[Step]:
        if self._start is None or (moment is not None and self._start >= moment):
            return []
        line = Step(kind="break", at=self._start, seconds=self.seconds)
        self._start = None
        return [line]


def _stop(stop: StopRow, number: int, others: Mapping[int, StopRow], rest: int) -> StopView:
    other = others.get(stop.visit_id)
    hand_over = None if other is None else hand_over_view(stop, other)
    wait = int((stop.start - stop.arrival).total_seconds()) - rest
    return StopView(
        number=number,
        visit=stop.visit,
        arrival=stop.arrival,
        start=stop.start,
        end=stop.end,
        wait=max(wait, 0),
        phases=tuple(_phases(stop)),
        minutes=sum(phase["minutes"] for phase in stop.phases),
        beside="" if other is None or hand_over else other.route.nurse.name,
        hand_over=hand_over,
        cancelled=stop.visit.status is VisitStatus.CANCELLED,
    )


def hand_over_view(stop: StopRow, other: StopRow) -> HandOverView | None:
    """The hand-over of one visit as the nurse of `stop` sees it; None where there is none."""
    shared = hand_over_of((stop, other))
    if shared is None:
        return None
    return HandOverView(
        gives=shared.giver is stop,
        nurse=other.route.nurse.name,
        begins=shared.begins,
        over=shared.over,
        minutes=round((shared.over - shared.begins).total_seconds() / 60),
    )


def _phases(stop: StopRow) -> list[PhaseView]:
    views, offset = [], 0
    for phase in stop.phases:
        start = stop.start + timedelta(minutes=offset)
        minutes = phase["minutes"]
        views.append(
            PhaseView(
                kind=phase["kind"],
                label=LABELS.get(phase["kind"], phase["kind"]),
                start=start,
                end=start + timedelta(minutes=minutes),
                offset=offset,
                minutes=minutes,
            )
        )
        offset += minutes
    return views
