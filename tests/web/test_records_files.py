"""Files of records, patients found by name, and addresses looked up."""

from __future__ import annotations

import io

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.exchange.nouns import NOUNS
from app.geocoding import Located
from app.store.engine import Database
from app.store.models import Patient
from app.wiring import create_app
from config import Settings
from tests.support import clinic as clinics
from tests.support.clinic import Clinic
from tests.support.pages import words
from tests.support.record_forms import details, row_of

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
