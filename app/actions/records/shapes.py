"""The two shapes that keepers have: rows with a code of their own, and rows that hang on an owner.

A keeper says what is different in its kind: the table, the record, the key. Fields that record and row both
have are carried over as they are, or as `refers` and `lists` say; where they differ otherwise, a keeper says
how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, ClassVar, Generic, TypeVar

from app.actions.records.keeper import Key, number
from app.store.engine import Tx
from app.store.queries import records
from app.store.queries.directory import Directory, Ref
from app.store.queries.records import Named, Owned

R = TypeVar("R")


class _Fields:
    """How a record's fields are taken from a row, and put into it.

    `fixed`: the field that a row has from its beginning, and that stays. `refers`: fields that hold another
    record's code, where the row has a link to that record. `lists`: tuples of words, which the row keeps as
    one text.
    """

    record_type: type[Any]
    fixed: ClassVar[str]
    refers: ClassVar[tuple[str, ...]] = ()
    lists: ClassVar[tuple[str, ...]] = ()

    def _taken(self, row: Any, name: str) -> Any:
        value = getattr(row, name)
        if name in self.refers:
            return value.code
        return tuple(value.split()) if name in self.lists else value

    def _record(self, row: Any) -> Any:
        return self.record_type(
            **{field.name: self._taken(row, field.name) for field in fields(self.record_type)}
        )

    def _put(self, row: Any, record: Any, directory: Directory) -> None:
        for name in (field.name for field in fields(self.record_type) if field.name != self.fixed):
            value = getattr(record, name)
            if name in self.refers:
                setattr(row, f"{name}_id", _refs(directory, name)[value].id)
            else:
                setattr(row, name, " ".join(value) if name in self.lists else value)


class CodedKeeper(_Fields, Generic[R, Named]):
    """Rows with a code, which tells them apart in their region and stays."""

    subject: ClassVar[str]
    table: type[Named]
    fixed = "code"

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
        record: R = self._record(row)
        return record

    def blank(self, record: R, directory: Directory) -> Named:
        return self.table(region_id=directory.region.id, code=_code(record))

    def write(self, row: Named, record: R, directory: Directory) -> None:
        self._put(row, record, directory)


class OwnedKeeper(_Fields, Generic[R, Owned]):
    """Rows that hang on a nurse, a patient or a prescriber.

    `keys`: the fields that tell one record from another. The first holds the owner's code, and stays.
    """

    subject: ClassVar[str]
    table: type[Owned]
    keys: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        cls.fixed = cls.keys[0]
        cls.refers = (cls.fixed,)

    def key(self, record: R) -> Key:
        return tuple(getattr(record, name) for name in self.keys)

    def ident(self, row: Owned) -> str:
        return str(row.id)

    def find(self, tx: Tx, region_id: int, ident: str) -> Owned | None:
        return records.one_owned(tx, self.table, region_id, number(ident))

    def every(self, tx: Tx, region_id: int) -> Sequence[Owned]:
        return records.every_owned(tx, self.table, region_id)

    def stored(self, tx: Tx, directory: Directory, some: Iterable[R]) -> dict[Key, Owned]:
        owners = (getattr(record, self.fixed) for record in some)
        rows = records.owned_by(tx, self.table, directory.region.id, owners)
        return {self.key(self.record_of(row, directory)): row for row in rows}

    def record_of(self, row: Owned, directory: Directory) -> R:
        record: R = self._record(row)
        return record

    def blank(self, record: R, directory: Directory) -> Owned:
        owner = _refs(directory, self.fixed)[getattr(record, self.fixed)]
        return self.table(**{f"{self.fixed}_id": owner.id})

    def write(self, row: Owned, record: R, directory: Directory) -> None:
        self._put(row, record, directory)


def _code(record: Any) -> str:
    code: str = record.code
    return code


def _refs(directory: Directory, name: str) -> Mapping[str, Ref]:
    """The region's records of the kind that a field of this name refers to, by code."""
    refs: Mapping[str, Ref] = getattr(directory, f"{name}s")
    return refs
