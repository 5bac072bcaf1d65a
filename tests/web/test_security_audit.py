"""The audit trail only grows."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select, update

from app.actions.actor import Actor
from app.store.audit import AppendOnlyError, entries, record
from app.store.engine import Database, Tx
from app.store.models import AuditEntry, Region
from app.store.models.user import Role
from tests.support.clinic import Clinic


@pytest.fixture
def actor(clinic: Clinic) -> Actor:
    return Actor(user_id=1, name="Dana Whitfield", role=Role.DISPATCHER, region_id=clinic.region)


@pytest.fixture
def entry(database: Database, actor: Actor) -> int:
    """One entry on record."""
    with database.begin() as tx:
        record(tx, actor, action="read", subject="patients", subject_id="7", detail="name")
        tx.flush()
        return entries(tx, subject="patients")[0].id


def change_object(tx: Tx, entry: int) -> None:
    tx.get_one(AuditEntry, entry).detail = "nothing"
    tx.flush()


def delete_object(tx: Tx, entry: int) -> None:
    tx.delete(tx.get_one(AuditEntry, entry))
    tx.flush()


def update_in_bulk(tx: Tx, _: int) -> None:
    tx.execute(update(AuditEntry).values(detail="nothing"))


def delete_in_bulk(tx: Tx, _: int) -> None:
    tx.execute(delete(AuditEntry))


def update_beside_the_session(tx: Tx, _: int) -> None:
    tx.connection().execute(AuditEntry.__table__.update().values(detail="nothing"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "tamper", [change_object, delete_object, update_in_bulk, delete_in_bulk, update_beside_the_session]
)
def test_an_entry_cannot_be_changed_or_deleted(database: Database, entry: int, tamper: object) -> None:
    assert callable(tamper)
    with pytest.raises(AppendOnlyError, match="append-only"), database.begin() as tx:
        tamper(tx, entry)
    with database.begin() as tx:
        assert tx.get_one(AuditEntry, entry).detail == "name"


def test_other_tables_may_change(database: Database, clinic: Clinic) -> None:
    with database.begin() as tx:
        tx.execute(update(Region).values(name="Elsewhere"))
    with database.begin() as tx:
        assert tx.get_one(Region, clinic.region).name == "Elsewhere"


def test_entries_are_found_by_subject_and_user_newest_first(database: Database, actor: Actor) -> None:
    with database.begin() as tx:
        for number in ("1", "2", "1"):
            record(tx, actor, action="read", subject="patients", subject_id=number)
        record(tx, None, action="plan", subject="plans")
        record(tx, actor, action="write", subject="nurses", subject_id="1")
    with database.begin() as tx:
        of_one = entries(tx, subject="patients", subject_id="1")
        assert [found.subject_id for found in of_one] == ["1", "1"]
        assert of_one[0].id > of_one[1].id
        assert [found.subject for found in entries(tx, user_id=1, limit=2)] == ["nurses", "patients"]
        assert entries(tx, subject="plans")[0].user_id is None


def test_an_entry_goes_with_its_transaction(database: Database, actor: Actor) -> None:
    with pytest.raises(RuntimeError), database.begin() as tx:
        record(tx, actor, action="read", subject="patients", subject_id="9")
        raise RuntimeError("the reading failed")
    with database.begin() as tx:
        assert entries(tx, subject="patients", subject_id="9") == []


def test_inserts_in_bulk_pass(database: Database, entry: int) -> None:
    with database.begin() as tx:
        at = tx.scalar(select(AuditEntry.at).where(AuditEntry.id == entry))
        tx.execute(insert(AuditEntry), [{"at": at, "action": "read", "subject": "plans"}])
        assert len(entries(tx, subject="plans")) == 1
