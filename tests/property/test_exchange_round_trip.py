"""Whatever a record or a cell holds: written as CSV and read again it is the same, and never a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, time
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.actions.records.content import (
    PatientRecord,
    PhaseContent,
    ProtocolRecord,
    VisitRecord,
    WeeklyShiftRecord,
    WindowContent,
)
from app.exchange import csv_text
from app.exchange.csv_text import guard, unguard
from app.exchange.nouns import NOUNS
from app.store.models.protocol import DrugUnits, FollowUp, PhaseKind, ProtocolVersion
from app.store.models.visit import Priority, VisitStatus
from app.store.queries.directory import ProtocolRef, Ref

FORMULA_STARTS = "=+-@\t\r\n"

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20) | st.text(
    "'=+-@\t\r\n\";,a1. ", max_size=6
)


@given(cells)
def test_guarding_is_undone_and_leaves_no_formula(cell: str) -> None:
    guarded = guard(cell)
    assert unguard(guarded) == cell
    if guarded and guarded[0] in FORMULA_STARTS:
        assert float(guarded) is not None  # only numbers may begin so


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8))
def test_any_cells_come_back(rows: list[tuple[str, str, str]]) -> None:
    data = csv_text.write(["a", "b", "c"], rows)
    kept = [row for row in rows if any(guard(cell).strip() for cell in row)]
    if kept:
        read = csv_text.read(data, ["a", "b", "c"])
        assert [tuple(row.cells.values()) for row in read] == kept


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_lines_are_counted_as_an_editor_counts_them(rows: list[tuple[str, str]]) -> None:
    data = csv_text.write(["a", "b"], [*rows, ("last", "row")])
    text = data.decode("utf-8-sig")
    last = csv_text.read(data, ["a", "b"])[-1]
    before = text[: text.rindex("last,row")]
    assert (
        last.line == before.count("\r\n") + sum(before.replace("\r\n", "").count(end) for end in "\r\n") + 1
    )


def phrases(without: str = "") -> st.SearchStrategy[str]:
    """One to three words of any script, none of which holds a character of `without`."""
    letters = st.characters(categories=["L", "N", "P", "S"], exclude_characters=without)
    return st.lists(st.text(letters, min_size=1, max_size=9), min_size=1, max_size=3).map(" ".join)


names = phrases()
lines = st.just("") | names
notes = st.lists(lines, max_size=4).map(lambda parts: "\n".join(parts).strip())
codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
degrees = st.integers(-1_900_000, 1_900_000).map(lambda millionths: millionths / 1_000_000)


def directory(*known: str) -> Any:
    """The codes that a form may refer to."""
    refs = {code: Ref(id=1, code=code, name="Somebody", active=True) for code in known}
    recipes = {
        code: ProtocolRef(id=1, code=code, name="Something", active=True, newest=ProtocolVersion())
        for code in known
    }
    return SimpleNamespace(
        nurses=refs,
        patients=refs,
        protocols=recipes,
        barred=frozenset(),
        credential_kinds=[],
        minutes=lambda visit, protocol, patient: 0,
        zone=ZoneInfo("America/Phoenix"),
        region=SimpleNamespace(latitude=0.0, longitude=0.0, name="Nowhere", state="OH"),
    )


def assert_comes_back(noun: str, record: Any, known: Any) -> None:
    kind = NOUNS[noun]
    form = kind.form(directory=known)
    texts = [form[name].format(getattr(record, name)) for name in kind.columns]
    (row,) = csv_text.read(csv_text.write(kind.columns, [texts]), kind.columns)
    again = kind.form(MultiDict(row.cells), directory=known)
    assert again.validate(), again.errors
    assert again.record() == record


@given(
    st.builds(
        PatientRecord,
        code=codes,
        name=names,
        phone=st.sampled_from(["", "614-555-0100", "+1 (614) 555-0100 x12"]),
        address=names,
        state=st.sampled_from(["", "KY", "DC"]),
        latitude=degrees,
        longitude=degrees,
        access_notes=notes,
        active=st.booleans(),
    )
)
def test_patients_come_back(record: PatientRecord) -> None:
    assert_comes_back("patients", record, directory())


@given(codes, st.integers(0, 6), clocks, clocks)
def test_hours_come_back(nurse: str, weekday: int, one: time, other: time) -> None:
    start, end = sorted((one, other))
    if start < end:
        record = WeeklyShiftRecord(
            nurse=nurse,
            weekday=weekday,
            start_time=start,
            end_time=end,
            break_minutes=0,
            break_earliest=None,
            break_latest=None,
        )
        assert_comes_back("weekly-shifts", record, directory(nurse))


kinds = phrases(without=";")
phase_kinds = phrases(without=";|")
phases = st.builds(
    PhaseContent,
    kind=st.sampled_from(PhaseKind),
    minutes=st.integers(1, 480),
    credentials=st.sets(phase_kinds, max_size=2).map(lambda some: tuple(sorted(some))),
)
follow_ups = st.builds(
    FollowUp,
    offset_hours=st.integers(72, 1440),
    window_hours=st.integers(0, 72),
    in_person=st.booleans(),
    minutes=st.integers(1, 480),
    mania_check=st.booleans(),
)
texts = st.lists(kinds, max_size=3, unique=True)


@given(
    st.builds(
        ProtocolRecord,
        code=codes,
        name=names,
        staff=st.sampled_from([1, 2]),
        credentials=st.sets(kinds, max_size=4).map(lambda some: tuple(sorted(some))),
        phases=st.lists(phases, min_size=1, max_size=12).map(tuple),
        hand_over=st.just(False),
        overlap_minutes=st.integers(5, 60),
        vitals_infusion=st.none() | st.integers(1, 240),
        vitals_monitoring=st.none() | st.integers(1, 240),
        max_systolic=st.none() | st.integers(161, 260),
        max_diastolic=st.none() | st.integers(30, 160),
        adult_hours=st.integers(0, 72),
        discharge_criteria=texts.map(tuple),
        follow_ups=st.lists(follow_ups, max_size=4).map(tuple),
        kit=texts.map(lambda some: tuple(f"kit {each}" for each in some)),
        drug_units=texts.map(lambda some: tuple(DrugUnits(item=f"drug {each}", units=2) for each in some)),
        note=lines,
        active=st.booleans(),
    )
)
def test_protocols_come_back(record: ProtocolRecord) -> None:
    assert_comes_back("protocols", record, directory())


@st.composite
def windows(draw: st.DrawFn) -> WindowContent:
    early, late, end = sorted(draw(st.lists(clocks, min_size=3, max_size=3, unique=True)))
    return WindowContent(
        earliest_start=early, latest_start=late, latest_end=draw(st.sampled_from([end, None]))
    )


@given(
    code=codes,
    patient=codes,
    day=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    spans=st.lists(windows(), min_size=1, max_size=3, unique=True),
    priority=st.sampled_from(Priority),
    status=st.sampled_from(VisitStatus),
    note=notes,
    pinned=st.booleans(),
)
def test_visits_come_back(
    code: str,
    patient: str,
    day: date,
    spans: list[WindowContent],
    priority: Priority,
    status: VisitStatus,
    note: str,
    pinned: bool,
) -> None:
    ordered = sorted(
        spans, key=lambda span: (span.earliest_start, span.latest_start, span.latest_end or time.max)
    )
    record = VisitRecord(
        code=code,
        patient=patient,
        protocol=patient,
        day=day,
        windows=tuple(ordered),
        priority=priority,
        status=status,
        notes=note,
        pinned_nurse=patient if pinned else None,
        pinned_start=ordered[0].earliest_start if pinned else None,
    )
    assert_comes_back("visits", record, directory(patient))


def test_no_cell_of_a_written_file_begins_like_a_formula() -> None:
    data = csv_text.write(["a"], [["=1+1"], ["@SUM(A1)"], ["-2+3"], ["+1 614 555"], ["\t=1"], ["-82.5"]])
    read = [row[0] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))][1:]
    assert read == ["'=1+1", "'@SUM(A1)", "'-2+3", "'+1 614 555", "'\t=1", "-82.5"]
