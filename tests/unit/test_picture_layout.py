"""Where places are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.model import Place
from scheduler.picture.layout import Floats, Layout, lay_out, scaled
from scheduler.travel import TravelMatrix


def distances(points: Floats) -> Floats:
    apart: Floats = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    return apart


def places(*degrees: tuple[float, float]) -> list[Place]:
    return [
        Place(id=f"p{i}", latitude=latitude, longitude=longitude)
        for i, (latitude, longitude) in enumerate(degrees)
    ]


def laid_out(where: list[Place], drives: Floats | None = None) -> Layout:
    count = len(where)
    seconds = np.zeros((count, count)) if drives is None else drives
    return lay_out(where, TravelMatrix([place.id for place in where], np.ceil(seconds).astype(np.int64)))


def test_coordinates_are_drawn_true_to_scale_with_north_up() -> None:
    layout = laid_out(places((60.0, 10.0), (60.0, 10.2), (60.1, 10.0)))
    assert layout.geographic
    (x0, y0), (x1, y1), (x2, y2) = layout.points.values()
    assert y1 == pytest.approx(y0)
    assert x2 == pytest.approx(x0)
    assert x1 - x0 == pytest.approx(11.1, abs=0.1)  # at 60 degrees, half as long as on the equator
    assert y0 - y2 == pytest.approx(11.1, abs=0.1)


def test_places_on_both_sides_of_the_date_line_stay_together() -> None:
    assert laid_out(places((0.0, 179.9), (0.0, -179.9))).width == pytest.approx(22.2, abs=0.1)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12, unique=True),
)
def test_points_of_a_plane_are_found_again_from_their_distances(points: list[tuple[int, int]]) -> None:
    wanted = distances(np.array(points, dtype=np.float64))
    assert distances(scaled(wanted)) == pytest.approx(wanted, abs=1e-4)


def test_without_coordinates_the_drives_lay_the_places_out() -> None:
    corners = np.array([(0, 0), (300, 0), (300, 400), (0, 400)], dtype=np.float64)
    layout = laid_out(places(*[(0.0, 0.0)] * 4), distances(corners))
    assert not layout.geographic
    assert (layout.width, layout.height) == pytest.approx((400, 300))
    assert layout.misfit == pytest.approx(0, abs=1e-6)


def test_one_way_streets_are_drawn_at_their_mean_and_the_misfit_is_told() -> None:
    drives = np.array([[0, 100, 100], [300, 0, 100], [300, 300, 0]], dtype=np.float64)
    layout = laid_out(places(*[(0.0, 0.0)] * 3), drives)
    points = np.array(list(layout.points.values()))
    assert distances(points)[0, 1] == pytest.approx(200)
    far = np.array([[0, 9, 9, 9], [9, 0, 9, 9], [9, 9, 0, 9], [9, 9, 9, 0]], dtype=np.float64)
    assert laid_out(places(*[(0.0, 0.0)] * 4), far).misfit > 0.1  # a tetrahedron is not flat


@pytest.mark.parametrize("count", [0, 1, 3])
def test_places_that_do_not_differ_lie_on_the_sheet_all_the_same(count: int) -> None:
    layout = laid_out(places(*[(0.0, 0.0)] * count))
    assert layout.width > 0 < layout.height
    assert set(layout.points.values()) <= {(layout.width / 2, layout.height / 2)}
