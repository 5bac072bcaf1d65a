"""Calendar feeds and notices: secret, opaque, revocable, and never in the way of publishing."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from icalendar import Calendar
from py_vapid.utils import b64urlencode
from pywebpush import WebPushException

from app import clock
from app.actions.phones import Device
from app.push import CHANGED, WebPush, new_private_key, public_key
from app.store.audit import entries
from app.store.engine import Database
from app.store.models import CalendarFeed, Nurse, PushSubscription, Visit
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitStatus
from app.wiring import create_app
from config import Settings, SettingsError
from tests.support.clinic import Clinic, add_plan, add_visit, local

SATURDAY = date(2026, 10, 31)
"""The night to November 1 the clocks go back."""

ADDRESS = re.compile(r'value="http://localhost(/my/calendar/[^"]+)"')
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/made-up"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "read", lambda: local(SATURDAY, 12))


def keys() -> dict[str, str]:
    """A browser's keys."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"p256dh": b64urlencode(raw), "auth": b64urlencode(b"sixteen bytes !!")}


@pytest.fixture
def visits(database: Database, clinic: Clinic) -> list[int]:
    """Ana has two visits on Saturday and one on Sunday, after the clocks have gone back."""
    with database.begin() as tx:
        sunday = SATURDAY + timedelta(days=1)
        first, second = (
            add_visit(tx, clinic, code, patient, SATURDAY)
            for code, patient in (("V1", clinic.mara), ("V2", clinic.theo))
        )
        third = add_visit(tx, clinic, "V3", clinic.mara, sunday)
        add_plan(tx, clinic, SATURDAY, {clinic.ana: [first, second]}, status=PlanStatus.PUBLISHED)
        add_plan(tx, clinic, sunday, {clinic.ana: [third]}, status=PlanStatus.PUBLISHED)
        return [first.id, second.id, third.id]


def open_feed(nurse: Any) -> str:
    found = ADDRESS.search(nurse.post("/account/calendar").text)
    assert found is not None
    return found[1]


class TestCalendar:
    """The feed."""

    def test_it_tells_when_and_nothing_else(self, nurse: Any, client: Any, visits: list[int]) -> None:
        answer = client.get(open_feed(nurse))
        assert answer.mimetype == "text/calendar"
        events = Calendar.from_ical(answer.data).events
        assert [str(event["summary"]) for event in events] == ["Visit 1 of 2", "Visit 2 of 2", "Visit 1 of 1"]
        assert events[0].start.astimezone(UTC) == local(SATURDAY, 8, 25)
        assert events[2].start == datetime(2026, 11, 1, 8, 25, tzinfo=ZoneInfo("America/New_York"))
        assert events[2].start.utcoffset() == timedelta(hours=-5)
        assert events[1].start.utcoffset() == timedelta(hours=-4)
        for word in ("Mara", "Theo", "Fictional", "Invented", "V1", "Ketamine", "Ana"):
            assert word not in answer.text
        assert "BEGIN:VTIMEZONE" in answer.text

    def test_its_entries_keep_their_ids(self, nurse: Any, client: Any, visits: list[int]) -> None:
        address = open_feed(nurse)
        first, again = (
            [str(event["uid"]) for event in Calendar.from_ical(client.get(address).data).events]
            for _ in range(2)
        )
        assert first == again
        assert len(set(first)) == 3

    def test_cancelled_visits_and_drafts_are_not_in_it(
        self, nurse: Any, client: Any, database: Database, clinic: Clinic, visits: list[int]
    ) -> None:
        with database.begin() as tx:
            tx.get_one(Visit, visits[0]).status = VisitStatus.CANCELLED
            monday = SATURDAY + timedelta(days=2)
            draft = add_visit(tx, clinic, "V4", clinic.theo, monday)
            add_plan(tx, clinic, monday, {clinic.ana: [draft]}, status=PlanStatus.DRAFT)
        told = Calendar.from_ical(client.get(open_feed(nurse)).data).events
        assert [str(event["summary"]) for event in told] == ["Visit 1 of 1", "Visit 1 of 1"]

    def test_an_empty_one_is_a_calendar_too(self, nurse: Any, client: Any) -> None:
        assert Calendar.from_ical(client.get(open_feed(nurse)).data).events == []

    def test_only_the_hash_of_its_secret_is_kept(self, nurse: Any, database: Database) -> None:
        address = open_feed(nurse)
        with database.begin() as tx:
            feed = tx.query(CalendarFeed).one()
            assert feed.secret_hash not in address
            assert len(feed.secret_hash) == 64
        assert address not in nurse.get("/account").text

    def test_a_new_address_ends_the_old_one(self, nurse: Any, client: Any) -> None:
        old, new = open_feed(nurse), open_feed(nurse)
        assert client.get(old).status_code == 404
        assert client.get(new).status_code == 200

    def test_it_ends_when_she_says_so_or_leaves(
        self, nurse: Any, client: Any, database: Database, clinic: Clinic
    ) -> None:
        first = open_feed(nurse)
        assert "End the calendar" in nurse.get("/account").text
        nurse.post("/account/calendar/end")
        assert client.get(first).status_code == 404
        second = open_feed(nurse)
        with database.begin() as tx:
            tx.get_one(Nurse, clinic.ana).active = False
        assert client.get(second).status_code == 404

    def test_its_secret_is_not_in_the_log(
        self, nurse: Any, client: Any, caplog: pytest.LogCaptureFixture, database: Database
    ) -> None:
        address = open_feed(nurse)
        secret = address.rsplit("/", 1)[1].removesuffix(".ics")
        with caplog.at_level(logging.INFO, "rounds.requests"):
            client.get(address)
        assert "/my/calendar/" in caplog.text
        assert secret not in caplog.text
        with database.begin() as tx:
            assert entries(tx, subject="calendar_feeds")[0].action == "read"

    def test_dispatchers_have_none(self, dispatcher: Any) -> None:
        assert dispatcher.post("/account/calendar").status_code == 403
        assert "calendar" not in dispatcher.get("/account").text


class Fake:
    """A pusher that remembers."""

    key = "BKey"

    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, devices: Sequence[Device]) -> None:
        self.told += [device.endpoint for device in devices]


@pytest.fixture
def pusher() -> Fake:
    return Fake()


@pytest.fixture
def app(settings: Settings, database: Database, pusher: Fake) -> Flask:
    from tests.web.conftest import Client

    made = create_app(settings, database=database, pusher=pusher)
    made.test_client_class = Client
    return made


def subscribe(nurse: Any, endpoint: str = ENDPOINT) -> Any:
    return nurse.post("/my/push", json={"endpoint": endpoint, "keys": keys()})


class TestNotices:
    """Devices subscribe, and are told."""

    def test_on_and_off(self, nurse: Any, database: Database) -> None:
        assert nurse.get("/my/push").json == {"key": "BKey"}
        assert subscribe(nurse).status_code == 204
        assert subscribe(nurse).status_code == 204
        with database.begin() as tx:
            assert tx.query(PushSubscription).count() == 1
        assert nurse.post("/my/push/off", json={"endpoint": ENDPOINT}).status_code == 204
        with database.begin() as tx:
            assert tx.query(PushSubscription).count() == 0

    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://updates.push.services.mozilla.com/x",
            "https://127.0.0.1/x",
            "https://evil.example/fcm.googleapis.com",
            "https://fcm.googleapis.com.evil.example/x",
            "https://user@fcm.googleapis.com/x",
            "https://fcm.googleapis.com:8443/x",
            "https://fcm.googleapis.com/" + "x" * 1000,
            "",
        ],
    )
    def test_notices_go_to_browsers_makers_only(self, nurse: Any, database: Database, endpoint: str) -> None:
        assert subscribe(nurse, endpoint).status_code == 400
        with database.begin() as tx:
            assert tx.query(PushSubscription).count() == 0

    def test_another_nurse_does_not_turn_hers_off(
        self, nurse: Any, other_nurse: Any, database: Database
    ) -> None:
        subscribe(nurse)
        other_nurse.post("/my/push/off", json={"endpoint": ENDPOINT})
        with database.begin() as tx:
            assert tx.query(PushSubscription).count() == 1

    def test_a_lost_phone_is_told_nothing_more(self, nurse: Any, database: Database) -> None:
        subscribe(nurse)
        nurse.post("/logout/everywhere")
        with database.begin() as tx:
            assert tx.query(PushSubscription).count() == 0

    def test_what_is_no_subscription_is_refused(self, nurse: Any) -> None:
        for sent in ({}, [], {"endpoint": ENDPOINT}, {"endpoint": ENDPOINT, "keys": {"p256dh": 1}}):
            assert nurse.post("/my/push", json=sent).status_code == 400


def published(database: Database, clinic: Clinic, client: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Publish a draft in which Ben takes V2 over and Ana keeps V1 as it was."""
    from app.actions import plans

    with database.begin() as tx:
        first, second = tx.query(Visit).order_by(Visit.code).limit(2).all()
        routes = {clinic.ana: [first, second], clinic.cleo: []}
        draft = add_plan(tx, clinic, SATURDAY, routes, status=PlanStatus.DRAFT)
        draft.routes[0].stops[1].start += timedelta(minutes=5)
        tx.flush()
        seen = {"plan": draft.id, "revision": draft.revision}
    monkeypatch.setattr(plans, "_require_sound", lambda *_: None)
    monkeypatch.setattr(plans, "judge", lambda *_: None)
    return client.post(f"/board/{SATURDAY}/publish", data=seen)


def test_who_has_another_day_is_told_once_it_is_published(
    nurse: Any,
    other_nurse: Any,
    dispatcher: Any,
    database: Database,
    clinic: Clinic,
    visits: list[int],
    pusher: Fake,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subscribe(nurse)
    subscribe(other_nurse, ENDPOINT + "/ben")
    assert published(database, clinic, dispatcher, monkeypatch).status_code == 302
    assert pusher.told == [ENDPOINT]


def test_nobody_is_told_of_a_plan_that_is_not_published(
    nurse: Any, dispatcher: Any, visits: list[int], pusher: Fake
) -> None:
    subscribe(nurse)
    assert (
        dispatcher.post(f"/board/{SATURDAY}/publish", data={"plan": 999, "revision": "x"}).status_code == 409
    )
    assert pusher.told == []


class Answer:
    """A push service's answer."""

    def __init__(self, status: int) -> None:
        self.status_code = status
        self.text = ""


@pytest.mark.parametrize(("status", "kept"), [(404, 0), (410, 0), (500, 1), (429, 1), (None, 1)])
def test_an_ended_subscription_is_forgotten_and_nothing_else_matters(
    nurse: Any, database: Database, status: int | None, kept: int
) -> None:
    subscribe(nurse)

    def post(*_: Any, **__: Any) -> None:
        if status is None:
            raise OSError("no network")
        raise WebPushException("refused", response=Answer(status))

    device = Device(endpoint=ENDPOINT, **keys())
    WebPush(database, new_private_key(), "mailto:it@clinic.example", post=post).send([device])
    with database.begin() as tx:
        assert tx.query(PushSubscription).count() == kept


@pytest.fixture
def push_service() -> Any:
    """A push service of our own: (address, what it was sent)."""
    seen: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/x", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_notice_is_signed_and_encrypted(database: Database, push_service: Any) -> None:
    address, seen = push_service
    key = new_private_key()
    WebPush(database, key, "mailto:it@clinic.example").send([Device(endpoint=address, **keys())])
    (headers, body), *more = seen
    assert more == []
    assert headers["authorization"].startswith("vapid t=")
    assert public_key(key) in headers["authorization"]
    assert headers["content-encoding"] == "aes128gcm"
    assert CHANGED.encode() not in body
    assert "day has changed" in CHANGED


def test_keys_are_checked_when_the_service_starts() -> None:
    def with_key(key: str, subject: str) -> Settings:
        env = {"ROUNDS_DEMO": "1", "ROUNDS_VAPID_PRIVATE_KEY": key, "ROUNDS_VAPID_SUBJECT": subject}
        return Settings.from_env(env)

    assert with_key(new_private_key(), "mailto:it@clinic.example").vapid_subject
    assert with_key("", "").vapid_private_key == ""
    with pytest.raises(SettingsError, match="ROUNDS_VAPID_PRIVATE_KEY has 3 characters"):
        with_key("abc", "mailto:it@clinic.example")
    with pytest.raises(SettingsError, match="ROUNDS_VAPID_SUBJECT"):
        with_key(new_private_key(), "it@clinic.example")


def test_the_command_prints_a_key(app: Flask) -> None:
    key = app.test_cli_runner().invoke(args=["vapid-key"]).output.strip()
    assert len(public_key(key)) == 87
