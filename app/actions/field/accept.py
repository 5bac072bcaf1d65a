"""Events of a phone are stored: each once, none refused, what is not part of the record set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.actions.field.effects import take_effect
from app.actions.field.standing import Standings, code_of
from app.field.envelope import Batch
from app.field.events import Event, milliseconds
from app.field.story import order_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import FieldEvent, Nurse
from app.store.once import insert_once
from app.store.queries import field as queries


class WrongNurseError(ActionError):
    """The events are another nurse's than the one who is logged in."""


class Status(StrEnum):
    """What became of an event that was sent."""

    STORED = "stored"
    KNOWN = "known"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """`reason`: why it was set aside, a sentence, and `code`: the same in a word; empty otherwise."""

    id: str
    status: Status
    reason: str = ""
    code: str = ""


def accept(tx: Tx, actor: Actor, batch: Batch, received: datetime) -> tuple[Outcome, ...]:
    """Store a batch that came at `received`; one outcome per event, in its order.

    Batches of one nurse wait for each other, so that the same one sent twice at once is stored once. Raises
    WrongNurseError where the batch says it is another nurse's.
    """
    if batch.nurse is not None and batch.nurse != actor.nurse_id:
        raise WrongNurseError("These were recorded by another nurse: log in as her to send them.")
    nurse = queries.lock_nurse(tx, actor.nurse_id or 0)
    if nurse is None:
        raise ActionError("Only a nurse records visits: log in as one.")
    stored = queries.known_events(tx, {event.id for event in batch.events})
    fresh = {event.id: event for event in reversed(batch.events) if event.id not in stored}
    rows = _stored(tx, actor, nurse, list(fresh.values()), batch, received)
    if rows:
        take_effect(tx, actor, nurse, rows.values())
        detail = f"{len(rows)} events of device {batch.device}"
        record(tx, actor, action="write", subject="field_events", detail=detail)
    return tuple(_outcome(event, rows) for event in batch.events)


def _stored(
    tx: Tx, actor: Actor, nurse: Nurse, fresh: Sequence[Event], batch: Batch, received: datetime
) -> dict[str, FieldEvent]:
    reckoned = received - batch.sent_at
    blind = {event.id for event in fresh if event.offset is None}
    events = order_of(replace(event, offset=reckoned) if event.id in blind else event for event in fresh)
    standings = Standings.of(tx, nurse, events)
    rows: dict[str, FieldEvent] = {}
    for event in events:
        offset_ms = milliseconds(event.offset or timedelta())
        row = FieldEvent(
            id=event.id,
            region_id=nurse.region_id,
            nurse_id=nurse.id,
            user_id=actor.user_id,
            device=event.device,
            seq=event.seq,
            kind=event.kind,
            visit_id=event.visit if event.visit in standings.visits else None,
            day=event.day,
            at=event.at,
            offset_ms=None if event.id in blind else offset_ms,
            reckoned_ms=offset_ms if event.id in blind else None,
            happened_at=event.time,
            received_at=received,
            payload=dict(event.payload),
            set_aside=standings.judge(event),
        )
        if insert_once(tx, row):
            rows[event.id] = row
    return rows


def _outcome(event: Event, rows: dict[str, FieldEvent]) -> Outcome:
    row = rows.get(event.id)
    if row is None:
        return Outcome(id=event.id, status=Status.KNOWN)
    if row.set_aside:
        return Outcome(
            id=event.id, status=Status.SET_ASIDE, reason=row.set_aside, code=code_of(row.set_aside)
        )
    return Outcome(id=event.id, status=Status.STORED)
