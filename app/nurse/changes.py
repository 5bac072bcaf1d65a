"""What has changed in her published day since she last said she had seen it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from app.field.events import instant_text
from app.store.models import StopRow
from app.web.times import clock


def changes_between(
    before: Sequence[StopRow], after: Sequence[StopRow], begun: Collection[int]
) -> list[dict[str, Any]]:
    """The changes from her stops of one plan to those of a later one, by time. What is not hers any more is
    told without a name; of the visits she has `begun` she knows herself when that was."""
    old, new = ({stop.visit_id: stop for stop in stops} for stops in (before, after))
    gone = [
        _change("removed", f"Your visit at {clock(stop.start)} is not yours any more.", was=stop)
        for visit, stop in old.items()
        if visit not in new
    ]
    ahead = (stop for stop in after if stop.visit_id not in begun)
    return gone + [change for stop in ahead if (change := _of_stop(old.get(stop.visit_id), stop)) is not None]


def _of_stop(old: StopRow | None, new: StopRow) -> dict[str, Any] | None:
    name, starts = new.visit.patient.name, clock(new.start)
    if old is None:
        return _change("added", f"New: {name} at {starts}.", now=new)
    if old.start != new.start:
        return _change("moved", f"{name} now starts at {starts}, not {clock(old.start)}.", old, new)
    if old.phases != new.phases:
        return _change("changed", f"{name} now lasts until {clock(new.end)}.", old, new)
    return None


def _change(kind: str, words: str, was: StopRow | None = None, now: StopRow | None = None) -> dict[str, Any]:
    return {
        "kind": kind,
        "visit": now and now.visit_id,
        "words": words,
        "was": was and instant_text(was.start),
        "start": now and instant_text(now.start),
    }
