"""Passwords: kept as argon2id, renewed, changed; and the log-out that reaches every device."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from app.actions import accounts
from app.actions.accounts import create_user
from app.actions.errors import ActionError
from app.store.engine import Database
from app.store.models.user import Role
from tests.support.clinic import NURSE, PASSWORD, Clinic
from tests.web.test_auth_login import actions, logged_in, user

NEW = "four calm words here"


def change(client: Any, current: str = PASSWORD, new: str = NEW, again: str | None = None) -> Any:
    form = {"current": current, "new": new, "again": new if again is None else again}
    return client.post("/account", data=form)


@pytest.fixture
def second(app: Flask, nurse: Any) -> Any:
    """Another device of the same nurse."""
    client: Any = app.test_client()
    client.log_in(NURSE)
    return client


def test_a_changed_password_logs_out_the_other_devices_only(
    nurse: Any, second: Any, database: Database
) -> None:
    key = user(database, NURSE).session_key
    answer = change(nurse)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account")
    assert "Your password is changed" in nurse.get("/account").text
    assert not logged_in(second)
    assert user(database, NURSE).session_key != key
    assert second.log_in(NURSE).status_code == 400
    assert second.log_in(NURSE, NEW).status_code == 302
    number = user(database, NURSE).id
    assert (number, "write", str(number)) in actions(database)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"current": "not-the-password"}, "The current password is not right"),
        ({"new": "short"}, "The password has 5 characters: take 10 to 200."),
        ({"new": "x" * 201}, "The password has 201 characters: take 10 to 200."),
        ({"new": "abababababab"}, "too few different characters"),
        ({"new": NURSE}, "The password is the e-mail address"),
        ({"new": PASSWORD}, "The new password is the current one"),
        ({"again": "something else"}, "The two new passwords differ"),
        ({"current": ""}, "Type your current password."),
        ({"new": ""}, "Type a new password."),
    ],
)
def test_a_password_that_cannot_be_is_refused_in_words(
    nurse: Any, second: Any, database: Database, typed: dict[str, str], says: str
) -> None:
    before = user(database, NURSE).password_hash
    answer = change(nurse, **typed)
    assert answer.status_code == 400
    assert says in answer.text
    assert user(database, NURSE).password_hash == before
    assert logged_in(nurse)
    assert logged_in(second)


def test_a_wrong_current_password_is_audited_and_slowed_down(nurse: Any, database: Database) -> None:
    number = user(database, NURSE).id
    answers = [change(nurse, current="not-the-password").status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]
    assert actions(database).count((number, "password refused", str(number))) == 10


def test_log_out_everywhere_reaches_the_other_devices(nurse: Any, second: Any, other_nurse: Any) -> None:
    assert nurse.post("/logout/everywhere").headers["Location"] == "/login"
    assert not logged_in(nurse)
    assert not logged_in(second)
    assert logged_in(other_nurse)


def reset(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["reset-password", *arguments])


def test_a_lost_password_is_set_anew_from_the_command_line(
    app: Flask, nurse: Any, client: Any, database: Database
) -> None:
    done = reset(app, "--email", NURSE.upper(), "--password", NEW)
    assert (done.exit_code, done.output) == (0, f"{NURSE} has a new password and is logged out everywhere.\n")
    assert not logged_in(nurse)
    assert client.log_in(NURSE).status_code == 400
    assert client.log_in(NURSE, NEW).status_code == 302
    assert (None, "write", str(user(database, NURSE).id)) in actions(database)


@pytest.mark.parametrize(
    ("email", "password", "says"),
    [
        ("nobody@demo.example", NEW, "nobody@demo.example has no log-in"),
        ("nobody", NEW, "'nobody' is not an e-mail address"),
        (NURSE, "short", "The password has 5 characters"),
    ],
)
def test_a_reset_that_cannot_be_is_refused(
    app: Flask, nurse: Any, email: str, password: str, says: str
) -> None:
    refused = reset(app, "--email", email, "--password", password)
    assert refused.exit_code == 2
    assert says in refused.output
    assert logged_in(nurse)


def test_a_weaker_hash_is_renewed_at_log_in(
    client: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = user(database, NURSE).password_hash
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    assert client.log_in(NURSE, "not-the-password").status_code == 400
    assert user(database, NURSE).password_hash == old
    assert client.log_in(NURSE).status_code == 302
    new = user(database, NURSE).password_hash
    assert "m=64,t=2" in new
    client.post("/logout")
    assert client.log_in(NURSE).status_code == 302
    assert user(database, NURSE).password_hash == new


def test_hashes_are_argon2id_of_its_recommended_strength(
    database: Database, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher())
    with database.begin() as tx:
        made = new_user(tx, clinic)
    assert made.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def new_user(tx: Any, clinic: Clinic, **changes: Any) -> Any:
    fields: dict[str, Any] = {
        "email": "New@Demo.Example",
        "name": "New Person",
        "password": NEW,
        "role": Role.DISPATCHER,
        "region_id": clinic.region,
    }
    return create_user(tx, **fields | changes)


def test_a_new_user_can_log_in(client: Any, database: Database, clinic: Clinic) -> None:
    with database.begin() as tx:
        made = new_user(tx, clinic)
    assert made.email == "new@demo.example"
    assert client.log_in("new@demo.example", NEW).status_code == 302
    assert (None, "write", str(made.id)) in actions(database)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"email": "nobody"}, "'nobody' is not an e-mail address"),
        ({"email": NURSE.upper()}, f"{NURSE} already has a log-in"),
        ({"name": "  "}, "The name is empty"),
        ({"password": "short"}, "The password has 5 characters"),
        ({"role": Role.NURSE}, "needs her record"),
        ({"role": Role.NURSE, "nurse_id": 999}, "needs her record"),
        ({"nurse_id": 3}, "A dispatcher has no nurse record"),
        ({"role": Role.NURSE, "nurse_id": 1}, "N01 already has a log-in"),
        ({"role": Role.NURSE, "nurse_id": 3, "region_id": 999}, "N03 belongs to another region"),
    ],
)
def test_a_user_that_cannot_be_is_refused(
    database: Database, clinic: Clinic, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(ActionError, match=says), database.begin() as tx:
        new_user(tx, clinic, **changes)
