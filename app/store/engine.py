"""The engine and its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

Tx = Session
"""A transaction under way. Actions and queries take one; only `Database.begin` commits."""


class Database:
    """One database, SQLite or PostgreSQL, by its SQLAlchemy URL. A SQLite file's folder is made when missing."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        sqlite = parsed.get_backend_name() == "sqlite"
        if sqlite and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.engine: Engine = create_engine(parsed, pool_pre_ping=not sqlite)
        if sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_immediate)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction: commits at the end of the block, rolls back when it raises."""
        with Session(self.engine, expire_on_commit=False) as tx, tx.begin():
            yield tx

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # isolation_level None hands BEGIN over to _begin_immediate: the driver's own would start too late.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=15000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    # Taking the write lock first makes two writers wait for one another instead of failing half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
