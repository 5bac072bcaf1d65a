"""A visit on the nurse's phone, from the check-in to the drive on, with and without signal."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from app.store.engine import Database
from app.store.models import FieldEvent
from tests.support.clinic import NURSE, OTHER_NURSE
from tests.support.phone import (
    Time,
    arrive,
    begin,
    fault,
    kept,
    left_on,
    log_in,
    log_out,
    logged_out,
    settled,
    tap,
    to_go,
    vitals,
)
from tests.support.waiting import until


@pytest.fixture
def phone(phone: Page, day: dict[str, int]) -> Page:
    """Ana's, on the visit's screen."""
    phone.goto(f"/my/#/visit/{day['mara']}")
    expect(phone.get_by_role("button", name="I am here")).to_be_visible()
    return phone


def stored(database: Database, kind: str = "") -> list[dict[str, Any]]:
    """What the service has, in the order in which the phone made it."""
    with database.begin() as tx:
        rows = tx.query(FieldEvent).order_by(FieldEvent.seq).all()
        return [row.event.to_json() for row in rows if not kind or row.kind == kind]


def test_the_whole_course_of_a_visit(phone: Page, time: Time, database: Database) -> None:
    arrive(phone)
    expect(phone.get_by_role("button", name="Go", exact=True)).to_be_disabled()
    to_go(phone)
    begin(phone, "Begin: Arrival and vitals")
    time.on(minutes=15)
    begin(phone, "Begin: IV start")
    time.on(minutes=10)
    begin(phone, "Begin: Infusion")
    expect(phone.get_by_text("Next at 8:55 AM, in 10 min")).to_be_visible()
    time.on(minutes=45)
    expect(phone.get_by_text("5 min longer than planned")).to_be_visible()
    expect(phone.get_by_text("Vitals are due since 8:55 AM")).to_be_visible()
    begin(phone, "Infusion has ended: begin monitoring")
    stay = phone.get_by_role("region", name="Earliest departure")
    expect(stay.get_by_text("10:30 AM")).to_be_visible()
    expect(phone.get_by_role("button", name="I leave now")).to_be_disabled()
    expect(phone.get_by_text("Not before 10:30 AM.")).to_be_visible()
    time.on(minutes=50)
    begin(phone, "Begin: Discharge")
    for words in ("Walks without help", "Drinks without nausea", "A responsible adult is here and stays"):
        phone.get_by_label(words).check()
    phone.get_by_label("Mood, in a few words").fill("calm")
    tap(phone, "Keep the checklist")
    expect(phone.get_by_text("Checked at 10:20 AM")).to_be_visible()
    expect(phone.get_by_role("button", name="I leave now")).to_be_disabled()
    time.on(minutes=10)
    expect(stay.get_by_text("You may leave when the discharge is done.")).to_be_visible()
    tap(phone, "I leave now")
    expect(phone.get_by_text("Done", exact=True)).to_be_visible()
    settled(phone)
    assert [event["kind"] for event in stored(database)] == [
        "arrived",
        *["checked"] * 5,
        "vitals",
        "go",
        *["phase_began"] * 5,
        "discharged",
        "departed",
    ]


def test_a_no_go_asks_for_the_reason(phone: Page, database: Database) -> None:
    arrive(phone)
    vitals(phone, 165, 95)
    expect(phone.get_by_text("above the protocol's limit: this is a no-go")).to_be_visible()
    expect(phone.get_by_role("button", name="Go", exact=True)).to_be_disabled()
    phone.get_by_text("No-go", exact=True).click()
    expect(phone.get_by_label("Reason")).to_have_value("vitals")
    phone.get_by_label("Reason").select_option("other")
    tap(phone, "Do not start this visit")
    fault(phone, "Say in your words what the reason is.")
    phone.get_by_label("In your words").fill("165/95 twice")
    phone.get_by_label("Reason").select_option("vitals")
    tap(phone, "Do not start this visit")
    expect(phone.get_by_text("This visit was not started")).to_be_visible()
    settled(phone)
    assert stored(database, "no_go")[0]["payload"] == {"reason": "vitals", "text": "165/95 twice"}
    tap(phone, "Leave", exact=True)
    expect(phone.get_by_text("Done", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("systolic", "diastolic", "words"),
    [
        ("", "80", "Systolic: fill this in."),
        ("1220", "80", "Systolic: 1220 cannot be; give a number from 30 to 300."),
        ("80", "120", "Diastolic 120 must be below systolic 80: check the two numbers."),
    ],
)
def test_numbers_that_cannot_be_are_named(
    phone: Page, database: Database, systolic: str, diastolic: str, words: str
) -> None:
    arrive(phone)
    phone.get_by_label("Systolic").fill(systolic)
    phone.get_by_label("Diastolic").fill(diastolic)
    tap(phone, "Keep these vitals")
    fault(phone, words)
    settled(phone)
    assert stored(database, "vitals") == []
    expect(phone.get_by_label("Diastolic")).to_have_value(diastolic)


def test_the_network_goes_in_the_middle_of_a_visit_and_comes_back(
    phone: Page, time: Time, database: Database
) -> None:
    arrive(phone)
    settled(phone)
    kept(phone)
    time.signal(phone, False)
    to_go(phone)
    expect(phone.get_by_text("7 not sent yet")).to_be_visible()
    begin(phone, "Begin: Arrival and vitals")
    phone.reload()
    expect(phone.get_by_role("heading", name="Arrival and vitals")).to_be_visible()
    expect(phone.get_by_text("8 not sent yet")).to_be_visible()
    time.on(minutes=15)
    begin(phone, "Begin: IV start")
    phone.goto("/my/")
    expect(phone.get_by_text("You are here")).to_be_visible()
    expect(phone.get_by_text("9 not sent yet")).to_be_visible()
    assert len(stored(database)) == 1
    time.signal(phone, True)
    settled(phone)
    events = stored(database)
    assert len(events) == 10
    assert [event["seq"] for event in events] == list(range(1, 11))
    assert len({event["id"] for event in events}) == 10


def test_a_lost_answer_doubles_nothing(phone: Page, database: Database) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.route("**/my/events", lose, times=1)
    arrive(phone)
    expect(phone.get_by_text("1 not sent yet")).to_be_visible()
    until(phone, lambda: len(stored(database)) == 1)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    settled(phone)
    assert len(stored(database)) == 1


def test_a_second_tap_on_the_same_spot_does_nothing(phone: Page, time: Time, database: Database) -> None:
    arrive(phone)
    to_go(phone)
    time.pause()
    phone.get_by_role("button", name="Begin: Arrival and vitals").dblclick()
    expect(phone.get_by_role("button", name="Begin: IV start")).to_be_visible()
    settled(phone)
    assert len(stored(database, "phase_began")) == 1


def test_two_tabs_neither_double_nor_lose(
    phone: Page, time: Time, database: Database, day: dict[str, int]
) -> None:
    settled(phone)
    kept(phone)
    other = phone.context.new_page()
    other.goto(f"/my/#/visit/{day['mara']}")
    settled(other)
    time.signal(phone, False)
    arrive(phone)
    expect(other.get_by_role("heading", name="Before you start")).to_be_visible()
    other.get_by_role("group", name="The kit is complete").get_by_role("button", name="Yes").click()
    phone.get_by_role("group", name="Fasting as instructed").get_by_role("button", name="Yes").click()
    for page in (phone, other):
        expect(page.get_by_text("3 not sent yet")).to_be_visible()
    time.signal(phone, True)
    for page in (phone, other):
        settled(page)
    assert sorted(event["seq"] for event in stored(database)) == [1, 2, 3]


def test_leaving_early_needs_a_reason_and_a_prescriber(phone: Page, time: Time, database: Database) -> None:
    to_monitoring(phone, time)
    phone.get_by_text("I must leave early").click()
    tap(phone, "Leave early")
    fault(phone, "Reason: fill this in.")
    early = phone.locator("form[name=early]")
    early.get_by_label("Reason").fill("child ill")
    tap(phone, "Leave early")
    fault(phone, "Prescriber who agreed: fill this in.")
    phone.get_by_label("Prescriber who agreed").fill("Dr. Ada Fern")
    tap(phone, "Leave early")
    expect(phone.get_by_text("Done", exact=True)).to_be_visible()
    settled(phone)
    assert stored(database, "departed")[0]["payload"]["early"] == {
        "reason": "child ill",
        "prescriber": "Dr. Ada Fern",
    }


def test_the_clock_runs_on_through_log_out_and_log_in(phone: Page, time: Time) -> None:
    to_monitoring(phone, time)
    settled(phone)
    log_out(phone)
    expect(phone.get_by_text("You are logged out.")).to_be_visible()
    assert left_on(phone) == {"snapshots": 0, "keys": 0, "events": 0}
    time.on(minutes=20)
    log_in(phone)
    expect(phone.get_by_role("link", name="Earliest departure 10:25 AM")).to_be_visible()
    expect(phone.get_by_role("link", name=re.compile(r"(40:0|39:)\d"))).to_be_visible()


def test_unsent_entries_stay_sealed_at_log_out_and_are_sent_later(
    phone: Page, time: Time, database: Database
) -> None:
    settled(phone)
    kept(phone)
    time.signal(phone, False)
    arrive(phone)
    log_out(phone)
    dialog = phone.get_by_role("dialog")
    expect(dialog.get_by_text("1 entry is not sent yet")).to_be_visible()
    tap(phone, "Stay logged in")
    expect(phone.get_by_role("heading", name="Before you start")).to_be_visible()
    log_out(phone)
    tap(phone, "Log out all the same")
    expect(phone.get_by_text("You are logged out")).to_be_visible()
    assert left_on(phone) == {"snapshots": 0, "keys": 1, "events": 1}
    assert "Mara" not in phone.content()
    time.signal(phone, True)
    logged_out(phone)
    log_in(phone)
    settled(phone)
    assert [event["kind"] for event in stored(database)] == ["arrived"]


def test_another_nurse_on_the_same_phone_gets_her_own(
    phone: Page, time: Time, database: Database, day: dict[str, int]
) -> None:
    settled(phone)
    kept(phone)
    time.signal(phone, False)
    arrive(phone)
    log_out(phone)
    tap(phone, "Log out all the same")
    time.signal(phone, True)
    logged_out(phone)
    log_in(phone, OTHER_NURSE)
    settled(phone)
    assert "Mara" not in phone.content()
    assert stored(database) == []
    log_out(phone)
    logged_out(phone)
    log_in(phone, NURSE)
    settled(phone)
    assert [event["visit"] for event in stored(database)] == [day["mara"]]


def test_what_is_on_the_phone_cannot_be_read_without_its_key(phone: Page) -> None:
    arrive(phone)
    settled(phone)
    kept(phone)
    raw = phone.evaluate(
        """async () => {
          const db = await new Promise((done) => {
            const asked = indexedDB.open('rounds'); asked.onsuccess = () => done(asked.result); });
          const all = {};
          for (const name of db.objectStoreNames) {
            all[name] = await new Promise((done) => {
              const asked = db.transaction(name).objectStore(name).getAll();
              asked.onsuccess = () => done(asked.result); });
          }
          const key = all.keys[0];
          const taken = await crypto.subtle.exportKey('raw', key).catch((error) => error.name);
          const text = (value) => new TextDecoder('latin1').decode(new Uint8Array(value));
          return { key: [key.extractable, taken],
                   sealed: [...all.snapshots, ...all.events].map((row) => text(row.data)).join(' '),
                   open: JSON.stringify([all.facts, all.events.map((row) => ({ ...row, iv: 0, data: 0 }))]) };
        }"""
    )
    assert raw["key"] == [False, "InvalidAccessError"]
    assert len(raw["sealed"]) > 1000
    for private in ("Mara", "Fictional", "arrived"):
        assert private not in raw["sealed"]
        assert private not in raw["open"]
    cached = phone.evaluate(
        """async () => {
          const texts = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
          }
          return texts.join(' ');
        }"""
    )
    assert len(cached) > 10_000
    assert "Mara" not in cached


def to_monitoring(page: Page, time: Time) -> None:
    """Through to the infusion's end at 9:25: she may leave at 10:25."""
    arrive(page)
    to_go(page)
    for words, minutes in (
        ("Begin: Arrival and vitals", 15),
        ("Begin: IV start", 10),
        ("Begin: Infusion", 40),
    ):
        begin(page, words)
        time.on(minutes=minutes)
    begin(page, "Infusion has ended: begin monitoring")
    expect(page.get_by_text("10:25 AM").first).to_be_visible()
