"""Importing a file: every row is checked first, then all go in or none. `actor` None: the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.actions.actor import Actor
from app.actions.records import saving
from app.actions.records.keeper import Key
from app.actions.records.saving import Counts
from app.exchange import csv_text
from app.exchange.csv_text import BadFileError, Fault, Row
from app.exchange.forms import RecordForm
from app.exchange.nouns import Noun
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.queries.directory import Directory

MOST_FAULTS = 50
MOST_CHANGES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a row does: the `columns` that change, with the text before and after; none: a new record."""

    line: int
    key: str
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A file without faults: its records, how many are new or changed, and the first changes in full."""

    records: tuple[Any, ...]
    counts: Counts
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A row whose cells can be read."""

    row: Row
    form: RecordForm
    record: Any


class _Faults:
    """The first faults in full, and the number of the rest."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.more = 0

    def add(self, line: int, column: str, message: str) -> None:
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(Fault(line=line, column=column, message=message))
        else:
            self.more += 1

    def raise_any(self) -> None:
        if self.kept:
            raise BadFileError(sorted(self.kept, key=lambda fault: fault.line), self.more)


def check(tx: Tx, actor: Actor | None, region_id: int, noun: Noun, data: bytes) -> Checked:
    """Read the file and compare it with what is stored; nothing is stored. Raises BadFileError."""
    directory = Directory(tx, region_id)
    faults = _Faults()
    rows = _readable(noun, csv_text.read(data, noun.columns), directory, faults)
    _refuse_doubles(noun, rows, faults)
    before = _stored_records(tx, noun, rows, directory)
    for each in rows:
        # What is stored already may stay, even where today's rules would refuse it as new.
        if before.get(noun.keeper.key(each.record)) != each.record:
            for field, complaint in each.form.complaints():
                faults.add(each.row.line, field.name, complaint)
    faults.raise_any()
    audit(tx, actor, action="read", subject=noun.keeper.subject, detail=f"check of a file of {len(rows)}")
    return _compared(noun, rows, before)


def store(tx: Tx, actor: Actor | None, region_id: int, noun: Noun, checked: Checked) -> Counts:
    """Store what `check` has found, in the same transaction."""
    directory = Directory(tx, region_id, user_id=None if actor is None else actor.user_id)
    return saving.save_all(tx, actor, noun.keeper, checked.records, directory)


def _readable(noun: Noun, rows: list[Row], directory: Directory, faults: _Faults) -> list[_Read]:
    read: list[_Read] = []
    for row in rows:
        form = noun.form(MultiDict(row.cells), directory=directory)
        if form.readable():
            read.append(_Read(row, form, form.record()))
        for name, complaints in form.errors.items():
            for complaint in complaints:
                faults.add(row.line, name, complaint)
    return read


def _refuse_doubles(noun: Noun, rows: list[_Read], faults: _Faults) -> None:
    lines: dict[Key, int] = {}
    for each in rows:
        first = lines.setdefault(noun.keeper.key(each.record), each.row.line)
        if first != each.row.line:
            name = noun.key_text(each.row.cells)
            faults.add(each.row.line, noun.key[0], f'"{name}" stands in line {first} too: keep one of them.')


def _stored_records(tx: Tx, noun: Noun, rows: list[_Read], directory: Directory) -> dict[Key, Any]:
    stored = noun.keeper.stored(tx, directory, [each.record for each in rows])
    return {key: noun.keeper.record_of(row, directory) for key, row in stored.items()}


def _compared(noun: Noun, rows: list[_Read], before: dict[Key, Any]) -> Checked:
    changes: list[Change] = []
    new = changed = 0
    for each in rows:
        old = before.get(noun.keeper.key(each.record))
        if old == each.record:
            continue
        new, changed = new + (old is None), changed + (old is not None)
        if len(changes) < MOST_CHANGES:
            changes.append(_change(noun, each, old))
    return Checked(
        records=tuple(each.record for each in rows),
        counts=Counts(new=new, changed=changed, unchanged=len(rows) - new - changed),
        changes=tuple(changes),
    )


def _change(noun: Noun, each: _Read, old: Any) -> Change:
    names = () if old is None else saving.differences(old, each.record)
    columns = tuple(
        (name, each.form[name].format(getattr(old, name)), each.form[name].format(getattr(each.record, name)))
        for name in names
    )
    return Change(line=each.row.line, key=noun.key_text(each.row.cells), columns=columns)
