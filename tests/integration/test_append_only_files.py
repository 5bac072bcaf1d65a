"""What is on file stays as it was stored, whoever asks the database to change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.actions.courses import files
from app.actions.records import versions
from app.actions.records.protocols import ProtocolKeeper
from app.store.engine import Database
from app.store.queries.directory import Directory
from tests.support.rows import DAY, Clinic, local

CHANGES = {
    "adult_presences": ("confirmed = true", "present_until = present_from", "recorded_by = NULL"),
    "agreements": ("given = true", "expires_on = NULL"),
    "mania_checks": ("clear = true", "checked_by = 'Nobody'"),
    "protocol_versions": (
        "staff = 2",
        "credentials = '[]'",
        "adult_hours = 0",
        "protocol_id = 7",
        "phase_count = 9",
    ),
    "protocol_phases": ("minutes = 1", "position = 9"),
}


@pytest.fixture
def filed(database: Database) -> Database:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        actor, patient = clinic.dispatcher(), clinic.patient(bipolar=True)
        past = date(2026, 6, 8)
        visit = clinic.visit(day=past)
        visit.patient = patient
        files.record_presence(
            tx, actor, visit.id, clinic.adult(patient).id, local(DAY, 10), local(DAY, 14), confirmed=False
        )
        files.record_agreement(tx, actor, patient.id, "Dr. Oren Lim", past, None)
        files.record_mania_check(tx, actor, visit.id, past, "R. Osei", clear=False)
    return database


def rows(database: Database, table: str) -> list[Any]:
    with database.engine.begin() as connection:
        return list(connection.exec_driver_sql(f"SELECT * FROM {table}"))


@pytest.mark.parametrize("table", CHANGES)
def test_nothing_on_file_is_changed_or_deleted(filed: Database, table: str) -> None:
    before = rows(filed, table)
    assert before
    statements = [f"UPDATE {table} SET {change}" for change in CHANGES[table]]
    for statement in (*statements, f"DELETE FROM {table}"):
        # Past every guard of our own code: what somebody with a database client would do.
        with filed.engine.begin() as connection, pytest.raises(Exception, match=f"{table} is append-only"):
            connection.exec_driver_sql(statement)
    assert rows(filed, table) == before


def test_a_version_is_approved_once_and_that_stays(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        versions.approve(tx, clinic.dispatcher(), clinic.protocol(), 1, "Dr. Lena Moss")
    for change in ("approved_by = 'Dr. Else'", "approved_at = NULL"):
        with database.engine.begin() as connection, pytest.raises(Exception, match="is append-only"):
            connection.exec_driver_sql(f"UPDATE protocol_versions SET {change}")


def test_no_version_gets_another_phase(database: Database) -> None:
    with database.begin() as tx:
        clinic = Clinic.make(tx)
        keeper, protocol = ProtocolKeeper(), clinic.protocol()
        directory = Directory(tx, clinic.region.id)
        keeper.write(protocol, replace(keeper.record_of(protocol, directory), adult_hours=2), directory)
        tx.flush()
        assert [len(version.phases) for version in protocol.versions] == [5, 5]
        old, newest = [version.id for version in protocol.versions]
    before = rows(database, "protocol_phases")
    for version in (old, newest):
        insert = (
            "INSERT INTO protocol_phases (version_id, position, kind, minutes, credentials) "
            f"VALUES ({version}, 9, 'monitoring', 30, '[]')"
        )
        with database.engine.begin() as connection, pytest.raises(Exception, match="has all its phases"):
            connection.exec_driver_sql(insert)
    assert rows(database, "protocol_phases") == before
