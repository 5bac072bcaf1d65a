"""docs/csv.md tells of every kind and column there is, and of none besides."""

from __future__ import annotations

import re
from pathlib import Path

from app.exchange.csv_text import MOST_ROWS
from app.exchange.forms.base import FARTHEST_KM
from app.exchange.importing import MOST_FAULTS
from app.exchange.nouns import NOUNS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "csv.md").read_text()


def test_every_kind_and_column_is_described_in_order() -> None:
    sections = re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]
    assert [section.split()[0] for section in sections] == list(NOUNS)
    for section, noun in zip(sections, NOUNS.values(), strict=True):
        cells = re.findall(r"^\| ([^|]+) \|", section, flags=re.MULTILINE)[1:]
        names = [name.strip() for cell in cells for name in cell.replace("*", "").split(",")]
        assert sorted(names) == sorted(noun.columns), noun.name
        keys = [cell.strip("* ") for cell in cells if cell.startswith("**")]
        assert tuple(keys) == noun.key


def test_the_limits_are_those_of_the_code() -> None:
    assert f"{MOST_ROWS:,} rows" in TEXT
    assert f"up to {MOST_FAULTS} of them" in TEXT
    assert f"at most {FARTHEST_KM} km" in TEXT
