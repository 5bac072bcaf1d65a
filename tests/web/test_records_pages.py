"""The pages of records: lists, forms, what they refuse, what they keep, what they say after a change."""

from __future__ import annotations

import html
import io
import re
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.exchange.nouns import NOUNS
from app.geocoding import Located
from app.store import audit
from app.store.engine import Database
from app.store.models import Credential, Nurse, Patient, Protocol, Region, Visit, WeeklyShift
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.store.queries import records
from app.wiring import create_app
from config import Settings
from tests.support import clinic as clinics
from tests.support.clinic import Clinic

FAR = date(2099, 3, 16)
SEEN = re.compile(r'name="seen" value="([^"]*)"')

NURSE = {
    "code": "N90",
    "name": "Imani Voss",
    "phone": "614-555-0190",
    "address": "1 Wren Hollow, Columbus, OH 43215",
    "latitude": "39.97",
    "longitude": "-83.01",
    "max_visits": "",
    "max_overtime_min": "30",
    "active": "yes",
}
VISIT = {
    "code": "V90",
    "patient": "P01",
    "protocol": "K40",
    "day": FAR.isoformat(),
    "windows": ["08:00", "10:30", "", "", "", "", "", "", ""],
    "priority": "routine",
    "status": "booked",
    "notes": "",
    "pinned_nurse": "",
    "pinned_start": "",
}


def words(answer: TestResponse) -> str:
    """The page's text as a person reads it."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def send(client: FlaskClient, address: str, fields: dict[str, object], **more: object) -> TestResponse:
    """Send a form with what it showed when it was opened."""
    found = SEEN.search(client.get(address).text)
    assert found is not None
    return client.post(address, data=fields | {"seen": found[1]} | more)


def row_of(database: Database, table: type, region: int, code: str) -> object:
    with database.begin() as tx:
        return records.by_codes(tx, table, region, [code]).get(code)


def details(database: Database, subject: str, action: str = "write") -> list[str]:
    with database.begin() as tx:
        return [entry.detail for entry in audit.entries(tx, subject=subject) if entry.action == action]


@pytest.mark.parametrize("noun", NOUNS)
def test_every_kind_has_a_list_a_form_and_files(dispatcher: FlaskClient, noun: str) -> None:
    for page in ("", "/new", "/import", "/template.csv", "/export.csv"):
        assert dispatcher.get(f"/records/{noun}{page}").status_code == 200, page


@pytest.mark.parametrize("noun", NOUNS)
def test_nurses_may_open_none_of_them(nurse: FlaskClient, clinic: Clinic, noun: str) -> None:
    for page in ("", "/new", "/import", "/export.csv", f"/{clinic.ana}"):
        assert nurse.get(f"/records/{noun}{page}").status_code == 403, page
    for page in ("/new", f"/{clinic.ana}", f"/{clinic.ana}/remove", "/import"):
        assert nurse.post(f"/records/{noun}{page}").status_code == 403, page


def test_no_other_kind_and_no_other_record_exists(dispatcher: FlaskClient) -> None:
    for page in ("users", "nurses/99999", "nurses/x", "nurses/-1", "patient-nurses/1", "visits/9" + "9" * 40):
        assert dispatcher.get(f"/records/{page}").status_code == 404, page


def test_patients_are_searched_without_their_name_in_the_address(dispatcher: FlaskClient) -> None:
    found = dispatcher.post("/records/patients", data={"q": "quill mara"})
    assert "Mara Quill" in found.text
    assert "Theo Brandt" not in found.text
    assert "Theo Brandt" in dispatcher.get("/records/patients?q=quill").text
    nothing = dispatcher.post("/records/patients", data={"q": "100%"})
    assert "Nothing found" in nothing.text
    assert 'value="100%"' in nothing.text


def test_a_long_list_is_shown_in_pages_that_keep_the_search(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    with database.begin() as tx:
        tx.add_all(
            Patient(
                region_id=clinic.region,
                code=f"Q{number:03}",
                name=f"Zed {number:03}",
                address="1 Elm Street",
                latitude=39.9,
                longitude=-83,
            )
            for number in range(120)
        )
    first = dispatcher.post("/records/patients", data={"q": "zed"})
    assert "1–50 of 120" in first.text
    last = dispatcher.post("/records/patients", data={"q": "zed", "page": "3"})
    assert "101–120 of 120" in last.text
    assert "Zed 119" in last.text
    assert "Zed 050" not in last.text
    assert "101–120 of 120" in dispatcher.post("/records/patients", data={"q": "zed", "page": "77"}).text


def test_lists_and_forms_are_audited_by_size_and_key(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    dispatcher.get("/records/patients")
    dispatcher.get(f"/records/patients/{clinic.mara}")
    dispatcher.get("/records/patients/export.csv")
    assert details(database, "patients", "read") == ["form", "list: 2 of 2"]
    assert details(database, "patients", "export") == ["CSV file of 2"]


def test_a_nurse_is_added_with_an_audit_entry(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    answer = dispatcher.post("/records/nurses/new", data=NURSE, follow_redirects=True)
    assert "The nurse is added." in answer.text
    assert "No hours yet: without them this nurse is never planned." in answer.text
    nurse = row_of(database, Nurse, clinic.region, "N90")
    assert isinstance(nurse, Nurse)
    assert (nurse.name, nurse.latitude, nurse.max_visits, nurse.max_overtime_min) == (
        "Imani Voss",
        39.97,
        None,
        30,
    )
    assert details(database, "nurses") == ["created"]


def test_a_form_with_faults_keeps_what_was_typed_and_names_value_and_cure(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    answer = dispatcher.post(
        "/records/nurses/new",
        data=NURSE | {"name": " ", "phone": "<call me>", "latitude": "north", "max_visits": "99"},
    )
    assert answer.status_code == 400
    text = words(answer)
    assert "Missing: the nurse's full name." in text
    assert '"<call me>" is not a telephone number: write it such as 614-555-0123.' in text
    assert '"north" cannot be: give degrees from -90 to 90, such as 39.9612.' in text
    assert '"99" cannot be: give a whole number from 0 to 20.' in text
    assert "4 fields need another look" in text
    for typed in ("&lt;call me&gt;", "north", "99", "1 Wren Hollow, Columbus, OH 43215"):
        assert f'value="{typed}"' in answer.text
    assert row_of(database, Nurse, clinic.region, "N90") is None


def test_a_taken_code_is_refused(dispatcher: FlaskClient) -> None:
    answer = dispatcher.post("/records/nurses/new", data=NURSE | {"code": "N01"})
    assert answer.status_code == 400
    assert '"N01" is there already: choose another, or open that one and change it.' in words(answer)


def test_a_change_is_stored_and_audited_by_field_not_by_value(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    fields = NURSE | {"code": "N01", "name": "Ana Ortiz", "phone": "614-555-0177"}
    answer = send(dispatcher, f"/records/nurses/{clinic.ana}", fields)
    assert answer.status_code == 302
    nurse = row_of(database, Nurse, clinic.region, "N01")
    assert isinstance(nurse, Nurse)
    assert nurse.phone == "614-555-0177"
    (detail,) = details(database, "nurses")
    assert detail == "phone, address, latitude, longitude, max_overtime_min"


def test_two_dispatchers_do_not_overwrite_each_other_unseen(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    address = f"/records/patients/{clinic.mara}"
    opened = dispatcher.get(address).text
    seen = SEEN.search(opened)
    assert seen is not None
    mine = {
        "code": "P01",
        "name": "Mara Quill",
        "phone": "",
        "address": "210 Fictional Street, Columbus, OH 43215",
        "latitude": "39.962",
        "longitude": "-83.01",
        "access_notes": "Mine.",
        "active": "yes",
    }
    other = mine | {"access_notes": "Theirs.", "phone": "614-555-0111"}
    assert dispatcher.post(address, data=other | {"seen": seen[1]}).status_code == 302

    refused = dispatcher.post(address, data=mine | {"seen": seen[1]})
    assert refused.status_code == 409
    text = words(refused)
    assert "Somebody else has changed this record since you opened it." in text
    assert "Access notes is now stored as “Theirs.”" in text
    assert "Mine." in refused.text
    patient = row_of(database, Patient, clinic.region, "P01")
    assert isinstance(patient, Patient)
    assert patient.access_notes == "Theirs."

    now = SEEN.search(refused.text)
    assert now is not None
    assert dispatcher.post(address, data=mine | {"seen": now[1]}).status_code == 302
    patient = row_of(database, Patient, clinic.region, "P01")
    assert isinstance(patient, Patient)
    assert patient.access_notes == "Mine."


def test_a_faulty_form_does_not_forget_what_it_showed(dispatcher: FlaskClient, clinic: Clinic) -> None:
    address = f"/records/nurses/{clinic.ana}"
    seen = SEEN.search(dispatcher.get(address).text)
    assert seen is not None
    fields = NURSE | {"code": "N01", "seen": seen[1]}
    send(dispatcher, address, fields | {"name": "Changed Meanwhile"})
    faulty = dispatcher.post(address, data=fields | {"latitude": "north"})
    kept = SEEN.search(faulty.text)
    assert kept is not None
    assert kept[1] == seen[1]
    assert dispatcher.post(address, data=fields | {"seen": kept[1]}).status_code == 409


def test_a_code_stays(dispatcher: FlaskClient, clinic: Clinic) -> None:
    answer = send(dispatcher, f"/records/nurses/{clinic.ana}", NURSE)
    assert answer.status_code == 400
    assert '"N90": the code stays N01; for another one add a new record.' in words(answer)


def test_records_of_another_region_do_not_exist_here(dispatcher: FlaskClient, database: Database) -> None:
    with database.begin() as tx:
        twin = Region(code="twin", name="Twin", zone="America/Chicago", latitude=41.8, longitude=-87.6)
        tx.add(twin)
        tx.flush()
        theirs = Patient(
            region_id=twin.id, code="P77", name="Uma Elsewhere", address="-", latitude=41.8, longitude=-87.6
        )
        tx.add(theirs)
        tx.flush()
        key = theirs.id
    assert dispatcher.get(f"/records/patients/{key}").status_code == 404
    assert dispatcher.post(f"/records/patients/{key}", data={"name": "x"}).status_code == 404
    assert "Uma Elsewhere" not in dispatcher.get("/records/patients").text
    assert dispatcher.post("/records/patients/find", data={"q": "uma"}).get_json() == []
    answer = dispatcher.post("/records/visits/new", data=VISIT | {"patient": "P77"})
    assert '"P77" is no patient\'s code here: correct it, or add the patient first.' in words(answer)


def test_hours_and_credentials_are_added_changed_and_removed(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    hours = {
        "nurse": "N01",
        "weekday": "Mon",
        "start_time": "09:00",
        "end_time": "17:00",
        "break_minutes": "",
        "break_earliest": "",
        "break_latest": "",
    }
    taken = dispatcher.post("/records/weekly-shifts/new", data=hours)
    assert '"N01, Mon" is there already' in words(taken)
    with database.begin() as tx:
        monday = next(
            row for row in records.owned_by(tx, WeeklyShift, clinic.region, ["N01"]) if not row.weekday
        )
    address = f"/records/weekly-shifts/{monday.id}"
    tight = send(dispatcher, address, hours | {"break_minutes": "60", "break_latest": "09:30"})
    assert (
        "A break of 60 min does not fit: between its limits, and within the hours, there are 30 min."
        in words(tight)
    )
    assert send(dispatcher, address, hours).status_code == 302
    with database.begin() as tx:
        assert tx.get_one(WeeklyShift, monday.id).start_time == time(9)

    credential = {"nurse": "N01", "kind": "ACLS", "valid_from": "2025-01-01", "expires_on": "2025-12-31"}
    page = dispatcher.post("/records/credentials/new", data=credential, follow_redirects=True)
    assert "Expired Dec 31, 2025" in page.text
    assert "1 expired" in dispatcher.get("/records/nurses").text
    with database.begin() as tx:
        (held,) = records.owned_by(tx, Credential, clinic.region, ["N01"])
    dispatcher.post(f"/records/credentials/{held.id}/remove")
    with database.begin() as tx:
        assert records.owned_by(tx, Credential, clinic.region, ["N01"]) == []
    assert details(database, "credentials") == ["removed", "created"]


def test_nurses_patients_protocols_and_visits_are_never_deleted(
    dispatcher: FlaskClient, clinic: Clinic
) -> None:
    for noun in ("nurses", "patients", "protocols", "visits"):
        assert dispatcher.post(f"/records/{noun}/1/remove").status_code == 404


CARE = {
    "hand_over": "no",
    "overlap_minutes": "",
    "vitals_infusion": "10",
    "vitals_monitoring": "15",
    "max_systolic": "140",
    "max_diastolic": "90",
    "adult_hours": "4",
    "discharge_criteria": "Alert\r\nWalks unaided\r\n",
    "follow_ups": ["24", "4", "call", "15", "", "168", "24", "visit", "30", "mania", "", "", "call", "", ""],
    "kit": "IV start kit",
    "drug_units": "Ketamine 500 mg vial x 1",
    "note": "As approved in May.",
}
"""What a protocol's form says beside name, nurses, phases and credentials."""


def phase_rows(*rows: str) -> list[str]:
    return [cell for row in rows for cell in row.split(":")]


def test_a_protocol_takes_its_phases_in_order_and_skips_empty_rows(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    fields = {
        "code": "K60",
        "name": "Ketamine 60 min",
        "staff": "2",
        "credentials": ["iv", "ACLS; Bilingual"],
        "phases": phase_rows("arrival:10:", "::", "infusion:60:ACLS", "monitoring:90:", "::"),
        **CARE,
        "active": ["no", "yes"],
    }
    assert dispatcher.post("/records/protocols/new", data=fields).status_code == 302
    with database.begin() as tx:
        protocol = records.by_codes(tx, Protocol, clinic.region, ["K60"])["K60"]
        assert [(phase.kind.value, phase.minutes) for phase in protocol.newest.phases] == [
            ("arrival", 10),
            ("infusion", 60),
            ("monitoring", 90),
        ]
        assert protocol.newest.credentials == ["ACLS", "Bilingual", "iv"]
        assert protocol.active
        assert [phase.credentials for phase in protocol.newest.phases] == [[], ["ACLS"], []]
    half = fields | {"code": "K61", "phases": phase_rows("arrival:10:", "infusion::", "::")}
    refused = dispatcher.post("/records/protocols/new", data=half)
    assert '"infusion:": give its minutes, from 1 to 480.' in words(refused)
    assert '<option selected value="infusion">' in refused.text


def test_visits_are_booked_and_windows_come_back_as_typed(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    windows = ["14:00", "15:00", "18:00", "", "", "", "08:00", "10:30", ""]
    answer = dispatcher.post("/records/visits/new", data=VISIT | {"windows": windows}, follow_redirects=True)
    assert "The visit is added." in answer.text
    assert "8:00 AM–10:30 AM" in answer.text
    assert "2:00 PM–3:00 PM, over by 6:00 PM" in answer.text
    assert "is already" not in words(answer)

    faulty = dispatcher.post(
        "/records/visits/new", data=VISIT | {"code": "V91", "windows": [*windows[:6], "8", "x", ""]}
    )
    assert '"8" is not a time: write it such as 08:30.' in words(faulty)
    for typed in ("14:00", "15:00", "18:00", "8", "x"):
        assert f'value="{typed}"' in faulty.text


@pytest.mark.parametrize(
    ("day", "start", "said"),
    [
        (
            "2099-03-08",
            "02:30",
            "02:30 does not exist on 2099-03-08: the clocks go forward then. Choose 03:30",
        ),
        ("2099-11-01", "01:30", "01:30 comes twice on 2099-11-01: the clocks go back then. Choose 02:00"),
    ],
)
def test_times_that_a_clock_change_takes_or_doubles_are_refused(
    dispatcher: FlaskClient, day: str, start: str, said: str
) -> None:
    windows = [start, "10:30", "", "", "", "", "", "", ""]
    answer = dispatcher.post("/records/visits/new", data=VISIT | {"day": day, "windows": windows})
    assert answer.status_code == 400
    assert said in words(answer)


@pytest.mark.parametrize("status", [PlanStatus.DRAFT, PlanStatus.PUBLISHED])
def test_a_change_to_a_planned_day_is_pointed_out(
    dispatcher: FlaskClient, database: Database, clinic: Clinic, status: PlanStatus
) -> None:
    with database.begin() as tx:
        visit = clinics.add_visit(tx, clinic, "V01", clinic.mara, FAR)
        clinics.add_plan(tx, clinic, FAR, {clinic.ana: [visit]}, status=status)
        key = visit.id
    state = "published to the nurses" if status is PlanStatus.PUBLISHED else "planned"
    said = (
        f"Monday, March 16 is already {state}. The plan does not know of this change: re-plan on the board."
    )
    fields = VISIT | {"code": "V01", "notes": "Bring the warm pack."}
    send(dispatcher, f"/records/visits/{key}", fields)
    assert said in words(dispatcher.get("/account"))
    moved = fields | {"day": (FAR + timedelta(days=1)).isoformat()}
    send(dispatcher, f"/records/visits/{key}", moved)
    assert said in words(dispatcher.get("/account")), "the day it was moved away from counts too"

    nurse = NURSE | {"code": "N01", "name": "Ana Ortiz"}
    send(dispatcher, f"/records/nurses/{clinic.ana}", nurse)
    assert said in words(dispatcher.get("/account"))
    send(dispatcher, f"/records/nurses/{clinic.ana}", nurse)
    assert "Nothing was changed." in words(page := dispatcher.get("/account"))
    assert said not in words(page)


def test_a_visit_is_cancelled_and_booked_again_but_stays(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    with database.begin() as tx:
        key = clinics.add_visit(tx, clinic, "V01", clinic.mara, FAR).id
    page = dispatcher.post(
        f"/records/visits/{key}/status", data={"set_status": "cancelled"}, follow_redirects=True
    )
    assert "Visit V01 is cancelled." in page.text
    with database.begin() as tx:
        assert tx.get_one(Visit, key).status is VisitStatus.CANCELLED
    dispatcher.post(f"/records/visits/{key}/status", data={"set_status": "booked"})
    with database.begin() as tx:
        assert tx.get_one(Visit, key).status is VisitStatus.BOOKED
    assert details(database, "visits") == ["status", "status"]
    assert dispatcher.post(f"/records/visits/{key}/status", data={"set_status": "gone"}).status_code == 400


def test_a_deactivated_patient_with_booked_visits_is_pointed_out(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    with database.begin() as tx:
        clinics.add_visit(tx, clinic, "V01", clinic.mara, FAR)
    fields = {
        "code": "P01",
        "name": "Mara Quill",
        "phone": "",
        "address": "210 Fictional Street",
        "latitude": "39.962",
        "longitude": "-83.01",
        "access_notes": "",
        "active": "no",
    }
    send(dispatcher, f"/records/patients/{clinic.mara}", fields)
    assert "Visits of this patient are still booked, the first on Monday, March 16." in words(
        dispatcher.get("/account")
    )
    assert "Mara Quill" not in dispatcher.get("/records/patients").text
    assert "Mara Quill" in dispatcher.get("/records/patients?show=inactive").text
    assert "Mara Quill" in dispatcher.get("/records/visits").text


def test_saving_leads_back_to_the_page_that_asked_but_never_outside(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    with database.begin() as tx:
        key = clinics.add_visit(tx, clinic, "V01", clinic.mara, FAR).id
    asked = send(dispatcher, f"/records/visits/{key}", VISIT | {"code": "V01"}, next="/records/nurses")
    assert asked.location == "/records/nurses"
    outside = send(
        dispatcher, f"/records/visits/{key}", VISIT | {"code": "V01"}, next="https://evil.example/"
    )
    assert outside.location == f"/records/visits?day={FAR}"


def test_titles_carry_no_names(dispatcher: FlaskClient, clinic: Clinic) -> None:
    page = dispatcher.get(f"/records/patients/{clinic.mara}").text
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert title[1] == "Patient · Rounds"


COLUMNS = ",".join(NOUNS["patients"].columns)
GOOD = "\n".join(
    (
        COLUMNS,
        'P01,Mara Quill,,"210 Fictional Street",,39.96,-83,,,yes',
        'P03,Nia Voss,,"1 Elm",,39.9,-83,,,yes',
    )
)


def upload(client: FlaskClient, text: str | None, **fields: str) -> TestResponse:
    data: dict[str, object] = dict(fields)
    if text is not None:
        data["file"] = (io.BytesIO(text.encode()), "patients.csv")
    return client.post("/records/patients/import", data=data, content_type="multipart/form-data")


def test_a_file_is_checked_without_storing_then_imported(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    checked = upload(dispatcher, GOOD, check="1")
    assert checked.status_code == 200
    text = words(checked)
    assert "The file is right. Nothing is stored yet." in text
    assert "New 1 Changed 1 As they are 0" in text
    assert row_of(database, Patient, clinic.region, "P03") is None

    assert upload(dispatcher, GOOD).location == "/records/patients"
    assert "Patients: 1 added, 1 changed, 0 as they were." in words(dispatcher.get("/account"))
    assert row_of(database, Patient, clinic.region, "P03") is not None


def test_a_bad_file_is_refused_with_line_column_and_cure(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    refused = upload(dispatcher, GOOD.replace("39.9,", "north,"))
    assert refused.status_code == 422
    assert '3 latitude "north" cannot be: give degrees' in words(refused)
    assert row_of(database, Patient, clinic.region, "P03") is None
    assert "No file was chosen: choose one first." in words(upload(dispatcher, None))


def test_a_script_gets_the_result_only(dispatcher: FlaskClient) -> None:
    answer = dispatcher.post(
        "/records/patients/import",
        data={"file": (io.BytesIO(GOOD.encode()), "patients.csv"), "check": "1"},
        content_type="multipart/form-data",
        headers={"Sec-Fetch-Dest": "empty"},
    )
    assert "<html" not in answer.text
    assert "Nothing is stored yet." in answer.text


def test_exports_are_downloads(dispatcher: FlaskClient) -> None:
    answer = dispatcher.get("/records/patients/export.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="patients.csv"'
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbfcode,name")


def test_patients_are_found_by_name_for_a_form(dispatcher: FlaskClient, database: Database) -> None:
    found = dispatcher.post("/records/patients/find", data={"q": "mara"}).get_json()
    assert [each["code"] for each in found] == ["P01"]
    assert dispatcher.post("/records/patients/find", data={"q": " "}).get_json() == []
    assert details(database, "patients", "read") == ["search: 0", "search: 1"]


class OneAddress:
    """A geocoder that knows one address."""

    available = True

    def locate(self, address: str) -> Located | None:
        if "Fictional" not in address:
            return None
        return Located(latitude=39.9612, longitude=-82.9988, matched_address="Fictional Street", kind="road")


def test_without_a_geocoder_the_form_says_how_to_get_one(dispatcher: FlaskClient) -> None:
    page = dispatcher.get("/records/patients/new")
    assert "Look up the address" not in page.text
    assert "no geocoder is set up (the setting ROUNDS_GEOCODER names one)" in words(page)
    assert dispatcher.post("/records/locate", data={"address": "1 Elm"}).status_code == 404


def test_with_a_geocoder_an_address_is_looked_up(settings: Settings, database: Database, app: Flask) -> None:
    made = create_app(settings, database=database, geocoder=OneAddress())
    made.test_client_class = app.test_client_class
    client = made.test_client()
    client.log_in(clinics.DISPATCHER)  # type: ignore[attr-defined]
    assert "Look up the address" in client.get("/records/nurses/new").text
    found = client.post("/records/locate", data={"address": "210 Fictional Street"})
    assert found.get_json() == {
        "latitude": 39.9612,
        "longitude": -82.9988,
        "matched": "Fictional Street",
        "kind": "road",
    }
    unknown = client.post("/records/locate", data={"address": "nowhere"})
    assert unknown.status_code == 404
    assert "set the pin on the map" in unknown.get_json()["error"]
