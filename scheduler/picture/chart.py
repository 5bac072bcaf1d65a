"""The map: each route as a line, numbered stops, homes, and the visits nobody serves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scheduler.model import Problem
from scheduler.picture.clock import Clock
from scheduler.picture.layout import Layout, lay_out
from scheduler.picture.left_out import LeftOut
from scheduler.picture.routes import Route, Stop
from scheduler.travel import TravelMatrix

SHEET = 1000.0
"""The longer side of the sheet, in the units of its drawing."""

_GRID_LINES = 8
_FEW, _SOME = 36, 110
_HOMES_NAMED = 3

Points = dict[str, tuple[float, float]]
Grid = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A route's way out and between its stops, and its way back, as SVG paths."""

    route: Route
    way: str
    back: str


@dataclass(slots=True)
class Spot:
    """What stands at one point of the sheet; `left` and `top` in percent."""

    left: float
    top: float
    stops: list[Stop] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    homes: list[Route] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)

    @property
    def home_label(self) -> str:
        """The numbers of the routes that begin or end here, if there is room for them."""
        named = len(self.homes) <= _HOMES_NAMED
        return " ".join(str(route.number) for route in self.homes) if named else ""

    @property
    def home_text(self) -> str:
        """Whose home this is."""
        busy = [f"route {route.number} ({route.day.shift.nurse})" for route in self.homes]
        if len(busy) > _HOMES_NAMED:
            busy = [f"{len(busy)} routes"]
        if self.idle:
            count = len(self.idle)
            busy.append(f"{self.idle[0] if count == 1 else f'{count} shifts'}, no visits")
        return f"Start or end of {', '.join(busy)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A sheet of `width` by `height` drawing units. `grid` holds its lines' positions, x then y, and
    `grid_text` says how far they are apart; empty where all places lie at one point. `crowd`: few, some or
    many stops."""

    width: float
    height: float
    lines: tuple[Line, ...]
    spots: tuple[Spot, ...]
    grid: Grid
    grid_text: str
    geographic: bool
    misfit: float
    crowd: str


def chart(
    problem: Problem, matrix: TravelMatrix, routes: Sequence[Route], left_out: Iterable[LeftOut], clock: Clock
) -> Chart:
    """All of it, ready to be drawn."""
    layout = lay_out(problem.places, matrix)
    scale = SHEET / max(layout.width, layout.height)
    points = {id: (round(x * scale, 1), round(y * scale, 1)) for id, (x, y) in layout.points.items()}
    width, height = layout.width * scale, layout.height * scale
    grid, grid_text = _grid(layout, scale, clock)
    stops = sum(len(route.stops) for route in routes)
    return Chart(
        width=round(width, 1),
        height=round(height, 1),
        lines=tuple(_line(route, points) for route in routes),
        spots=tuple(_Spots(points, width, height).fill(problem, routes, left_out)),
        grid=grid,
        grid_text=grid_text,
        geographic=layout.geographic,
        misfit=layout.misfit,
        crowd="few" if stops <= _FEW else "some" if stops <= _SOME else "many",
    )


class _Spots:
    """Gathers what stands at the same point."""

    def __init__(self, points: Points, width: float, height: float) -> None:
        self.points, self.width, self.height = points, width, height
        self.spots: dict[tuple[float, float], Spot] = {}

    def at(self, place: str) -> Spot:
        """The spot of a place."""
        x, y = self.points[place]
        made = Spot(left=round(100 * x / self.width, 3), top=round(100 * y / self.height, 3))
        return self.spots.setdefault((x, y), made)

    def fill(self, problem: Problem, routes: Sequence[Route], left_out: Iterable[LeftOut]) -> Iterable[Spot]:
        """Stops, visits left out, homes of routes, homes of shifts without one."""
        used = {route.day.shift.id for route in routes}
        for route in routes:
            shift = route.day.shift
            for place in dict.fromkeys((shift.start_place, shift.end_place)):
                self.at(place).homes.append(route)
            for stop in route.stops:
                self.at(stop.stay.task.place).stops.append(stop)
        for shift in problem.shifts:
            if shift.id not in used:
                self.at(shift.start_place).idle.append(shift.id)
        for entry in left_out:
            self.at(entry.place).left_out.append(entry)
        return self.spots.values()


def _line(route: Route, points: Points) -> Line:
    places = [route.day.shift.start_place, *(stop.stay.task.place for stop in route.stops)]
    way = " ".join(f"{x:g},{y:g}" for x, y in (points[place] for place in places))
    (x, y), (home_x, home_y) = points[places[-1]], points[route.day.shift.end_place]
    return Line(route=route, way=f"M{way}", back=f"M{x:g},{y:g} {home_x:g},{home_y:g}")


def _grid(layout: Layout, scale: float, clock: Clock) -> tuple[Grid, str]:
    """Lines a round distance apart that divide the longer side about eight times, and that distance in
    words. None where all places lie at one point, and there is no scale."""
    if len(set(layout.points.values())) < 2:
        return ((), ()), ""
    per_unit = 1.0 if layout.geographic else float(clock.seconds_per_minute)
    wanted = max(layout.width, layout.height) / per_unit / _GRID_LINES
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= wanted * 0.999)
    drawn = step * per_unit * scale
    lines = (_grid_lines(drawn, layout.width * scale), _grid_lines(drawn, layout.height * scale))
    return lines, f"{step:g} {'km' if layout.geographic else 'min of driving'}"


def _grid_lines(step: float, length: float) -> tuple[float, ...]:
    """Symmetric to the middle; beyond the sheet as far again on each side, for panes of another shape."""
    half = int(1.5 * SHEET / step)
    return tuple(round(length / 2 + i * step, 1) for i in range(-half, half + 1))
