"""The engine and its transactions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from app.store import writes

Tx = Session
"""A transaction under way. Actions and queries take one; only `Database.begin` commits."""

POSTGRESQL_OPTIONS = (
    "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
)
"""No statement waits or runs for ever, and no forgotten transaction holds its locks."""

SQLITE_WAIT_S = 15
"""How long a SQLite connection waits for another one's lock."""

_READING = "rounds_reading"


class Database:
    """One database, SQLite or PostgreSQL, by its SQLAlchemy URL.

    A SQLite file's folder is made when missing.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        sqlite = parsed.get_backend_name() == "sqlite"
        if sqlite and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        self.url = url
        # Parameters hold patient data, and errors end up in logs: hide them.
        self.engine: Engine = create_engine(
            parsed,
            hide_parameters=True,
            pool_pre_ping=not sqlite,
            connect_args={} if sqlite else {"options": POSTGRESQL_OPTIONS},
        )
        if sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        writes.install(self.engine)
        self._reading = self.engine.execution_options(**{_READING: True})

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction: commits at the end of the block, rolls back when it raises."""
        with Session(self.engine, expire_on_commit=False) as tx, tx.begin():
            yield tx
            writes.raise_count(tx)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads, and may take long: on SQLite, too, others write meanwhile."""
        with Session(self._reading, expire_on_commit=False) as tx, tx.begin():
            yield tx

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # isolation_level None hands BEGIN over to _begin_sqlite: the driver's own would start too late.
    connection.isolation_level = None
    for pragma in (f"busy_timeout={SQLITE_WAIT_S * 1000}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    _switch_to_wal(connection)


def _switch_to_wal(connection: Any) -> None:
    # The first switch of a new file needs it alone, and SQLite does not wait for that by itself.
    deadline = time.monotonic() + SQLITE_WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Any) -> None:
    # Taking the write lock first makes two writers wait for one another instead of failing half-way.
    reading = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
