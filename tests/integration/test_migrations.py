"""Migrations: up, down and up again; one line of history; the same schema as the models."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from app.store.audit import entries, record
from app.store.engine import Database
from app.store.migrate import CONFIG, check, current, downgrade, newest, upgrade
from app.store.models import Base
from tests.support.databases import Databases, fresh


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def schema(database: Database) -> dict[str, Any]:
    """Everything the database enforces, table by table, by name."""
    inspector = inspect(database.engine)
    return {
        table: {
            "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)},
            "checks": {c["name"]: c["sqltext"] for c in inspector.get_check_constraints(table)},
            "uniques": {c["name"]: c["column_names"] for c in inspector.get_unique_constraints(table)},
            "indexes": {i["name"]: (i["column_names"], i["unique"]) for i in inspector.get_indexes(table)},
            "foreign": {
                k["name"]: (k["constrained_columns"], k["referred_table"], k["options"])
                for k in inspector.get_foreign_keys(table)
            },
            "key": inspector.get_pk_constraint(table),
        }
        for table in sorted(tables(database))
    }


def test_up_down_up(empty_database: Database) -> None:
    upgrade(empty_database)
    assert tables(empty_database) == set(Base.metadata.tables)
    assert current(empty_database) == newest()

    downgrade(empty_database, "base")
    assert tables(empty_database) == set()
    assert current(empty_database) is None

    upgrade(empty_database)
    assert tables(empty_database) == set(Base.metadata.tables)


def test_every_step_goes_down_and_up_again(empty_database: Database) -> None:
    database = empty_database
    upgrade(database)
    for revision in ScriptDirectory.from_config(Config(CONFIG)).walk_revisions():
        before = schema(database)
        downgrade(database, "-1")
        if revision.down_revision is None:
            break
        upgrade(database, revision.revision)
        assert schema(database) == before
        downgrade(database, "-1")
    assert tables(database) == set()


def test_migrations_make_what_the_models_say(databases: Databases, database: Database) -> None:
    check(database)
    with fresh(databases, migrated=False) as modelled:
        Base.metadata.create_all(modelled.engine)
        assert schema(database) == schema(modelled)


def test_history_is_one_line() -> None:
    script = ScriptDirectory.from_config(Config(CONFIG))
    revisions = list(script.walk_revisions())
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert all(isinstance(r.down_revision, str | None) for r in revisions)
    assert len({r.down_revision for r in revisions}) == len(revisions)


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
def test_audit_entries_stay_as_they_are(database: Database, change: str) -> None:
    with database.begin() as tx:
        record(tx, None, action="read", subject="visits")
    # Past every guard of our own code: what somebody with a database client would do.
    with database.engine.begin() as connection, pytest.raises(Exception, match="append-only"):
        connection.exec_driver_sql(change)
    with database.begin() as tx:
        assert [entry.action for entry in entries(tx)] == ["read"]


def test_two_at_once_migrate_once(empty_database: Database) -> None:
    other = Database(empty_database.url)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(upgrade, [empty_database, other]))
    other.dispose()
    assert current(empty_database) == newest()


def test_a_failing_step_changes_nothing(empty_database: Database) -> None:
    with empty_database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stops (id integer)")
    with pytest.raises(Exception, match="stops"):
        upgrade(empty_database)
    assert tables(empty_database) == {"stops"}
    assert current(empty_database) is None
