"""What a nurse has typed and not kept yet outlasts a reload, and goes when she keeps or discards it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.phone import (
    Time,
    arrive,
    begin,
    drafted,
    fault,
    kept,
    log_out,
    logged_out,
    settled,
    tap,
    to_go,
)

KEPT = """
async () => {
  const answer = (ask) => new Promise((done) => { ask.onsuccess = () => done(ask.result); });
  const db = await answer(indexedDB.open("rounds"));
  const rows = await answer(db.transaction("snapshots").objectStore("snapshots").getAll());
  db.close();
  return rows.map((row) => new TextDecoder("latin1").decode(row.data)).join("|");
}
"""


@pytest.fixture
def phone(phone: Page, day: dict[str, int]) -> Page:
    """Ana's, with Mara."""
    phone.goto(f"/my/#/visit/{day['mara']}")
    arrive(phone)
    settled(phone)
    return phone


def test_what_is_typed_outlasts_a_reload_without_signal(phone: Page, time: Time) -> None:
    settled(phone)
    kept(phone)
    time.signal(phone, False)
    phone.locator("form[name=vitals] [name=systolic]").fill("131")
    phone.get_by_text("No-go", exact=True).click()
    phone.get_by_label("Reason").select_option("fasting")
    phone.get_by_label("In your words").fill("Toast at seven")
    drafted(phone, "Toast at seven")
    phone.reload()
    expect(phone.locator("form[name=vitals] [name=systolic]")).to_have_value("131")
    expect(phone.get_by_label("In your words")).to_have_value("Toast at seven")
    expect(phone.get_by_label("Reason")).to_have_value("fasting")
    expect(phone.locator("[data-draft]:visible")).to_have_count(2)


def test_what_is_kept_or_discarded_does_not_come_back(phone: Page) -> None:
    phone.locator("form[name=vitals] [name=systolic]").fill("131")
    phone.get_by_label("Diastolic").fill("80")
    tap(phone, "Keep these vitals")
    expect(phone.get_by_text("131/80").first).to_be_visible()
    phone.get_by_text("No-go", exact=True).click()
    phone.get_by_label("In your words").fill("Toast at seven")
    drafted(phone, "Toast at seven")
    phone.get_by_role("button", name="Discard").click()
    expect(phone.get_by_label("In your words")).to_have_value("")
    drafted(phone, "Toast at seven", there=False)
    phone.reload()
    expect(phone.locator("form[name=vitals] [name=systolic]")).to_have_value("")
    expect(phone.locator("[data-draft]:visible")).to_have_count(0)


def test_a_checklist_half_done_comes_back_half_done(phone: Page) -> None:
    to_go(phone)
    for words in ("Begin: Arrival and vitals", "Begin: IV start", "Begin: Infusion"):
        begin(phone, words)
    begin(phone, "Infusion has ended: begin monitoring")
    phone.get_by_label("Walks without help").check()
    phone.locator("form[name=discharge] [name=mood]").fill("calm")
    drafted(phone, "calm")
    phone.reload()
    expect(phone.get_by_label("Walks without help")).to_be_checked()
    expect(phone.get_by_label("Drinks without nausea")).not_to_be_checked()
    expect(phone.locator("form[name=discharge] [name=mood]")).to_have_value("calm")
    tap(phone, "Keep the checklist")
    fault(phone, "Kept, but still open")
    expect(phone.get_by_label("Walks without help")).to_be_checked()
    expect(phone.locator("[data-draft]:visible")).to_have_count(0)


def test_what_is_typed_at_one_visit_does_not_stand_at_another(
    phone: Page, time: Time, day: dict[str, int]
) -> None:
    phone.locator("form[name=vitals] [name=systolic]").fill("131")
    phone.goto(f"/my/#/visit/{day['theo']}")
    arrive(phone)
    expect(phone.locator("form[name=vitals] [name=systolic]")).to_have_value("")
    phone.goto(f"/my/#/visit/{day['mara']}")
    expect(phone.locator("form[name=vitals] [name=systolic]")).to_have_value("131")


def test_it_is_sealed_and_goes_at_log_out(phone: Page) -> None:
    phone.get_by_text("No-go", exact=True).click()
    phone.get_by_label("In your words").fill("Toast at seven")
    drafted(phone, "Toast at seven")
    sealed = phone.evaluate(KEPT)
    assert "|" in sealed and "Toast" not in sealed and "no-go" not in sealed
    settled(phone)
    log_out(phone)
    logged_out(phone)
    assert phone.evaluate(KEPT) == ""
