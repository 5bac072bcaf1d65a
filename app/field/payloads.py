"""What an event of each kind must say to make sense. What makes none is kept, but set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.field.events import AT_A_VISIT, Kind

YEARS = (1970, 2099)
"""A phone whose battery was empty may wake up in 1970."""

MOST_TEXT = 4000
"""Characters of one text."""

NO_GO_REASONS = (
    "order",
    "identity",
    "fasting",
    "vitals",
    "adult",
    "kit",
    "patient_declines",
    "not_home",
    "other",
)

Test = Callable[[Any], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One field: whether a value will do, and in words what would. `optional`: it may be missing or null."""

    name: str
    test: Test
    words: str
    optional: bool = False

    def fault(self, payload: Mapping[str, Any]) -> str | None:
        """What is wrong with it."""
        value = payload.get(self.name)
        if value is None:
            return None if self.optional else f"{self.name} is missing"
        return None if self.test(value) else f"{self.name} is not {self.words}"


def fault_of(kind: str, payload: Mapping[str, Any], visit: int | None) -> str | None:
    """Why an event of this kind cannot be understood; None where it can. Names the field, not its value."""
    if kind not in _SHAPES:
        return f"This version of Rounds knows no event {kind}."
    if kind in AT_A_VISIT and visit is None:
        return f"{kind}: it names no visit."
    faults = (field.fault(payload) for field in _SHAPES[Kind(kind)])
    found = next((fault for fault in faults if fault is not None), None)
    return None if found is None else f"{kind}: {found}."


def _whole(low: int, high: int) -> tuple[Test, str]:
    def test(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high

    return test, f"a whole number from {low} to {high}"


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _number(name: str, low: int, high: int, *, optional: bool = False) -> Field:
    test, words = _whole(low, high)
    return Field(name=name, test=test, words=words, optional=optional)


def _text(name: str, *, optional: bool = False) -> Field:
    def test(value: Any) -> bool:
        return isinstance(value, str) and len(value) <= MOST_TEXT and (optional or bool(value.strip()))

    return Field(name=name, test=test, words=f"a text of at most {MOST_TEXT} characters", optional=optional)


def _flag(name: str) -> Field:
    return Field(name=name, test=lambda value: isinstance(value, bool), words="true or false", optional=True)


def _answers(name: str, *, optional: bool = False) -> Field:
    def test(value: Any) -> bool:
        return isinstance(value, dict) and all(isinstance(answer, bool) for answer in value.values())

    return Field(name=name, test=test, words="a set of answers, each true or false", optional=optional)


def _is_place(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_number(value.get("latitude"), -90, 90)
        and _is_number(value.get("longitude"), -180, 180)
        and _is_number(value.get("accuracy_m"), 0, 1e8)
    )


def _is_early(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(value.get(name, ""), str) and len(value.get(name, "")) <= MOST_TEXT
        for name in ("reason", "prescriber")
    )


def _is_instant(value: Any) -> bool:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return at is not None and at.tzinfo is not None and YEARS[0] <= at.year <= YEARS[1]


_PLACE = Field(name="place", test=_is_place, words="a latitude, longitude and accuracy_m", optional=True)
_COUNTED = (_text("item"), _number("units", 1, 10_000))

_SHAPES: Mapping[Kind, tuple[Field, ...]] = {
    Kind.ARRIVED: (_PLACE,),
    Kind.CHECKED: (_answers("answers"),),
    Kind.VITALS: (
        _number("systolic", 30, 300),
        _number("diastolic", 10, 200),
        _number("heart_rate", 10, 300, optional=True),
        _number("oxygen", 30, 100, optional=True),
        _number("phase", 0, 99, optional=True),
    ),
    Kind.GO: (),
    Kind.NO_GO: (
        Field(name="reason", test=lambda value: value in NO_GO_REASONS, words="one of the known reasons"),
        _text("text", optional=True),
    ),
    Kind.PHASE_BEGAN: (_number("position", 0, 99),),
    Kind.NOTE: (_text("text"),),
    Kind.DISCHARGED: (
        _answers("criteria", optional=True),
        _flag("adult_present"),
        _text("mood", optional=True),
        _flag("mania_signs"),
        _flag("follow_up_booked"),
    ),
    Kind.DEPARTED: (
        _PLACE,
        Field(name="early", test=_is_early, words="a reason and a prescriber", optional=True),
    ),
    Kind.AMENDED: (
        _text("amends"),
        Field(name="payload", test=lambda value: isinstance(value, dict), words="a JSON object"),
        Field(name="at", test=_is_instant, words="an instant with its zone", optional=True),
        _text("reason"),
    ),
    Kind.PICKED_UP: _COUNTED,
    Kind.USED: _COUNTED,
    Kind.WASTED: (*_COUNTED, _text("witness", optional=True), _text("reason")),
    Kind.RETURNED: (*_COUNTED, _text("to", optional=True)),
    Kind.EXPLAINED: (_text("item"), _number("difference", -10_000, 10_000), _text("reason")),
    Kind.SHIFT_CLOSED: (),
    Kind.CHANGES_SEEN: (_number("plan", 1, 2**31 - 1),),
}
