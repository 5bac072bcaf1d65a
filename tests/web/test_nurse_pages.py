"""The nurse's pages: her own published visits, in her region's local time, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.store.audit import entries
from app.store.engine import Database
from app.store.models import Patient, PlanRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from tests.support.clinic import Clinic, add_plan, add_visit, local

TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)
MARA, THEO = "Mara Quill", "Theo Brandt"
Publish = Callable[..., list[int]]


@pytest.fixture(autouse=True)
def _evening_before(monkeypatch: pytest.MonkeyPatch) -> None:
    # 23:30 in Columbus: the date there is still the 24th, in UTC it is the 25th.
    set_now(monkeypatch, local(TODAY, 23, 30))


def set_now(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "read", lambda: now)


@pytest.fixture
def plan(database: Database, clinic: Clinic) -> Publish:
    """Stores a plan of a day: patients by nurse. Returns the ids of its visits in order."""

    def store(day: date, status: PlanStatus = PlanStatus.PUBLISHED, **patients: list[str]) -> list[int]:
        with database.begin() as tx:
            made: dict[str, Visit] = {}
            routes = {}
            for nurse, names in patients.items():
                for name in names:
                    if name not in made:
                        code = f"V{day:%d}{status}{name}"
                        made[name] = add_visit(tx, clinic, code, getattr(clinic, name), day)
                routes[getattr(clinic, nurse)] = [made[name] for name in names]
            add_plan(tx, clinic, day, routes, status=status)
            return [visit.id for visit in made.values()]

    return store


def test_today_shows_her_stops_in_order_with_everything_she_needs(nurse: Any, plan: Publish) -> None:
    plan(TODAY, ana=["theo", "mara"])
    page = nurse.get("/my/").text
    assert "<h1>Today</h1>" in page
    assert "Tuesday, November 24" in page
    in_order = [
        "Leave home",
        "8:00 AM – 5:00 PM",
        "Drive 20 min",
        "8:20 AM",
        THEO,
        "8:25 – 10:40 AM",
        "Wait 5 min",
        "Arrival and vitals",
        "Infusion",
        "Monitoring",
        "10:40 AM",
        "Earliest departure",
        "88 Invented Avenue, Columbus, OH 43206",
        "Ring twice; the dog is friendly.",
        "destination=39.940000%2C-82.970000",
        "tel:6145550142",
        "Drive 20 min",
        "11:00 AM",
        MARA,
        "11:05 AM – 1:20 PM",
        "Back home",
        "Plan published Tue, Nov 24, 5:30 AM",
    ]
    at = 0
    for words in in_order:
        at = page.find(words, at)
        assert at >= 0, f"{words!r} is missing, or out of order"


def test_at_a_hand_over_each_phone_says_who_and_when(
    nurse: Any, other_nurse: Any, database: Database, plan: Publish
) -> None:
    (visit,) = plan(TODAY, ana=["mara"], ben=["mara"])
    with database.begin() as tx:
        giver, taker = tx.get_one(PlanRow, 1).routes
        giver.stops[0].phases = [*giver.stops[0].phases[:3], {"kind": "monitoring", "minutes": 10}]
        giver.stops[0].end = local(TODAY, 9, 40)
        taker.stops[0].phases = taker.stops[0].phases[3:]
        taker.stops[0].start = local(TODAY, 9, 30)
    for address in ("/my/", f"/my/visits/{visit}"):
        page = words(nurse.get(address).text)
        assert (
            "You hand over to Ben Larsen at 9:40 AM. Leave only when Ben Larsen has been there for 10 min."
            in page
        )
        assert "9:40 AM Earliest departure" in page
        assert "Discharge" not in page
        page = words(other_nurse.get(address).text)
        assert "You take over from Ana Ortiz at 9:30 AM. Both of you stay until 9:40 AM." in page
        assert "Infusion" not in page
        assert "Two-nurse visit" not in page


def words(page: str) -> str:
    """The page's text as a person reads it."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(" .", ".")


def test_links_outside_carry_no_name_and_no_referrer(nurse: Any, plan: Publish) -> None:
    plan(TODAY, ana=["mara"])
    page = nurse.get("/my/").text
    start = page.index('<a class="button button-primary button-large" href="https://')
    link = page[start : page.index(">", start)]
    assert 'rel="noopener noreferrer"' in link
    for private in ("Mara", "Quill", "Fictional"):
        assert private not in link


def test_she_sees_nothing_of_other_nurses(nurse: Any, other_nurse: Any, plan: Publish) -> None:
    hers, other = plan(TODAY, ana=["mara"], ben=["theo"])
    page = nurse.get("/my/").text
    assert MARA in page
    assert THEO not in page
    assert nurse.get(f"/my/visits/{hers}").status_code == 200
    for address in (f"/my/visits/{other}", "/my/visits/999999"):
        answer = nurse.get(address)
        assert answer.status_code == 404
        assert THEO not in answer.text
    assert other_nurse.get(f"/my/visits/{hers}").status_code == 404
    assert THEO in other_nurse.get(f"/my/visits/{other}").text


@pytest.mark.parametrize("status", [PlanStatus.DRAFT, PlanStatus.SUPERSEDED])
def test_she_sees_only_published_plans(nurse: Any, plan: Publish, status: PlanStatus) -> None:
    (visit,) = plan(TODAY, status, ana=["mara"])
    for address in ("/my/", f"/my/{TODAY}"):
        page = nurse.get(address).text
        assert MARA not in page
        assert "Not published yet" in page
    assert nurse.get(f"/my/visits/{visit}").status_code == 404


def test_a_new_plan_replaces_the_old_one(nurse: Any, database: Database, plan: Publish) -> None:
    (old,) = plan(TODAY, ana=["mara"])
    with database.begin() as tx:
        tx.get_one(PlanRow, 1).status = PlanStatus.SUPERSEDED
    (new,) = plan(TODAY, ana=["theo"])
    page = nurse.get("/my/").text
    assert THEO in page
    assert MARA not in page
    assert nurse.get(f"/my/visits/{old}").status_code == 404
    assert nurse.get(f"/my/visits/{new}").status_code == 200


def test_where_she_has_nothing_today_the_next_day_with_visits_opens(nurse: Any, plan: Publish) -> None:
    plan(TODAY, ben=["mara"])
    plan(TOMORROW, ana=["theo"])
    page = nurse.get("/my/").text
    assert "<h1>Tomorrow</h1>" in page
    assert "You have no visits today." in page
    assert THEO in page
    assert f'href="/my/{TODAY}"' in page


def test_the_tabs_count_the_visits_of_the_coming_days(nurse: Any, plan: Publish) -> None:
    plan(TODAY - timedelta(days=1), ana=["mara"])
    plan(TODAY, ana=["mara", "theo"])
    plan(TOMORROW, ana=["theo"])
    plan(TODAY + timedelta(days=2), ben=["theo"])
    plan(TODAY + timedelta(days=3), PlanStatus.DRAFT, ana=["theo"])
    page = nurse.get("/my/").text
    tabs = page[page.index('class="tabs') : page.index("</nav>")]
    found = [" ".join(tab.split()) for tab in _texts(tabs)]
    assert found == ["Today 2 visits", "Tomorrow 1 visit", "Thu, Nov 26 no visits"]


def _texts(html: str) -> list[str]:
    return [re.sub(r"<[^>]+>", " ", link) for link in re.findall(r"<a .*?</a>", html, re.DOTALL)]


@pytest.mark.parametrize(
    ("day", "patients", "says"),
    [
        (TODAY, None, "Not published yet"),
        (TODAY, {"ben": ["mara"]}, "Your day off"),
        (TODAY, {"ana": [], "ben": ["mara"]}, "Your shift is 8:00 AM – 5:00 PM, with nothing planned"),
        (TODAY - timedelta(days=1), None, "You had no published visits on this day"),
    ],
)
def test_a_day_without_visits_says_why(
    nurse: Any, plan: Publish, day: date, patients: dict[str, list[str]] | None, says: str
) -> None:
    if patients is not None:
        plan(day, **patients)
    answer = nurse.get(f"/my/{day}")
    assert answer.status_code == 200
    assert says in answer.text


def test_past_days_close_after_two_weeks(nurse: Any, plan: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    (visit,) = plan(TODAY, ana=["mara"])
    for days, status in ((14, 200), (15, 404)):
        set_now(monkeypatch, local(TODAY + timedelta(days=days), 12))
        nurse.log_in("nurse@demo.example")
        assert nurse.get(f"/my/{TODAY}").status_code == status
        assert nurse.get(f"/my/visits/{visit}").status_code == status


@pytest.mark.parametrize("address", ["/my/2026-02-30", "/my/tomorrow", "/my/2027-01-01", "/my/visits/x"])
def test_addresses_that_cannot_be_are_no_page(nurse: Any, address: str) -> None:
    assert nurse.get(address).status_code == 404


def test_a_two_nurse_visit_names_the_partner(nurse: Any, other_nurse: Any, plan: Publish) -> None:
    shared, _ = plan(TODAY, ana=["mara", "theo"], ben=["mara"])
    assert "together with <strong>Ben Larsen</strong>" in nurse.get("/my/").text
    assert "together with <strong>Ana Ortiz</strong>" in other_nurse.get("/my/").text
    assert nurse.get("/my/").text.count("together with") == 1
    assert "Ben Larsen" in nurse.get(f"/my/visits/{shared}").text


def test_a_cancelled_visit_is_shown_as_cancelled_without_its_details(
    nurse: Any, database: Database, plan: Publish
) -> None:
    cancelled, _ = plan(TODAY, ana=["mara", "theo"])
    with database.begin() as tx:
        tx.get_one(Visit, cancelled).status = VisitStatus.CANCELLED
    for page in (nurse.get("/my/").text, nurse.get(f"/my/visits/{cancelled}").text):
        assert "Cancelled" in page
        assert "Do not go" in page
        assert MARA in page
        assert "210 Fictional Street" not in page
    assert "88 Invented Avenue" in nurse.get("/my/").text


def test_every_patient_shown_is_audited_and_no_other(
    nurse: Any, database: Database, clinic: Clinic, plan: Publish
) -> None:
    mara, theo = plan(TODAY, ana=["mara", "theo"])
    nurse.get("/my/")
    nurse.get(f"/my/visits/{theo}")
    nurse.get("/my/visits/999999")
    nurse.get(f"/my/{TOMORROW}")
    with database.begin() as tx:
        rows = [
            (row.user_id, row.action, row.subject_id, row.detail) for row in entries(tx, subject="patients")
        ]
    shown = "name, address, phone, access notes"
    assert rows == [
        (2, "read", str(clinic.theo), f"visit {theo}: {shown}"),
        (2, "read", str(clinic.theo), f"visit {theo}: {shown}"),
        (2, "read", str(clinic.mara), f"visit {mara}: {shown}"),
    ]


def test_a_visit_in_full_has_protocol_and_notes(nurse: Any, database: Database, plan: Publish) -> None:
    (visit,) = plan(TODAY, ana=["mara"])
    with database.begin() as tx:
        tx.get_one(Visit, visit).notes = "Bring the <small> cuff."
    page = nurse.get(f"/my/visits/{visit}").text
    assert "Ketamine 40 min" in page
    assert "Bring the &lt;small&gt; cuff." in page
    assert "(614) 555-0142" in page
    assert f'href="/my/{TODAY}"' in page


def test_no_patient_is_in_a_title_or_an_address(nurse: Any, plan: Publish) -> None:
    (visit,) = plan(TODAY, ana=["mara"])
    for address in ("/my/", f"/my/visits/{visit}"):
        page = nurse.get(address).text
        title = page[page.index("<title>") : page.index("</title>")]
        assert "Mara" not in title


def test_a_patient_without_telephone_has_no_call_button(
    nurse: Any, database: Database, clinic: Clinic, plan: Publish
) -> None:
    plan(TODAY, ana=["mara"])
    with database.begin() as tx:
        tx.get_one(Patient, clinic.mara).phone = ""
    assert "tel:" not in nurse.get("/my/").text


def test_a_full_day_is_small(nurse: Any, plan: Publish) -> None:
    for ahead in range(10):
        plan(TODAY + timedelta(days=ahead), ana=["mara", "theo"])
    assert len(nurse.get("/my/").data) < 40_000
