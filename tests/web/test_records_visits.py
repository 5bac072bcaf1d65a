"""The forms of protocols and visits, and what is said after a change of what is booked or planned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.store.engine import Database
from app.store.models import AcceptedExceptionRow, PlanStep, Protocol, User, Visit
from app.store.models.by_hand import StepKind
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.store.queries import records
from scheduler.model import OperationRule
from tests.support import clinic as clinics
from tests.support.clinic import Clinic
from tests.support.pages import send, words
from tests.support.record_forms import FAR, NURSE, VISIT, details

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


def test_a_pin_that_was_accepted_with_a_reason_is_kept_as_it_is(
    dispatcher: FlaskClient, clinic: Clinic, database: Database
) -> None:
    """On the board the visit was moved to 5 PM, though its window ends at 4: the form lets that be."""
    with database.begin() as tx:
        visit = clinics.add_visit(tx, clinic, "V91", clinic.mara, FAR)
        visit.pinned_nurse_id, visit.pinned_start = clinic.ana, clinics.local(FAR, 17)
        plan = clinics.add_plan(tx, clinic, FAR, {clinic.ana: [visit]}, status=PlanStatus.DRAFT)
        user = tx.query(User).filter_by(email=clinics.DISPATCHER).one()
        step = PlanStep(
            plan_id=plan.id,
            revision="1",
            kind=StepKind.MOVE,
            visit_id=visit.id,
            words="V91 to Ana Ortiz, 5:00 PM",
            at=clinics.local(FAR, 4),
            user_id=user.id,
            before={},
            after={},
        )
        tx.add(step)
        tx.flush()
        accepted = AcceptedExceptionRow(
            region_id=clinic.region,
            day=FAR,
            rule=OperationRule.TOO_LATE,
            visit_id=visit.id,
            amount=3600,
            reason="Asked for",
            accepted_at=clinics.local(FAR, 4),
            accepted_by=user.id,
            step_id=step.id,
        )
        tx.add(accepted)
        address = f"/records/visits/{visit.id}"
    windows = ["08:00", "16:00", "20:00", "", "", "", "", "", ""]
    as_it_is = VISIT | {"code": "V91", "windows": windows, "pinned_nurse": "N01", "pinned_start": "17:00"}
    assert send(dispatcher, address, as_it_is | {"notes": "Bell is broken."}).status_code == 302
    later = send(dispatcher, address, as_it_is | {"pinned_start": "17:30"})
    assert later.status_code == 400
    assert "17:30 lies in none of the windows" in words(later)
    assert "move the visit on the board, with a reason" in words(later)
    with database.begin() as tx:
        tx.query(AcceptedExceptionRow).one().withdrawn_at = clinics.local(FAR, 5)
    assert send(dispatcher, address, as_it_is | {"notes": ""}).status_code == 400
