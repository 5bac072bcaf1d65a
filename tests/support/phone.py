"""A clinic's day on nurses' phones: what is planned, and one time for the service and the phones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from time import monotonic, sleep
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app import clock
from app.store.engine import Database, Tx
from app.store.models import Protocol, ProtocolPhase, ProtocolVersion, Visit
from app.store.models.plan import PlanStatus
from app.store.models.protocol import DrugUnits, PhaseKind
from tests.support.clinic import NURSE, PASSWORD, PHASES, Clinic, add_plan, add_visit, local

DAY = date(2026, 11, 24)
PHONE: dict[str, Any] = {
    "width": 390,
    "height": 844,
    "permissions": ["geolocation"],
    "geolocation": {"latitude": 39.962, "longitude": -83.01, "accuracy": 12},
}
"""One that tells where it is: at Mara's door."""
DRUG, KIT = "Ketamine 500 mg vial", "IV kit"


class Time:
    """The service's time, and that of every phone beside it. It runs on by itself, as a real one does."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._since = monotonic()
        self._phones: dict[BrowserContext, timedelta] = {}
        self._dark: set[BrowserContext] = set()

    @property
    def now(self) -> datetime:
        """The service's time."""
        return self._start + timedelta(seconds=monotonic() - self._since)

    def of(self, context: BrowserContext, wrong: timedelta = timedelta()) -> None:
        """Give a phone this time; `wrong`: how far its clock is ahead."""
        context.clock.install(time=self.now + wrong)
        self._phones[context] = wrong
        _times[context] = self

    def on(self, **span: float) -> None:
        """Move on by a span. Meanwhile there is no signal, so that no answer tells of two times."""
        length = timedelta(**span)
        for context in self._phones:
            context.set_offline(True)
        self._start += length
        for context in self._phones:
            context.clock.fast_forward(round(length / timedelta(milliseconds=1)))
            if context not in self._dark:
                context.set_offline(False)

    def pause(self) -> None:
        """Let the moment pass in which a second tap does nothing."""
        self._start += timedelta(seconds=1.5)
        for context in self._phones:
            context.clock.run_for(1_500)

    def signal(self, page: Page, there: bool) -> None:
        """Cut a phone's network, or restore it."""
        (self._dark.discard if there else self._dark.add)(page.context)
        page.context.set_offline(not there)


_times: WeakKeyDictionary[BrowserContext, Time] = WeakKeyDictionary()


def time_of(monkeypatch: pytest.MonkeyPatch, hour: int, minute: int = 0, day: date = DAY) -> Time:
    """The time of service and phones, set to a local time of `day`; some seconds in, so that what a slow
    machine takes changes no minute."""
    time = Time(local(day, hour, minute) + timedelta(seconds=15))
    monkeypatch.setattr(clock, "read", lambda: time.now)
    return time


def care(tx: Tx, clinic: Clinic, **more: Any) -> None:
    """Give the clinic's protocol a version with care: limits, vitals, checklist, kit and drug."""
    protocol = tx.get_one(Protocol, clinic.protocol)
    told: dict[str, Any] = {
        "credentials": ["iv"],
        "max_systolic": 140,
        "max_diastolic": 90,
        "vitals_infusion": 10,
        "vitals_monitoring": 15,
        "adult_hours": 4,
        "discharge_criteria": ["Walks without help", "Drinks without nausea"],
        "kit": [KIT],
        "drug_units": (DrugUnits(item=DRUG, units=1),),
    }
    version = ProtocolVersion(number=2, created_at=local(date(2026, 2, 2), 9), **(told | more))
    version.phases = [
        ProtocolPhase(position=position, kind=PhaseKind(kind), minutes=minutes)
        for position, (kind, minutes) in enumerate(PHASES)
    ]
    protocol.versions.append(version)
    tx.flush()


def plan_day(database: Database, clinic: Clinic, day: date = DAY, **routes: list[str]) -> dict[str, int]:
    """Publish a day: patients by nurse. The ids of the visits by patient."""
    with database.begin() as tx:
        if len(tx.get_one(Protocol, clinic.protocol).versions) == 1:
            care(tx, clinic)
        made: dict[str, Visit] = {}
        for name in dict.fromkeys(name for names in routes.values() for name in names):
            made[name] = add_visit(tx, clinic, f"{day:%d}{name}", getattr(clinic, name), day)
        stops = {getattr(clinic, nurse): [made[name] for name in names] for nurse, names in routes.items()}
        add_plan(tx, clinic, day, stops, status=PlanStatus.PUBLISHED)
        return {name: visit.id for name, visit in made.items()}


def log_in(page: Page, email: str = NURSE) -> None:
    """From the log-in page to the day."""
    page.goto("/login?next=/my/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/my/")


def settled(page: Page) -> None:
    """Wait until everything is sent."""
    expect(page.get_by_text("All sent")).to_be_visible(timeout=20_000)


def kept(page: Page) -> None:
    """Wait until the phone keeps the page itself, so that it opens without signal."""
    state = "navigator.serviceWorker.controller?.state"
    for _ in range(300):
        if page.evaluate(state) == "activated" and page.evaluate("caches.keys()"):
            return
        sleep(0.1)
    raise AssertionError("the service worker keeps nothing")


def tap(page: Page, name: str, *, exact: bool = False) -> None:
    """Press a button, after the moment in which a second tap does nothing."""
    _times[page.context].pause()
    page.get_by_role("button", name=name, exact=exact).click()


def log_out(page: Page) -> None:
    """From the account menu; where something is not sent, the page asks first."""
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Log out").click()


def fault(page: Page, words: str) -> None:
    """The form says what is wrong."""
    expect(page.locator("[data-error]").get_by_text(words)).to_be_visible()


def arrive(page: Page) -> None:
    """Check in at the visit that is on the screen."""
    tap(page, "I am here")
    expect(page.get_by_role("heading", name="Before you start")).to_be_visible(timeout=15_000)


def vitals(page: Page, systolic: int, diastolic: int) -> None:
    """Enter vitals."""
    page.get_by_label("Systolic").fill(str(systolic))
    page.get_by_label("Diastolic").fill(str(diastolic))
    tap(page, "Keep these vitals")
    expect(page.get_by_text(f"{systolic}/{diastolic}").first).to_be_visible()


def to_go(page: Page) -> None:
    """Answer everything with yes, with vitals that will do, and start."""
    for answer in page.locator(".checks").get_by_role("button", name="Yes").all():
        answer.click()
        expect(answer).to_have_attribute("aria-pressed", "true")
    vitals(page, 128, 82)
    tap(page, "Go", exact=True)
    expect(page.get_by_role("heading", name="Ready to begin")).to_be_visible()


def begin(page: Page, words: str) -> None:
    """Begin a phase."""
    tap(page, words)
    expect(page.get_by_role("button", name=words)).to_have_count(0)
