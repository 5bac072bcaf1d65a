"""What every TravelSource keeps, and that the great circle is geopy's."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from geopy.distance import great_circle
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.model import ModelError, Place
from scheduler.travel import GivenTimes, GreatCircle, TravelMatrix, TravelSource
from tests.support.problems import StreetTravel, place

PLACES = tuple(place(name, minute) for name, minute in (("a", 0), ("b", 7), ("c", 31), ("d", 31)))


def given_times() -> GivenTimes:
    """A directed matrix: there takes longer than back."""
    seconds = np.array([[0, 5, 9, 9], [6, 0, 3, 3], [8, 2, 0, 0], [8, 2, 0, 0]])
    return GivenTimes(times=TravelMatrix(["a", "b", "c", "d"], seconds))


SOURCES: list[Callable[[], TravelSource]] = [GreatCircle, given_times, StreetTravel]


@pytest.fixture(params=SOURCES, ids=["great circle", "given times", "street"])
def source(request: pytest.FixtureRequest) -> TravelSource:
    """Each of the sources in turn."""
    made: TravelSource = request.param()
    return made


def test_places_keep_the_callers_order(source: TravelSource) -> None:
    assert source.matrix(PLACES).places == ("a", "b", "c", "d")
    assert source.matrix(PLACES[::-1]).places == ("d", "c", "b", "a")


def test_times_do_not_depend_on_the_order_or_on_other_places(source: TravelSource) -> None:
    whole, part = source.matrix(PLACES), source.matrix((PLACES[2], PLACES[0]))
    for origin in "ac":
        for destination in "ac":
            assert whole.between(origin, destination) == part.between(origin, destination)


def test_times_are_whole_seconds_and_nothing_from_a_place_to_itself(source: TravelSource) -> None:
    seconds = source.matrix(PLACES).seconds
    assert seconds.dtype == np.int64
    assert (seconds >= 0).all()
    assert not seconds.diagonal().any()


def test_two_places_at_the_same_point_are_no_drive_apart(source: TravelSource) -> None:
    assert source.matrix(PLACES).between("c", "d") == 0


def test_no_places_make_an_empty_matrix(source: TravelSource) -> None:
    assert source.matrix(()).seconds.shape == (0, 0)


coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(here=coordinates, there=coordinates, detour=st.floats(1, 3), speed=st.floats(5, 130))
@settings(max_examples=300)
def test_the_great_circle_is_geopys(
    here: tuple[float, float], there: tuple[float, float], detour: float, speed: float
) -> None:
    points = [Place(id=name, latitude=at[0], longitude=at[1]) for name, at in (("a", here), ("b", there))]
    matrix = GreatCircle(detour=detour, speed_kmh=speed).matrix(points)
    exact = great_circle(here, there).km * detour / speed * 3600
    assert exact - 1e-3 <= matrix.between("a", "b") < exact + 1 + 1e-3
    assert matrix.between("a", "b") == matrix.between("b", "a")


def test_columbus_to_dublin_as_done_by_hand() -> None:
    columbus = Place(id="columbus", latitude=39.9612, longitude=-82.9988)
    dublin = Place(id="dublin", latitude=40.0992, longitude=-83.1141)
    km = great_circle((39.9612, -82.9988), (40.0992, -83.1141)).km
    assert 18.2 < km < 18.3
    seconds = GreatCircle(detour=1.5, speed_kmh=60).matrix([columbus, dublin]).between("columbus", "dublin")
    assert seconds == math.ceil(km * 1.5 * 60)


def test_five_hundred_places_take_less_than_a_second() -> None:
    grid = [Place(id=str(i), latitude=39.8 + i % 25 / 50, longitude=-83 + i // 25 / 50) for i in range(500)]
    began = time.process_time()
    GreatCircle().matrix(grid)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("field", "detour", "speed"),
    [
        ("detour", 0.99, 40.0),
        ("detour", math.nan, 40.0),
        ("detour", math.inf, 40.0),
        ("speed_kmh", 1.3, 0.0),
        ("speed_kmh", 1.3, -1.0),
        ("speed_kmh", 1.3, math.nan),
        ("speed_kmh", 1.3, math.inf),
    ],
)
def test_an_impossible_setting_is_refused_by_name(field: str, detour: float, speed: float) -> None:
    with pytest.raises(ModelError) as caught:
        GreatCircle(detour=detour, speed_kmh=speed)
    assert caught.value.field == field


def test_a_place_without_given_times_is_named() -> None:
    with pytest.raises(ModelError, match="no times for place 'e'"):
        given_times().matrix((*PLACES, place("e", 3)))


def test_given_times_are_directed() -> None:
    matrix = given_times().matrix(PLACES)
    assert (matrix.between("a", "b"), matrix.between("b", "a")) == (5, 6)


@pytest.mark.parametrize(
    ("places", "seconds", "fault"),
    [
        (["a"], np.zeros((1, 2), dtype=np.int64), "shape"),
        (["a", "b"], np.array([[0, -1], [1, 0]]), "0 or more"),
        (["a", "b"], np.array([[0.0, 1.5], [1.5, 0.0]]), "whole"),
        (["a", "b"], np.array([[0, 1], [1, 2]]), "to itself"),
        (["a", "a"], np.array([[0, 1], [1, 0]]), "more than once"),
    ],
)
def test_an_impossible_matrix_is_refused(places: Sequence[str], seconds: np.ndarray, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        TravelMatrix(places, seconds)


def test_an_unknown_place_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        given_times().matrix(PLACES).between("a", "elsewhere")
