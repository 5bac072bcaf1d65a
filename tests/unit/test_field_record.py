"""The fold of a visit, held to the cases that the phone's own fold is held to."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from app.field.events import Event
from app.field.fold import record_of
from app.field.visit import VisitSpec

CASES = sorted((Path(__file__).parents[1] / "cases" / "field").glob("*.json"))
VISITS = [path for path in CASES if "visit" in json.loads(path.read_text())]


@pytest.mark.parametrize("path", VISITS, ids=[path.stem for path in VISITS])
def test_the_record_is_as_the_shared_case_says(path: Path) -> None:
    case = json.loads(path.read_text())
    record = record_of(
        VisitSpec.from_json(case["visit"]),
        [Event.from_json(each) for each in case["events"]],
        datetime.fromisoformat(case["now"]),
        others=[Event.from_json(each) for each in case["others"]],
    ).to_json()
    assert {key: record[key] for key in case["expected"]} == case["expected"]
