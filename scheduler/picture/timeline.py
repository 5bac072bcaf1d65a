"""The timeline: a row a route, everything placed in percent of a common axis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.check.windows import judged_by
from scheduler.model import Problem, Shift, Window
from scheduler.picture.clock import Clock
from scheduler.picture.routes import Route, Span, Stop, Tie

_DAY = 24 * 60
_ENDLESS = 2 * _DAY
_MOST_TICKS = 14
_STEPS = (1, 2, 3, 4, 6, 12, 24, 48, 96, 192)
_TONES = 8

_EDGE = 0.08
"""From a row's edge to its bars, as a share of its height."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A stretch of the axis, in percent of its length."""

    left: float
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """A labelled time."""

    left: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A phase of a stay; `tone` is one of eight, the same for the same name."""

    name: str
    tone: int
    seconds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A window as drawn: when the stay may start, and where on the axis it must be over (None: no limit)."""

    box: Box
    over_by: float | None
    soft: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One stay; `overdue` leads from the time it was due to the time it is."""

    stop: Stop
    box: Box
    phases: tuple[Phase, ...]
    openings: tuple[Opening, ...]
    overdue: Box | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A drive, a wait, a break or overtime; `text` says which, and how long."""

    kind: str
    box: Box
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One route."""

    route: Route
    hours: Box
    hours_text: str
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A tie between two bars of a visit: from (x in percent, y in rows) at the edge of the one to the facing
    edge of the other."""

    visit: str
    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """Rows, ties between them, ticks of the axis, and the tone of each phase name."""

    rows: tuple[Row, ...]
    links: tuple[Link, ...]
    ticks: tuple[Tick, ...]
    tones: dict[str, int]

    @property
    def kinds(self) -> frozenset[str]:
        """What the legend is to explain: the kinds of marks, and "late"."""
        marks = {mark.kind for row in self.rows for mark in row.marks}
        late = any(bar.overdue for row in self.rows for bar in row.bars)
        return frozenset(marks | {"late"} if late else marks)


class Axis:
    """Whole hours around the routes, and around the shifts' hours where these end within a day."""

    def __init__(self, problem: Problem, routes: Sequence[Route], clock: Clock) -> None:
        self._clock = clock
        hour = 60 * clock.seconds_per_minute
        spans = [_span(route) for route in routes]
        shifts = [(shift.start, shift.end) for shift in problem.shifts]
        every = spans + shifts
        if not spans or _length(every) <= _DAY * clock.seconds_per_minute:
            spans = every or [(8 * hour, 18 * hour)]
        low = min(start for start, _ in spans) // hour
        high = -(-max(end for _, end in spans) // hour)
        self.start, self.end = low * hour, max(high, low + 1) * hour
        self._hour = hour

    def at(self, seconds: int) -> float:
        """Percent from the left, 0 to 100; what lies outside is brought to the nearer end."""
        share = (seconds - self.start) / (self.end - self.start)
        return round(100 * min(max(share, 0.0), 1.0), 3)

    def box(self, start: int, end: int) -> Box:
        """From start to end."""
        left = self.at(start)
        return Box(left=left, width=round(max(0.0, self.at(end) - left), 3))

    def ticks(self) -> tuple[Tick, ...]:
        """Every hour, or as many hours apart as leave at most 14 ticks."""
        hours = (self.end - self.start) // self._hour
        step = next((step for step in _STEPS if hours <= step * _MOST_TICKS), _STEPS[-1]) * self._hour
        first = -(-self.start // step) * step
        times = range(first, self.end, step)
        return tuple(Tick(left=self.at(time), text=self._clock.time(time)) for time in times)


def timeline(problem: Problem, routes: Sequence[Route], ties: Iterable[Tie], clock: Clock) -> Timeline:
    """All of it, ready to be drawn."""
    axis = Axis(problem, routes, clock)
    names = (
        phase.name
        for visit in problem.visits
        for mode in visit.modes
        for task in mode.tasks
        for phase in task.phases
    )
    tones = {name: i % _TONES for i, name in enumerate(dict.fromkeys(names))}
    return Timeline(
        rows=tuple(_row(route, axis, clock, tones) for route in routes),
        links=tuple(_link(tie, axis) for tie in ties),
        ticks=axis.ticks(),
        tones=tones,
    )


def hours_text(shift: Shift, clock: Clock) -> str:
    """ "08:00–16:00"; a published instance's shift without a deadline is "from 00:00 on"."""
    if clock.minutes(shift.end - shift.start) > _ENDLESS:
        return f"from {clock.time(shift.start)} on"
    return clock.span(shift.start, shift.end)


def _span(route: Route) -> Span:
    start, finish = route.day.route.departure, route.day.route.finish
    if route.pause is None:
        return start, finish
    return min(start, route.pause[0]), max(finish, route.pause[1])


def _length(spans: list[Span]) -> int:
    return max(end for _, end in spans) - min(start for start, _ in spans)


def _row(route: Route, axis: Axis, clock: Clock, tones: dict[str, int]) -> Row:
    shift = route.day.shift
    return Row(
        route=route,
        hours=axis.box(shift.start, shift.end),
        hours_text=hours_text(shift, clock),
        marks=tuple(_marks(route, axis, clock)),
        bars=tuple(_bar(stop, axis, tones) for stop in route.stops),
    )


def _marks(route: Route, axis: Axis, clock: Clock) -> Iterator[Mark]:
    def mark(kind: str, span: Span, seconds: int) -> Mark:
        return Mark(kind=kind, box=axis.box(*span), text=f"{kind} {clock.length(seconds)}")

    shift, finish = route.day.shift, route.day.route.finish
    if route.overtime:
        yield mark("overtime", (shift.end, finish), route.overtime)
    for leg in route.day.legs:
        if leg.arrive > leg.leave:
            yield mark("drive", (leg.leave, leg.arrive), leg.seconds)
    for stop in route.stops:
        yield from (mark("wait", wait, wait[1] - wait[0]) for wait in stop.waits)
    if route.pause is not None:
        yield mark("break", route.pause, route.pause[1] - route.pause[0])


def _bar(stop: Stop, axis: Axis, tones: dict[str, int]) -> Bar:
    task, times = stop.stay.task, stop.stay.stop
    due = times.start - stop.late
    phases = (Phase(name=p.name, tone=tones[p.name], seconds=p.duration) for p in task.phases if p.duration)
    windows = [judged_by(task, times.start)] if task.windows[0].soft else task.windows
    return Bar(
        stop=stop,
        box=axis.box(times.start, times.end),
        phases=tuple(phases),
        openings=tuple(_opening(window, axis) for window in windows),
        overdue=axis.box(due, times.start) if stop.late else None,
    )


def _opening(window: Window, axis: Axis) -> Opening:
    over_by = None if window.latest_end is None else axis.at(window.latest_end)
    return Opening(
        box=axis.box(window.earliest_start, window.latest_start), over_by=over_by, soft=window.soft
    )


def _link(tie: Tie, axis: Axis) -> Link:
    """Straight down where the second starts during the first; else from the first's end to the second's
    start."""
    (row, first), (other_row, then) = tie.first, tie.then
    meets = first.stop.start <= then.stop.start <= first.stop.end
    leaves = then.stop.start if meets else first.stop.end
    down = row < other_row
    return Link(
        visit=first.visit.id,
        start=(axis.at(leaves), row - (_EDGE if down else 1 - _EDGE)),
        end=(axis.at(then.stop.start), other_row - (1 - _EDGE if down else _EDGE)),
    )
