"""Files that are no CSV files of ours: each is refused with the line, the column and the cure."""

from __future__ import annotations

import pytest

from app.exchange import csv_text
from app.exchange.csv_text import BadFileError
from app.exchange.nouns import NOUNS

PATIENT_COLUMNS = ",".join(NOUNS["patients"].columns)


def faults(data: bytes) -> list[str]:
    with pytest.raises(BadFileError) as refused:
        csv_text.read(data, NOUNS["patients"].columns)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty: its first line must name the columns code, name"),
        (b"\xef\xbb\xbf\r\n\r\n", "The file is empty"),
        (b"PK\x03\x04\x14\x00\x06\x00", 'a spreadsheet workbook: save it as "CSV UTF-8"'),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 'line 1: The text is not UTF-8: save the file as "CSV UTF-8".'),
        (b"code,name\x00,phone", "The file is not text"),
        (PATIENT_COLUMNS.encode() + b"\nP1,Jos\xe9,,,,,,", "line 2: The text is not UTF-8"),
        (PATIENT_COLUMNS.encode(), "The file has column names but no rows"),
        (b"Id;Vorname;Ort\n1;2;3", "line 1: This line names none of the columns: it must be code,name,phone"),
        (PATIENT_COLUMNS.encode() + b",code\n", 'line 1: The column "code" stands there twice: remove one.'),
        (PATIENT_COLUMNS.encode() + b"\nP1,A", "line 2: 2 cells for 10 columns: a text with a delimiter"),
        (PATIENT_COLUMNS.encode() + b'\nP1,"A"B,,,,,,', "line 2: The quotes are not right"),
        (PATIENT_COLUMNS.encode() + b'\nP1,"A,,,,,,', "line 2: The quotes are not right"),
    ],
)
def test_files_that_are_no_csv_files_are_refused_with_a_cure(data: bytes, said: str) -> None:
    (fault,) = faults(data)
    assert said in fault


def test_missing_and_unknown_columns_are_named() -> None:
    header = PATIENT_COLUMNS.replace("phone,", "").replace("latitude", "latitud") + ",age"
    assert faults((header + "\nP1,A,B,1,2,,yes,7").encode()) == [
        "line 1, column phone: This column is missing: add it; its cells may be empty.",
        "line 1, column latitude: This column is missing: add it; its cells may be empty.",
        'line 1, column latitud: There is no such column: is it meant to be "latitude"?',
        "line 1, column age: There is no such column: remove it.",
    ]
