"""Every test of a database runs on SQLite and on a real PostgreSQL, each time on a fresh one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.store.engine import Database
from tests.support.databases import Databases, SqliteFiles, fresh, postgres


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    with postgres() as databases:
        yield databases


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Where a test that wants several databases, or an empty one, gets them."""
    name = "sqlite_files" if request.param == "sqlite" else "postgres_databases"
    made: Databases = request.getfixturevalue(name)
    return made


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A fresh database in its newest shape."""
    with fresh(databases) as made:
        yield made


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[Database]:
    """A fresh database without tables."""
    with fresh(databases, migrated=False) as made:
        yield made
