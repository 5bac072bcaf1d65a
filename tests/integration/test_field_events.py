"""Events of phones in the database: stored once, whatever happens at the same time, and never changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from app.actions.actor import Actor
from app.actions.field import Outcome, accept
from app.field.envelope import batch_of
from app.store.audit import AppendOnlyError
from app.store.engine import Database
from app.store.models import FieldEvent
from tests.support.field import OTHER_PHONE, PHONE, batch, event, minutes
from tests.support.rows import DAY, Clinic, local

NOW = local(DAY, 12)
ROUNDS = 4


@pytest.fixture
def nurse(database: Database) -> Actor:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        return clinic.as_nurse(clinic.nurse("Ana Ortiz"))


def send(database: Database, nurse: Actor, told: dict[str, Any], at: datetime = NOW) -> Sequence[Outcome]:
    with database.begin() as tx:
        return accept(tx, nurse, batch_of(told), at)


def pickups(count: int, device: str = PHONE, first: int = 0) -> list[dict[str, Any]]:
    told = {"item": "vial", "units": 1}
    return [
        event(seq, "picked_up", NOW - minutes(60 - seq), told, visit=None, day=str(DAY), device=device)
        for seq in range(first, first + count)
    ]


def count(database: Database) -> int:
    with database.begin() as tx:
        return tx.scalar(select(func.count()).select_from(FieldEvent)) or 0


def test_the_same_batch_sent_at_once_by_many_is_stored_once(database: Database, nurse: Actor) -> None:
    """Each thread sends the same events in another order: a key that waits for another must not deadlock."""
    gate = threading.Barrier(ROUNDS)

    def go(turn: int) -> list[str]:
        events = pickups(30)
        told = batch(*(events[turn:] + events[:turn]), sent_at=NOW)
        gate.wait()
        return [outcome.status.value for outcome in send(database, nurse, told)]

    with ThreadPoolExecutor(ROUNDS) as pool:
        results = list(pool.map(go, range(ROUNDS)))
    assert count(database) == 30
    assert sum(statuses.count("stored") for statuses in results) == 30
    assert sum(statuses.count("known") for statuses in results) == 30 * (ROUNDS - 1)


def test_two_nurses_sending_at_once_do_not_wait_for_ever(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        nurses = [clinic.as_nurse(clinic.nurse(name)) for name in ("Ana Ortiz", "Ben Larsen")]
    with ThreadPoolExecutor(2) as pool:
        told = [batch(*pickups(30, device), sent_at=NOW) for device in (PHONE, OTHER_PHONE)]
        list(pool.map(lambda pair: send(database, *pair), zip(nurses, told, strict=True)))
    assert count(database) == 60


def test_a_batch_that_half_arrived_is_completed(database: Database, nurse: Actor) -> None:
    send(database, nurse, batch(*pickups(5), sent_at=NOW))
    outcomes = send(database, nurse, batch(*reversed(pickups(8)), sent_at=NOW), NOW + timedelta(hours=9))
    assert [outcome.status.value for outcome in outcomes] == ["stored"] * 3 + ["known"] * 5
    assert count(database) == 8


def test_the_first_of_two_with_the_same_id_stays(database: Database, nurse: Actor) -> None:
    first = pickups(1)[0]
    second = first | {"payload": {"item": "vial", "units": 9}}
    outcomes = send(database, nurse, batch(first, second, sent_at=NOW))
    send(database, nurse, batch(second, sent_at=NOW))
    assert [outcome.status.value for outcome in outcomes] == ["stored", "stored"]
    with database.begin() as tx:
        assert [row.payload["units"] for row in tx.scalars(select(FieldEvent))] == [1]


def test_nothing_recorded_is_changed_or_deleted(database: Database, nurse: Actor) -> None:
    send(database, nurse, batch(*pickups(1), sent_at=NOW))
    for statement in (update(FieldEvent).values(seq=9), delete(FieldEvent)):
        with pytest.raises(AppendOnlyError), database.begin() as tx:
            tx.execute(statement)
    for words in ("UPDATE field_events SET seq = 9", "DELETE FROM field_events"):
        with pytest.raises(DBAPIError, match="append-only"), database.begin() as tx:
            tx.execute(text(words))
    assert count(database) == 1


def test_odd_texts_are_kept_as_they_are(database: Database, nurse: Actor) -> None:
    told = {"item": "vial \u0000 \U0001f489", "units": 1}
    odd = event(1, "picked_up", NOW, told, visit=None, day=str(DAY))
    assert [each.status.value for each in send(database, nurse, batch(odd, sent_at=NOW))] == ["stored"]
    with database.begin() as tx:
        assert tx.scalars(select(FieldEvent)).one().payload == told


def test_half_a_character_does_not_stop_the_rest(database: Database, nurse: Actor) -> None:
    told = {"item": "vial \ud83d", "units": 1}
    cut = event(1, "picked_up", NOW, told, visit=None, day=str(DAY))
    assert [each.status.value for each in send(database, nurse, batch(cut, sent_at=NOW))] == ["stored"]
    with database.begin() as tx:
        assert tx.scalars(select(FieldEvent)).one().payload["item"].encode()


def test_a_phone_that_woke_up_in_1970_is_heard(database: Database, nurse: Actor) -> None:
    then = datetime.fromisoformat("1970-01-01T00:05:00Z")
    told = event(1, "picked_up", then, {"item": "vial", "units": 1}, visit=None, offset_ms=None)
    send(database, nurse, batch(told, sent_at=then + minutes(10)))
    with database.begin() as tx:
        assert tx.scalars(select(FieldEvent)).one().happened_at == NOW - minutes(10)
