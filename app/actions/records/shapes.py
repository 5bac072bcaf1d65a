"""The two shapes that keepers have: rows with a code of their own, and rows that hang on an owner.

A keeper says what is different in its kind: the table, the record, the key. Fields that record and row both
have are carried over as they are; where they are not alike, a keeper says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, ClassVar, Generic, TypeVar

from app.actions.records.keeper import Key, number
from app.store.engine import Tx
from app.store.queries import records
from app.store.queries.directory import Directory
from app.store.queries.records import Named, Owned

R = TypeVar("R")


class CodedKeeper(Generic[R, Named]):
    """Rows with a code, which tells them apart in their region and stays."""

    subject: ClassVar[str]
    table: type[Named]
    record_type: type[Any]

    def key(self, record: R) -> Key:
        return (_code(record),)

    def ident(self, row: Named) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Named | None:
        return records.one(tx, self.table, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Named]:
        return records.every(tx, self.table, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[R]) -> dict[Key, Named]:
        found = records.by_codes(tx, self.table, directory.region.id, (_code(record) for record in some))
        return {(code,): row for code, row in found.items()}

    def record_of(self, row: Named, directory: Directory) -> R:
        record: R = self.record_type(**_values(row, _names(self.record_type)))
        return record

    def blank(self, record: R, directory: Directory) -> Named:
        return self.table(region_id=directory.region.id, code=_code(record))

    def write(self, row: Named, record: R, directory: Directory) -> None:
        _carry_over(row, record, _names(self.record_type, but="code"))


class OwnedKeeper(Generic[R, Owned]):
    """Rows that hang on a nurse, a patient or a prescriber, whose code stands in the record's field `owner`.

    `keys`: the fields, the owner's first, that tell one record from another.
    """

    subject: ClassVar[str]
    table: type[Owned]
    record_type: type[Any]
    owner: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]

    def key(self, record: R) -> Key:
        return tuple(getattr(record, name) for name in self.keys)

    def ident(self, row: Owned) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Owned | None:
        return records.one_owned(tx, self.table, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Owned]:
        return records.every_owned(tx, self.table, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[R]) -> dict[Key, Owned]:
        owners = (getattr(record, self.owner) for record in some)
        rows = records.owned_by(tx, self.table, directory.region.id, owners)
        return {self.key(self.record_of(row, directory)): row for row in rows}

    def record_of(self, row: Owned, directory: Directory) -> R:
        own = _values(row, _names(self.record_type, but=self.owner))
        record: R = self.record_type(**{self.owner: getattr(row, self.owner).code}, **own)
        return record

    def blank(self, record: R, directory: Directory) -> Owned:
        owners = getattr(directory, f"{self.owner}s")
        return self.table(**{f"{self.owner}_id": owners[getattr(record, self.owner)].id})

    def write(self, row: Owned, record: R, directory: Directory) -> None:
        _carry_over(row, record, _names(self.record_type, but=self.owner))


def _code(record: Any) -> str:
    code: str = record.code
    return code


def _names(record_type: type[Any], but: str = "") -> list[str]:
    return [field.name for field in fields(record_type) if field.name != but]


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _carry_over(row: Any, record: Any, names: Iterable[str]) -> None:
    for name in names:
        setattr(row, name, getattr(record, name))
