"""Logging in and out, and what ends a session."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from app import clock
from app.actions import accounts
from app.store.audit import entries
from app.store.engine import Database
from app.store.models import Nurse, User
from app.store.queries import users
from tests.support.clinic import DISPATCHER, NURSE, OTHER_NURSE, PASSWORD, Clinic

WRONG = "That e-mail address and password do not belong together."


def user(database: Database, email: str) -> User:
    with database.begin() as tx:
        found = users.by_email(tx, email)
        assert found is not None
        return found


def actions(database: Database) -> list[tuple[int | None, str, str]]:
    with database.begin() as tx:
        return [(row.user_id, row.action, row.subject_id) for row in entries(tx) if row.subject == "users"]


def logged_in(client: Any) -> bool:
    return bool(client.get("/account").status_code == 200)


@pytest.mark.parametrize(("email", "home"), [(DISPATCHER, "/board/"), (NURSE, "/my/")])
def test_each_role_logs_in_and_lands_on_its_page(client: Any, email: str, home: str) -> None:
    answer = client.log_in(email)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/").headers["Location"] == home


def test_the_address_may_be_typed_in_any_case(client: Any) -> None:
    assert client.log_in(f"  {NURSE.upper()} ").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (NURSE, "not-the-password"),
        ("nobody@demo.example", "not-the-password"),
        ("not an e-mail", "pass-word"),
    ],
)
def test_wrong_password_and_unknown_address_get_the_same_answer(
    client: Any, email: str, password: str
) -> None:
    answer = client.log_in(email, password)
    assert answer.status_code == 400
    assert WRONG in answer.text
    assert password not in answer.text
    assert not logged_in(client)


def test_an_unknown_address_costs_the_same_work(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            checked.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(accounts, "_hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    client.log_in("nobody@demo.example")
    client.log_in(NURSE, "not-the-password")
    assert checked == ["$argon2id$v=19$m=8,t=1,p=1"] * 2


@pytest.mark.parametrize("missing", ["email", "password"])
def test_an_empty_field_is_named(client: Any, missing: str) -> None:
    typed = {"email": NURSE, "password": PASSWORD} | {missing: ""}
    answer = client.log_in(typed["email"], typed["password"])
    assert answer.status_code == 400
    assert f'id="{missing}-error"' in answer.text
    assert "Type your" in answer.text


def test_a_closed_log_in_is_refused(client: Any, database: Database) -> None:
    with database.begin() as tx:
        found = users.by_email(tx, NURSE)
        assert found is not None
        found.active = False
    assert WRONG in client.log_in(NURSE).text


def test_log_ins_log_outs_and_refusals_are_audited(client: Any, database: Database) -> None:
    number = user(database, NURSE).id
    client.log_in(NURSE, "not-the-password")
    client.log_in("nobody@demo.example")
    client.log_in(NURSE)
    client.post("/logout")
    created, done = 3, actions(database)
    assert done[: len(done) - created] == [
        (number, "log-out", str(number)),
        (number, "log-in", str(number)),
        (None, "log-in refused", ""),
        (None, "log-in refused", str(number)),
    ]


def test_log_out_ends_the_session(nurse: Any) -> None:
    answer = nurse.post("/logout")
    assert answer.headers["Location"] == "/login"
    assert not logged_in(nurse)
    assert "You are logged out." in nurse.get("/login").text


def test_log_in_remembers_when(client: Any, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "read", lambda: now)
    client.log_in(NURSE)
    assert user(database, NURSE).last_login_at == now


def test_a_session_ends_after_twelve_hours_however_busy(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    began = datetime.now(UTC)
    client.log_in(NURSE)
    for hours, still in ((11.9, True), (12.1, False)):
        monkeypatch.setattr(clock, "read", lambda hours=hours: began + timedelta(hours=hours))
        assert logged_in(client) is still


def test_a_session_that_was_planted_beforehand_is_thrown_away(app: Flask, client: Any) -> None:
    client.get("/login")
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
        before = planted["csrf_token"]
    client.log_in(NURSE)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != before


def test_a_forged_cookie_is_nobodys(app: Flask, client: Any, database: Database) -> None:
    found = user(database, DISPATCHER)
    for cookie in (f"{found.id}.guess", f"{found.id}.", str(found.id), "x.y", "", f"999.{found.session_key}"):
        with client.session_transaction() as session:
            session["_user_id"] = cookie
            session["started"] = int(datetime.now(UTC).timestamp())
        assert not logged_in(client), cookie
    with client.session_transaction() as session:
        session["_user_id"] = f"{found.id}.{found.session_key}"
        del session["started"]
    assert not logged_in(client)


def close_user(tx: Any, clinic: Clinic) -> None:
    found = users.by_email(tx, NURSE)
    assert found is not None
    found.active = False


def close_nurse(tx: Any, clinic: Clinic) -> None:
    tx.get_one(Nurse, clinic.ana).active = False


@pytest.mark.parametrize("close", [close_user, close_nurse])
def test_who_may_no_longer_log_in_is_out_at_once(
    nurse: Any, other_nurse: Any, database: Database, clinic: Clinic, close: Callable[[Any, Clinic], None]
) -> None:
    assert logged_in(nurse)
    with database.begin() as tx:
        close(tx, clinic)
    assert not logged_in(nurse)
    assert WRONG in nurse.log_in(NURSE).text
    assert logged_in(other_nurse)


def test_after_log_in_the_page_that_was_asked_for_opens(client: Any) -> None:
    sent = client.get("/my/?from=home")
    assert sent.headers["Location"] == "/login?next=/my/?from%3Dhome"
    hidden = re.search(
        r'name="next" type="hidden" value="([^"]*)"', client.get(sent.headers["Location"]).text
    )
    assert hidden is not None
    assert client.log_in(NURSE, next=hidden[1]).headers["Location"] == "/my/?from=home"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/board/"])
def test_nobody_is_sent_outside_or_to_others_pages(client: Any, target: str) -> None:
    assert client.log_in(NURSE, next=target).headers["Location"] == "/"


def test_a_form_sent_after_the_session_ended_is_explained(client: Any) -> None:
    assert client.post("/logout").headers["Location"] == "/login"
    assert "nothing was saved" in client.get("/login").text


def test_who_is_logged_in_needs_no_log_in_page(nurse: Any) -> None:
    assert nurse.get("/login").headers["Location"] == "/"


class TestThrottle:
    """Ten failures for an account, fifty from an address, then ten minutes of rest."""

    @pytest.fixture(autouse=True)
    def _time_stands_still(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_800_000_000.0
        monkeypatch.setattr("limits.storage.memory.time.time", lambda: self.now)
        monkeypatch.setattr("limits.strategies.time.time", lambda: self.now, raising=False)

    def fail(self, client: Any, email: str, times: int) -> list[int]:
        return [client.log_in(email, "not-the-password").status_code for _ in range(times)]

    def test_an_account_is_shut_after_ten_failures_and_opens_again(self, client: Any) -> None:
        assert self.fail(client, NURSE, 12) == [400] * 10 + [429] * 2
        shut = client.log_in(NURSE)
        assert shut.status_code == 429
        assert "Too many tries" in shut.text
        assert "Wait ten minutes" in shut.text
        assert client.log_in(OTHER_NURSE).status_code == 302, "others are not shut out"
        client.post("/logout")
        self.now += 601
        assert client.log_in(NURSE).status_code == 302

    def test_an_address_is_shut_after_fifty_failures(self, app: Flask, client: Any) -> None:
        for number in range(5):
            assert self.fail(client, f"guess{number}@demo.example", 10) == [400] * 10
        assert client.log_in(NURSE).status_code == 429
        elsewhere: Any = app.test_client()
        elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
        assert elsewhere.log_in(NURSE).status_code == 302

    def test_log_ins_that_succeed_do_not_count(self, app: Flask) -> None:
        for _ in range(12):
            assert app.test_client().log_in(NURSE).status_code == 302  # type: ignore[attr-defined]

    def test_spelling_does_not_open_another_count(self, client: Any) -> None:
        self.fail(client, NURSE, 5)
        self.fail(client, f" {NURSE.upper()}", 5)
        assert client.log_in(NURSE).status_code == 429
