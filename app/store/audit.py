"""The audit trail's one door: entries are added and read, never changed or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Engine, Update, event, select

from app.actions.actor import Actor
from app.clock import utc_now
from app.store.engine import Tx
from app.store.models import AuditEntry, FieldEvent


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete what the audit trail, or a nurse's phone, says."""


def record(
    tx: Tx, actor: Actor | None, *, action: str, subject: str, subject_id: str = "", detail: str = ""
) -> None:
    """Add one entry, written when `tx` commits. `actor` None: nobody is logged in, or the system acts.

    `subject` is a table, `subject_id` its key (empty: the set that was listed). `detail` names fields and
    sizes, never the values of a patient's data.
    """
    user_id = None if actor is None else actor.user_id
    tx.add(
        AuditEntry(
            at=utc_now(),
            user_id=user_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            detail=detail[:200],
        )
    )


def entries(
    tx: Tx, *, subject: str = "", subject_id: str = "", user_id: int | None = None, limit: int = 200
) -> Sequence[AuditEntry]:
    """The newest entries first, at most `limit`, of one subject, one record or one user where given."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if subject:
        query = query.where(AuditEntry.subject == subject)
    if subject_id:
        query = query.where(AuditEntry.subject_id == subject_id)
    if user_id is not None:
        query = query.where(AuditEntry.user_id == user_id)
    return tx.scalars(query).all()


APPEND_ONLY = {
    AuditEntry.__tablename__: "the audit trail is append-only: add an entry that corrects the earlier one",
    FieldEvent.__tablename__: "what was recorded in the field is append-only: amend it by another event",
}


@event.listens_for(Engine, "before_execute")
def _refuse_changes(_: Connection, statement: Any, *__: Any) -> None:
    # On the engine, so that flushes, bulk statements and plain Core statements are all refused.
    if isinstance(statement, Update | Delete) and str(statement.table) in APPEND_ONLY:
        raise AppendOnlyError(APPEND_ONLY[str(statement.table)])
