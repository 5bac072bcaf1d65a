"""Supplies: kits and drug units that a nurse picks up and a visit uses."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model.record import Record, require_id, require_int


@dataclass(frozen=True, kw_only=True, slots=True)
class Supply(Record):
    """So many `units` of an item."""

    item: str
    units: int

    def __post_init__(self) -> None:
        require_id("supply", "item", self.item)
        require_int(f"supply {self.item!r}", "units", self.units)
