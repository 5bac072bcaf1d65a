"""The plan's routes, numbered, with all that map, timeline and list say of their stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.check.facts import Day, Facts, Stay
from scheduler.check.windows import lateness
from scheduler.model import Lag, Window
from scheduler.picture.clock import Clock

COLOURS = 12
"""Routes share this many colours; their numbers tell them apart."""

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tie:
    """Two stays of one visit, tied by `lag`; `first` and `then` are (route number, stay)."""

    first: tuple[int, Stay]
    then: tuple[int, Stay]
    lag: Lag


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """One stay: the `position`-th of its route; `drive`, `wait` and `late` in seconds. `partners`: the routes
    its visit ties it to. `notes` are whole phrases; `tip` says it all, a line each."""

    route: int
    position: int
    stay: Stay
    drive: int
    waits: tuple[Span, ...]
    late: int
    partners: tuple[int, ...]
    notes: tuple[str, ...]
    tip: str

    @property
    def wait(self) -> int:
        """Seconds from arrival to start, her break taken off."""
        return sum(end - start for start, end in self.waits)


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A shift's day; seconds. `pause` is the break."""

    number: int
    day: Day
    stops: tuple[Stop, ...]
    pause: Span | None
    load: str

    @property
    def colour(self) -> int:
        """Which of the COLOURS."""
        return (self.number - 1) % COLOURS

    @property
    def drive(self) -> int:
        """All its drives."""
        return sum(leg.seconds for leg in self.day.legs)

    @property
    def wait(self) -> int:
        """All its waits."""
        return sum(stop.wait for stop in self.stops)

    @property
    def overtime(self) -> int:
        """Past the shift's end."""
        return max(0, self.day.route.finish - self.day.shift.end)


def routes_of(facts: Facts, clock: Clock) -> tuple[tuple[Route, ...], tuple[Tie, ...]]:
    """The routes that have stops, in the order of the problem's shifts, numbered from 1; and their ties."""
    order = {shift.id: i for i, shift in enumerate(facts.problem.shifts)}
    days = sorted((day for day in facts.days if day.stays), key=lambda day: order[day.shift.id])
    ties = tuple(_ties(facts, days))
    writer = _Writer(facts, clock, ties)
    return tuple(writer.route(number, day) for number, day in enumerate(days, 1)), ties


def pause_of(day: Day) -> Span | None:
    """When its nurse rests."""
    rest, start = day.shift.break_, day.route.break_start
    return None if rest is None or start is None else (start, start + rest.duration)


def window_text(window: Window, clock: Clock) -> str:
    """ "start 08:00–11:00, over by 19:00"."""
    text = f"start {clock.span(window.earliest_start, window.latest_start)}"
    if window.latest_end is not None:
        text += f", over by {clock.time(window.latest_end)}"
    return f"{text} (may be late)" if window.soft else text


def _ties(facts: Facts, days: list[Day]) -> Iterator[Tie]:
    done = {stay.task.id: (number, stay) for number, day in enumerate(days, 1) for stay in day.stays}
    for stays in facts.served.values():
        for lag in dict.fromkeys(lag for stay in stays for lag in stay.mode.lags):
            if lag.first in done and lag.then in done:
                yield Tie(first=done[lag.first], then=done[lag.then], lag=lag)


class _Writer:
    def __init__(self, facts: Facts, clock: Clock, ties: tuple[Tie, ...]) -> None:
        self.clock = clock
        self.pinned = {pin.task for pin in facts.problem.pins}
        self.promises = {promise.task: promise for promise in facts.problem.promises}
        self.ties: dict[str, list[Tie]] = {}
        for tie in ties:
            for _, stay in (tie.first, tie.then):
                self.ties.setdefault(stay.task.id, []).append(tie)

    def route(self, number: int, day: Day) -> Route:
        """With its stops and its load in words."""
        stops = tuple(self.stop(number, day, index) for index in range(len(day.stays)))
        drive = sum(leg.seconds for leg in day.legs)
        count = len(stops)
        load = f"{count} stop{'' if count == 1 else 's'}, {self.clock.length(drive)} driving"
        return Route(number=number, day=day, stops=stops, pause=pause_of(day), load=load)

    def stop(self, number: int, day: Day, index: int) -> Stop:
        """The stay, and all that is to be said of it."""
        stay = day.stays[index]
        waits = _without(pause_of(day), (stay.stop.arrival, stay.stop.start))
        late, tied = lateness(stay.task, stay.stop), self.ties.get(stay.task.id, [])
        drive, wait = day.legs[index].seconds, sum(end - start for start, end in waits)
        others = (number for tie in tied for number, _ in self._others(tie, stay))
        notes = tuple(self._notes(stay, late, tied))
        lines = [
            f"{stay.visit.id}: stop {index + 1} of route {number}, {stay.shift.nurse}",
            f"{self.clock.span(stay.stop.start, stay.stop.end)}, "
            f"{self.clock.length(stay.stop.end - stay.stop.start)}",
            ", ".join(f"{phase.name} {self.clock.length(phase.duration)}" for phase in stay.task.phases),
            f"drive {self.clock.length(drive)}" + (f", wait {self.clock.length(wait)}" if wait else ""),
            " or ".join(window_text(window, self.clock) for window in stay.task.windows),
            *notes,
        ]
        return Stop(
            route=number,
            position=index + 1,
            stay=stay,
            drive=drive,
            waits=waits,
            late=late,
            partners=tuple(dict.fromkeys(others)),
            notes=notes,
            tip="\n".join(line for line in lines if line),
        )

    def _notes(self, stay: Stay, late: int, tied: list[Tie]) -> Iterator[str]:
        visit = stay.visit
        if late:
            yield f"late by {self.clock.length(late)}"
        if len(visit.tasks) > 1:
            yield f"task {stay.task.id}" + (f" of mode {stay.mode.id}" if len(visit.modes) > 1 else "")
        for tie in tied:
            yield from (self._tie_text(tie, number, other) for number, other in self._others(tie, stay))
        if visit.preferred_nurses and stay.shift.nurse not in visit.preferred_nurses:
            yield "not one of the visit's preferred nurses"
        if stay.task.id in self.pinned:
            yield "fixed by the dispatcher"
        promise = self.promises.get(stay.task.id)
        if promise and (promise.nurse, promise.start) != (stay.shift.nurse, stay.stop.start):
            yield f"the patient was told {promise.nurse} at {self.clock.time(promise.start)}"

    def _tie_text(self, tie: Tie, number: int, other: Stay) -> str:
        apart = tie.then[1].stop.start - tie.first[1].stop.start
        with_whom = f"{other.shift.nurse} on route {number}"
        if not apart:
            return f"starts together with {with_whom}"
        second = other is tie.then[1]
        return f"{with_whom} starts {self.clock.length(abs(apart))} {'later' if second else 'before'}"

    @staticmethod
    def _others(tie: Tie, stay: Stay) -> Iterator[tuple[int, Stay]]:
        for number, other in (tie.first, tie.then):
            if other.task.id != stay.task.id:
                yield number, other


def _without(pause: Span | None, span: Span) -> tuple[Span, ...]:
    """The span's parts before and after the pause."""
    if pause is None or pause[1] <= span[0] or span[1] <= pause[0]:
        parts = [span]
    else:
        parts = [(span[0], pause[0]), (pause[1], span[1])]
    return tuple((start, end) for start, end in parts if start < end)
