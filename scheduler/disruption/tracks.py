"""How far each nurse is with her route of the plan in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scheduler.disruption.effect import Effect
from scheduler.disruption.in_force import InForce
from scheduler.model import Route, Shift, Stop


@dataclass(frozen=True, kw_only=True, slots=True)
class Track:
    """One route at `now`. `begun`: the stops that have begun or are done, their ends as they turn out;
    `ahead`: the others. She left `place` at `leave`, or leaves it then, `towards` the next one; she may still
    be home (`departed` False). `break_start`: when her break began, if it has."""

    route: Route
    begun: tuple[Stop, ...]
    ahead: tuple[Stop, ...]
    departed: bool
    place: str
    leave: int
    towards: str
    break_start: int | None

    @property
    def free(self) -> int:
        """When the last stay begun is over; the departure where none has begun."""
        return self.begun[-1].end if self.begun else self.route.departure


Tracks = dict[str, Track]
"""By shift id; a shift without a route in force has none."""


def tracks_of(in_force: InForce, effect: Effect, now_s: int) -> Tracks:
    """Where every route stands at `now_s`."""
    shifts = {shift.id: shift for shift in in_force.problem.shifts}
    reader = _Reader(in_force=in_force, effect=effect, now=now_s)
    tracks = {route.shift: reader.track(route, shifts[route.shift]) for route in in_force.plan.routes}
    return _together(in_force, tracks, now_s)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    in_force: InForce
    effect: Effect
    now: int

    def track(self, route: Route, shift: Shift) -> Track:
        late = self.effect.late.get(route.shift, 0)
        stops = list(self._begun(route, late))
        tasks = self.in_force.problem.task_by_id
        count = len(stops)
        kept = [stop for stop in stops if stop.task not in self.effect.absent]
        ahead = route.stops[count:]
        if stops:
            place, leave = tasks[stops[-1].task].place, stops[-1].end + late
        else:
            place, leave = shift.start_place, route.departure + late
        if stops and stops[-1].task in self.effect.absent:
            leave = self.now
        return Track(
            route=route,
            begun=tuple(kept),
            ahead=ahead,
            departed=bool(stops) or leave <= self.now,
            place=place,
            leave=leave,
            towards=tasks[ahead[0].task].place if ahead else shift.end_place,
            break_start=self._break(route, shift, stops, late),
        )

    def _begun(self, route: Route, late: int) -> Iterator[Stop]:
        """Those that were seen to begin; and those that the plan has begun by now, and that a late nurse or
        what happened before has not put off."""
        tasks = self.in_force.problem.task_by_id
        free, here = 0, ""
        for stop in route.stops:
            place = tasks[stop.task].place
            ready = free + self.in_force.matrix.between(here, place) if free else 0
            planned = stop.start + late <= self.now and stop.start >= ready
            if not planned and stop.task not in self.effect.begun:
                return
            longer = self.effect.longer.get(stop.task, 0)
            yield stop.replace(end=stop.end + longer) if longer else stop
            otherwise = longer or stop.task in self.effect.begun
            free, here = (stop.end + longer, place) if otherwise else (0, "")

    def _break(self, route: Route, shift: Shift, begun: list[Stop], late: int) -> int | None:
        rest, start = shift.break_, route.break_start
        if rest is None or start is None:
            return None
        frontier = begun[-1].end - self.effect.longer.get(begun[-1].task, 0) if begun else route.departure
        begins = start + late if start >= frontier else start
        disturbed = any(begins < stop.end and stop.start < begins + rest.duration for stop in begun)
        return None if begins > self.now or disturbed else begins


def _together(in_force: InForce, tracks: Tracks, now_s: int) -> Tracks:
    """A visit that all its nurses begin together has not begun before the last of them is there: those who
    are, wait."""
    begun = {stop.task for track in tracks.values() for stop in track.begun}
    waiting = {
        own
        for visit in in_force.problem.visits
        for mode in visit.modes
        for lag in mode.lags
        for own, other in ((lag.first, lag.then), (lag.then, lag.first))
        if lag.max_s == 0 and own in begun and other not in begun
    }
    return {shift: _waits(track, waiting, now_s) for shift, track in tracks.items()}


def _waits(track: Track, waiting: set[str], now_s: int) -> Track:
    if not track.begun or track.begun[-1].task not in waiting:
        return track
    mine = track.begun[-1]
    return replace(
        track, begun=track.begun[:-1], ahead=(mine, *track.ahead), leave=now_s, towards=track.place
    )
