"""Whatever problem or plan can be built can be written as JSON and read back the same."""

from __future__ import annotations

import json

from hypothesis import given, settings

from scheduler.check import check
from scheduler.io import plan_json, problem_json
from scheduler.model import Plan, Problem
from scheduler.travel import GreatCircle
from tests.support.problems import street, street_matrix
from tests.support.strategies import plans, problems


@given(problem=problems())
@settings(max_examples=150)
def test_a_problem_survives_json(problem: Problem) -> None:
    text = json.dumps(problem_json.to_dict(problem, GreatCircle(detour=1.25, speed_kmh=31.5)))
    assert problem_json.from_dict(json.loads(text)) == problem
    assert problem_json.travel_from_dict(json.loads(text)) == GreatCircle(detour=1.25, speed_kmh=31.5)


@given(plan=plans)
@settings(max_examples=100)
def test_a_plan_survives_json(plan: Plan) -> None:
    assert plan_json.from_dict(json.loads(json.dumps(plan_json.to_dict(plan)))) == plan


@given(plan=plans)
@settings(max_examples=100)
def test_the_referee_judges_any_plan_without_failing(plan: Plan) -> None:
    problem = street()
    report = check(problem, street_matrix(problem), plan)
    assert not report.feasible  # the mandatory v1 is never served by a made-up plan
    unknown = {"unknown_shift", "unknown_task", "unknown_visit"} & {v.code for v in report.violations}
    assert (report.cost is None) == bool(unknown)
