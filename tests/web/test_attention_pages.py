"""What needs attention: the list and its file, the board's alerts, the course's page, the command."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.store import audit
from app.store.engine import Database
from app.store.models import Region
from app.store.models.order import OrderStatus
from app.store.models.protocol import FollowUp
from tests.support import rows
from tests.support.board_pages import drawn
from tests.support.clinic import Clinic
from tests.support.pages import plain, words
from tests.support.rows import DAY, local

FRIDAY = date(2030, 6, 7)
CHECK = FollowUp(offset_hours=24, window_hours=4, in_person=False, minutes=15, mania_check=True)


@pytest.fixture(autouse=True)
def _monday_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: local(DAY - timedelta(days=1), 12))


def late_patients(database: Database, clinic: Clinic, count: int) -> list[int]:
    """Patients with bipolar disorder whose last session was on Friday, without a check since; their keys."""
    with database.begin() as tx:
        made = rows.Clinic(tx=tx, region=tx.get_one(Region, clinic.region), _numbers={"P": 50, "K": 50})
        protocol, keys = made.protocol(follow_ups=(CHECK,)), []
        for number in range(count):
            patient = made.patient(bipolar=True)
            patient.name = f"Person {number}"
            order = made.order(protocol, patient=patient, status=OrderStatus.HELD)
            for session, day in enumerate((FRIDAY, DAY), 1):
                visit = made.visit(protocol, day=day, order=order, session=session)
                visit.patient = patient
            keys.append(patient.id)
    return keys


def test_an_empty_list(dispatcher: FlaskClient) -> None:
    page = dispatcher.get("/records/attention?days=7")
    assert page.status_code == 200
    assert "Nothing needs attention No gate is closed to a visit of the next 7 days" in words(page)


def test_the_list_says_what_when_and_where(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    (key,) = late_patients(database, clinic, 1)
    page = dispatcher.get("/records/attention")
    text = words(page)
    assert "Person 0" in text and "Late" in text
    assert text.index("The mania check after the session on Fri, Jun 7 was due") < text.index(
        "Order O01 is on hold"
    )
    assert f'href="/records/patients/{key}/course"' in page.text
    links = re.findall(r'href="(/records/orders/\d+\?next=[^"]*)"', page.text)
    assert len(links) == 1
    assert dispatcher.get(html.unescape(links[0])).status_code == 200
    with database.begin() as tx:
        details = [entry.detail for entry in audit.entries(tx, subject="visits") if entry.action == "read"]
    assert any("in need of attention" in detail for detail in details)


def test_the_file_names_nobody(dispatcher: FlaskClient, database: Database, clinic: Clinic) -> None:
    late_patients(database, clinic, 1)
    answer = dispatcher.get("/records/attention.csv")
    assert answer.mimetype == "text/csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "bites,patient,visit,day,what,words"
    assert ",P51," in lines[1] and ",Mania check," in lines[1]
    assert "Person 0" not in answer.text


@pytest.mark.parametrize("days", ["-3", "999", "soon"])
def test_a_number_of_days_that_cannot_be_is_kept_in_bounds(dispatcher: FlaskClient, days: str) -> None:
    assert dispatcher.get(f"/records/attention?days={days}").status_code == 200


def test_the_board_tells_of_overdue_checks_and_counts_the_rest(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    assert "mania" not in drawn(dispatcher, f"/board/{DAY}")
    keys = late_patients(database, clinic, 5)
    page = drawn(dispatcher, f"/board/{DAY}")
    text = plain(page)
    assert text.count("The mania check after the session on Fri, Jun 7 was due") == 3
    assert "Person 0:" in text
    assert "2 more mania checks are overdue. Look at all" in text
    assert f'href="/records/patients/{keys[0]}/course"' in page
    with database.begin() as tx:
        (entry,) = audit.entries(tx, subject="mania_checks")
        assert (entry.action, entry.detail) == ("read", "list: 5 overdue")


def test_the_course_says_how_late_it_is(dispatcher: FlaskClient, database: Database, clinic: Clinic) -> None:
    (key,) = late_patients(database, clinic, 1)
    text = words(dispatcher.get(f"/records/patients/{key}/course"))
    assert re.search(r"was due Sat, Jun 8, \d+:\d\d [AP]M: it is \d+ h late\.", text)


def test_a_nurse_sees_none_of_it(nurse: FlaskClient) -> None:
    assert nurse.get("/records/attention").status_code == 403
    assert nurse.get("/records/attention.csv").status_code == 403


def test_the_command(
    app: Flask, database: Database, clinic: Clinic, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = app.test_cli_runner().invoke
    empty = run(args=["attention", "--region", "columbus", "--days", "7"])
    assert empty.output == "Nothing needs attention: no gate is closed to a visit of the next 7 days.\n"
    late_patients(database, clinic, 1)
    told = run(args=["attention", "--region", "columbus"])
    first, *_ = told.output.splitlines()
    assert "P51" in first and "Mania check: The mania check after the session" in first
    assert "Order: Order O01 is on hold" in told.output and "Person 0" not in told.output
    file = tmp_path_factory.mktemp("files") / "attention.csv"
    written = run(args=["attention", "--region", "columbus", "--csv", str(file)])
    assert written.output == f"{len(told.output.splitlines())} written to {file}.\n"
    assert file.read_bytes().count(b"\r\n") == len(told.output.splitlines()) + 1
    unknown = run(args=["attention", "--region", "nowhere"])
    assert unknown.exit_code == 2 and "'nowhere' is unknown" in unknown.output
