"""The page "Book a visit": slots found and booked, a series, what is refused, and what it says without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from werkzeug.test import TestResponse

from app import clock
from app.actions import runs
from app.planning import execute
from app.store.engine import Database
from app.store.models import Credential, Nurse, Order, Prescriber, Region, Visit
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.queries import plans as queries
from tests.support.clinic import DISPATCHER, Clinic, add_visit, local
from tests.support.executions import engines
from tests.support.pages import words

PAGE = "/records/visits/book"
DAY = date(2030, 6, 11)
NOW = local(DAY - timedelta(days=1), 9)
ASKED = {
    "patient": "P01",
    "protocol": "K40",
    "windows": ["08:00", "14:00", ""],
    "priority": "routine",
    "first": DAY.isoformat(),
    "days": "3",
    "sessions": "1",
    "min_hours": "48",
    "max_hours": "96",
    "weekdays": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "not_after": "",
}
SLOT = re.compile(r'name="slot" value="([^"]+)"')
REQUEST = re.compile(r'name="request" value="([^"]+)"')

Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


@pytest.fixture(autouse=True)
def _planned(_now: None, database: Database, clinic: Clinic) -> None:
    """Everybody may give infusions, and DAY is planned, with a visit of Theo's."""
    with database.begin() as tx:
        for nurse in tx.query(Nurse):
            nurse.credentials = [Credential(kind="iv", valid_from=date(2020, 1, 1))]
        add_visit(tx, clinic, "V01", clinic.theo, DAY)
        run = runs.queue(tx, tx.get_one(Region, clinic.region), DAY, RunTrigger.REPLAN, now=NOW)
        assert run is not None
        runs.begin(run, "worker", NOW)
    execute(database, run.id, engines())


def book(client: FlaskClient, page: TestResponse, *slots: str, **changes: object) -> TestResponse:
    """Press the button of these slots, on a page that has found them."""
    request = REQUEST.search(page.text)
    assert request is not None
    fields = ASKED | {"slot": list(slots), "request": request[1]} | changes
    return client.post(f"{PAGE}/slot", data=fields)


def booked(database: Database) -> list[Visit]:
    with database.begin() as tx:
        return [visit for visit in tx.query(Visit).order_by(Visit.day) if visit.code.startswith("B-")]


def test_the_patients_page_leads_to_it(dispatcher: FlaskClient) -> None:
    found = re.search(r'href="([^"]+)">Book a visit', dispatcher.get("/records/patients").text)
    assert found is not None
    page = dispatcher.get(found[1])
    assert page.status_code == 200
    assert 'value="P01"' in page.text or 'value="P02"' in page.text


def test_slots_are_ranked_with_what_they_cost_and_move(dispatcher: FlaskClient) -> None:
    page = dispatcher.post(PAGE, data=ASKED)
    said = words(page)
    assert page.status_code == 200
    assert "The best slots" in said and "Tue, Jun 11" in said and "Nothing moves" in said
    assert "Wed, Jun 12 not planned yet" in said
    costs = [float(cost) for cost in re.findall(r"\$(\d+\.\d\d)", said)]
    assert costs == sorted(costs) and costs


def test_one_click_books_and_shows_the_day(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    page = dispatcher.post(PAGE, data=ASKED | {"days": "1"})
    answer = book(dispatcher, page, SLOT.findall(page.text)[0])
    assert (answer.status_code, answer.location) == (302, f"/board/{DAY}")
    assert "publish them, so that the nurses see it" in words(dispatcher.get(answer.location))
    (visit,) = booked(database)
    with database.begin() as tx:
        draft = queries.of_day(tx, clinic.region, DAY, PlanStatus.DRAFT)
        assert draft is not None and draft.visits_served == 2
        assert visit.id in {stop.visit_id for route in draft.routes for stop in route.stops}


def test_a_double_click_books_once(dispatcher: FlaskClient, database: Database) -> None:
    page = dispatcher.post(PAGE, data=ASKED)
    slot = SLOT.findall(page.text)[0]
    assert [book(dispatcher, page, slot).status_code for _ in range(2)] == [302, 302]
    assert len(booked(database)) == 1


def test_a_slot_that_is_gone_is_said_to_be_and_others_are_offered(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    page = dispatcher.post(PAGE, data=ASKED | {"days": "1"})
    slot = SLOT.findall(page.text)[0]
    book(dispatcher, page, slot)
    with database.begin() as tx:
        (visit,) = tx.query(Visit).filter(Visit.code.startswith("B-"))
        visit.patient_id = clinic.theo
    again = dispatcher.post(PAGE, data=ASKED | {"days": "3"})
    answer = book(dispatcher, again, slot)
    assert answer.status_code == 409
    assert "Nothing is booked. These are the slots as things are now." in words(answer)
    assert slot not in SLOT.findall(answer.text) and SLOT.findall(answer.text)
    assert len(booked(database)) == 1


def test_a_series_is_proposed_and_booked_at_once(dispatcher: FlaskClient, database: Database) -> None:
    asked = ASKED | {"sessions": "3", "days": "7"}
    page = dispatcher.post(PAGE, data=asked)
    slots = SLOT.findall(page.text)
    assert "Dates for 3 sessions" in words(page) and len(slots) == 3
    assert book(dispatcher, page, *slots, sessions="3", days="7").status_code == 302
    days = [visit.day for visit in booked(database)]
    assert len(days) == 3
    assert all((then - one).days >= 2 for one, then in pairwise(days))


def test_the_rule_that_blocks_a_series_is_named(dispatcher: FlaskClient) -> None:
    said = words(dispatcher.post(PAGE, data=ASKED | {"sessions": "3", "days": "4"}))
    assert "There are no dates for three sessions" in said
    assert "It would go without the 48 hours at least between two sessions." in said
    assert "Slots for a single session" in said


def test_days_without_a_slot_say_why(dispatcher: FlaskClient, database: Database) -> None:
    with database.begin() as tx:
        tx.query(Credential).delete()
    said = words(dispatcher.post(PAGE, data=ASKED | {"first": "2030-06-12", "days": "1"}))
    assert "No slot on these days" in said
    assert "No nurse working that day holds iv." in said


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"patient": "P99"}, '"P99" is no patient\'s code here'),
        ({"days": "400"}, "give a whole number from 1 to 21"),
        ({"sessions": "2", "weekdays": []}, "No weekday is ticked"),
        ({"sessions": "2", "max_hours": "12"}, "12 is less than 48: raise it"),
        ({"windows": ["", "", ""]}, "Missing: when the visit may start"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    dispatcher: FlaskClient, changes: dict[str, object], complaint: str
) -> None:
    page = dispatcher.post(PAGE, data=ASKED | changes)
    assert page.status_code == 400
    assert complaint in words(page)
    assert f'value="{(ASKED | changes)["patient"]}"' in page.text


def test_an_order_fills_the_form_and_its_sessions_are_booked(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    with database.begin() as tx:
        prescriber = Prescriber(region_id=clinic.region, code="D01", name="Dr. Inez Halloran")
        order = Order(
            region_id=clinic.region,
            code="O01",
            patient_id=clinic.mara,
            prescriber=prescriber,
            protocol_id=clinic.protocol,
            sessions=2,
            valid_from=DAY,
            valid_until=DAY + timedelta(days=30),
            min_hours=48,
            max_hours=96,
            weekdays="Mon Tue Wed Thu Fri",
            earliest_start=time(8),
            latest_start=time(13),
        )
        tx.add(order)
    assert f"{PAGE}?order=O01" in dispatcher.get(f"/records/patients/{clinic.mara}/course").text
    form = dispatcher.get(f"{PAGE}?order=O01").text
    for value in ("P01", "O01", DAY.isoformat(), "08:00", "13:00", "48", "96"):
        assert f'value="{value}"' in form
    asked = {"order": "O01", "sessions": "2", "days": "7"}
    page = dispatcher.post(PAGE, data=ASKED | asked)
    assert "Dates for 2 sessions" in words(page)
    assert book(dispatcher, page, *SLOT.findall(page.text), **asked).status_code == 302
    assert [visit.session for visit in booked(database)] == [1, 2]


def test_a_made_up_slot_is_refused(dispatcher: FlaskClient, database: Database) -> None:
    answer = book(dispatcher, dispatcher.post(PAGE, data=ASKED), "tomorrow")
    assert answer.status_code == 409
    assert "'tomorrow' is no slot" in words(answer)
    assert booked(database) == []


def test_a_nurse_may_not_open_it(nurse: FlaskClient) -> None:
    assert nurse.get(PAGE).status_code == 403
    assert nurse.post(PAGE, data=ASKED).status_code == 403
    assert nurse.post(f"{PAGE}/slot", data=ASKED).status_code == 403


@pytest.mark.parametrize("width", [1440, 390])
def test_a_visit_is_booked_in_a_browser(open_page: Open, database: Database, width: int) -> None:
    page = open_page(f"{PAGE}?patient=P01", email=DISPATCHER, width=width)
    page.get_by_label("Protocol").select_option("K40")
    page.get_by_label("From").fill(DAY.isoformat())
    page.get_by_role("button", name="Find slots").click()
    expect(page.get_by_role("heading", name="The best slots")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name=re.compile("^Book Tue, Jun 11")).first.click()
    page.wait_for_url(f"**/board/{DAY}")
    assert len(booked(database)) == 1


def test_a_series_is_booked_in_one_go_in_a_browser(open_page: Open, database: Database) -> None:
    page = open_page(f"{PAGE}?patient=P01", email=DISPATCHER)
    page.get_by_label("Protocol").select_option("K40")
    page.get_by_label("From").fill(DAY.isoformat())
    page.get_by_label("Days to look at").fill("7")
    page.get_by_label("Sessions").fill("3")
    page.get_by_role("button", name="Find slots").click()
    expect(page.get_by_role("heading", name="Dates for 3 sessions")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Book all 3").click()
    days = [visit.day for visit in booked(database)]
    assert len(days) == 3
    assert all((then - one).days >= 2 for one, then in pairwise(days))
