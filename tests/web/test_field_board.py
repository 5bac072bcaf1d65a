"""What the dispatcher sees of a day under way: alerts, the live board, visit verification, records."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pytest

from app.store.audit import entries
from app.store.engine import Database
from tests.support.board_pages import drawn
from tests.support.clinic import Clinic
from tests.support.field import OTHER_PHONE, TODAY, Now, at, batch, event, publish_two

HERE = {"latitude": 39.9621, "longitude": -83.0101, "accuracy_m": 12}
AWAY = {"latitude": 39.99, "longitude": -83.01, "accuracy_m": 12}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    return Now(monkeypatch)


@pytest.fixture
def visits(database: Database, clinic: Clinic) -> list[int]:
    return publish_two(database, clinic)


def whole_visit(visit: int) -> list[dict[str, Any]]:
    """Arrived at 8:20, infusion from 8:50 to 9:35, left at 10:45."""
    yes = dict.fromkeys(("order_valid", "identity", "fasting", "kit"), True)
    told: list[tuple[str, datetime, dict[str, Any]]] = [
        ("arrived", at(8, 20), {"place": HERE}),
        ("phase_began", at(8, 25), {"position": 0}),
        (
            "checked",
            at(8, 30),
            {"answers": yes},
        ),
        ("vitals", at(8, 32), {"systolic": 121, "diastolic": 76, "heart_rate": 64}),
        ("go", at(8, 35), {}),
        ("phase_began", at(8, 40), {"position": 1}),
        ("phase_began", at(8, 50), {"position": 2}),
        ("phase_began", at(9, 35), {"position": 3}),
        ("phase_began", at(10, 35), {"position": 4}),
        ("discharged", at(10, 40), {"criteria": {}, "mood": "calm", "mania_signs": None}),
        ("departed", at(10, 45), {"place": HERE, "early": None}),
    ]
    return [event(seq, kind, when, said, visit=visit) for seq, (kind, when, said) in enumerate(told)]


def send(client: Any, now: Now, *events: dict[str, Any]) -> None:
    answer = client.post("/my/events", json=batch(*events, sent_at=now.moment))
    assert answer.status_code == 200, answer.text


def alerts(dispatcher: Any) -> dict[str, str]:
    told = dispatcher.get(f"/board/{TODAY}/live").json["alerts"]
    return {each["lead"]: each["text"] for each in told}


def test_planned_against_actual(dispatcher: Any, nurse: Any, now: Now, visits: list[int]) -> None:
    now.moment = at(9, 50)
    send(nurse, now, *whole_visit(visits[0])[:8])
    first, second = dispatcher.get(f"/board/{TODAY}/live").json["stops"]
    assert first["state"]["code"] == "monitoring"
    assert first["actual"]["arrived"]["text"] == "8:20 AM"
    assert first["phase"] == {
        "kind": "monitoring",
        "minutes": 60,
        "began": {"iso": "2026-11-24T09:35:00-05:00", "text": "9:35 AM"},
    }
    assert first["clock"]["earliest_departure"]["text"] == "10:35 AM"
    assert first["expected"]["end"]["text"] == "10:45 AM"
    assert second["state"]["code"] == "planned"
    assert second["expected"]["arrival"]["text"] == "11:05 AM"
    assert second["late_minutes"] == 5


def test_no_patient_is_named_on_the_live_board(
    dispatcher: Any, nurse: Any, database: Database, now: Now, visits: list[int]
) -> None:
    answer = dispatcher.get(f"/board/{TODAY}/live")
    assert "Mara" not in answer.text and "Fictional" not in answer.text
    again = dispatcher.get(f"/board/{TODAY}/live", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    with database.begin() as tx:
        assert len(entries(tx, subject="field_events")) == 1


def test_a_check_in_that_is_missing(dispatcher: Any, nurse: Any, now: Now, visits: list[int]) -> None:
    now.moment = at(8, 36)
    assert alerts(dispatcher) == {}  # nobody here records visits
    send(nurse, now, event(9, "changes_seen", at(8), {"plan": 1}, visit=None))
    now.moment = at(8, 34)
    assert alerts(dispatcher) == {}
    now.moment = at(8, 36)
    assert alerts(dispatcher) == {"No check-in yet:": "V1 (Ana Ortiz), planned for 8:25 AM."}
    assert "No check-in yet:" in drawn(dispatcher, f"/board/{TODAY}")
    send(nurse, now, event(1, "arrived", at(8, 34), {"place": HERE}, visit=visits[0]))
    assert "No check-in yet:" not in alerts(dispatcher)


def test_leaving_early_no_go_and_far_off(dispatcher: Any, nurse: Any, now: Now, visits: list[int]) -> None:
    now.moment = at(11, 30)
    first = whole_visit(visits[0])
    send(
        nurse,
        now,
        *first[:8],
        event(20, "departed", at(10), {"place": HERE, "early": None}, visit=visits[0]),
        event(21, "arrived", at(11, 5), {"place": AWAY}, visit=visits[1]),
        event(22, "no_go", at(11, 20), {"reason": "fasting", "text": "had breakfast"}, visit=visits[1]),
    )
    told = alerts(dispatcher)
    assert told["Left before monitoring was over:"] == "V1 (Ana Ortiz)."
    assert told["No-go:"].startswith("V2 (Ana Ortiz): not fasting.")
    assert told["Checked in far from the address:"] == "V2 (Ana Ortiz)."
    page = drawn(dispatcher, f"/board/{TODAY}")
    assert "1 planned visit is no longer booked for this day." in page


def test_an_overrun(dispatcher: Any, nurse: Any, now: Now, visits: list[int]) -> None:
    now.moment = at(10)
    send(nurse, now, *whole_visit(visits[0])[:7])
    assert alerts(dispatcher) == {"Behind the plan:": "V1 (Ana Ortiz) by 30 min."}


def test_events_set_aside_and_custody_that_does_not_add_up(
    dispatcher: Any, nurse: Any, other_nurse: Any, now: Now, visits: list[int]
) -> None:
    now.moment = at(9)
    late = event(1, "arrived", at(8, 50), {"place": HERE}, visit=visits[0], device=OTHER_PHONE)
    send(other_nurse, now, late)
    send(
        nurse,
        now,
        event(30, "picked_up", at(7), {"item": "vial", "units": 2}, visit=None),
        event(31, "shift_closed", at(8, 55), visit=None),
    )
    told = alerts(dispatcher)
    assert told["Set aside, and no part of the record:"] == "1 event of Ben Larsen."
    assert told["Custody does not add up:"] == "Ana Ortiz (vial)."
    page = dispatcher.get(f"/board/{TODAY}/field").text
    assert "No published plan ever gave her this visit." in page
    assert "Closed with a difference" in page


def test_the_board_knows_when_something_was_recorded(
    dispatcher: Any, nurse: Any, now: Now, visits: list[int]
) -> None:
    before = dispatcher.get(f"/board/{TODAY}/progress").json["version"]
    send(nurse, now, event(1, "arrived", at(8), {"place": HERE}, visit=visits[0]))
    assert dispatcher.get(f"/board/{TODAY}/progress").json["version"] != before


def test_a_board_under_way_looks_again_though_nothing_was_recorded(
    dispatcher: Any, nurse: Any, now: Now, visits: list[int]
) -> None:
    def version() -> str:
        return str(dispatcher.get(f"/board/{TODAY}/progress").json["version"])

    first = version()
    now.moment = at(8, 10)
    assert version() == first  # nobody here records visits
    send(nurse, now, event(1, "arrived", at(8, 10), {"place": HERE}, visit=visits[0]))
    second = version()
    now.moment = at(8, 20)
    assert version() not in (first, second)


def test_the_six_elements_as_a_file(
    dispatcher: Any, nurse: Any, database: Database, now: Now, visits: list[int]
) -> None:
    now.moment = at(11)
    recorded = whole_visit(visits[0])
    amendment = {
        "amends": recorded[0]["id"],
        "payload": {"place": None},
        "at": "2026-11-24T13:15:00.000Z",
        "reason": "pressed late",
    }
    send(nurse, now, *recorded, event(40, "amended", at(10, 50), amendment, visit=visits[0]))
    answer = dispatcher.get(f"/board/{TODAY}/field.csv")
    first, second = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert first["service"] == "Ketamine 40 min"
    assert (first["recipient"], first["provider"], first["date"]) == ("Mara Quill", "Ana Ortiz", str(TODAY))
    assert first["begin_at"] == "2026-11-24T08:15:00-05:00"
    assert first["begin_recorded_at"] == "2026-11-24T08:20:00-05:00"
    assert first["begin_amended_because"] == "pressed late"
    assert first["end_at"] == "2026-11-24T10:45:00-05:00"
    assert 5 < int(first["begin_distance_m"]) < 30
    assert (first["begin_accuracy_m"], first["complete"], first["far_off"]) == ("12", "yes", "no")
    assert (second["begin_at"], second["complete"]) == ("", "no")
    with database.begin() as tx:
        assert [each.action for each in entries(tx, subject="patients") if each.action == "export"]


def test_a_visits_record_shows_the_original_and_both_clocks(
    dispatcher: Any, nurse: Any, database: Database, now: Now, visits: list[int]
) -> None:
    now.moment = at(11)
    vitals = event(
        5, "vitals", at(8, 12), {"systolic": 221, "diastolic": 76}, visit=visits[0], offset_ms=1_200_000
    )
    told = {
        "amends": vitals["id"],
        "payload": {"systolic": 121, "diastolic": 76},
        "at": None,
        "reason": "typing error",
    }
    arrived = event(1, "arrived", at(8, 20), {"place": HERE}, visit=visits[0])
    send(nurse, now, arrived, vitals, event(6, "amended", at(8, 40), told, visit=visits[0]))
    page = dispatcher.get(f"/board/{TODAY}/field/{visits[0]}").text
    for words in ("221/76", "121/76", "typing error", "8:32 AM", "8:12 AM", "20 min behind", "11:00 AM"):
        assert words in page
    with database.begin() as tx:
        read = entries(tx, subject="visits", subject_id=str(visits[0]))
    assert any("record in the field" in each.detail for each in read)


def test_texts_of_nurses_are_shown_as_text(dispatcher: Any, nurse: Any, now: Now, visits: list[int]) -> None:
    now.moment = at(9)
    send(
        nurse,
        now,
        event(1, "arrived", at(8, 20), {"place": HERE}, visit=visits[0]),
        event(2, "note", at(8, 30), {"text": "<script>alert(1)</script>"}, visit=visits[0]),
        event(3, "vitals", at(8, 31), {"systolic": "<b>"}, visit=visits[0]),
    )
    page = dispatcher.get(f"/board/{TODAY}/field/{visits[0]}").text
    assert "<script>alert" not in page and "<b>" not in page
    assert "Set aside" in page


def test_a_day_without_a_plan_and_a_visit_of_nobody(dispatcher: Any, visits: list[int]) -> None:
    assert "Nothing to see yet" in dispatcher.get("/board/2026-11-20/field").text
    assert dispatcher.get("/board/2026-11-20/live").json["stops"] == []
    assert dispatcher.get(f"/board/{TODAY}/field/99999").status_code == 404


def test_visit_verification_by_the_command_line(app: Any, nurse: Any, now: Now, visits: list[int]) -> None:
    now.moment = at(11)
    send(nurse, now, *whole_visit(visits[0]))
    run = app.test_cli_runner().invoke
    given = ["evv", "--region", "columbus", "--from", str(TODAY), "--to", str(TODAY)]
    answer = run(args=given)
    assert answer.exit_code == 0, answer.output
    rows = list(csv.DictReader(io.StringIO(answer.output)))
    assert [row["visit"] for row in rows] == ["V1", "V2"]
    wrong = run(args=[*given[:-1], "2026-11-01"])
    assert wrong.exit_code == 2
    assert "2026-11-01" in wrong.output
