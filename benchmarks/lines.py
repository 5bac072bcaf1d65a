"""Runs as JSON lines: written as each ends, and not run again when the file has them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class Lines:
    """The lines of one file; `key` are the fields by which two runs are the same. Without a path they go to
    standard output only."""

    def __init__(self, path: Path | None, key: Sequence[str]) -> None:
        self._path, self._key = path, tuple(key)
        self.rows: list[Row] = read(path) if path is not None and path.exists() else []
        self._done = {self._name(row) for row in self.rows}

    def has(self, row: Row) -> bool:
        """Whether a run with these values of the key is there. `row` may have more fields."""
        return self._name(row) in self._done

    def add(self, row: Row) -> None:
        """Note a run, on the disk too."""
        self.rows.append(row)
        self._done.add(self._name(row))
        line = json.dumps(row)
        print(line, file=sys.stderr if self._path else sys.stdout, flush=True)
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(f"{line}\n")

    def _name(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[field] for field in self._key)


def read(path: Path) -> list[Row]:
    """The rows of a file. Raises ValueError with the line's number for what is not JSON."""
    rows = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError as fault:
            raise ValueError(f"{path}, line {number}: {fault}; remove the line to run it again") from fault
    return rows


def load() -> float:
    """The machine's load average, to tell runs on a busy machine."""
    return round(os.getloadavg()[0], 1)


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], words: int = 1) -> str:
    """A Markdown table; all but the first `words` columns to the right."""
    head = ["| " + " | ".join(columns) + " |", "|" + "---|" * words + "---:|" * (len(columns) - words)]
    return "\n".join([*head, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])
