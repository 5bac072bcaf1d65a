"""docs/rules.md and docs/formats.md say what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from scheduler.check import EXCEPTABLE, Code, check
from scheduler.io import plan_json, problem_json

DOCS = Path(__file__).resolve().parents[2] / "docs"


def examples() -> list[dict[str, Any]]:
    """The JSON documents in docs/formats.md."""
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


def test_every_code_is_documented_once_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (DOCS / "rules.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(Code)


def test_the_rules_say_which_of_them_may_be_excepted() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \|.*\| ([^|]+) \|$", (DOCS / "rules.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {code for code, word in rows if word != "never"} == EXCEPTABLE
    assert len(rows) == len(Code)


def test_the_example_plan_is_feasible_for_the_example_problem() -> None:
    problem_data, plan_data = examples()
    problem, plan = problem_json.from_dict(problem_data), plan_json.from_dict(plan_data)
    matrix = problem_json.travel_from_dict(problem_data).matrix(problem.places)
    assert check(problem, matrix, plan).violations == ()


def test_the_examples_show_every_field() -> None:
    """So they are written back the same."""
    problem_data, plan_data = examples()
    travel = problem_data.pop("travel")
    assert problem_json.to_dict(problem_json.from_dict(problem_data)) == problem_data
    assert plan_json.to_dict(plan_json.from_dict(plan_data)) == plan_data
    assert travel["kind"] == "great_circle"
