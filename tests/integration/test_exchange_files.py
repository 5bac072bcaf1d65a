"""CSV files on both databases: out and in again, new and changed rows, and everything that can be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import process_time

import pytest

from app.demo import writer
from app.demo.clinic import generate
from app.exchange import exporting, importing
from app.exchange.csv_text import BadFileError
from app.exchange.nouns import NOUNS
from app.store import audit
from app.store.engine import Database, Tx
from app.store.models import Credential, Patient, Region, Visit
from app.store.queries import planning, records
from tests.support.filled import filled

MONDAY = date(2026, 11, 23)
PATIENT_COLUMNS = "code,name,phone,address,state,latitude,longitude,access_notes,bipolar,active"


@dataclass(frozen=True)
class Clinic:
    """A loaded demo clinic, and short ways to import and export."""

    database: Database
    region: int

    def export(self, noun: str) -> bytes:
        with self.database.begin() as tx:
            return exporting.export(tx, None, self.region, NOUNS[noun])

    def load(self, noun: str, data: bytes | str) -> tuple[int, int, int]:
        data = data.encode() if isinstance(data, str) else data
        with self.database.begin() as tx:
            checked = importing.check(tx, None, self.region, NOUNS[noun], data)
            counts = importing.store(tx, None, self.region, NOUNS[noun], checked)
        assert counts == checked.counts
        return counts.new, counts.changed, counts.unchanged

    def faults(self, noun: str, data: bytes | str) -> list[str]:
        """What is said of a file that must be refused; and that nothing was stored."""
        before = self.export(noun)
        with pytest.raises(BadFileError) as refused:
            self.load(noun, data)
        assert self.export(noun) == before
        return [str(fault) for fault in refused.value.faults]

    @contextmanager
    def tx(self) -> Iterator[Tx]:
        with self.database.begin() as tx:
            yield tx


@pytest.fixture
def clinic(database: Database) -> Clinic:
    return Clinic(database, filled(database, demo))


def demo(database: Database) -> int:
    """The region's id."""
    with database.begin() as tx:
        return writer.store(tx, generate(7, MONDAY, visits=6)).id


@pytest.mark.parametrize("noun", NOUNS)
def test_what_is_exported_can_be_imported_and_changes_nothing(clinic: Clinic, noun: str) -> None:
    data = clinic.export(noun)
    rows = data.decode("utf-8-sig").count("\r\n") - 1
    assert rows > 0
    assert clinic.load(noun, data) == (0, 0, rows)
    assert clinic.export(noun) == data


def test_everything_can_be_carried_to_an_empty_region(clinic: Clinic) -> None:
    with clinic.tx() as tx:
        twin = Region(code="twin", name="Twin", zone="America/New_York", latitude=39.97, longitude=-83.0)
        tx.add(twin)
        tx.flush()
        other = Clinic(clinic.database, twin.id)
    for noun in NOUNS:
        new, changed, unchanged = other.load(noun, clinic.export(noun))
        assert new > 0
        assert (changed, unchanged) == (0, 0)
        assert other.export(noun) == clinic.export(noun)


@pytest.mark.parametrize("noun", NOUNS)
def test_the_template_of_a_fresh_clinic_can_be_imported(clinic: Clinic, noun: str) -> None:
    assert sum(clinic.load(noun, exporting.template(NOUNS[noun]))) == 1


def test_rows_are_added_and_changed_by_their_code_and_audited_by_field(clinic: Clinic) -> None:
    text = clinic.export("patients").decode("utf-8-sig")
    others = text.count("\r\nP") - 1
    text = re.sub(r"(?m)^P0002,[^,]*,", "P0002,Ada Newname,", text)
    text += 'P9001,Zoë Ekwueme,,"1 Wren Hollow, Columbus",,39.97,-83,"Ring twice,\r\nthen wait.",no,yes\r\n'
    assert clinic.load("patients", text) == (1, 1, others)
    with clinic.tx() as tx:
        found = records.by_codes(tx, Patient, clinic.region, ["P0002", "P9001"])
        assert found["P0002"].name == "Ada Newname"
        assert found["P9001"].access_notes == "Ring twice,\nthen wait."
        details = {entry.subject_id: entry.detail for entry in audit.entries(tx, subject="patients")}
        assert details[str(found["P0002"].id)] == "import: name"
        assert details[str(found["P9001"].id)] == "created by import"


def test_a_check_changes_nothing_and_tells_what_would_change(clinic: Clinic) -> None:
    before = clinic.export("nurses")
    text = before.decode("utf-8-sig").replace("N001,", "N999,", 1)
    text = re.sub(r"(?m)^(N002,[^,]*),614-555-\d+", r"\1,614-555-0198", text)
    with clinic.tx() as tx:
        checked = importing.check(tx, None, clinic.region, NOUNS["nurses"], text.encode())
    assert (checked.counts.new, checked.counts.changed) == (1, 1)
    assert [(change.line, change.key, change.columns) for change in checked.changes] == [
        (2, "N999", ()),
        (3, "N002", (("phone", "614-555-0101", "614-555-0198"),)),
    ]
    assert clinic.export("nurses") == before


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_columns_in_any_order_and_blank_lines(clinic: Clinic, delimiter: str) -> None:
    rows = [["Standing", "Patient ", "NURSE"], [], ["Preferred", "P0001", "N001"], ["", "", ""]]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert sum(clinic.load("patient-nurses", text)) == 1


def test_what_spreadsheets_make_of_dates_times_and_text(clinic: Clinic) -> None:
    header = "nurse,day,kind,start_time,end_time,reason"
    assert clinic.load("exceptions", f"{header}\nN001,12/24/2026,HOURS,8:00 AM,1:30:00 PM,\n") == (1, 0, 0)
    assert b"N001,2026-12-24,hours,08:00,13:30,\r\n" in clinic.export("exceptions")
    utf16 = clinic.export("exceptions").decode("utf-8-sig").encode("utf-16")
    assert clinic.load("exceptions", utf16)[2] > 0


def test_all_bad_rows_are_named_and_none_goes_in(clinic: Clinic) -> None:
    row = 'P9001,Ada Voss,614-555-0101,"1 Elm St, Columbus",,39.97,-83.0,,,yes'
    text = "\n".join(
        [
            PATIENT_COLUMNS,
            row,
            row.replace("39.97", "ninety").replace("yes", "perhaps"),
            row.replace("P9001", "P9002").replace("Ada Voss", ""),
            row.replace("P9001", "P9003").replace("39.97,-83.0", "-83.0,39.97"),
            row,
        ]
    )
    assert clinic.faults("patients", text) == [
        'line 3, column latitude: "ninety" cannot be: give degrees from -90 to 90, such as 39.9612.',
        'line 3, column active: "perhaps" is neither yes nor no: write one of them.',
        "line 4, column name: Missing: the patient's full name.",
        "line 5, column longitude: This place is 14,845 km from Columbus, Ohio (demo): check both numbers. "
        "Are they swapped, or is a minus sign missing?",
        'line 6, column code: "P9001" stands in line 2 too: keep one of them.',
    ]


def test_a_row_after_quoted_line_ends_is_named_by_its_own_line(clinic: Clinic) -> None:
    note = '"one\ntwo\nthree"'
    text = f"{PATIENT_COLUMNS}\nP1,A,,B,,39.9,-83,{note},,yes\nP2,A,,B,,north,-83,,,yes"
    (fault,) = clinic.faults("patients", text)
    assert fault.startswith("line 5, column latitude")


def test_only_the_first_fifty_faults_are_listed_and_the_rest_counted(clinic: Clinic) -> None:
    text = PATIENT_COLUMNS + "".join(f"\nP{number},,,B,,39.9,-83,,,yes" for number in range(70))
    with pytest.raises(BadFileError) as refused:
        clinic.load("patients", text)
    assert (len(refused.value.faults), refused.value.more) == (50, 20)


def test_unknown_codes_are_named(clinic: Clinic) -> None:
    (fault,) = clinic.faults("credentials", "nurse,kind,valid_from,expires_on,states\nN777,ACLS,2026-01-01,,")
    assert fault == (
        'line 2, column nurse: "N777" is no nurse\'s code here: correct it, or add the nurse first.'
    )


PROTOCOL_COLUMNS = (
    "code,name,staff,credentials,phases,hand_over,overlap_minutes,vitals_infusion,vitals_monitoring,max_systolic,"
    "max_diastolic,adult_hours,discharge_criteria,follow_ups,kit,drug_units,note,active"
)
VISIT_COLUMNS = "code,patient,protocol,day,windows,priority,status,notes,pinned_nurse,pinned_start"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("08:00-10:30", "10:30-08:00"), "the latest start is before the earliest: swap them"),
        (
            ("08:00-10:30", "08:00-10:30 by 09:00"),
            "it is not over by 09:00. Let it start earlier or end later",
        ),
        (
            ("08:00-10:30", "08:00"),
            "is not a window: give its earliest and latest start, such as 08:00-10:30",
        ),
        (("08:00-10:30", "8-10"), '"8" is not a time: write it such as 08:30'),
        (("08:00-10:30", "08:00-10:30 by 01:00"), "must be over after it starts, and on the same day"),
        (("08:00-10:30", "7:00-7:05; 8:00-8:05; 9:00-9:05; 10:00-11:00"), "There are 4 windows: at most 3"),
        (("2026-11-25", "2026-11-31"), '"2026-11-31" is not a date: write it such as 2026-11-23'),
        (("routine", "soon"), '"soon" is unknown: choose one of routine, important, urgent'),
        ((",N001,", ",,"), "Missing: the nurse who starts at 09:00; or empty the start"),
        ((",09:00", ",11:00"), "11:00 lies in none of the windows: change it or widen one"),
        (("P0001", "P9999"), 'column patient: "P9999" is no patient\'s code here'),
        (("2026-11-25,08:00-10:30", "2027-03-14,02:30-10:30"), "02:30 does not exist on 2027-03-14"),
        (("2026-11-25,08:00-10:30", "2027-11-07,01:30-10:30"), "01:30 comes twice on 2027-11-07"),
    ],
)
def test_visits_that_cannot_be_are_refused_with_a_cure(
    clinic: Clinic, change: tuple[str, str], said: str
) -> None:
    row = "V9001,P0001,KET-M,2026-11-25,08:00-10:30,routine,booked,,N001,09:00"
    assert clinic.load("visits", f"{VISIT_COLUMNS}\n{row}") == (1, 0, 0)
    assert change[0] in row
    faults = clinic.faults("visits", f"{VISIT_COLUMNS}\n{row.replace('V9001', 'V9002').replace(*change)}")
    assert any(said in fault for fault in faults), faults


def test_a_barred_nurse_cannot_be_pinned(clinic: Clinic) -> None:
    clinic.load("patient-nurses", "patient,nurse,standing\nP0001,N001,barred")
    row = "V9001,P0001,KET-M,2026-11-25,08:00-10:30,routine,booked,,N001,"
    (fault,) = clinic.faults("visits", f"{VISIT_COLUMNS}\n{row}")
    assert fault == "line 2, column pinned_nurse: N001 is barred from P0001: choose another nurse."


def test_what_is_stored_may_stay_though_new_rules_would_refuse_it(clinic: Clinic) -> None:
    row = "V9001,P0001,KET-M,2026-11-25,08:00-10:30,routine,booked,,N001,"
    clinic.load("visits", f"{VISIT_COLUMNS}\n{row}")
    clinic.load("patient-nurses", "patient,nurse,standing\nP0001,N001,barred")
    data = clinic.export("visits")
    assert clinic.load("visits", data)[:2] == (0, 0)


def test_local_times_are_stored_as_instants_on_both_sides_of_a_clock_change(clinic: Clinic) -> None:
    rows = [
        "V9001,P0001,KET-M,2027-03-12,08:00-10:30 by 14:00,routine,booked,,,",
        "V9002,P0001,KET-M,2027-03-15,08:00-10:30 by 14:00,routine,booked,,,",
    ]
    clinic.load("visits", "\n".join([VISIT_COLUMNS, *rows]))
    with clinic.tx() as tx:
        found = records.by_codes(tx, Visit, clinic.region, ["V9001", "V9002"])
        starts = [found[code].windows[0].earliest_start for code in ("V9001", "V9002")]
    assert starts == [datetime(2027, 3, 12, 13, tzinfo=UTC), datetime(2027, 3, 15, 12, tzinfo=UTC)]


def test_phases_and_windows_are_replaced_in_place_longer_and_shorter(clinic: Clinic) -> None:
    for phases in ("arrival:10; infusion:40; monitoring:60", "infusion:30", "infusion:30; infusion:20"):
        row = f"KET-X,Test,1,ACLS; RN,{phases},no,10,,,,,0,,,,,,yes"
        clinic.load("protocols", f"{PROTOCOL_COLUMNS}\n{row}")
        assert f"{row}\r\n".encode() in clinic.export("protocols")
    for windows in (
        "08:00-09:00; 10:00-11:00 by 14:00",
        "10:00-11:00",
        "07:00-08:00; 09:00-09:00; 10:00-12:00",
    ):
        clinic.load("visits", f"{VISIT_COLUMNS}\nV9001,P0001,KET-X,2026-11-25,{windows},urgent,booked,,,")
        assert f"V9001,P0001,KET-X,2026-11-25,{windows},urgent,booked,,,\r\n".encode() in clinic.export(
            "visits"
        )


def test_other_regions_are_neither_read_nor_written(clinic: Clinic) -> None:
    with clinic.tx() as tx:
        twin = Region(code="twin", name="Twin", zone="America/Chicago", latitude=39.97, longitude=-83.0)
        tx.add(twin)
        tx.flush()
        other = Clinic(clinic.database, twin.id)
    before = clinic.export("patients")
    assert other.export("patients").decode("utf-8-sig") == PATIENT_COLUMNS + "\r\n"
    assert other.load("patients", before)[0] > 0
    assert clinic.export("patients") == before
    other.faults("visits", clinic.export("visits"))
    with clinic.tx() as tx:
        assert planning.booked_visits(tx, twin.id, MONDAY) == []


def test_ten_thousand_rows_go_in_within_seconds(clinic: Clinic) -> None:
    count = 10_000 if clinic.database.url.startswith("sqlite") else 2_000
    rows = (
        f'Q{number:05},Patient {number},614-555-0100,"{number} Elm St, Columbus",,39.97,-83.01,,,yes'
        for number in range(count)
    )
    text = "\n".join([PATIENT_COLUMNS, *rows])
    began = process_time()  # not the clock's: the machine may be busy
    assert clinic.load("patients", text) == (count, 0, 0)
    assert process_time() - began < 30


class TestStates:
    """A clinic whose credentials counted everywhere gives them their states by file."""

    def credentials(self, clinic: Clinic) -> list[tuple[str, str, str]]:
        with clinic.tx() as tx:
            rows = records.every_owned(tx, Credential, clinic.region)
            return sorted((row.nurse.code, row.kind, row.states) for row in rows if row.kind == "RN license")

    @pytest.fixture
    def everywhere(self, clinic: Clinic) -> Clinic:
        with clinic.tx() as tx:
            for row in records.every_owned(tx, Credential, clinic.region):
                row.states = ""
        return clinic

    def test_a_row_with_states_takes_the_place_of_the_one_without(self, everywhere: Clinic) -> None:
        before = self.credentials(everywhere)
        text = re.sub(
            r"(?m)^(N\d+,RN license,.*),\r$",
            r"\1,oh; KY\r",
            everywhere.export("credentials").decode("utf-8-sig"),
        )
        new, changed, _ = everywhere.load("credentials", text)
        assert (new, changed) == (0, len(before))
        assert self.credentials(everywhere) == [(nurse, kind, "KY OH") for nurse, kind, _ in before]

    def test_a_second_license_of_that_day_is_added(self, everywhere: Clinic) -> None:
        (line,) = re.findall(
            r"(?m)^N001,RN license,.*,\r$", everywhere.export("credentials").decode("utf-8-sig")
        )
        start = line.removesuffix("\r")
        header = "nurse,kind,valid_from,expires_on,states\n"
        assert everywhere.load("credentials", f"{header}{start}KY\n{start}OH\n") == (1, 1, 0)
        assert self.credentials(everywhere)[:2] == [
            ("N001", "RN license", "KY"),
            ("N001", "RN license", "OH"),
        ]
        assert everywhere.load("credentials", f"{header}{start}KY\n{start}OH\n") == (0, 0, 2)

    def test_an_unknown_state_is_named(self, clinic: Clinic) -> None:
        text = "nurse,kind,valid_from,expires_on,states\nN001,ACLS,2026-01-01,,OH XX"
        assert clinic.faults("credentials", text) == [
            'line 2, column states: "XX" is no state: write postal codes such as OH or IN KY OH.'
        ]

    def test_a_patient_whose_address_is_in_another_state(self, clinic: Clinic) -> None:
        row = 'P9001,Ada Voss,,"1 Elm St, Maysville, KY 41056",{},38.64,-83.74,,no,yes'
        for state in ("", "OH"):
            (fault,) = clinic.faults("patients", f"{PATIENT_COLUMNS}\n{row.format(state)}")
            assert fault == (
                "line 2, column state: The address is in Kentucky, and this says Ohio: choose Kentucky, or "
                "correct the address."
            )
        assert clinic.load("patients", f"{PATIENT_COLUMNS}\n{row.format('ky')}") == (1, 0, 0)
