"""Curves as SVG, on two logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 96, 52, 52
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #49534f }
  .title { font-size: 15px; font-weight: 600; fill: #1c2422 }
  .name { font-weight: 600 }
  .grid { stroke: #e3e0d8 }
  .curve, .range { fill: none; stroke-width: 2 }
  .reference { fill: none; stroke: #8a877d; stroke-width: 1.5; stroke-dasharray: 6 5 }
"""
COLOURS = ("#0d5c63", "#b3431e", "#5d4a8f", "#8f5f00")
DASHES = ("none", "7 4", "2 4", "12 4 2 4")


@dataclass(frozen=True, kw_only=True)
class Point:
    """A value with the range it was found in."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Series:
    """A curve; points from left to right."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, kw_only=True)
class Axes:
    """Logarithmic axes from `x[0]` to `x[1]` and from `y[0]` to `y[1]`."""

    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point is drawn."""
        across = math.log(x / self.x[0]) / math.log(self.x[1] / self.x[0])
        up = math.log(y / self.y[0]) / math.log(self.y[1] / self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def chart(*, title: str, x_label: str, y_label: str, series: Sequence[Series], reference: str) -> str:
    """An SVG page. `reference` names a dashed line of y in proportion to x, through y = 1 at the least x."""
    points = [point for each in series for point in each.points]
    least, most = min(point.x for point in points), max(point.x for point in points)
    axes = Axes(
        x=(least * 0.9, most * 1.05),
        y=(
            min(0.8, 0.9 * min(point.low for point in points)),
            1.15 * max(most / least, *(point.high for point in points)),
        ),
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(LEFT, 26, title, "title"),
        *_grid(axes, sorted({point.x for point in points})),
        _text(LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 10, x_label, anchor="middle"),
        _text(LEFT, TOP - 8, y_label, anchor="middle"),
        *_reference(axes, least, most, reference),
        *(part for number, each in enumerate(series) for part in _curve(axes, number, each, series)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(axes: Axes, columns: Sequence[float]) -> list[str]:
    parts = []
    for x in columns:
        across, bottom = axes.at(x, axes.y[0])
        parts.append(f'<path class="grid" d="M{across:.1f},{TOP}V{bottom:.1f}"/>')
        parts.append(_text(across, bottom + 18, f"{x:g}", anchor="middle"))
    for y in (1, 2, 5, 10, 20, 50, 100, 200, 500):
        if axes.y[0] <= y <= axes.y[1]:
            left, up = axes.at(axes.x[0], y)
            parts.append(f'<path class="grid" d="M{left:.1f},{up:.1f}H{WIDTH - RIGHT}"/>')
            parts.append(_text(left - 8, up + 4, f"{y}", anchor="end"))
    return parts


def _reference(axes: Axes, least: float, most: float, name: str) -> list[str]:
    (x, y), (end_x, end_y) = axes.at(least, 1), axes.at(most, most / least)
    return [
        f'<path class="reference" d="M{x:.1f},{y:.1f}L{end_x:.1f},{end_y:.1f}"/>',
        _text(end_x + 10, end_y + 4, name),
    ]


def _curve(axes: Axes, number: int, one: Series, every: Sequence[Series]) -> list[str]:
    """The line, its ranges, its points and its name, moved where another curve ends close by."""
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    drawn = [axes.at(point.x, point.y) for point in one.points]
    path = "L".join(f"{x:.1f},{y:.1f}" for x, y in drawn)
    parts = [f'<path class="curve" stroke="{colour}" stroke-dasharray="{dash}" d="M{path}"/>']
    for point, (x, y) in zip(one.points, drawn, strict=True):
        (_, low), (_, high) = axes.at(point.x, point.low), axes.at(point.x, point.high)
        parts.append(f'<path class="range" stroke="{colour}" d="M{x:.1f},{low:.1f}V{high:.1f}"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>')
    x, y = drawn[-1]
    ends = sorted((each.points[-1].y for each in every), reverse=True)
    close = max(ends) / min(ends) < 1.25
    shift = 16 * (ends.index(one.points[-1].y) - (len(ends) - 1) / 2) if close else 0
    parts.append(_text(x + 10, y + 4 + shift, one.name, "name", colour=colour))
    return parts


def _text(
    x: float, y: float, text: str, kind: str = "", *, anchor: str = "start", colour: str = "#49534f"
) -> str:
    style = f' style="fill:{colour}"' if kind == "name" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}"{style}>{escape(text)}</text>'
