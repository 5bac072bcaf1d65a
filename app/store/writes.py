"""Counts the transactions that write, so that what a process keeps of the records knows whether it holds.

The count is raised by the writing transaction itself, last before it commits. So whoever reads the count sees
all that was written up to it, perhaps more, never less: what is worked out after that may be kept under it.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

UNCOUNTED = ("audit_entries", "calendar_feeds", "push_subscriptions")
"""Tables of which nothing kept may show anything: every look at a patient writes to the first."""

_READS = re.compile(r"\s*(SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|EXPLAIN)\b", re.I)
_UNCOUNTED = re.compile(rf"\s*(INSERT INTO|UPDATE|DELETE FROM) ({'|'.join(UNCOUNTED)})\b")
_READ = text("SELECT count FROM writes")
_RAISE = text("UPDATE writes SET count = count + 1")
_WROTE = "rounds_wrote"


def install(engine: Engine) -> None:
    """Take note of what each transaction of this engine does."""
    event.listen(engine, "begin", _forget)
    event.listen(engine, "before_cursor_execute", _note)


def count(tx: Session) -> int | None:
    """How many transactions have written; None within one that has, as nobody else may see what it sees, and
    where nobody counts."""
    number: int | None = tx.execute(_READ).scalar_one_or_none()
    return None if _WROTE in tx.connection().info else number


def raise_count(tx: Session) -> None:
    """Count this transaction, if it has written. The last thing it does: others wait here until it ends."""
    tx.flush()
    connection = tx.connection()
    if _WROTE in connection.info:
        connection.execute(_RAISE)


def _forget(connection: Connection) -> None:
    connection.info.pop(_WROTE, None)


def _note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    # On the statement's text, so that nothing escapes: whatever is not known to be harmless counts.
    if not _READS.match(statement) and not _UNCOUNTED.match(statement):
        connection.info[_WROTE] = True
