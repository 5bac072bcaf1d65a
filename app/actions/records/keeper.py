"""What saving needs to know of one kind of record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from app.store.engine import Tx
from app.store.models import Base
from app.store.queries.directory import Directory

R = TypeVar("R")
E = TypeVar("E", bound=Base)

Key = tuple[Any, ...]
"""What makes a record the same as another: its code, or its nurse and weekday and so on."""


class Keeper(Protocol[R, E]):
    """Between one kind of record (R, its content) and its rows (E)."""

    @property
    def subject(self) -> str:
        """The table, as the audit trail names it."""
        ...

    def key(self, record: R) -> Key:
        """The record's key."""
        ...

    def ident(self, row: E) -> str:
        """The row's key in the database, as addresses of pages and the audit trail have it."""
        ...

    def find(self, tx: Tx, region_id: int, ident: str) -> E | None:
        """The region's row, or None."""
        ...

    def every(self, tx: Tx, region_id: int) -> Sequence[E]:
        """All rows of the region, in the order of a CSV file."""
        ...

    def stored(self, tx: Tx, directory: Directory, records: Iterable[R]) -> dict[Key, E]:
        """The rows that have the keys of `records`, by key; may hold others too."""
        ...

    def record_of(self, row: E, directory: Directory) -> R:
        """The row's content."""
        ...

    def blank(self, record: R, directory: Directory) -> E:
        """A new row with the record's key and nothing else."""
        ...

    def write(self, row: E, record: R, directory: Directory) -> None:
        """Make the row's content that of the record."""
        ...


def number(ident: str) -> int:
    """The key in an address; -1, which no row has, for anything else."""
    return int(ident) if ident.isdecimal() and len(ident) < 10 else -1
