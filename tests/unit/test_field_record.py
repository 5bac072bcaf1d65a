"""The folds, held to the cases that the phone's own folds are held to."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.field.custody import custody_of
from app.field.events import Event, instant_text
from app.field.expected import PlannedRoute, expected_of
from app.field.fold import record_of
from app.field.visit import VisitSpec

CASES = {
    path.stem: json.loads(path.read_text())
    for path in (Path(__file__).parents[1] / "cases" / "field").glob("*.json")
}


def cases(key: str) -> list[str]:
    return sorted(name for name, case in CASES.items() if key in case)


def events(case: dict[str, Any], key: str = "events") -> list[Event]:
    return [Event.from_json(each) for each in case.get(key, [])]


@pytest.mark.parametrize("name", cases("visit"))
def test_the_record_is_as_the_shared_case_says(name: str) -> None:
    case = CASES[name]
    now = datetime.fromisoformat(case["now"])
    visit = VisitSpec.from_json(case["visit"])
    record = record_of(visit, events(case), now, others=events(case, "others")).to_json()
    assert {key: record[key] for key in case["expected"]} == case["expected"]


@pytest.mark.parametrize("name", cases("custody"))
def test_custody_is_as_the_shared_case_says(name: str) -> None:
    case = CASES[name]
    custody = custody_of(events(case), case["custody"]["drugs"]).to_json()
    assert {key: custody[key] for key in case["expected"]} == case["expected"]


@pytest.mark.parametrize("name", cases("route"))
def test_expected_arrivals_are_as_the_shared_case_says(name: str) -> None:
    case = CASES[name]
    now = datetime.fromisoformat(case["now"])
    records = {
        int(visit): record_of(
            VisitSpec.from_json(spec),
            [each for each in events(case) if each.visit == int(visit)],
            now,
            others=[each for each in events(case, "others") if each.visit == int(visit)],
        )
        for visit, spec in case["visits"].items()
    }
    found = expected_of(PlannedRoute.from_json(case["route"]), records, now)
    assert [
        {"visit": each.visit, "arrival": instant_text(each.arrival), "end": instant_text(each.end)}
        for each in found
    ] == case["expected"]


def test_every_case_is_of_a_known_kind() -> None:
    assert len(CASES) > 50
    known = {*cases("visit"), *cases("custody"), *cases("route")}
    assert known == set(CASES)
