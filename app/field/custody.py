"""What a nurse carries on one day: picked up, used, wasted, returned; and what does not add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.field.events import Event, Kind
from app.field.story import Entry, story_of

_COUNTED = {Kind.PICKED_UP: "picked_up", Kind.USED: "used", Kind.WASTED: "wasted", Kind.RETURNED: "returned"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One item, in units. `explained`: how much of the difference she has given a reason for."""

    item: str
    picked_up: int
    used: int
    wasted: int
    returned: int
    explained: int

    @property
    def difference(self) -> int:
        """What is neither used nor wasted nor returned; below 0: more than she picked up."""
        return self.picked_up - self.used - self.wasted - self.returned

    @property
    def unexplained(self) -> int:
        """The difference as far as she has given no reason."""
        return self.difference - self.explained

    def to_json(self) -> dict[str, Any]:
        """As the phone's fold gives it."""
        return {
            "item": self.item,
            "picked_up": self.picked_up,
            "used": self.used,
            "wasted": self.wasted,
            "returned": self.returned,
            "difference": self.difference,
            "explained": self.explained,
            "unexplained": self.unexplained,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What keeps a shift open: "difference" of so many `units`, or no "witness" of the waste `event`."""

    item: str
    code: str
    units: int | None = None
    event: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As the phone's fold gives it."""
        if self.code == "witness":
            return {"item": self.item, "code": self.code, "event": self.event}
        return {"item": self.item, "code": self.code, "units": self.units}


@dataclass(frozen=True, kw_only=True, slots=True)
class Custody:
    """`lines` by item. `closing_at`: when she closed her shift; it is closed only while nothing is
    missing."""

    lines: tuple[Line, ...]
    missing: tuple[Gap, ...]
    closing_at: datetime | None
    flags: tuple[str, ...]

    @property
    def closed(self) -> bool:
        """She has closed her shift, and everything adds up."""
        return self.closing_at is not None and not self.missing

    def to_json(self) -> dict[str, Any]:
        """As the phone's fold gives it."""
        return {
            "lines": [line.to_json() for line in self.lines],
            "missing": [gap.to_json() for gap in self.missing],
            "closed": self.closed,
            "flags": list(self.flags),
        }


def custody_of(events: Iterable[Event], drugs: Collection[str]) -> Custody:
    """The account of one nurse and day. Of `drugs`, waste wants a witness."""
    story = story_of(events)
    lines = _lines(story.of(*_COUNTED, Kind.EXPLAINED))
    closings = story.of(Kind.SHIFT_CLOSED)
    differences = [
        Gap(item=line.item, code="difference", units=line.unexplained) for line in lines if line.unexplained
    ]
    alone = [
        Gap(item=entry.payload["item"], code="witness", event=entry.event.id)
        for entry in story.of(Kind.WASTED)
        if entry.payload["item"] in drugs and not (entry.payload.get("witness") or "").strip()
    ]
    missing = (*differences, *alone)
    flags = {"closed_with_difference"} if closings and missing else set()
    flags |= {"clock_jump"} if story.jumped else set()
    return Custody(
        lines=lines,
        missing=missing,
        closing_at=closings[-1].at if closings else None,
        flags=tuple(sorted(flags)),
    )


def _lines(entries: Iterable[Entry]) -> tuple[Line, ...]:
    counts: dict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys((*_COUNTED.values(), "explained"), 0)
    )
    for entry in entries:
        line = counts[entry.payload["item"]]
        if entry.kind == Kind.EXPLAINED:
            line["explained"] += entry.payload["difference"]
        else:
            line[_COUNTED[Kind(entry.kind)]] += entry.payload["units"]
    return tuple(Line(item=item, **counts[item]) for item in sorted(counts))
