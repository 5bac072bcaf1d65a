"""Whether an event is part of the record, or set aside because somebody else had the visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from app.field.events import Event, Kind
from app.field.payloads import fault_of
from app.store.engine import Tx
from app.store.models import FieldEvent, Nurse
from app.store.queries import field as queries
from app.store.queries.field import Charge

NOT_OURS = "There is no visit {visit} in this region."
NEVER_HERS = "No published plan ever gave her this visit."
MOVED = "By the plan in force then, this visit was not hers any more."
NOT_HER_EVENT = "It amends what another nurse recorded."
AMENDS_AMENDMENT = "It amends an amendment: amend the first event again instead."


CODES = {
    NEVER_HERS: "never_hers",
    MOVED: "moved",
    NOT_HER_EVENT: "not_her_event",
    AMENDS_AMENDMENT: "amends_amendment",
}


def code_of(reason: str) -> str:
    """The reason in a word, for who words it in another language."""
    return CODES.get(reason, "not_understood")


@dataclass(kw_only=True, slots=True)
class Standings:
    """Judges the events of one nurse, in order of time: what she has begun stays hers.

    `visits`: those of her region among the visits they name. `begun`: those of which something counts.
    """

    nurse: Nurse
    visits: set[int]
    begun: set[int]
    charges: Mapping[int, list[Charge]]
    amended: Mapping[str, FieldEvent]
    sent: dict[str, Event] = field(default_factory=dict)

    @classmethod
    def of(cls, tx: Tx, nurse: Nurse, events: Iterable[Event]) -> Self:
        """Ready for these events."""
        every = list(events)
        named = {event.visit for event in every if event.visit is not None}
        visits = queries.visits_of_region(tx, nurse.region_id, named)
        targets = {str(event.payload.get("amends")) for event in every if event.kind == Kind.AMENDED}
        return cls(
            nurse=nurse,
            visits=visits,
            begun=queries.begun_by(tx, nurse.id, visits),
            charges=queries.charges(tx, nurse, visits),
            amended=queries.known_events(tx, targets),
            sent={event.id: event for event in every},
        )

    def judge(self, event: Event) -> str:
        """Why the event is set aside, a sentence; empty where it counts."""
        why = fault_of(event.kind, event.payload, event.visit) or self._amendment(event) or self._visit(event)
        if not why and event.visit is not None:
            self.begun.add(event.visit)
        return why

    def _amendment(self, event: Event) -> str:
        if event.kind != Kind.AMENDED:
            return ""
        target = event.payload["amends"]
        if target in self.amended and self.amended[target].nurse_id != self.nurse.id:
            return NOT_HER_EVENT
        known = self.sent.get(target) or self.amended.get(target)
        return AMENDS_AMENDMENT if known is not None and known.kind == Kind.AMENDED else ""

    def _visit(self, event: Event) -> str:
        if event.visit is None or event.visit in self.begun:
            return ""
        if event.visit not in self.visits:
            return NOT_OURS.format(visit=event.visit)
        charges = self.charges.get(event.visit, [])
        if not charges:
            return NEVER_HERS
        return "" if any(_covers(charge, event.time) for charge in charges) else MOVED


def _covers(charge: Charge, at: datetime) -> bool:
    """Whether the visit was hers at that time, or is now."""
    return charge.until is None or charge.since <= at < charge.until
