"""A list of rows, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm.interfaces import ORMOption

from app.store.engine import Tx
from app.store.queries.records import owned, owner_of

Row = TypeVar("Row")

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a list shall show: rows with `text` in them, of one of the list's kinds (`show`), one day's, from
    the page with this `number` (1 is the first)."""

    text: str = ""
    show: str = ""
    day: date | None = None
    number: int = 1


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and how many the list has."""

    rows: Sequence[Row]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first(self) -> int:
        """The place of the first row shown, from 1; 0 in an empty list."""
        return (self.number - 1) * PAGE_SIZE + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return self.first + len(self.rows) - 1 if self.total else 0


def page_of(tx: Tx, query: Select[Row], wanted: Wanted, *loading: ORMOption) -> Page[Row]:
    """The page of the query's rows that is wanted, or the last one there is."""
    total = tx.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, wanted.number), pages)
    rows = tx.scalars(query.options(*loading).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, total, number)


def active(column: Any, show: str) -> list[ColumnElement[bool]]:
    """Only active rows, only inactive ones, or all."""
    return [] if show == "all" else [column.is_(show != "inactive")]


def has(text: str, *columns: Any) -> list[ColumnElement[bool]]:
    """Every word stands in some column."""
    return [
        or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in text.split()[:6]
    ]


def by_name(table: Any, region_id: int, wanted: Wanted, *columns: Any) -> Select[Any]:
    """The region's rows of a kind that has names, by name: active ones, inactive ones or all, with the words
    in name, code or these columns."""
    return (
        select(table)
        .where(table.region_id == region_id, *active(table.active, wanted.show))
        .where(*has(wanted.text, table.name, table.code, *columns))
        .order_by(table.name, table.id)
    )


def of_owners(table: Any, region_id: int, wanted: Wanted, *columns: Any) -> Select[Any]:
    """The region's rows that hang on somebody, with the words in owner's name, code or these columns."""
    owner = owner_of(table)
    return owned(table, region_id).where(*has(wanted.text, owner.name, owner.code, *columns))


def by_day(table: Any, region_id: int, wanted: Wanted, today: date, *columns: Any) -> Select[Any]:
    """The same, of rows that have a day: from today on, by day and owner; or past ones, the latest first."""
    past = wanted.show == "past"
    return (
        of_owners(table, region_id, wanted, *columns)
        .where(table.day < today if past else table.day >= today)
        .order_by(table.day.desc() if past else table.day, owner_of(table).name)
    )
