"""States on the pages: where a credential counts, where a patient lives, and that an address agrees."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.store.engine import Database
from app.store.models import Credential, Patient, Region
from app.store.queries import records
from tests.support.clinic import Clinic
from tests.support.pages import seen, words

CREDENTIAL = {"nurse": "N01", "kind": "RN license", "valid_from": "2026-01-01", "expires_on": ""}
PATIENT = {
    "code": "P01",
    "name": "Mara Quill",
    "address": "12 Ferry Street, Maysville, KY 41056",
    "latitude": "38.64",
    "longitude": "-83.74",
    "active": "yes",
}


def states_of(database: Database, clinic: Clinic) -> list[str]:
    with database.begin() as tx:
        rows = records.every_owned(tx, Credential, clinic.region)
        return sorted(row.states for row in rows if row.kind == "RN license")


def test_a_license_is_given_its_states(dispatcher: FlaskClient, database: Database, clinic: Clinic) -> None:
    refused = dispatcher.post("/records/credentials/new", data=CREDENTIAL | {"states": "Ohio"})
    assert refused.status_code == 400
    assert '"OHIO" is no state: write postal codes such as OH or IN KY OH.' in words(refused)
    assert (
        dispatcher.post("/records/credentials/new", data=CREDENTIAL | {"states": "oh, KY"}).status_code == 302
    )
    assert states_of(database, clinic) == ["KY OH"]
    assert "RN license Ana" in words(dispatcher.get("/records/credentials"))
    assert "KY, OH" in words(dispatcher.get("/records/credentials"))
    assert "in KY, OH only" in words(dispatcher.get(f"/records/nurses/{clinic.ana}"))


def test_one_that_counts_everywhere_is_changed_not_doubled(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    dispatcher.post("/records/credentials/new", data=CREDENTIAL)
    again = dispatcher.post("/records/credentials/new", data=CREDENTIAL | {"states": "OH"})
    assert again.status_code == 400
    assert "is there already: choose another, or open that one and change it" in words(again)
    assert states_of(database, clinic) == [""]


def test_an_address_in_another_state_must_be_said(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    with database.begin() as tx:
        tx.get_one(Region, clinic.region).state = "OH"
    address = f"/records/patients/{clinic.mara}"
    opened = dispatcher.get(address)
    assert "As the region" in words(opened)
    fields = PATIENT | {"seen": seen(opened), "state": ""}
    refused = dispatcher.post(address, data=fields)
    assert refused.status_code == 400
    assert "The address is in Kentucky, and this says Ohio: choose Kentucky" in words(refused)
    assert dispatcher.post(address, data=fields | {"state": "KY"}).status_code == 302
    with database.begin() as tx:
        assert tx.get_one(Patient, clinic.mara).state == "KY"
