"""Saving records: one from a form, or many from a file; every change audited by field, never by value.

`actor` None: the command line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.actions.records.keeper import E, Keeper, R
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.queries import records
from app.store.queries.directory import Directory

TAKEN = "This is there already: choose another, or open that one and change it."


class TakenError(ActionError):
    """A new record has the key of one that is there already."""


class ChangedMeanwhileError(ActionError):
    """Somebody else has saved the record since the form was opened; `fields` differ from the form's."""

    def __init__(self, changed: tuple[str, ...]) -> None:
        super().__init__("Somebody else has changed this record since you opened it.")
        self.fields = changed


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What a file's rows did, or would do."""

    new: int
    changed: int
    unchanged: int


def fingerprint(record: Any) -> str:
    """A short text that differs where a record's content does."""
    return hashlib.sha256(repr(record).encode()).hexdigest()[:24]


def differences(before: Any, after: Any) -> tuple[str, ...]:
    """The names of the fields in which two records of a kind differ."""
    names = (field.name for field in fields(after))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def add(tx: Tx, actor: Actor | None, keeper: Keeper[R, E], record: R, directory: Directory) -> E:
    """Store a new record and return its row. Raises TakenError where its key is there already."""
    if keeper.key(record) in keeper.stored(tx, directory, [record]):
        raise TakenError(TAKEN)
    row = keeper.blank(record, directory)
    keeper.write(row, record, directory)
    with _or_taken(tx):
        tx.add(row)
    _audit(tx, actor, keeper, row, "created")
    return row


def change(
    tx: Tx, actor: Actor | None, keeper: Keeper[R, E], row: E, record: R, directory: Directory, *, seen: str
) -> tuple[str, ...]:
    """Store a record's new content and return the names of the fields that changed.

    `seen` is the fingerprint of what the form showed when it was opened. Raises ChangedMeanwhileError where
    what is stored is no longer that, TakenError where the record's new key is another row's.
    """
    records.lock(tx, row)
    before = keeper.record_of(row, directory)
    names = differences(before, record)
    if fingerprint(before) != seen:
        raise ChangedMeanwhileError(names)
    other = keeper.stored(tx, directory, [record]).get(keeper.key(record))
    if other is not None and keeper.ident(other) != keeper.ident(row):
        raise TakenError(TAKEN)
    if names:
        with _or_taken(tx):
            keeper.write(row, record, directory)
        _audit(tx, actor, keeper, row, ", ".join(names))
    return names


def save_all(
    tx: Tx, actor: Actor | None, keeper: Keeper[R, E], some: Sequence[R], directory: Directory
) -> Counts:
    """Store records by their keys: new ones are added, the others get the new content."""
    stored = keeper.stored(tx, directory, some)
    new: list[E] = []
    changed: list[tuple[E, tuple[str, ...]]] = []
    with _or_taken(tx):
        for record in some:
            row = stored.get(keeper.key(record))
            if row is None:
                row = keeper.blank(record, directory)
                keeper.write(row, record, directory)
                new.append(row)
            elif names := differences(keeper.record_of(row, directory), record):
                keeper.write(row, record, directory)
                changed.append((row, names))
        tx.add_all(new)
    for row in new:
        _audit(tx, actor, keeper, row, "created by import")
    for row, names in changed:
        _audit(tx, actor, keeper, row, "import: " + ", ".join(names))
    return Counts(new=len(new), changed=len(changed), unchanged=len(some) - len(new) - len(changed))


def remove(tx: Tx, actor: Actor | None, keeper: Keeper[R, E], row: E) -> None:
    """Delete a row that nothing else refers to: hours, an exception, a credential, a standing."""
    _audit(tx, actor, keeper, row, "removed")
    tx.delete(row)


def _audit(tx: Tx, actor: Actor | None, keeper: Keeper[R, E], row: E, detail: str) -> None:
    audit(tx, actor, action="write", subject=keeper.subject, subject_id=keeper.ident(row), detail=detail)


@contextmanager
def _or_taken(tx: Tx) -> Iterator[None]:
    try:
        with records.or_clash(tx):
            yield
    except records.ClashError:
        raise TakenError(TAKEN) from None
