"""Day sheets as one CSV file: a row for each stop, then one for each visit without a nurse."""

from __future__ import annotations

from collections.abc import Iterator

from app.exchange import csv_text
from app.sheets.content import DaySheets

COLUMNS = (
    *("nurse_code", "nurse", "nurse_phone", "stop", "leaves", "arrives", "starts", "ends", "home"),
    *("visit", "patient", "phone", "address", "access", "protocol", "phases", "together_with"),
    *("kit", "checks", "windows", "notes", "without_a_nurse_because", "source"),
)


def as_csv(day: DaySheets) -> bytes:
    """The file, as spreadsheets open it. Times are local."""
    return csv_text.write(COLUMNS, _rows(day))


def _rows(day: DaySheets) -> Iterator[tuple[str, ...]]:
    for nurse in day.nurses:
        for each in nurse.visits:
            cancelled = "NO LONGER BOOKED FOR THIS DAY. " if each.cancelled else ""
            yield (
                *(nurse.code, nurse.name, nurse.phone, str(each.number), nurse.leaves),
                *(each.arrival, each.start, each.end, nurse.home),
                *(each.code, each.patient, each.phone, each.address, each.access, each.protocol),
                "; ".join(f"{label} {times}" for label, _, times in each.phases),
                *(each.shared, "; ".join(each.kit), " ".join(each.checks), each.windows),
                *(cancelled + each.notes, "", day.source),
            )
    for row in day.left_out:
        yield (
            *([""] * 9),
            *(row.code, row.patient, row.phone, row.address, "", "", "", ""),
            *("", "", row.windows, "", row.reason, day.source),
        )
