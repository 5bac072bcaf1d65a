"""Protocols in versions: saving another one, moving booked visits to it, approving it; and longer phases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import utc_now
from app.store import audit
from app.store.engine import Database
from app.store.models import PhaseMinimum, PlanRow, Protocol, Visit
from app.store.models.plan import PlanStatus
from tests.support.clinic import Clinic, add_plan, add_visit
from tests.support.pages import send, words

SOON = (utc_now() + timedelta(days=2)).date()

K40 = {
    "code": "K40",
    "name": "Ketamine 40 min",
    "staff": "1",
    "credentials": ["iv"],
    "phases": "arrival:15; iv_start:10; infusion:40; monitoring:60; discharge:10",
    "hand_over": "no",
    "overlap_minutes": "10",
    "adult_hours": "0",
    "active": "yes",
    **dict.fromkeys(
        (
            "vitals_infusion",
            "vitals_monitoring",
            "max_systolic",
            "max_diastolic",
            "discharge_criteria",
            "follow_ups",
            "kit",
            "drug_units",
            "note",
        ),
        "",
    ),
}
"""The clinic's protocol, as its form sends it."""
LONGER = "arrival:15; iv_start:10; infusion:40; monitoring:90; discharge:10"
FEWER = "infusion:40; monitoring:60; discharge:10"


@pytest.fixture
def save(dispatcher: FlaskClient, clinic: Clinic) -> Callable[..., TestResponse]:
    """Changes the clinic's protocol in its form."""

    def save_(**changes: Any) -> TestResponse:
        return send(dispatcher, f"/records/protocols/{clinic.protocol}", K40 | changes)

    return save_


@pytest.fixture
def booked(database: Database, clinic: Clinic) -> int:
    with database.begin() as tx:
        return add_visit(tx, clinic, "V50", clinic.mara, SOON).id


def version_of(database: Database, visit: int) -> int:
    with database.begin() as tx:
        return tx.get_one(Visit, visit).version.number


def numbers(database: Database, clinic: Clinic) -> list[tuple[int, int]]:
    with database.begin() as tx:
        return [(each.number, each.minutes) for each in tx.get_one(Protocol, clinic.protocol).versions]


def test_saving_a_changed_protocol_makes_a_version_and_booked_visits_keep_theirs(
    save: Callable[..., TestResponse],
    dispatcher: FlaskClient,
    database: Database,
    clinic: Clinic,
    booked: int,
) -> None:
    more = {"follow_ups": "24h +-4h visit 20min mania", "max_systolic": "140", "max_diastolic": "90"}
    assert save(phases=LONGER, note="Longer monitoring", **more).status_code == 302
    assert numbers(database, clinic) == [(1, 135), (2, 165)]
    assert version_of(database, booked) == 1
    page = words(dispatcher.get(f"/records/protocols/{clinic.protocol}"))
    assert "1 visit stays booked under an older version" in page
    assert "Longer monitoring" in page
    assert "by Dana Whitfield" in page
    newest, first = page.index("Version 2 Newest"), page.index("Version 1")
    assert newest < page.index("Monitoring 90 min") < first < page.rindex("Monitoring 60 min")
    assert "24 h ± 4 h, visit of 20 min with mania check" in page[newest:first]
    assert "above 140/90 mmHg" in page[newest:first]
    assert "V50" in page
    assert "135 min" in words(dispatcher.get("/records/visits"))
    with database.begin() as tx:
        assert add_visit(tx, clinic, "V51", clinic.theo, SOON).version.number == 2


def test_saving_nothing_new_makes_no_version(
    save: Callable[..., TestResponse], database: Database, clinic: Clinic
) -> None:
    save()
    save(name="Ketamine, forty minutes", active="no")
    assert numbers(database, clinic) == [(1, 135)]
    with database.begin() as tx:
        assert tx.get_one(Protocol, clinic.protocol).name == "Ketamine, forty minutes"


def test_a_visits_form_keeps_its_version_and_another_protocol_is_booked_as_it_is_now(
    save: Callable[..., TestResponse],
    dispatcher: FlaskClient,
    database: Database,
    clinic: Clinic,
    booked: int,
) -> None:
    save(phases=LONGER)
    fields = {
        "code": "V50",
        "patient": "P01",
        "protocol": "K40",
        "day": SOON.isoformat(),
        "windows": "08:00-16:00 by 18:15",
        "priority": "urgent",
        "status": "booked",
        "notes": "",
        "pinned_nurse": "",
        "pinned_start": "",
    }
    address = f"/records/visits/{booked}"
    page = dispatcher.get(address)
    assert "version 1 of Ketamine 40 min ( not the newest )" in words(page)
    assert send(dispatcher, address, fields).status_code == 302
    assert version_of(database, booked) == 1


def test_chosen_visits_are_moved_and_audited_and_others_stay(
    save: Callable[..., TestResponse],
    dispatcher: FlaskClient,
    database: Database,
    clinic: Clinic,
    booked: int,
) -> None:
    with database.begin() as tx:
        other = add_visit(tx, clinic, "V51", clinic.theo, SOON).id
    save(phases=LONGER)
    answer = dispatcher.post(f"/records/protocols/{clinic.protocol}/move", data={"visit": [str(booked)]})
    assert answer.status_code == 302
    assert (version_of(database, booked), version_of(database, other)) == (2, 1)
    assert "1 visit is now booked under version 2." in words(dispatcher.get(answer.location))
    with database.begin() as tx:
        details = [each.detail for each in audit.entries(tx, subject="visits") if each.action == "write"]
    assert details == [f"from version 1 to 2 of protocol {clinic.protocol}"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"visit": []}, "No visit is chosen"),
        ({"visit": ["999"]}, "A chosen visit is no longer booked under an older version"),
    ],
)
def test_what_cannot_be_moved_is_said(
    save: Callable[..., TestResponse],
    dispatcher: FlaskClient,
    clinic: Clinic,
    booked: int,
    change: dict[str, Any],
    told: str,
) -> None:
    save(phases=LONGER)
    address = f"/records/protocols/{clinic.protocol}/move"
    assert told in words(dispatcher.post(address, data=change, follow_redirects=True))


def test_a_visit_that_would_not_be_over_in_time_is_not_moved_nor_any_other(
    save: Callable[..., TestResponse],
    dispatcher: FlaskClient,
    database: Database,
    clinic: Clinic,
    booked: int,
) -> None:
    with database.begin() as tx:
        tight = add_visit(tx, clinic, "V51", clinic.theo, SOON)
        tight.windows[0].latest_end = tight.windows[0].earliest_start + timedelta(minutes=140)
        key = tight.id
    save(phases=LONGER)
    chosen = {"visit": [str(booked), str(key)]}
    address = f"/records/protocols/{clinic.protocol}/move"
    answer = words(dispatcher.post(address, data=chosen, follow_redirects=True))
    assert "Under version 2 V51 would not be over in time" in answer
    assert (version_of(database, booked), version_of(database, key)) == (1, 1)


def on_her_phone(nurse: FlaskClient) -> dict[str, Any]:
    told = nurse.get("/my/snapshot").json
    assert told["visits"]
    return {"days": told["days"], "visits": told["visits"]}


@pytest.mark.parametrize("phases", [LONGER, FEWER])
def test_a_published_plan_stays_as_it_is_until_the_day_is_planned_again(
    save: Callable[..., TestResponse],
    dispatcher: FlaskClient,
    nurse: FlaskClient,
    database: Database,
    clinic: Clinic,
    booked: int,
    phases: str,
) -> None:
    with database.begin() as tx:
        visit = tx.get_one(Visit, booked)
        add_plan(tx, clinic, SOON, {clinic.ana: [visit]}, status=PlanStatus.PUBLISHED)

    def published() -> list[list[dict[str, Any]]]:
        with database.begin() as tx:
            (plan,) = tx.query(PlanRow)
            return [stop.phases for route in plan.routes for stop in route.stops]

    before, shown = published(), on_her_phone(nurse)
    save(phases=phases)
    assert on_her_phone(nurse) == shown
    page = dispatcher.get(f"/records/protocols/{clinic.protocol}")
    assert "Version 1 Published" in words(page)
    answer = dispatcher.post(
        f"/records/protocols/{clinic.protocol}/move", data={"visit": [str(booked)]}, follow_redirects=True
    )
    assert "already published to the nurses. The plan does not know of this change" in words(answer)
    assert published() == before
    assert on_her_phone(nurse) == shown


def test_the_newest_version_is_approved_once(
    save: Callable[..., TestResponse], dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    save(phases=LONGER)
    address = f"/records/protocols/{clinic.protocol}/approve"

    def approve(version: str, name: str) -> str:
        return words(
            dispatcher.post(address, data={"version": version, "approved_by": name}, follow_redirects=True)
        )

    assert "Version 2 has been made since you opened this page" in approve("1", "Dr. Lena Moss")
    assert "Missing: the name of the medical director" in approve("2", " ")
    assert "Version 2 is approved by Dr. Lena Moss." in approve("2", "Dr. Lena Moss")
    assert "Version 2 is approved already, by Dr. Lena Moss." in approve("2", "Dr. Else")
    with database.begin() as tx:
        first, second = tx.get_one(Protocol, clinic.protocol).versions
        assert (first.approved_by, second.approved_by) == ("", "Dr. Lena Moss")
        assert second.approved_at is not None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hand_over": "yes", "staff": "2"}, "Two nurses together do not hand over"),
        (
            {"hand_over": "yes", "phases": "infusion:40; discharge:10"},
            "must end with monitoring after the infusion",
        ),
        (
            {"hand_over": "yes", "overlap_minutes": "60", "phases": "infusion:40; monitoring:30"},
            "60 min are more",
        ),
        ({"overlap_minutes": "3"}, '"3" cannot be: give a whole number from 5 to 60.'),
        ({"max_systolic": "80", "max_diastolic": "90"}, "90 is not below the systolic 80: are they swapped?"),
        ({"kit": "Pump", "drug_units": "Pump x 2"}, '"Pump" stands there twice, kit and drugs together'),
        ({"drug_units": "Ketamine"}, '"Ketamine": give the drug and how many units'),
        ({"follow_ups": "tomorrow"}, '"tomorrow" is not a follow-up'),
        (
            {"follow_ups": "4h +-24h call 15min"},
            "it is due at most 1440 h after the infusion and not before it",
        ),
        ({"kit": "Pump\nPump"}, '"Pump" stands there twice: leave one out.'),
    ],
)
def test_what_a_protocol_cannot_say(
    save: Callable[..., TestResponse], changes: dict[str, str], told: str
) -> None:
    answer = save(**changes)
    assert answer.status_code == 400
    assert told in words(answer)


def test_a_longer_phase_of_a_patient_is_added_and_lengthens_her_visits(
    dispatcher: FlaskClient, database: Database, clinic: Clinic, booked: int
) -> None:
    fields = {"patient": "P01", "kind": "monitoring", "minutes": "120", "reason": "Slow to settle"}
    answer = dispatcher.post("/records/phase-minimums/new", data=fields)
    assert answer.status_code == 302
    assert "Slow to settle" in words(dispatcher.get(f"/records/patients/{clinic.mara}"))
    assert "Slow to settle" in words(dispatcher.get("/records/phase-minimums"))
    assert "195 min" in words(dispatcher.get("/records/visits"))
    with database.begin() as tx:
        (minimum,) = tx.query(PhaseMinimum)
        key = minimum.id
        written = [
            each.detail for each in audit.entries(tx, subject="phase_minimums") if each.action == "write"
        ]
        assert written == ["created"]
    again = dispatcher.post("/records/phase-minimums/new", data=fields)
    assert "is there already" in words(again)
    none = dispatcher.post("/records/phase-minimums/new", data=fields | {"kind": "discharge", "reason": ""})
    assert "Missing: why it lasts longer" in words(none)
    assert dispatcher.post(f"/records/phase-minimums/{key}/remove").status_code == 302
    assert "135 min" in words(dispatcher.get("/records/visits"))


def test_a_window_must_hold_the_patients_longer_phase(
    dispatcher: FlaskClient, database: Database, clinic: Clinic
) -> None:
    fields = {"patient": "P01", "kind": "monitoring", "minutes": "120", "reason": "Slow to settle"}
    dispatcher.post("/records/phase-minimums/new", data=fields)
    visit = {
        "code": "V60",
        "patient": "P01",
        "protocol": "K40",
        "day": SOON.isoformat(),
        "windows": "08:00-09:00 by 11:00",
        "priority": "routine",
        "status": "booked",
        "notes": "",
        "pinned_nurse": "",
        "pinned_start": "",
    }
    refused = dispatcher.post("/records/visits/new", data=visit)
    assert "Ketamine 40 min lasts 195 min: begun at 08:00 it is not over by 11:00." in words(refused)
    assert dispatcher.post("/records/visits/new", data=visit | {"patient": "P02"}).status_code == 302


def test_versions_are_the_dispatchers_business(
    nurse: FlaskClient, dispatcher: FlaskClient, clinic: Clinic
) -> None:
    for action in ("move", "approve"):
        assert nurse.post(f"/records/protocols/{clinic.protocol}/{action}").status_code == 403
        assert dispatcher.post(f"/records/protocols/999/{action}").status_code == 404
