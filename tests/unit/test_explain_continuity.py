"""How far series keep their nurse."""

from __future__ import annotations

import pytest

from scheduler.explain import SeriesContinuity, continuity, share_kept
from scheduler.model import Plan, Problem, Spacing
from tests.support.problems import street, street_plan


def tied(*pairs: tuple[str, str], follow_ups: tuple[tuple[str, str], ...] = ()) -> Problem:
    """The street, where Ana gives v1 (8:30) and v2 (13:05), Ben begins v4 (9:00) and helps her with v3
    (12:00), Cleo gives v5 (14:00), and v6 is left out."""
    spacings = [Spacing(first=first, then=then) for first, then in pairs]
    spacings += [Spacing(first=first, then=then, needs_first=True) for first, then in follow_ups]
    return street().replace(spacings=tuple(spacings))


def test_sessions_are_counted_in_the_order_of_their_starts() -> None:
    (series,) = continuity(tied(("v1", "v3"), ("v3", "v2"), ("v2", "v5"), ("v5", "v6")), street_plan())
    assert series == SeriesContinuity(
        sessions=5, served=("v1", "v3", "v2", "v5"), nurses=("ana", "ana", "ana", "cleo")
    )
    assert (series.kept, series.pairs) == (2, 3)


def test_a_hand_over_is_its_first_nurses() -> None:
    (series,) = continuity(tied(("v4", "v5")), street_plan())
    assert (series.nurses, series.kept, series.pairs) == (("ben", "cleo"), 0, 1)


def test_follow_ups_are_no_sessions_and_other_series_are_their_own() -> None:
    problem = tied(("v1", "v2"), ("v4", "v6"), follow_ups=(("v1", "v3"), ("v3", "v4")))
    one, other = continuity(problem, street_plan())
    assert (one.served, one.kept, one.pairs) == (("v1", "v2"), 1, 1)
    assert (other.sessions, other.served, other.pairs) == (2, ("v4",), 0)


def test_the_share_is_of_all_sessions_that_follow_another() -> None:
    series = continuity(tied(("v1", "v2"), ("v4", "v5")), street_plan())
    assert share_kept(series) == pytest.approx(0.5)


def test_without_sessions_there_is_no_share() -> None:
    nothing = Plan(routes=(), unassigned=tuple(visit.id for visit in street().visits))
    assert share_kept(continuity(tied(("v1", "v2")), nothing)) is None
    assert continuity(street(), street_plan()) == ()
