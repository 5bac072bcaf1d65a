"""CSV as text: reading what spreadsheets save, writing what they open, without formulas.

A cell that a spreadsheet would take for a formula is written with an apostrophe before it, and read without.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t")
MOST_ROWS = 50_000

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong with a file: where, and what to do. Line 0: the file as a whole; column "": the row."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [f"column {self.column}"] if self.column else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class BadFileError(Exception):
    """A file that cannot be imported; `faults` are those worth showing, `more` how many there are besides."""

    def __init__(self, faults: Sequence[Fault], more: int = 0) -> None:
        super().__init__(f"{len(faults) + more} faults")
        self.faults = tuple(faults)
        self.more = more


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row: the line on which it starts, and its cells by column."""

    line: int
    cells: dict[str, str]


def guard(text: str) -> str:
    """The cell as it is written: nothing that a spreadsheet would run."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """The cell as it was before `guard`."""
    return text[1:] if _GUARDED.match(text) else text


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file: UTF-8 with the mark by which spreadsheets know it, commas, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes, columns: Sequence[str]) -> list[Row]:
    """The file's rows, empty ones left out.

    Columns may stand in any order, but each must be there, and no other. Raises BadFileError.
    """
    text = _decode(data)
    lines = _Lines(text, _delimiter(text, columns))
    header = next(lines, None)
    if header is None:
        raise _bad(f"The file is empty: its first line must name the columns {', '.join(columns)}.")
    names = _header(header[0], header[1], columns)
    rows: list[Row] = []
    for line, cells in lines:
        if len(cells) != len(names):
            raise _bad(
                f"{len(cells)} cells for {len(names)} columns: a text with a delimiter in it needs quotes.",
                line,
            )
        rows.append(
            Row(line=line, cells={name: unguard(cell) for name, cell in zip(names, cells, strict=True)})
        )
        if len(rows) > MOST_ROWS:
            raise _bad(f"The file has more than {MOST_ROWS:,} rows: split it.", line)
    if not rows:
        raise _bad("The file has column names but no rows: add some below them.")
    return rows


class _Lines(Iterator[tuple[int, list[str]]]):
    """Records with the line on which each starts; those without any text are skipped."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except csv.Error as error:
                raise _bad(f"The quotes are not right ({error}): double those inside a text.", line) from None
            if any(cell.strip() for cell in cells):
                return line, cells


def _decode(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise _bad('The file is a spreadsheet workbook: save it as "CSV UTF-8" and import that file.')
    try:
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _bad('The text is not UTF-8: save the file as "CSV UTF-8".', line) from None
    if "\0" in text:
        raise _bad("The file is not text: save the table as CSV UTF-8 and import that file.")
    return text


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """The delimiter by which the first line shows most of the columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    known = set(columns)
    return max(DELIMITERS, key=lambda mark: len(known & {_plain(cell) for cell in first.split(mark)}))


def _header(line: int, cells: list[str], columns: Sequence[str]) -> list[str]:
    names = [_plain(cell) for cell in cells]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise _bad(f'The column "{twice[0]}" stands there twice: remove one.', line)
    missing = [name for name in columns if name not in names]
    unknown = [name for name in names if name not in columns]
    if len(missing) == len(columns):
        raise _bad(f"This line names none of the columns: it must be {','.join(columns)}", line)
    faults = [
        Fault(line=line, column=name, message="This column is missing: add it; its cells may be empty.")
        for name in missing
    ]
    for name in unknown:
        near = difflib.get_close_matches(name, missing, 1)
        cure = f'is it meant to be "{near[0]}"?' if near else "remove it."
        faults.append(Fault(line=line, column=name, message=f"There is no such column: {cure}"))
    if faults:
        raise BadFileError(faults)
    return names


def _plain(cell: str) -> str:
    return cell.strip().strip('"').strip().lower().replace(" ", "_").replace("-", "_")


def _bad(message: str, line: int = 0) -> BadFileError:
    return BadFileError([Fault(line=line, column="", message=message)])
