"""A clinic's day on nurses' phones: what is planned, and one time for the service and the phones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from app import clock
from app.store.engine import Database, Tx
from app.store.models import Protocol, ProtocolPhase, ProtocolVersion, Visit
from app.store.models.plan import PlanStatus
from app.store.models.protocol import DrugUnits, PhaseKind
from tests.support.clinic import NURSE, PASSWORD, PHASES, Clinic, add_plan, add_visit, local
from tests.support.waiting import until, until_answered

DAY = date(2026, 11, 24)
PHONE: dict[str, Any] = {
    "width": 390,
    "height": 844,
    "permissions": ["geolocation"],
    "geolocation": {"latitude": 39.962, "longitude": -83.01, "accuracy": 12},
}
"""One that tells where it is: at Mara's door."""
ASKS = """async () => {
  const { held, pending } = await navigator.locks.query();
  return [...held, ...pending].some((each) => each.name === "rounds line");
}"""
"""Whether a page talks to the service, or is about to."""
STORES = """
  const answer = (ask) => new Promise((done) => { ask.onsuccess = () => done(ask.result); });
  const db = await answer(indexedDB.open("rounds"));
  const store = (name) => db.transaction(name).objectStore(name);
"""
"""Opens what a phone keeps; `db` is to be closed."""
DRUG, KIT = "Ketamine 500 mg vial", "IV kit"


class Time:
    """The service's time, and that of every phone beside it. It stands still until a test moves it on: what a
    slow machine takes changes no minute."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._phones: dict[BrowserContext, timedelta] = {}
        self._dark: set[BrowserContext] = set()

    def of(self, context: BrowserContext, wrong: timedelta = timedelta()) -> None:
        """Give a phone this time; `wrong`: how far its clock is ahead."""
        # A clock that is installed runs; it is stopped at a time that it has not reached by then.
        context.clock.install(time=self.now + wrong - timedelta(minutes=10))
        context.clock.pause_at(self.now + wrong)
        self._phones[context] = wrong
        _times[context] = self

    def on(self, **span: float) -> None:
        """Move on by a span and a moment."""
        length = timedelta(**span)
        with self._nobody_asking():
            self.now += length
            for context in self._phones:
                context.clock.fast_forward(round(length / timedelta(milliseconds=1)))
            self._moment()

    def pause(self) -> None:
        """Let the moment pass in which a second tap does nothing."""
        with self._nobody_asking():
            self._moment()

    def _moment(self) -> None:
        self.now += timedelta(seconds=1.5)
        for context in self._phones:
            context.clock.run_for(1_500)

    @contextmanager
    def _nobody_asking(self) -> Iterator[None]:
        """No phone is waiting for an answer, and none can ask: no answer tells of two times."""
        for context in self._phones:
            for page in context.pages:
                _silent(page)
            context.set_offline(True)
        yield
        for context in self._phones.keys() - self._dark:
            _regain(context)

    def signal(self, page: Page, there: bool) -> None:
        """Cut a phone's network, or restore it."""
        (self._dark.discard if there else self._dark.add)(page.context)
        if there:
            _regain(page.context)
        else:
            page.context.set_offline(True)


def _regain(context: BrowserContext) -> None:
    # Pages are told a moment before the network is there, and after asking in vain they wait: for ever here.
    context.set_offline(False)
    for page in context.pages:
        with suppress(Error):  # it has gone to another address meanwhile
            page.evaluate("window.dispatchEvent(new Event('online'))")


def _silent(page: Page) -> None:
    """Wait until the phone asks the service for nothing and has dealt with its answers."""

    def asks() -> bool:
        try:
            return bool(page.evaluate(ASKS))
        except Error:  # it is on its way to another address
            return True

    until(page, lambda: not asks())


_times: WeakKeyDictionary[BrowserContext, Time] = WeakKeyDictionary()


def time_of(monkeypatch: pytest.MonkeyPatch, hour: int, minute: int = 0, day: date = DAY) -> Time:
    """The time of service and phones, set to a local time of `day`; some seconds in, as most times are."""
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


def logged_out(page: Page) -> None:
    """Wait for the log-in page. A phone may turn to it twice, which breaks the first time off: `wait_for_url`
    takes that for a fault."""
    expect(page).to_have_url(re.compile(r"/login(\?|$)"))
    expect(page.get_by_label("Password")).to_be_visible()


def settled(page: Page) -> None:
    """Wait until everything is sent and the service's answers have been dealt with."""
    expect(page.get_by_text("All sent")).to_be_visible(timeout=20_000)
    # It says so as soon as the last event has arrived; the snapshot that it asks for then is still to come.
    _silent(page)


def kept(page: Page) -> None:
    """Wait until the phone keeps the page itself, so that it opens without signal."""
    until_answered(
        page,
        """async () => navigator.serviceWorker.controller?.state === "activated"
          && (await caches.keys()).length > 0""",
    )


def left_on(page: Page) -> dict[str, int]:
    """How many rows are left in the phone's stores."""
    found: dict[str, int] = page.evaluate(
        f"""async () => {{
          {STORES}
          const counts = {{}};
          for (const name of ["snapshots", "keys", "events"]) {{
            counts[name] = await answer(store(name).count());
          }}
          db.close();
          return counts;
        }}"""
    )
    return found


def wiped(page: Page) -> None:
    """Wait until nothing of patients is left among what the phone keeps."""
    until(page, lambda: left_on(page)["snapshots"] == 0)


def drafted(page: Page, words: str, there: bool = True) -> None:
    """Wait until these words are among what the phone keeps of unfinished forms; not `there`: until not."""
    until_answered(
        page,
        f"""async ([words, there]) => {{
          {STORES}
          let text = "";
          for (const key of await answer(store("snapshots").getAllKeys())) {{
            if (!Array.isArray(key)) continue;
            const sealed = await answer(store("snapshots").get(key));
            const opened = await answer(store("keys").get(key[0]));
            const how = {{ name: "AES-GCM", iv: sealed.iv }};
            text += new TextDecoder().decode(await crypto.subtle.decrypt(how, opened, sealed.data));
          }}
          db.close();
          return text.includes(words) === there;
        }}""",
        [words, there],
    )


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
