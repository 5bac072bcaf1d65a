"""The phone's folds say what the service's say: the shared cases, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from app.nurse.files import release

CASES = Path(__file__).resolve().parents[1] / "cases" / "field"

VISIT = """
async ([files, told]) => {
  const { recordOf, asWritten } = await import(`${files}/nurse/fold.js`);
  const fold = ({ visit, events, others, now }) => recordOf(visit, events, others ?? [], Date.parse(now));
  return told.map((each) => asWritten(fold(each)));
}
"""
CUSTODY = """
async ([files, told]) => {
  const { custodyOf } = await import(`${files}/nurse/custody.js`);
  return told.map(({ custody, events }) => custodyOf(events, custody.drugs));
}
"""


ROUTE = """
async ([files, told]) => {
  const { recordOf } = await import(`${files}/nurse/fold.js`);
  const { expectedOf } = await import(`${files}/nurse/expected.js`);
  return told.map(({ route, visits, events, others = [], now: written }) => {
    const now = Date.parse(written);
    const at = (all, id) => all.filter((event) => event.visit === Number(id));
    const records = new Map(Object.entries(visits).map(([id, visit]) =>
      [Number(id), recordOf(visit, at(events, id), at(others, id), now)]));
    const text = (at) => new Date(at).toISOString();
    return [...expectedOf(route, records, now)].map(([visit, { arrival, end }]) =>
      ({ visit, arrival: text(arrival), end: text(end) }));
  });
}
"""


def cases(part: str) -> list[dict[str, Any]]:
    """The cases of one fold, by what they hold."""
    found = [json.loads(path.read_text()) for path in sorted(CASES.glob("*.json"))]
    return [case for case in found if part in case]


@pytest.mark.parametrize(("part", "script"), [("visit", VISIT), ("custody", CUSTODY), ("route", ROUTE)])
def test_the_phone_folds_as_the_service_does(open_page: Callable[..., Page], part: str, script: str) -> None:
    told = cases(part)
    assert len(told) > 5
    found = open_page("/login").evaluate(script, [f"/my/files/{release().version}", told])
    pairs = [(case, got) for case, got in zip(told, found, strict=True) if not says(got, case["expected"])]
    assert {case["name"]: (got, case["expected"]) for case, got in pairs} == {}


def says(got: Any, expected: Any) -> bool:
    """Whether it is what is expected; of a record, as far as that goes."""
    if isinstance(expected, dict):
        return all(got.get(name) == want for name, want in expected.items())
    return bool(got == expected)
