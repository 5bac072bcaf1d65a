"""Kits and drugs on the nurse's phone, corrections, and what is left on it when the shift is closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from app.store.engine import Database
from app.store.models import FieldEvent
from tests.support.clinic import NURSE, Clinic
from tests.support.phone import (
    DAY,
    DRUG,
    KIT,
    PHONE,
    Time,
    arrive,
    fault,
    kept,
    log_in,
    plan_day,
    settled,
    tap,
    vitals,
    wiped,
)


def count(page: Page, what: str, item: str, units: int, **more: str) -> None:
    """Fill in one of the forms of the page of kits and drugs."""
    form = page.locator(f"form[name={what}]")
    if not form.is_visible():
        page.locator(f"[data-fold={what}] > summary").click()
    form.get_by_label("Item").select_option(item)
    form.get_by_label("Units").fill(str(units))
    for label, words in more.items():
        form.get_by_label(label).fill(words)
    form.locator("[type=submit]").click()


def test_a_shift_is_not_closed_with_a_difference_unexplained(
    phone: Page, time: Time, database: Database
) -> None:
    tap(phone, "All picked up and counted")
    expect(phone.get_by_text("Pick up before you go")).to_have_count(0)
    phone.goto(f"/my/#/supplies/{DAY}")
    drug = phone.locator(".stock li").filter(has_text=DRUG)
    expect(drug.get_by_text("2 left")).to_be_visible()
    close = phone.get_by_role("button", name="Close the shift")
    expect(close).to_be_disabled()
    count(phone, "wasted", DRUG, 1, Reason="vial broke")
    fault(phone, f"Waste of {DRUG} needs a witness: give the name.")
    count(phone, "wasted", DRUG, 1, Reason="vial broke", Witness="Ben Larsen")
    expect(drug.get_by_text("1 left")).to_be_visible()
    count(phone, "returned", KIT, 2)
    expect(phone.locator(".stock li").filter(has_text=KIT).get_by_text("even")).to_be_visible()
    expect(close).to_be_disabled()
    phone.get_by_text(f"Explain: {DRUG}").click()
    phone.get_by_label("What happened").fill("left at the clinic")
    tap(phone, "Keep the explanation")
    expect(phone.get_by_text("Everything is accounted for.")).to_be_visible()
    tap(phone, "Close the shift")
    expect(phone.get_by_text("Shift closed").first).to_be_visible()
    settled(phone)
    assert kinds(database) == ["picked_up"] * 2 + ["wasted", "returned", "explained", "shift_closed"]
    # The shift is over and everything is sent: nothing of the patients stays on the phone.
    kept(phone)
    wiped(phone)
    time.signal(phone, False)
    phone.reload()
    expect(phone.get_by_text("Nothing is kept on this phone")).to_be_visible()
    assert "Mara" not in phone.content()


def test_a_shift_that_is_over_leaves_nothing_without_signal_either(phone: Page, time: Time) -> None:
    kept(phone)
    time.signal(phone, False)
    time.on(hours=6)
    phone.reload()
    expect(phone.get_by_text("Mara Quill").first).to_be_visible()
    time.on(hours=9)
    wiped(phone)
    phone.reload()
    expect(phone.get_by_text("Nothing is kept on this phone")).to_be_visible()


def test_a_wrong_entry_is_corrected_and_the_original_stays_in_sight(
    phone: Page, time: Time, database: Database, day: dict[str, int]
) -> None:
    phone.goto(f"/my/#/visit/{day['mara']}")
    arrive(phone)
    vitals(phone, 182, 82)
    expect(phone.get_by_text("Above the limit", exact=True)).to_be_visible()
    time.on(minutes=3)
    phone.locator("[data-fold=entries] > summary").click()
    entry = phone.locator(".entry").filter(has_text="182/82")
    entry.get_by_text("Correct this").click()
    form = entry.locator("form")
    form.get_by_label("Systolic").fill("128")
    form.locator("[type=submit]").click()
    fault(phone, "Why it was wrong: fill this in.")
    form.get_by_label("Why it was wrong").fill("typed 8 for 2")
    form.get_by_label("When it happened").fill(f"{DAY}T08:50:00")
    form.locator("[type=submit]").click()
    fault(phone, "8:50:00 AM has not come yet: give the time when it happened.")
    form.get_by_label("When it happened").fill(f"{DAY}T08:19:00")
    form.locator("[type=submit]").click()
    expect(entry.get_by_text("Corrected: typed 8 for 2")).to_be_visible()
    expect(entry.locator("del")).to_contain_text("182/82")
    expect(entry.get_by_text(re.compile("8:19:00 AM"))).to_be_visible()
    expect(phone.get_by_text("Above the limit", exact=True)).to_have_count(0)
    settled(phone)
    assert kinds(database) == ["arrived", "vitals", "amended"]
    phone.reload()
    phone.locator("[data-fold=entries] > summary").click()
    expect(entry.locator("del")).to_contain_text("182/82")


def test_nothing_is_kept_outside_of_a_shift(
    open_page: Callable[..., Page], time: Time, database: Database, clinic: Clinic
) -> None:
    plan_day(database, clinic, DAY + timedelta(days=2), ana=["mara"])
    page = open_page("/my/", email=NURSE, time=time, **PHONE)
    settled(page)
    kept(page)
    expect(page.get_by_role("heading", name="Mara Quill").first).to_be_visible()
    time.signal(page, False)
    page.reload()
    expect(page.get_by_text("Nothing is kept on this phone")).to_be_visible()


def test_a_session_that_has_ended_closes_the_page_but_not_beside_a_patient(
    phone: Page, database: Database, day: dict[str, int]
) -> None:
    kept(phone)
    phone.goto(f"/my/#/visit/{day['mara']}")
    arrive(phone)
    settled(phone)
    phone.context.clear_cookies()
    tap(phone, "Keep these vitals")
    vitals(phone, 120, 80)
    expect(phone.get_by_text("Your log-in has ended.")).to_be_visible()
    expect(phone.get_by_text("1 not sent yet")).to_be_visible()
    phone.get_by_role("link", name="Log in").click()
    log_in(phone)
    settled(phone)
    assert kinds(database) == ["arrived", "vitals"]


def test_a_session_that_has_ended_before_the_visit_opens_the_log_in(phone: Page) -> None:
    kept(phone)
    phone.context.clear_cookies()
    phone.reload()
    expect(phone).to_have_url(re.compile(r"/login\?next=/my/$"))


def kinds(database: Database) -> list[str]:
    with database.begin() as tx:
        return [row.kind for row in tx.query(FieldEvent).order_by(FieldEvent.seq)]
