"""Adding regions and changing their settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.actions.errors import ActionError
from app.clock import utc_now
from app.days import CalendarError, next_working_day, zone_of
from app.states import STATES
from app.store.engine import Tx
from app.store.models import Region
from app.store.queries import planning

NEEDED = ("name", "zone", "latitude", "longitude")
"""What a new region cannot do without."""

RANGES = {
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "plan_hour": (0, 23),
    "solve_seconds": (1, 86_400),
    "horizon_days": (1, 21),
    "horizon_seconds": (1, 86_400),
    "detour_factor": (1, 10),
    "speed_kmh": (1, 200),
    "travel_rate": (0, 10_000),
    "overtime_rate": (0, 10_000),
    "not_preferred_price": (0, 100_000),
    "freeze_minutes": (0, 1_440),
}
"""The least and the most of each number."""


def set_region(tx: Tx, code: str, values: Mapping[str, Any]) -> tuple[Region, bool]:
    """Add the region, or change the columns of `values`; whether it was added.

    Raises ActionError for a value that cannot be, or when a new region lacks something.
    """
    for name, value in values.items():
        _require_possible(name, value)
    region = planning.region_by_code(tx, code)
    added = region is None
    if region is None:
        region = _new(code, values)
        tx.add(region)
    for name, value in values.items():
        setattr(region, name, value)
    tx.flush()
    return region, added


def _new(code: str, values: Mapping[str, Any]) -> Region:
    if not code.replace("-", "").isalnum() or code != code.lower():
        raise ActionError(
            f"the code {code!r} cannot be: give small letters, digits and hyphens, as in st-louis"
        )
    missing = [f"--{name}" for name in NEEDED if name not in values]
    if missing:
        raise ActionError(f"region {code} is new and needs {', '.join(missing)} too")
    return Region(code=code)


def _require_possible(name: str, value: Any) -> None:
    if name in RANGES:
        low, high = RANGES[name]
        # Written so that a NaN is refused too.
        if not low <= value <= high:
            raise ActionError(f"{name} {value} cannot be: give a number from {low} to {high}")
    if name == "state" and value not in STATES:
        raise ActionError(f"the state {value!r} is unknown: give its postal code, such as OH")
    if name == "name" and not value.strip():
        raise ActionError("the name is empty: give one")
    try:
        if name == "zone":
            zone_of(value)
        if name == "working_days":
            next_working_day(utc_now().date(), value)
    except CalendarError as error:
        raise ActionError(str(error)) from None
