"""Spacings: what ties visits of one patient to each other, on one day or over several."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model.record import MAX_POINTS, Record, require, require_id, require_int


@dataclass(frozen=True, kw_only=True, slots=True)
class Spacing(Record):
    """Where both visits are served, start(then) - start(first) lies in [min_s, max_s] seconds (`max_s` None:
    no limit). A visit starts with its earliest stay.

    With `needs_first`, `then` is not served unless `first` is: a follow-up of an infusion that was not given.
    `change_cost` is the price, in points, of another nurse: it is paid where both are served and their first
    tasks have different ones.
    """

    first: str
    then: str
    min_s: int = 0
    max_s: int | None = None
    needs_first: bool = False
    change_cost: int = 0

    def __post_init__(self) -> None:
        require_id("spacing", "first", self.first)
        require_id("spacing", "then", self.then)
        name = f"spacing {self.first!r} to {self.then!r}"
        require(self.first != self.then, name, "then", "must be another visit than first")
        require_int(name, "min_s", self.min_s)
        if self.max_s is not None:
            require_int(name, "max_s", self.max_s)
            require(self.min_s <= self.max_s, name, "max_s", f"{self.max_s} is less than min_s {self.min_s}")
        require_int(name, "change_cost", self.change_cost, high=MAX_POINTS)
