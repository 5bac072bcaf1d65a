"""Where places are drawn: by their coordinates, or, where these say nothing, by the drives between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.model import Place
from scheduler.travel import TravelMatrix

Floats = npt.NDArray[np.float64]

KILOMETRES_PER_DEGREE = 111.195
"""On a meridian of the mean sphere."""

_NARROWEST = 0.4
"""The shorter side of the sheet is at least so much of the longer one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """A sheet of `width` by `height` with a point for each place, x to the right, y down.

    Lengths are kilometres where the sheet is `geographic`. Elsewhere they are seconds of driving, kept as
    well as a plane can; `misfit` says how well: the mean deviation of a drawn from a driven distance, as a
    share of the mean drive.
    """

    points: dict[str, tuple[float, float]]
    width: float
    height: float
    geographic: bool
    misfit: float = 0.0


def lay_out(places: Sequence[Place], matrix: TravelMatrix) -> Layout:
    """By coordinates, if at least two places differ in them; else by the drives."""
    if len({(place.latitude, place.longitude) for place in places}) > 1:
        return _sheet(places, _projected(places), geographic=True)
    rows = [matrix.row(place.id) for place in places]
    drives = matrix.seconds[np.ix_(rows, rows)].astype(np.float64)
    both_ways = (drives + drives.T) / 2
    points = scaled(both_ways)
    return _sheet(places, points, geographic=False, misfit=_misfit(points, both_ways))


def scaled(distances: Floats) -> Floats:
    """Points in the plane, (n, 2), whose distances come close to the symmetric `distances`, (n, n): classical
    multidimensional scaling (Torgerson 1952). The longest extent lies along x; signs are fixed, so the same
    distances give the same points."""
    count = len(distances)
    if count < 2:
        return np.zeros((count, 2))
    centring = np.eye(count) - 1 / count
    inner = -0.5 * centring @ distances**2 @ centring
    values, vectors = np.linalg.eigh(inner)
    points: Floats = vectors[:, [-1, -2]] * np.sqrt(np.maximum(values[[-1, -2]], 0.0))
    largest = points[np.abs(points).argmax(axis=0), [0, 1]]
    return points * np.where(largest < 0, -1.0, 1.0)


def _projected(places: Sequence[Place]) -> Floats:
    """Kilometres east and south; true to scale along the mean latitude. Where the places lie on both sides of
    the date line they stay together."""
    latitude = np.array([place.latitude for place in places])
    longitude = np.array([place.longitude for place in places])
    if longitude.max() - longitude.min() > 180:
        longitude = np.where(longitude < 0, longitude + 360, longitude)
    shrink = math.cos(math.radians(float(latitude.mean())))
    east: Floats = np.stack([longitude * shrink, -latitude], axis=1) * KILOMETRES_PER_DEGREE
    return east


def _misfit(points: Floats, distances: Floats) -> float:
    mean = distances.mean() if distances.size else 0.0
    if not mean:
        return 0.0
    drawn = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    return float(np.abs(drawn - distances).mean() / mean)


def _sheet(places: Sequence[Place], points: Floats, *, geographic: bool, misfit: float = 0.0) -> Layout:
    """The points on a sheet that is never too narrow to read; a single point lies in its middle."""
    low = points.min(axis=0) if len(points) else np.zeros(2)
    extent = points.max(axis=0) - low if len(points) else np.zeros(2)
    longest = float(extent.max()) or 1.0
    size = np.maximum(extent, longest * _NARROWEST)
    placed = points - low + (size - extent) / 2
    return Layout(
        points={place.id: (float(x), float(y)) for place, (x, y) in zip(places, placed, strict=True)},
        width=float(size[0]),
        height=float(size[1]),
        geographic=geographic,
        misfit=misfit,
    )
