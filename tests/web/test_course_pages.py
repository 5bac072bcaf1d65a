"""A patient's course of treatment on its page: sessions, gates in words, and the buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.store import audit
from app.store.engine import Database
from app.store.models import Order, Visit
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import courses, records
from tests.support import clinic as clinics
from tests.support import rows
from tests.support.clinic import Clinic
from tests.support.pages import words
from tests.support.rows import DAY, local

ORDER = {
    "code": "O90",
    "patient": "P01",
    "prescriber": "D01",
    "protocol": "K40",
    "sessions": "4",
    "valid_from": DAY.isoformat(),
    "valid_until": (DAY + timedelta(days=30)).isoformat(),
    "not_after": "",
    "min_hours": "48",
    "max_hours": "96",
    "weekdays": ["Mon", "Tue", "Wed", "Thu", "Fri"],
    "earliest_start": "08:00",
    "latest_start": "15:00",
    "latest_end": "",
    "status": "active",
}


@pytest.fixture(autouse=True)
def _monday_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: local(DAY - timedelta(days=1), 12))


@pytest.fixture
def order(database: Database, clinic: Clinic) -> Iterator[int]:
    """An order of four sessions for a patient with bipolar disorder; her protocol asks for an adult."""
    with database.begin() as tx:
        made = rows.Clinic(tx=tx, region=tx.get_one(rows.Region, clinic.region), _numbers={"P": 50, "K": 50})
        patient = made.patient(bipolar=True)
        made.adult(patient)
        order = made.order(made.protocol(adult_hours=4), patient=patient, sessions=4)
    return order.id


def sessions(database: Database, order: int) -> list[Visit]:
    with database.begin() as tx:
        found = courses.visits_of_orders(tx, [order])
        return [v for v in found if v.kind is VisitKind.SESSION and v.status is VisitStatus.BOOKED]


def saved(client: FlaskClient, address: str, shown: TestResponse) -> TestResponse:
    """What comes of the button that saves what a page shows."""
    form = shown.text[shown.text.index('name="key"') - 200 :]
    fields = dict(re.findall(r'name="(key|status|make_up|day)" value="([^"]*)"', form))
    return client.post(address, data=fields, follow_redirects=True)


def page_of(database: Database, order: int) -> str:
    with database.begin() as tx:
        return f"/records/patients/{tx.get_one(Order, order).patient_id}/course"


def test_an_order_is_added_and_its_series_booked(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    dispatcher.post(
        "/records/prescribers/new", data={"code": "D01", "name": "Dr. Inez Halloran", "active": "yes"}
    )
    added = dispatcher.post("/records/orders/new", data=ORDER, follow_redirects=True)
    assert "The order is added." in words(added)
    page = f"/records/patients/{clinic.mara}/course"
    assert "No session is booked yet." in words(dispatcher.get(page))
    with database.begin() as tx:
        order = records.by_codes(tx, Order, clinic.region, ["O90"])["O90"]
    booked = words(dispatcher.post(f"/records/orders/{order.id}/book", follow_redirects=True))
    assert "Session 1 is booked for Tue, Jun 11." in booked
    assert "Session 4 is booked for Wed, Jun 19." in booked
    assert "Dr. Inez Halloran cannot be reached on Tue, Jun 11: move the session, or add hours." in booked
    assert [visit.day.day for visit in sessions(database, order.id)] == [11, 13, 17, 19]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"valid_until": "2030-06-01"}, "2030-06-01 is before 2030-06-11, its first day"),
        ({"not_after": "2030-06-01"}, "2030-06-01 is before 2030-06-11, the order's first day"),
        ({"max_hours": "30"}, "30 h is less than the least, 48 h"),
        ({"min_hours": "50", "max_hours": "70"}, "From 50 to 70 h there is no whole number of days"),
        ({"latest_start": "07:00"}, "07:00 is before 08:00: swap them."),
        ({"latest_end": "07:30"}, "07:30 is not after 08:00, the earliest start"),
        ({"weekdays": ["Mon", "Moonday"]}, '"Moonday" is no weekday: write them such as Mon Wed Fri.'),
        ({"weekdays": []}, "Missing: when a session may be, such as Mon Wed Fri."),
        ({"prescriber": "D77"}, '"D77" is no prescriber\'s code here'),
    ],
)
def test_an_order_that_cannot_be(dispatcher: FlaskClient, changes: dict[str, object], complaint: str) -> None:
    dispatcher.post(
        "/records/prescribers/new", data={"code": "D01", "name": "Dr. Inez Halloran", "active": "yes"}
    )
    answer = dispatcher.post("/records/orders/new", data=ORDER | changes)
    assert answer.status_code == 400
    assert complaint in words(answer)


def test_gates_are_told_in_words_and_open_as_things_are_recorded(
    dispatcher: FlaskClient, database: Database, order: int
) -> None:
    dispatcher.post(f"/records/orders/{order}/book")
    page = page_of(database, order)
    text = words(dispatcher.get(page))
    assert "The coordinating psychiatrist's agreement is not on file: record it." in text
    assert "No responsible adult is named for the 4 h after discharge" in text
    assert text.count("Cannot be planned") == 4

    given = {"psychiatrist": "Dr. Oren Lim", "agreed_on": "2030-06-01", "expires_on": "", "given": "yes"}
    dispatcher.post(page.replace("course", "agreement"), data=given)
    first = sessions(database, order)[0]
    with database.begin() as tx:
        (adult,) = courses.adults_of_patient(tx, first.patient_id)
    there = {"adult": str(adult.id), "from": "10:00", "until": "01:00", "confirmed": "yes"}
    answer = dispatcher.post(f"/records/visits/{first.id}/presence", data=there, follow_redirects=True)
    text = words(answer)
    assert "Dr. Oren Lim agreed from Sat, Jun 1." in text
    assert "Jonas Quill is there from 10:00 AM to 1:00 AM, confirmed." in text
    assert text.count("Cannot be planned") == 3
    dispatcher.post(page.replace("course", "agreement"), data={"psychiatrist": "Dr. Oren Lim", "given": "no"})
    text = words(dispatcher.get(page))
    assert text.count("Cannot be planned") == 4
    assert "withdrawn Jun 10, 2030" in text, "and the agreement before it is still told of"
    assert "Jun 1, 2030" in text


def test_sessions_are_moved_fixed_missed_and_cancelled(
    dispatcher: Any, database: Database, order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatcher.post(f"/records/orders/{order}/book")
    second = sessions(database, order)[1]
    move = f"/records/visits/{second.id}/move"
    shown = dispatcher.post(move, data={"day": "2030-06-14"})
    assert "Nothing is saved yet" in words(shown)
    assert sessions(database, order)[1].day == date(2030, 6, 13)
    assert "Session 2 moves from Thu, Jun 13 to Fri, Jun 14." in words(saved(dispatcher, move, shown))
    blocked = dispatcher.post(move, data={"day": "2030-06-15"})
    assert (blocked.status_code, "Session 2 finds no day" in words(blocked)) == (409, True)
    nonsense = dispatcher.post(move, data={"day": "soon"})
    assert '"soon" is not a date' in words(nonsense)
    free = dispatcher.post(f"/records/visits/{second.id}/fix", data={"fixed": "no"}, follow_redirects=True)
    assert "Planning may move the session." in words(free)
    saved(dispatcher, move, dispatcher.post(move, data={"day": "2030-06-13"}))
    monkeypatch.setattr(clock, "read", lambda: local(date(2030, 6, 13), 18))
    dispatcher.log_in(clinics.DISPATCHER)
    missed = {"status": "missed", "make_up": "yes"}
    drop = f"/records/visits/{second.id}/drop"
    text = words(saved(dispatcher, drop, dispatcher.post(drop, data=missed)))
    assert "Session 2 on Thu, Jun 13 is missed." in text
    assert "Session 2 is booked for Fri, Jun 14." in text
    checked = {"checked_on": "2030-06-12", "checked_by": "R. Osei", "clear": "yes"}
    first = sessions(database, order)[0]
    text = words(
        dispatcher.post(f"/records/visits/{first.id}/mania-check", data=checked, follow_redirects=True)
    )
    assert "The mania check is recorded." in text
    assert "No signs of mania, says R. Osei on Wed, Jun 12" in text


def test_reading_and_recording_are_audited_without_names(
    dispatcher: FlaskClient, database: Database, order: int
) -> None:
    page = page_of(database, order)
    dispatcher.get(page)
    given = {"psychiatrist": "Dr. Oren Lim", "agreed_on": "2030-06-01", "given": "yes"}
    dispatcher.post(page.replace("course", "agreement"), data=given)
    with database.begin() as tx:
        entries = audit.entries(tx)
        assert ("read", "patients", "course") in {(e.action, e.subject, e.detail) for e in entries}
        assert ("write", "agreements", "given") in {(e.action, e.subject, e.detail) for e in entries}
        assert not any("Lim" in entry.detail or "Quill" in entry.detail for entry in entries)


def test_nothing_recorded_is_ever_overwritten(
    dispatcher: FlaskClient, database: Database, order: int
) -> None:
    page = page_of(database, order).replace("course", "agreement")
    for day in ("2030-06-01", "2030-06-02"):
        dispatcher.post(page, data={"psychiatrist": "Dr. Oren Lim", "agreed_on": day, "given": "yes"})
    with database.begin() as tx:
        patient = tx.get_one(Order, order).patient_id
        assert [row.agreed_on.day for row in courses.agreements_of(tx, patient)] == [2, 1]


def test_only_dispatchers_of_the_region(
    nurse: FlaskClient, client: FlaskClient, dispatcher: FlaskClient, database: Database, order: int
) -> None:
    page = page_of(database, order)
    steps = (f"/records/orders/{order}/book", page.replace("course", "agreement"), "/records/visits/1/drop")
    assert nurse.get(page).status_code == 403
    assert client.get(page).status_code == 302
    for step in steps:
        assert nurse.post(step).status_code == 403
    with database.begin() as tx:
        other = rows.Clinic.make(tx, "portland")
        foreign, elsewhere = other.patient().id, other.order().id
    assert dispatcher.get(f"/records/patients/{foreign}/course").status_code == 404
    assert dispatcher.post(f"/records/orders/{elsewhere}/book").status_code == 404


def test_a_patient_without_orders_is_told_what_to_do(dispatcher: FlaskClient, clinic: Clinic) -> None:
    text = words(dispatcher.get(f"/records/patients/{clinic.mara}/course"))
    assert "No orders yet" in text
    assert "Add an order" in text
