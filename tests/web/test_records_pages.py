"""The pages of records: lists, forms, what they refuse and what they keep."""

from __future__ import annotations

import re
from datetime import time

import pytest
from flask.testing import FlaskClient

from app.exchange.nouns import NOUNS
from app.store.engine import Database
from app.store.models import Credential, Nurse, Patient, Region, WeeklyShift
from app.store.queries import records
from tests.support.clinic import Clinic
from tests.support.pages import seen, send, words
from tests.support.record_forms import NURSE, VISIT, details, row_of


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
    opened = dispatcher.get(address)
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
    assert dispatcher.post(address, data=other | {"seen": seen(opened)}).status_code == 302

    refused = dispatcher.post(address, data=mine | {"seen": seen(opened)})
    assert refused.status_code == 409
    text = words(refused)
    assert "Somebody else has changed this record since you opened it." in text
    assert "Access notes is now stored as “Theirs.”" in text
    assert "Mine." in refused.text
    patient = row_of(database, Patient, clinic.region, "P01")
    assert isinstance(patient, Patient)
    assert patient.access_notes == "Theirs."

    assert dispatcher.post(address, data=mine | {"seen": seen(refused)}).status_code == 302
    patient = row_of(database, Patient, clinic.region, "P01")
    assert isinstance(patient, Patient)
    assert patient.access_notes == "Mine."


def test_a_faulty_form_does_not_forget_what_it_showed(dispatcher: FlaskClient, clinic: Clinic) -> None:
    address = f"/records/nurses/{clinic.ana}"
    fields = NURSE | {"code": "N01", "seen": seen(dispatcher.get(address))}
    send(dispatcher, address, fields | {"name": "Changed Meanwhile"})
    faulty = dispatcher.post(address, data=fields | {"latitude": "north"})
    assert seen(faulty) == fields["seen"]
    assert dispatcher.post(address, data=fields | {"seen": seen(faulty)}).status_code == 409


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


def test_titles_carry_no_names(dispatcher: FlaskClient, clinic: Clinic) -> None:
    page = dispatcher.get(f"/records/patients/{clinic.mara}").text
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert title[1] == "Patient · Rounds"
