"""What every record of the model shares: `replace`, and the checks of its fields."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from typing import Any, Self

from scheduler.model.errors import ModelError

MAX_SECONDS = 10**9
"""Largest time or duration the model takes, in seconds (about 31 years)."""

MAX_POINTS = 10**12
"""Largest single price the model takes, in points."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Base of the model's frozen records."""

    def replace(self, **changes: Any) -> Self:
        """A copy with `changes` made, validated anew."""
        return dataclasses.replace(self, **changes)


def require(holds: bool, record: str, field: str, reason: str) -> None:
    """Raise ModelError unless `holds`."""
    if not holds:
        raise ModelError(record, field, reason)


def require_id(record: str, field: str, value: object) -> None:
    """An id is a string with something in it."""
    require(
        isinstance(value, str) and bool(value.strip()),
        record,
        field,
        f"must be a non-empty string, not {value!r}",
    )


def require_int(record: str, field: str, value: object, *, low: int = 0, high: int = MAX_SECONDS) -> None:
    """An int (never a bool or a float) in [low, high]."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    require(whole, record, field, f"must be a whole number, not {value!r}")
    assert isinstance(value, int)
    require(low <= value <= high, record, field, f"must be from {low} to {high}, not {value}")


def require_names(record: str, field: str, value: object) -> None:
    """A frozenset of non-empty strings: a bare string would be taken for the set of its letters."""
    require(isinstance(value, frozenset), record, field, f"must be a frozenset of strings, not {value!r}")
    assert isinstance(value, frozenset)
    for name in value:
        require_id(record, field, name)


def require_unique(record: str, field: str, ids: Iterable[str]) -> None:
    """No id stands twice."""
    twice = sorted(name for name, count in Counter(ids).items() if count > 1)
    require(not twice, record, field, f"ids must be unique, given more than once: {', '.join(twice)}")
