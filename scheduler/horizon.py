"""Several days planned together: their problems joined into one, and its plan parted into days again.

A visit that may take place on one of several days stands in each of those days' problems, under the same ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.model import (
    AcceptedException,
    Gate,
    HourLimit,
    Mode,
    ModelError,
    Pin,
    Plan,
    Problem,
    Route,
    Shift,
    Spacing,
    Span,
    Task,
    Visit,
    Window,
)

JOIN = "@"
"""Between the id of a day's shift and the number of its day, from 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Horizon:
    """The days' problems, in order of time, and the one `problem` of them all: its seconds count from the
    first day's origin."""

    days: tuple[Problem, ...]
    problem: Problem

    def offset(self, day: int) -> int:
        """Seconds from the first day's origin to that of day number `day`."""
        return int((self.days[day].origin - self.days[0].origin).total_seconds())

    def day_of(self, plan: Plan) -> dict[str, int]:
        """The number of the day on which each served visit takes place, by visit id."""
        visits = self.problem.visit_by_task
        return {
            visits[stop.task].id: _day_number(route.shift) for route in plan.routes for stop in route.stops
        }

    def day_plan(self, plan: Plan, day: int) -> Plan:
        """The routes of one day in its own ids and seconds, and those of its visits that are served on no
        day."""
        offset = self.offset(day)
        routes = (route for route in plan.routes if _day_number(route.shift) == day)
        mine = {visit.id for visit in self.days[day].visits}
        return Plan(
            routes=tuple(_moved_route(route, -offset) for route in routes),
            unassigned=tuple(visit for visit in plan.unassigned if visit in mine),
        )


def join(
    days: Sequence[Problem],
    *,
    spacings: Sequence[Spacing] = (),
    hour_limits: Sequence[HourLimit] = (),
    rest_s: int = 0,
) -> Horizon:
    """The days as one problem: prices are the first day's, promises and worths none.

    A visit may lack a mode on some of its days. Raises ModelError where it differs otherwise, but for its
    windows and gates.
    """
    first = days[0]
    offsets = [int((day.origin - first.origin).total_seconds()) for day in days]
    numbered = list(zip(range(len(days)), offsets, days, strict=True))
    problem = first.replace(
        places=tuple({place.id: place for day in days for place in day.places}.values()),
        visits=_joined_visits([(offset, visit) for _, offset, day in numbered for visit in day.visits]),
        shifts=tuple(_moved_shift(s, number, offset) for number, offset, day in numbered for s in day.shifts),
        pins=tuple(_moved_pin(pin, number, offset) for number, offset, day in numbered for pin in day.pins),
        promises=(),
        worths=(),
        exceptions=_joined_exceptions(days),
        spacings=tuple(spacings),
        hour_limits=tuple(hour_limits),
        rest_s=rest_s,
    )
    return Horizon(days=tuple(days), problem=problem)


def _day_number(shift: str) -> int:
    return int(shift.rpartition(JOIN)[2])


def _joined_visits(given: Sequence[tuple[int, Visit]]) -> tuple[Visit, ...]:
    days: dict[str, list[tuple[int, Visit]]] = defaultdict(list)
    for offset, visit in given:
        days[visit.id].append((offset, visit))
    return tuple(_joined(same) for same in days.values())


def _joined(days: Sequence[tuple[int, Visit]]) -> Visit:
    """One visit of several days: its modes with the windows of all days that have them, and its gates."""
    visit = days[0][1]
    _require_same(visit, [one.replace(modes=visit.modes, gates=visit.gates) for _, one in days])
    modes: dict[str, list[tuple[int, Mode]]] = defaultdict(list)
    for offset, one in days:
        for mode in one.modes:
            modes[mode.id].append((offset, mode))
    return visit.replace(
        modes=tuple(_joined_mode(visit, same) for same in modes.values()), gates=_gates(days)
    )


def _joined_mode(visit: Visit, days: Sequence[tuple[int, Mode]]) -> Mode:
    mode = days[0][1]
    _require_same(_anytime(mode), [_anytime(one) for _, one in days], visit.id)
    return mode.replace(
        tasks=tuple(
            task.replace(windows=_windows([(offset, one.tasks[number]) for offset, one in days]))
            for number, task in enumerate(mode.tasks)
        )
    )


def _anytime(mode: Mode) -> Mode:
    """The mode without its windows."""
    window = Window(earliest_start=0, latest_start=0, soft=True)
    return mode.replace(tasks=tuple(task.replace(windows=(window,)) for task in mode.tasks))


def _require_same(first: Visit | Mode, others: Sequence[Visit | Mode], visit: str | None = None) -> None:
    if any(other != first for other in others):
        field = "modes" if isinstance(first, Mode) else "drop_cost"
        raise ModelError(f"visit {visit or first.id!r}", field, "is not the same on all of its days")


def _windows(tasks: Sequence[tuple[int, Task]]) -> tuple[Window, ...]:
    moved = (
        window.replace(
            earliest_start=window.earliest_start + offset,
            latest_start=window.latest_start + offset,
            latest_end=None if window.latest_end is None else window.latest_end + offset,
        )
        for offset, task in tasks
        for window in task.windows
    )
    return tuple(sorted(moved, key=lambda window: window.earliest_start))


def _gates(days: Sequence[tuple[int, Visit]]) -> tuple[Gate, ...]:
    """Every gate with its spans of all days."""
    gates = dict.fromkeys(gate.replace(spans=()) for _, visit in days for gate in visit.gates)
    return tuple(
        gate.replace(spans=tuple(span for offset, visit in days for span in _spans(gate, offset, visit)))
        for gate in gates
    )


def _spans(gate: Gate, offset: int, visit: Visit) -> Iterator[Span]:
    """When the gate is open on a visit's day, cut to what it watches over on that day: what a span says of
    other days is theirs to say. A gate that the day does not have is open."""
    windows = [window for mode in visit.modes for window in mode.tasks[0].windows]
    first = min(window.earliest_start for window in windows) + gate.since
    last = max(window.latest_start for window in windows) + gate.until
    same = [each for each in visit.gates if each.replace(spans=()) == gate]
    spans = [span for each in same for span in each.spans] if same else [Span(start=first, end=last)]
    for span in spans:
        start, end = max(first, span.start), min(last, span.end)
        if start <= end:
            yield Span(start=start + offset, end=end + offset)


def _moved_shift(shift: Shift, number: int, offset: int) -> Shift:
    rest = shift.break_
    return shift.replace(
        id=f"{shift.id}{JOIN}{number}",
        start=shift.start + offset,
        end=shift.end + offset,
        break_=rest
        and rest.replace(earliest_start=rest.earliest_start + offset, latest_end=rest.latest_end + offset),
    )


def _joined_exceptions(days: Sequence[Problem]) -> tuple[AcceptedException, ...]:
    """Those of all days; of a visit that may be on several of them the widest of each rule."""
    joined: dict[tuple[str, str | None, str | None], AcceptedException] = {}
    for number, each in ((number, each) for number, day in enumerate(days) for each in day.exceptions):
        shift = None if each.shift is None else f"{each.shift}{JOIN}{number}"
        key = (each.rule, each.visit, shift)
        by = max(each.by, joined[key].by) if key in joined else each.by
        joined[key] = each.replace(shift=shift, by=by)
    return tuple(joined.values())


def _moved_pin(pin: Pin, number: int, offset: int) -> Pin:
    start = None if pin.start is None else pin.start + offset
    return pin.replace(shift=f"{pin.shift}{JOIN}{number}", start=start)


def _moved_route(route: Route, offset: int) -> Route:
    return route.replace(
        shift=route.shift.rpartition(JOIN)[0],
        departure=route.departure + offset,
        stops=tuple(
            stop.replace(arrival=stop.arrival + offset, start=stop.start + offset, end=stop.end + offset)
            for stop in route.stops
        ),
        finish=route.finish + offset,
        break_start=None if route.break_start is None else route.break_start + offset,
    )
