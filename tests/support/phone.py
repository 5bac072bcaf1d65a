"""A clinic's day on nurses' phones: what is planned, and one time for the service and the phones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app import clock
from app.store.engine import Database, Tx
from app.store.models import Protocol, ProtocolPhase, ProtocolVersion, Visit
from app.store.models.plan import PlanStatus
from app.store.models.protocol import DrugUnits, PhaseKind
from tests.support.clinic import NURSE, PASSWORD, PHASES, Clinic, add_plan, add_visit, local

DAY = date(2026, 11, 24)
PHONE = {"width": 390, "height": 844}
DRUG, KIT = "Ketamine 500 mg vial", "IV kit"


@dataclass
class Time:
    """The service's time, and that of every phone beside it; `wrong`: how far a phone's clock is off."""

    now: datetime
    phones: list[tuple[BrowserContext, timedelta]] = field(default_factory=list)

    def of(self, context: BrowserContext, wrong: timedelta = timedelta()) -> None:
        """Give a phone this time."""
        context.clock.install(time=self.now + wrong)
        self.phones.append((context, wrong))

    def to(self, moment: datetime) -> None:
        """Move on to a later moment; phones' timers that come due meanwhile run once."""
        self.now = moment
        for context, wrong in self.phones:
            context.clock.fast_forward(max(0, _ms(moment + wrong) - _read(context)))

    def on(self, **span: int) -> None:
        """Move on by a span."""
        self.to(self.now + timedelta(**span))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _read(context: BrowserContext) -> int:
    return int(context.pages[0].evaluate("Date.now()"))


def time_of(monkeypatch: pytest.MonkeyPatch, hour: int, minute: int = 0, day: date = DAY) -> Time:
    """The time of service and phones, set to a local time of `day`."""
    time = Time(now=local(day, hour, minute))
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
    expect(page.get_by_text("All sent")).to_be_visible()


def kept(page: Page) -> None:
    """Wait until the phone keeps the page itself, so that it opens without signal."""
    page.wait_for_function(
        "navigator.serviceWorker.controller?.state === 'activated' && caches.keys().then((all) => all.length)"
    )


def tap(page: Page, name: str, *, exact: bool = False) -> None:
    """Press a button, after the moment in which a second tap does nothing."""
    page.clock.run_for(1_500)
    page.get_by_role("button", name=name, exact=exact).click()


Opens = Callable[..., Page]
