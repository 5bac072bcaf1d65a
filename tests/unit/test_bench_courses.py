"""The seeded courses: the same each time, and with everything that a course can have."""

from __future__ import annotations

import pytest

from benchmarks.courses import LEAST_APART, REGION, course
from scheduler.check import check
from scheduler.io import problem_json
from scheduler.model import GateKind, Plan


def test_the_same_arguments_make_the_same_course() -> None:
    assert course(12, 5, 10, seed=3) == course(12, 5, 10, seed=3)
    assert course(12, 5, 10, seed=3) != course(12, 5, 10, seed=4)


def test_a_course_has_all_that_there_is() -> None:
    problem = course()
    assert {gate.kind for visit in problem.visits for gate in visit.gates} == {*GateKind} - {
        GateKind.SPACING  # a course has no days beside it
    }
    assert {mode.id for visit in problem.visits for mode in visit.modes} == {"throughout", "handed-over"}
    assert {spacing.needs_first for spacing in problem.spacings} == {True, False}
    assert {spacing.min_s >= LEAST_APART for spacing in problem.spacings} == {True, False}
    assert len({limit.nurse for limit in problem.hour_limits}) == 20
    assert problem.rest_s and all(shift.stock for shift in problem.shifts)
    assert problem_json.from_dict(problem_json.to_dict(problem)) == problem


@pytest.mark.parametrize("size", [(1, 1, 1), (2, 1, 3), (5, 3, 5), (30, 9, 14)])
def test_a_course_of_any_size_can_be_left_undone(size: tuple[int, int, int]) -> None:
    problem = course(*size)
    nothing = Plan(routes=(), unassigned=tuple(visit.id for visit in problem.visits))
    assert check(problem, REGION.travel.matrix(problem.places), nothing).feasible
