"""What a nurse's phone exchanges with the service."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app import clock
from app.field.events import Event
from app.field.fold import record_of
from app.field.visit import VisitSpec
from app.store.audit import entries
from app.store.engine import Database
from app.store.models import FieldEvent, ManiaCheck, PlanRow, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from tests.support.clinic import Clinic, add_plan, add_visit, local
from tests.support.field import OTHER_PHONE, batch, event, text

TODAY = date(2026, 11, 24)
NOW = local(TODAY, 9, 30)
AT = local(TODAY, 8, 22)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: NOW)


@pytest.fixture
def visits(database: Database, clinic: Clinic) -> list[int]:
    """Ana has Mara and Theo today, by the published plan."""
    with database.begin() as tx:
        both = [
            add_visit(tx, clinic, "V1", clinic.mara, TODAY),
            add_visit(tx, clinic, "V2", clinic.theo, TODAY),
        ]
        add_plan(tx, clinic, TODAY, {clinic.ana: both, clinic.ben: []}, status=PlanStatus.PUBLISHED)
        return [visit.id for visit in both]


def arrived(visit: int, seq: int = 1, **more: Any) -> dict[str, Any]:
    return event(seq, "arrived", AT, {"place": None}, visit=visit, **more)


def stored(database: Database) -> list[FieldEvent]:
    with database.begin() as tx:
        return list(tx.query(FieldEvent).order_by(FieldEvent.seq))


def test_a_batch_is_stored_once_however_often_it_is_sent(
    nurse: Any, database: Database, visits: list[int]
) -> None:
    sent = batch(arrived(visits[0]), event(2, "note", AT, {"text": "dog"}, visit=visits[0]), sent_at=NOW)
    first = nurse.post("/my/events", json=sent).json
    assert [each["status"] for each in first["results"]] == ["stored", "stored"]
    again = nurse.post("/my/events", json=sent | {"device": OTHER_PHONE}).json
    assert [each["status"] for each in again["results"]] == ["known", "known"]
    assert again["version"] == first["version"]
    rows = stored(database)
    assert [row.kind for row in rows] == ["arrived", "note"]
    assert rows[0].happened_at == AT
    assert rows[0].received_at == NOW
    assert rows[0].set_aside == ""


def test_what_the_phone_does_not_know_of_its_clock_is_reckoned_when_it_sends(
    nurse: Any, database: Database, visits: list[int]
) -> None:
    late = NOW - timedelta(minutes=20)
    nurse.post("/my/events", json=batch(arrived(visits[0], offset_ms=None), sent_at=late))
    row = stored(database)[0]
    assert (row.at, row.offset_ms, row.reckoned_ms) == (AT, None, 20 * 60_000)
    assert row.happened_at == AT + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "17"),
        ("device", None),
        ("seq", -1),
        ("seq", True),
        ("kind", "Drop Table"),
        ("visit", "7"),
        ("day", "24.11.2026"),
        ("at", "2026-11-24T08:22:00"),
        ("at", "yesterday"),
        ("offset_ms", "0"),
        ("payload", []),
        ("payload", {"text": "x" * 20_000}),
    ],
)
def test_an_envelope_that_cannot_be_read_is_named_and_nothing_is_stored(
    nurse: Any, database: Database, visits: list[int], field: str, value: Any
) -> None:
    bad = arrived(visits[0], seq=2) | {field: value}
    answer = nurse.post("/my/events", json=batch(arrived(visits[0]), bad, sent_at=NOW))
    assert answer.status_code == 400
    assert answer.json["field"] == f"events[1].{field}"
    assert answer.json["event"] == bad["id"]
    assert stored(database) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"events": {}}', b"[" * 100_000])
def test_what_is_no_batch_is_refused(nurse: Any, body: bytes) -> None:
    answer = nurse.post("/my/events", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "error" in answer.json


def test_at_most_200_events_at_once(nurse: Any, database: Database, visits: list[int]) -> None:
    many = [arrived(visits[0], seq=seq) for seq in range(201)]
    assert nurse.post("/my/events", json=batch(*many, sent_at=NOW)).status_code == 400
    assert nurse.post("/my/events", json=batch(*many[:200], sent_at=NOW)).status_code == 200
    assert len(stored(database)) == 200


def test_what_makes_no_sense_is_kept_and_set_aside(nurse: Any, database: Database, visits: list[int]) -> None:
    sent = batch(
        event(1, "vitals", AT, {"systolic": 1220, "diastolic": 80}, visit=visits[0]),
        event(2, "teleported", AT, visit=visits[0]),
        event(3, "arrived", AT, {"place": None}, visit=None),
        event(4, "arrived", AT, {"place": None}, visit=987654),
        sent_at=NOW,
    )
    results = nurse.post("/my/events", json=sent).json["results"]
    assert [each["status"] for each in results] == ["set_aside"] * 4
    assert "systolic" in results[0]["reason"]
    assert "1220" not in results[0]["reason"]
    assert "987654" in results[3]["reason"]
    assert [row.payload for row in stored(database)] == [each["payload"] for each in sent["events"]]


def test_a_visit_of_another_nurse_is_set_aside(other_nurse: Any, visits: list[int]) -> None:
    results = other_nurse.post("/my/events", json=batch(arrived(visits[0]), sent_at=NOW)).json["results"]
    assert results[0]["status"] == "set_aside"


def test_a_visit_that_has_moved_is_hers_until_then(
    nurse: Any, database: Database, clinic: Clinic, visits: list[int]
) -> None:
    """At 9:00 the second visit goes to Ben. What Ana did there at 8:50 counts, what she does at 9:10 does
    not, unless she had begun it."""
    with database.begin() as tx:
        old = tx.query(PlanRow).one()
        old.status = PlanStatus.SUPERSEDED
        tx.flush()
        first, second = (tx.get_one(Visit, visit) for visit in visits)
        routes = {clinic.ana: [first], clinic.ben: [second]}
        add_plan(tx, clinic, TODAY, routes, status=PlanStatus.PUBLISHED).published_at = local(TODAY, 9)
    late = event(1, "arrived", local(TODAY, 9, 10), {"place": None}, visit=visits[1])
    answer = nurse.post("/my/events", json=batch(late, sent_at=NOW)).json["results"][0]
    assert answer["status"] == "set_aside"
    before = event(2, "arrived", local(TODAY, 8, 50), {"place": None}, visit=visits[1])
    after = event(3, "note", local(TODAY, 9, 20), {"text": "here"}, visit=visits[1])
    results = nurse.post("/my/events", json=batch(after, before, sent_at=NOW)).json["results"]
    assert [each["status"] for each in results] == ["stored", "stored"]
    assert str(visits[1]) not in nurse.get("/my/snapshot").json["visits"]


def test_a_cancelled_visit_keeps_its_events(nurse: Any, database: Database, visits: list[int]) -> None:
    with database.begin() as tx:
        tx.get_one(Visit, visits[0]).status = VisitStatus.CANCELLED
    results = nurse.post("/my/events", json=batch(arrived(visits[0]), sent_at=NOW)).json["results"]
    assert results[0]["status"] == "stored"
    told = nurse.get("/my/snapshot").json["visits"][str(visits[0])]
    assert told["status"] == "cancelled"
    assert told["patient"] == {"name": "Mara Quill"}


def test_a_batch_of_another_nurse_is_not_taken(
    nurse: Any, database: Database, clinic: Clinic, visits: list[int]
) -> None:
    sent = batch(arrived(visits[0]), sent_at=NOW, nurse=clinic.ben)
    answer = nurse.post("/my/events", json=sent)
    assert answer.status_code == 409
    assert answer.json["field"] == "nurse"
    assert stored(database) == []


def test_amending_what_another_nurse_recorded_is_set_aside(
    nurse: Any, other_nurse: Any, visits: list[int]
) -> None:
    original = arrived(visits[0])
    nurse.post("/my/events", json=batch(original, sent_at=NOW))
    told = {"amends": original["id"], "payload": {"place": None}, "at": None, "reason": "mine"}
    amendment = event(1, "amended", AT, told, visit=None, device=OTHER_PHONE)
    results = other_nurse.post("/my/events", json=batch(amendment, sent_at=NOW)).json["results"]
    assert results[0]["status"] == "set_aside"


def test_the_snapshot_holds_her_days(nurse: Any, database: Database, visits: list[int]) -> None:
    told = nurse.get("/my/snapshot").json
    assert [day["published"] for day in told["days"]] == [False, True, False, False, False]
    assert [day["day"] for day in told["days"]] == [f"2026-11-{day}" for day in range(23, 28)]
    today = told["days"][1]
    assert [step["kind"] for step in today["steps"]] == [
        "leave",
        "drive",
        "visit",
        "drive",
        "visit",
        "drive",
        "home",
    ]
    assert told["zone"] == "America/New_York"
    mara = told["visits"][str(visits[0])]
    assert mara["patient"]["address"].startswith("210 Fictional")
    assert mara["start"] == text(local(TODAY, 8, 25))
    assert mara["phases"][2] == {
        "position": 2,
        "kind": "infusion",
        "label": "Infusion",
        "minutes": 40,
        "start": text(local(TODAY, 8, 50)),
        "end": text(local(TODAY, 9, 30)),
    }
    with database.begin() as tx:
        read = [entry.detail for entry in entries(tx, subject="patients") if entry.action == "read"]
    assert len(read) == 2


def test_an_unchanged_snapshot_is_not_sent_again(nurse: Any, database: Database, visits: list[int]) -> None:
    first = nurse.get("/my/snapshot")
    again = nurse.get("/my/snapshot", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-store"
    nurse.post("/my/events", json=batch(arrived(visits[0]), sent_at=NOW))
    changed = nurse.get("/my/snapshot", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    with database.begin() as tx:
        assert len([each for each in entries(tx, subject="patients") if each.action == "read"]) == 4


def test_the_phone_folds_what_the_snapshot_holds(nurse: Any, visits: list[int]) -> None:
    sent = batch(
        arrived(visits[0]), event(2, "phase_began", AT, {"position": 0}, visit=visits[0]), sent_at=NOW
    )
    version = nurse.post("/my/events", json=sent).json["version"]
    told = nurse.get("/my/snapshot").json
    assert told["version"] == version
    visit = told["visits"][str(visits[0])]
    events = [Event.from_json(each) for each in visit["events"]]
    assert record_of(VisitSpec.from_json(visit), events, NOW).state == "under_way"
    assert told["visits"][str(visits[1])]["events"] == []


def test_she_is_told_what_has_changed_until_she_has_seen_it(
    nurse: Any, database: Database, clinic: Clinic, visits: list[int]
) -> None:
    with database.begin() as tx:
        old = tx.query(PlanRow).one()
        old.status = PlanStatus.SUPERSEDED
        tx.flush()
        second = tx.get_one(Visit, visits[1])
        plan = add_plan(tx, clinic, TODAY, {clinic.ana: [second]}, status=PlanStatus.PUBLISHED)
        plan.published_at = local(TODAY, 9)
        plan_id = plan.id
    told = nurse.get("/my/snapshot").json["days"][1]["changes"]
    assert [(each["kind"], each["visit"]) for each in told] == [("removed", None), ("moved", visits[1])]
    assert "Mara" not in told[0]["words"]
    seen = event(1, "changes_seen", NOW, {"plan": plan_id}, visit=None)
    nurse.post("/my/events", json=batch(seen, sent_at=NOW))
    assert nurse.get("/my/snapshot").json["days"][1]["changes"] == []


def test_custody_is_counted_by_the_day(nurse: Any, visits: list[int]) -> None:
    sent = batch(
        event(1, "picked_up", AT, {"item": "vial", "units": 3}, visit=None),
        event(2, "used", AT, {"item": "vial", "units": 2}, visit=visits[0]),
        event(3, "shift_closed", AT, visit=None),
        sent_at=NOW,
    )
    nurse.post("/my/events", json=sent)
    today = nurse.get("/my/snapshot").json["days"][1]
    assert today["closed"] is False
    assert today["custody"][0]["difference"] == 1
    explained = event(4, "explained", AT, {"item": "vial", "difference": 1, "reason": "broke"}, visit=None)
    nurse.post("/my/events", json=batch(explained, sent_at=NOW))
    assert nurse.get("/my/snapshot").json["days"][1]["closed"] is True


def test_only_nurses_send_and_fetch(client: Any, dispatcher: Any) -> None:
    assert client.get("/my/snapshot", headers={"Accept": "application/json"}).status_code == 401
    assert dispatcher.get("/my/snapshot").status_code == 403
    assert dispatcher.post("/my/events", json=batch(sent_at=NOW)).status_code == 403


def test_a_mania_check_at_discharge_goes_on_file(nurse: Any, database: Database, visits: list[int]) -> None:
    def told(signs: bool | None) -> dict[str, Any]:
        return {"criteria": {}, "adult_present": True, "mood": "", "mania_signs": signs}

    discharged = event(2, "discharged", NOW - timedelta(minutes=9), told(False), visit=visits[0])
    silent = event(1, "discharged", AT, told(None), visit=visits[1])
    sent = batch(arrived(visits[0], seq=0), silent, discharged, sent_at=NOW)
    nurse.post("/my/events", json=sent)
    nurse.post("/my/events", json=sent)
    amendment = {"amends": discharged["id"], "payload": told(True), "at": None, "reason": "looked again"}
    nurse.post("/my/events", json=batch(event(3, "amended", NOW, amendment, visit=visits[0]), sent_at=NOW))
    with database.begin() as tx:
        checks = tx.query(ManiaCheck).order_by(ManiaCheck.id).all()
        assert [(each.visit_id, each.clear) for each in checks] == [(visits[0], True), (visits[0], False)]
        assert {each.checked_by for each in checks} == {"Ana Ortiz"}
        assert {each.checked_on for each in checks} == {TODAY}


def test_a_check_put_on_file_since_stays_the_newest(
    nurse: Any, database: Database, visits: list[int]
) -> None:
    with database.begin() as tx:
        later = ManiaCheck(
            visit_id=visits[0], checked_on=TODAY, checked_by="Dr. Halloran", clear=False, recorded_at=NOW
        )
        tx.add(later)
    told = {"criteria": {}, "mania_signs": False}
    late = event(2, "discharged", NOW - timedelta(minutes=30), told, visit=visits[0])
    nurse.post("/my/events", json=batch(late, sent_at=NOW))
    with database.begin() as tx:
        assert [each.checked_by for each in tx.query(ManiaCheck)] == ["Dr. Halloran"]


@pytest.fixture
def handed_over(database: Database, clinic: Clinic) -> int:
    """Ana gives Mara's monitoring to Ben at 9:30; both stay until 9:40."""
    stays = {
        clinic.ana: (8, 25, [("arrival", 15), ("iv_start", 10), ("infusion", 40), ("monitoring", 10)]),
        clinic.ben: (9, 30, [("monitoring", 60), ("discharge", 10)]),
    }
    with database.begin() as tx:
        visit = add_visit(tx, clinic, "V1", clinic.mara, TODAY)
        plan = add_plan(
            tx, clinic, TODAY, {clinic.ana: [visit], clinic.ben: [visit]}, status=PlanStatus.PUBLISHED
        )
        for route in plan.routes:
            hour, minute, phases = stays[route.nurse_id]
            stop = route.stops[0]
            stop.start = local(TODAY, hour, minute)
            stop.arrival = stop.start
            stop.end = stop.start + timedelta(minutes=sum(each for _, each in phases))
            stop.phases = [{"kind": kind, "minutes": each} for kind, each in phases]
        return visit.id


def test_a_hand_over_counts_the_phases_of_the_whole_visit(
    nurse: Any, other_nurse: Any, dispatcher: Any, handed_over: int
) -> None:
    """The infusion ends at 9:28. Ben comes at 9:33, so Ana may leave at 9:43, and Ben at 10:28."""
    gives, takes = (
        client.get("/my/snapshot").json["visits"][str(handed_over)] for client in (nurse, other_nurse)
    )
    assert [phase["position"] for phase in gives["phases"]] == [0, 1, 2, 3]
    assert [phase["position"] for phase in takes["phases"]] == [3, 4]
    assert (gives["hand_over"]["gives"], gives["hand_over"]["nurse"]) == (True, "Ben Larsen")
    assert (takes["hand_over"]["gives"], takes["hand_over"]["overlap_minutes"]) == (False, 10)
    over = local(TODAY, 9, 28)
    recorded = [arrived(handed_over, seq=0)] + [
        event(seq, "phase_began", at, {"position": position}, visit=handed_over)
        for seq, (position, at) in enumerate(((0, AT), (2, local(TODAY, 8, 50)), (3, over)), start=1)
    ]
    nurse.post("/my/events", json=batch(*recorded, sent_at=NOW))
    there = local(TODAY, 9, 33)
    came = event(1, "arrived", there, {"place": None}, visit=handed_over, device=OTHER_PHONE)
    other_nurse.post("/my/events", json=batch(came, sent_at=NOW, device=OTHER_PHONE))
    mine = nurse.get("/my/snapshot").json["visits"][str(handed_over)]
    assert [each["kind"] for each in mine["others"]] == ["arrived"]
    clocks = {
        each["nurse"]["name"]: each["clock"]["earliest_departure"]["text"]
        for each in dispatcher.get(f"/board/{TODAY}/live").json["stops"]
    }
    assert clocks == {"Ana Ortiz": "9:43 AM", "Ben Larsen": "10:28 AM"}
