"""What nurses were seen to begin on a day, by what their phones recorded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.field.events import Event, Kind
from app.field.story import story_of
from app.store.engine import Tx
from app.store.models import FieldEvent, Visit
from app.store.models.visit import VisitStatus

Stay = tuple[int, int]
"""Visit and nurse, by key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenOnTheWay:
    """`begun`: visit and nurse, of whom she has begun it. `in_vain`: visits to which somebody came, and that
    do not take place: the nurse's last word is no-go, and the visit is not booked any more."""

    begun: frozenset[Stay]
    in_vain: frozenset[int]


def seen_on(tx: Tx, region_id: int, day: date) -> SeenOnTheWay:
    """What has been recorded of the day's visits so far."""
    kinds = (Kind.ARRIVED, Kind.PHASE_BEGAN, Kind.GO, Kind.NO_GO, Kind.AMENDED)
    query = (
        select(FieldEvent, Visit.status)
        .join(FieldEvent.visit)
        .where(Visit.region_id == region_id, Visit.day == day)
        .where(FieldEvent.kind.in_(kinds), FieldEvent.set_aside == "")
    )
    events: dict[Stay, list[Event]] = defaultdict(list)
    booked: dict[int, bool] = {}
    for row, status in tx.execute(query):
        visit = row.visit_id or 0  # joined: there is one
        events[visit, row.nurse_id].append(row.event)
        booked[visit] = status is VisitStatus.BOOKED
    refused = {key for key, recorded in events.items() if _last_word(recorded) == Kind.NO_GO}
    return SeenOnTheWay(
        begun=frozenset(events.keys() - refused),
        in_vain=frozenset(visit for visit, _ in refused if not booked[visit]),
    )


def _last_word(recorded: list[Event]) -> str | None:
    decisions = story_of(recorded).of(Kind.GO, Kind.NO_GO)
    return decisions[-1].kind if decisions else None
