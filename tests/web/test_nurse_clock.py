"""The clock of the monitoring on the nurse's phone: wrong phones, daylight-saving time, hand-overs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.store.engine import Database
from app.store.models import FieldEvent, PlanRow
from tests.support.clinic import NURSE, OTHER_NURSE, Clinic, local
from tests.support.phone import (
    DAY,
    PHONE,
    Time,
    arrive,
    begin,
    kept,
    log_in,
    plan_day,
    settled,
    tap,
    time_of,
    to_go,
)

LEAVE = re.compile(r"Earliest departure")


def phone_of(
    open_page: Callable[..., Page], time: Time, visit: int, email: str = NURSE, wrong: timedelta = timedelta()
) -> Page:
    """A phone that shows a visit."""
    page = open_page("/login", **PHONE)
    time.of(page.context, wrong)
    log_in(page, email)
    page.goto(f"/my/#/visit/{visit}")
    expect(page.get_by_role("button", name="I am here")).to_be_visible()
    settled(page)
    return page


def infuse(page: Page, time: Time, *, last: str = "Infusion has ended: begin monitoring") -> None:
    """From the check-in to the infusion's end, 40 minutes later."""
    arrive(page)
    to_go(page)
    begin(page, "Begin: Arrival and vitals")
    begin(page, "Begin: IV start")
    begin(page, "Begin: Infusion")
    time.on(minutes=40)
    begin(page, last)


@pytest.mark.parametrize("minutes", [20, -20])
def test_a_phone_whose_clock_is_wrong_goes_by_the_services(
    open_page: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    clinic: Clinic,
    minutes: int,
) -> None:
    time = time_of(monkeypatch, 8, 20)
    ids = plan_day(database, clinic, ana=["mara"])
    page = phone_of(open_page, time, ids["mara"], wrong=timedelta(minutes=minutes))
    kept(page)
    time.signal(page, False)
    infuse(page, time)
    stay = page.get_by_role("region", name=LEAVE)
    expect(stay.get_by_text("10:00 AM")).to_be_visible()
    page.reload()
    expect(stay.get_by_text("10:00 AM")).to_be_visible()
    time.on(minutes=59)
    expect(page.get_by_role("button", name="I leave now")).to_be_disabled()
    time.on(minutes=1)
    expect(page.get_by_role("button", name="I leave now")).to_be_enabled()
    time.signal(page, True)
    settled(page)
    with database.begin() as tx:
        last = tx.query(FieldEvent).order_by(FieldEvent.seq.desc()).first()
        assert last is not None
        wanted = local(DAY, 9)
        assert abs(last.event.time - wanted) < timedelta(minutes=2)
        assert abs(last.at - wanted - timedelta(minutes=minutes)) < timedelta(minutes=2)


def test_setting_the_phones_clock_does_not_shorten_the_monitoring(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, database: Database, clinic: Clinic
) -> None:
    time = time_of(monkeypatch, 8, 20)
    ids = plan_day(database, clinic, ana=["mara"])
    page = phone_of(open_page, time, ids["mara"])
    infuse(page, time)
    settled(page)
    kept(page)
    time.signal(page, False)
    time.pause()
    page.clock.set_system_time(time.now + timedelta(hours=2))
    time.pause()
    time.pause()
    expect(page.get_by_role("region", name=LEAVE).get_by_text("10:00 AM")).to_be_visible()
    expect(page.get_by_role("button", name="I leave now")).to_be_disabled()


@pytest.mark.parametrize(
    ("day", "end", "leaves"),
    [
        (date(2026, 11, 1), (1, 30), "1:30 AM"),  # clocks go back at 2:00: the hour from 1 to 2 comes twice
        (date(2027, 3, 14), (1, 30), "3:30 AM"),  # clocks go forward at 2:00
    ],
)
def test_an_hour_lasts_an_hour_across_daylight_saving_time(
    open_page: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    clinic: Clinic,
    day: date,
    end: tuple[int, int],
    leaves: str,
) -> None:
    time = time_of(monkeypatch, 0, 50, day)
    ids = plan_day(database, clinic, day, ana=["mara"])
    page = phone_of(open_page, time, ids["mara"])
    infuse(page, time)
    stay = page.get_by_role("region", name=LEAVE)
    expect(stay.get_by_text(f"Infusion ended at {end[0]}:{end[1]} AM")).to_be_visible()
    expect(stay.locator(".stay-time")).to_have_text(leaves)
    expect(stay.get_by_text(re.compile(r"^(1:00:00|59:\d\d)$"))).to_be_visible()
    time.on(minutes=59)
    expect(page.get_by_role("button", name="I leave now")).to_be_disabled()
    time.on(minutes=1, seconds=5)
    expect(page.get_by_role("button", name="I leave now")).to_be_enabled()


def test_an_overrun_moves_the_later_stops_at_once(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, database: Database, clinic: Clinic
) -> None:
    time = time_of(monkeypatch, 8, 50)
    ids = plan_day(database, clinic, ana=["mara", "theo"])
    page = phone_of(open_page, time, ids["mara"])
    kept(page)
    time.signal(page, False)
    infuse(page, time)
    time.on(minutes=70)
    page.goto("/my/#/")
    theo = page.locator(".route-stop").nth(1)
    expect(theo.get_by_text("planned 11:00 AM")).to_be_visible()
    # Monitoring still runs at 10:40, discharge takes 10 minutes, the drive 20; told in steps of five.
    expect(theo.get_by_text("11:15 AM", exact=True)).to_be_visible()
    time.on(minutes=20)
    expect(theo.get_by_text("11:35 AM", exact=True)).to_be_visible()


def test_two_nurses_hand_over(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, database: Database, clinic: Clinic
) -> None:
    time = time_of(monkeypatch, 8, 20)
    ids = plan_day(database, clinic, ana=["mara"], ben=["mara"])
    with database.begin() as tx:
        giver, taker = tx.get_one(PlanRow, 1).routes
        giver.stops[0].phases = [*giver.stops[0].phases[:3], {"kind": "monitoring", "minutes": 10}]
        giver.stops[0].end = local(DAY, 9, 40)
        taker.stops[0].phases = taker.stops[0].phases[3:]
        taker.stops[0].start = local(DAY, 9, 30)
    ana = phone_of(open_page, time, ids["mara"])
    ben = phone_of(open_page, time, ids["mara"], OTHER_NURSE)
    expect(ana.get_by_text("You hand over to Ben Larsen at 9:40 AM.").first).to_be_visible()
    expect(ben.get_by_text("You take over from Ana Ortiz at 9:30 AM.").first).to_be_visible()
    infuse(ana, time, last="Infusion has ended: begin the hand-over")
    settled(ana)
    expect(ana.get_by_text("Waiting for Ben Larsen to check in.")).to_be_visible()
    expect(ana.get_by_text("Ben Larsen has not checked in yet.")).to_be_visible()
    expect(ana.get_by_role("button", name="I leave now")).to_be_disabled()
    time.on(minutes=5)
    tap(ben, "I am here")
    expect(ben.locator(".stay-time")).to_have_text("10:00 AM")
    settled(ben)
    time.on(minutes=1)
    expect(ana.get_by_text("Ben Larsen checked in at 9:05 AM. You both stay 10 min.")).to_be_visible()
    expect(ana.locator(".stay-time")).to_have_text("9:15 AM")
    expect(ana.get_by_role("button", name="I leave now")).to_be_disabled()
    time.on(minutes=9)
    expect(ana.get_by_role("button", name="I leave now")).to_be_enabled()
    tap(ana, "I leave now")
    expect(ana.get_by_text("Done", exact=True)).to_be_visible()
    expect(ben.get_by_role("button", name="I leave now")).to_be_disabled()


def test_two_phones_of_one_nurse_tell_one_story(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch, database: Database, clinic: Clinic
) -> None:
    time = time_of(monkeypatch, 8, 20)
    ids = plan_day(database, clinic, ana=["mara"])
    one = phone_of(open_page, time, ids["mara"])
    other = phone_of(open_page, time, ids["mara"])
    kept(other)
    time.signal(other, False)
    infuse(one, time)
    settled(one)
    time.on(minutes=5)
    arrive(other)  # she forgot, without signal, that the first phone has it all
    time.signal(other, True)
    settled(other)
    for page in (one, other):
        expect(page.locator(".stay-time")).to_have_text("10:00 AM")
    with database.begin() as tx:
        devices = {row.device for row in tx.query(FieldEvent)}
        assert len(devices) == 2
