"""How a route becomes the lines of a nurse's day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.nurse.day import Step, hand_over_view, steps
from app.store.engine import Database
from app.store.models import Nurse, RouteRow, StopRow
from app.store.models.plan import PlanStatus
from tests.support.clinic import Clinic, add_plan, add_visit, local

DAY = date(2026, 11, 24)


@pytest.fixture
def route(database: Database, clinic: Clinic) -> RouteRow:
    """Leave at 8:00; visits 8:25 to 10:40 and 11:05 to 13:20, each after 20 min of drive and 5 of wait."""
    with database.begin() as tx:
        visits = [
            add_visit(tx, clinic, f"V{patient}", patient, DAY) for patient in (clinic.mara, clinic.theo)
        ]
        plan = add_plan(tx, clinic, DAY, {clinic.ana: visits}, status=PlanStatus.PUBLISHED)
        made = plan.routes[0]
        for stop in made.stops:
            assert stop.visit.patient.name
    return made


def rest(route: RouteRow, start: datetime, minutes: int = 30) -> RouteRow:
    route.break_start, route.break_minutes = start, minutes
    return route


def kinds(lines: tuple[Step, ...]) -> list[str]:
    return [line.kind for line in lines]


def test_the_day_runs_from_home_to_home(route: RouteRow) -> None:
    lines = steps(route)
    assert kinds(lines) == ["leave", "drive", "visit", "drive", "visit", "drive", "home"]
    assert lines[0].at == local(DAY, 8)
    assert [line.seconds for line in lines if line.kind == "drive"] == [1200, 1200, 1200]
    assert lines[-1].at == local(DAY, 13, 40)


def at_the_same(stop: StopRow, later: int, longer: int) -> StopRow:
    """Ben's stop at her visit; begins and ends so many minutes after hers."""
    return StopRow(
        visit_id=stop.visit_id,
        start=stop.start + timedelta(minutes=later),
        end=stop.end + timedelta(minutes=longer),
        route=RouteRow(nurse=Nurse(name="Ben Larsen")),
    )


def test_she_hands_over_or_takes_over(route: RouteRow) -> None:
    first, second = route.stops
    gives = hand_over_view(first, at_the_same(first, 125, 60))
    takes = hand_over_view(second, at_the_same(second, -65, -125))
    assert gives is not None and takes is not None
    assert (gives.gives, gives.nurse, gives.begins, gives.over) == (
        True,
        "Ben Larsen",
        local(DAY, 10, 30),
        local(DAY, 10, 40),
    )
    assert (takes.gives, takes.begins, takes.over) == (False, local(DAY, 11, 5), local(DAY, 11, 15))
    assert hand_over_view(first, at_the_same(first, 0, 0)) is None


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ((7, 15), ["break", "leave", "drive", "visit", "drive", "visit", "drive", "home"]),
        ((10, 40), ["leave", "drive", "visit", "break", "drive", "visit", "drive", "home"]),
        ((10, 50), ["leave", "drive", "visit", "break", "drive", "visit", "drive", "home"]),
        ((11, 0), ["leave", "drive", "visit", "drive", "break", "visit", "drive", "home"]),
        ((13, 20), ["leave", "drive", "visit", "drive", "visit", "break", "drive", "home"]),
        ((13, 40), ["leave", "drive", "visit", "drive", "visit", "drive", "home", "break"]),
    ],
)
def test_the_break_stands_where_it_falls(
    route: RouteRow, start: tuple[int, int], expected: list[str]
) -> None:
    lines = steps(rest(route, local(DAY, *start)))
    assert kinds(lines) == expected
    line = next(line for line in lines if line.kind == "break")
    assert (line.at, line.seconds) == (local(DAY, *start), 1800)


def test_an_idle_shift_has_no_lines(database: Database, clinic: Clinic) -> None:
    with database.begin() as tx:
        plan = add_plan(tx, clinic, DAY, {clinic.ana: []}, status=PlanStatus.PUBLISHED)
        assert steps(plan.routes[0]) == ()
