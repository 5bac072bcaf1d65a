"""What the model's records promise besides their checks."""

from __future__ import annotations

import dataclasses

import pytest

from scheduler.model import Break, ModelError, Window
from tests.support.problems import HOUR, at, shift, street, task, visit, window


def test_records_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        street().visits[0].id = "x"  # type: ignore[misc]


def test_replace_makes_a_new_record_and_validates_it() -> None:
    before = window(at(8), at(10))
    assert before.replace(latest_start=at(11)) == window(at(8), at(11))
    assert before == window(at(8), at(10))
    with pytest.raises(ModelError):
        before.replace(latest_start=at(7))


def test_fields_go_by_name_only() -> None:
    with pytest.raises(TypeError):
        Window(1, 2)  # type: ignore[call-arg, misc]


def test_overtime_is_part_of_the_latest_finish() -> None:
    assert shift("s", "ana", "home", at(8), at(16), max_overtime=HOUR).latest_finish == at(17)


def test_a_break_may_lie_in_allowed_overtime_only_if_it_fits() -> None:
    late = Break(duration=1800, earliest_start=at(16), latest_end=at(17))
    assert shift("s", "ana", "home", at(8), at(16), max_overtime=HOUR, break_=late).break_ == late
    with pytest.raises(ModelError):
        shift("s", "ana", "home", at(8), at(16), max_overtime=1799, break_=late)


def test_a_soft_window_may_be_too_short_for_the_stay() -> None:
    late = window(at(8), at(9), at(8, 30), soft=True)
    assert task("t", "p", 60, late).windows == (late,)


def test_a_visit_lists_the_tasks_of_all_its_modes() -> None:
    handoff = street().visits[3]
    assert [found.id for found in handoff.tasks] == ["v4.1", "v4.2", "v4.3"]


def test_a_problem_finds_tasks_and_their_visits() -> None:
    problem = street()
    assert problem.task_by_id["v4.3"].duration == 100 * 60
    assert problem.visit_by_task["v4.3"].id == "v4"


def test_a_day_without_visits_or_shifts_is_no_error() -> None:
    empty = street().replace(visits=(), shifts=())
    assert empty.task_by_id == {}


def test_records_can_be_kept_in_sets() -> None:
    assert len({visit("v", task("t", "p", 5)), visit("v", task("t", "p", 5))}) == 1
