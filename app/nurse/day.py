"""A nurse's day as her page shows it: drives, visits, waits and the break, in order. No database here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.store.models import RouteRow, StopRow
from app.store.models.plan import hand_over_of
from app.store.models.protocol import PhaseKind

LABELS: Mapping[str, str] = {
    PhaseKind.ARRIVAL: "Arrival and vitals",
    PhaseKind.IV_START: "IV start",
    PhaseKind.INFUSION: "Infusion",
    PhaseKind.MONITORING: "Monitoring",
    PhaseKind.DISCHARGE: "Discharge",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOverView:
    """She leaves the monitoring to `nurse` (`gives`), or takes it over from her: `begins`: when the other, or
    she herself, takes over; `over`: when both need no longer be there."""

    gives: bool
    nurse: str
    begins: datetime
    over: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the day: "leave", "drive", "break", "visit" or "home". `seconds` of a drive or a break."""

    kind: str
    at: datetime | None = None
    seconds: int = 0
    stop: StopRow | None = None


def steps(route: RouteRow) -> tuple[Step, ...]:
    """The whole day in order; empty for an idle shift."""
    if not route.stops or route.departure is None or route.finish is None:
        return ()
    rest = _Rest(route)
    lines = [*rest.before(route.departure), Step(kind="leave", at=route.departure)]
    for stop in route.stops:
        lines += rest.before(stop.arrival)
        lines.append(Step(kind="drive", seconds=stop.travel_seconds))
        lines += rest.before(stop.start)
        lines.append(Step(kind="visit", stop=stop))
    lines += rest.before(route.finish)
    home = route.travel_seconds - sum(stop.travel_seconds for stop in route.stops)
    lines += [Step(kind="drive", seconds=max(home, 0)), Step(kind="home", at=route.finish)]
    return (*lines, *rest.before(None))


class _Rest:
    """The shift's break, handed out once: to the first moment that comes after its start."""

    def __init__(self, route: RouteRow) -> None:
        self._start = route.break_start
        self._seconds = route.break_minutes * 60

    def before(self, moment: datetime | None) -> list[Step]:
        if self._start is None or (moment is not None and self._start >= moment):
            return []
        line = Step(kind="break", at=self._start, seconds=self._seconds)
        self._start = None
        return [line]


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
    )
