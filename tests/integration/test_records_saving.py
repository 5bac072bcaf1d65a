"""Two people saving the same record at the same time, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from app.actions.accounts import actor_of, create_user
from app.actions.actor import Actor
from app.actions.records import saving
from app.actions.records.content import PatientRecord
from app.actions.records.patients import PatientKeeper
from app.actions.records.protocols import ProtocolKeeper
from app.actions.records.saving import ChangedMeanwhileError, TakenError
from app.demo import writer
from app.demo.cli import PASSWORD
from app.demo.clinic import generate
from app.store.engine import Database, Tx
from app.store.models import Patient, Protocol
from app.store.models.user import Role
from app.store.queries import records
from app.store.queries.directory import Directory

KEEPER = PatientKeeper()


@pytest.fixture
def actor(database: Database) -> Actor:
    with database.begin() as tx:
        region = writer.store(tx, generate(7, date(2026, 11, 23), visits=5))
        return actor_of(
            create_user(
                tx,
                email="d@demo.example",
                name="D",
                password=PASSWORD,
                role=Role.DISPATCHER,
                region_id=region.id,
            )
        )


def at_once(database: Database, actor: Actor, *acts: Callable[[Tx, Directory], object]) -> list[str]:
    """Each act in a transaction of its own, all begun before any ends: "done", or the error's name."""
    ready = threading.Barrier(len(acts), timeout=20)

    def run(act: Callable[[Tx, Directory], object]) -> str:
        ready.wait()
        try:
            with database.begin() as tx:
                act(tx, Directory(tx, actor.region_id, user_id=actor.user_id))
        except (ChangedMeanwhileError, TakenError) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_of_two_changes_the_second_is_told_of_the_first(database: Database, actor: Actor) -> None:
    with database.begin() as tx:
        directory = Directory(tx, actor.region_id)
        row = records.by_codes(tx, Patient, actor.region_id, ["P0001"])["P0001"]
        opened = KEEPER.record_of(row, directory)
    key, seen = str(row.id), saving.fingerprint(opened)

    def change(name: str) -> Callable[[Tx, Directory], object]:
        def act(tx: Tx, directory: Directory) -> object:
            patient = KEEPER.find(tx, actor.region_id, key)
            assert patient is not None
            return saving.change(tx, actor, KEEPER, patient, replace(opened, name=name), directory, seen=seen)

        return act

    assert at_once(database, actor, change("One"), change("Two")) == ["ChangedMeanwhileError", "done"]


def test_of_two_new_records_with_one_code_the_second_is_refused(database: Database, actor: Actor) -> None:
    def add(name: str) -> Callable[[Tx, Directory], object]:
        patient = PatientRecord(
            code="P9000",
            name=name,
            phone="",
            address="1 Elm St",
            state="",
            latitude=39.97,
            longitude=-83.0,
            access_notes="",
            bipolar=False,
            active=True,
        )
        return lambda tx, directory: saving.add(tx, actor, KEEPER, patient, directory)

    assert at_once(database, actor, add("One"), add("Two")) == ["TakenError", "done"]
    with database.begin() as tx:
        assert len(records.by_codes(tx, Patient, actor.region_id, ["P9000"])) == 1


def test_of_two_changes_of_a_protocol_one_makes_the_next_version(database: Database, actor: Actor) -> None:
    keeper = ProtocolKeeper()
    with database.begin() as tx:
        row = records.by_codes(tx, Protocol, actor.region_id, ["KET-40"])["KET-40"]
        opened, key = keeper.record_of(row, Directory(tx, actor.region_id)), str(row.id)

    def change(hours: int) -> Callable[[Tx, Directory], object]:
        def act(tx: Tx, directory: Directory) -> object:
            protocol = keeper.find(tx, actor.region_id, key)
            assert protocol is not None
            wanted = replace(opened, adult_hours=hours)
            seen = saving.fingerprint(opened)
            return saving.change(tx, actor, keeper, protocol, wanted, directory, seen=seen)

        return act

    assert at_once(database, actor, change(6), change(8)) == ["ChangedMeanwhileError", "done"]
    with database.begin() as tx:
        versions = tx.get_one(Protocol, int(key)).versions
        assert [version.number for version in versions] == [1, 2]
        assert [version.created_by for version in versions] == [None, actor.user_id]


def test_a_refused_addition_leaves_the_transaction_usable(database: Database, actor: Actor) -> None:
    with database.begin() as tx:
        directory = Directory(tx, actor.region_id)
        stored = KEEPER.record_of(
            records.by_codes(tx, Patient, actor.region_id, ["P0001"])["P0001"], directory
        )
        with pytest.raises(TakenError):
            saving.add(tx, actor, KEEPER, stored, directory)
        # As when somebody else is quicker: the look-up finds nothing, the key is taken all the same.
        with pytest.raises(records.ClashError), records.or_clash(tx):
            rival = KEEPER.blank(stored, directory)
            KEEPER.write(rival, stored, directory)
            tx.add(rival)
        assert KEEPER.every(tx, actor.region_id)
