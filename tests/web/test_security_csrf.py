"""No writing request goes through without the token of the page it came from."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.store.engine import Database
from app.store.models import User
from app.store.models.user import Role
from app.store.queries import users
from app.web.access import PUBLIC, allow
from tests.support.clinic import DISPATCHER, NURSE, PASSWORD
from tests.web.test_security_access import declarations, routes


@pytest.mark.parametrize(("email", "role"), [(DISPATCHER, Role.DISPATCHER), (NURSE, Role.NURSE)])
def test_every_writing_route_wants_the_token(app: Flask, email: str, role: Role) -> None:
    client: Any = app.test_client()
    client.log_in(email)
    client.token = ""
    known = declarations(app)
    writing = [
        row for row in routes(app) if row[1] != "GET" and (known[row[0]] is PUBLIC or role in known[row[0]])
    ]
    assert writing
    for _, method, address in writing:
        for how in ({"data": {}}, {"json": {}}):
            answer = client.open(address, method=method, **how)
            assert answer.status_code == 400, f"{method} {address}"
            assert "out of date" in answer.text


def test_a_foreign_token_is_refused(app: Flask, dispatcher: Any, nurse: Any) -> None:
    dispatcher.token = nurse.token
    assert dispatcher.post("/logout").status_code == 400


def test_json_passes_with_the_token_in_the_header(app: Flask) -> None:
    app.add_url_rule("/echo", view_func=_echo, methods=["POST"])
    client: Any = app.test_client()
    client.log_in(DISPATCHER)
    assert client.post("/echo", json={"a": 1}).get_json() == {"ok": True}


def test_log_in_itself_wants_the_token(client: FlaskClient, database: Database) -> None:
    answer = client.post("/login", data={"email": NURSE, "password": PASSWORD})
    assert answer.status_code == 400
    assert "Your browser sent no cookie" in answer.text
    assert last_login(database, NURSE) is None


def test_log_out_is_no_link(nurse: FlaskClient) -> None:
    assert nurse.get("/logout").status_code == 405
    assert nurse.get("/account").status_code == 200


def last_login(database: Database, email: str) -> object:
    with database.begin() as tx:
        user = users.by_email(tx, email)
        assert isinstance(user, User)
        return user.last_login_at


@allow(Role.DISPATCHER)
def _echo() -> dict[str, bool]:
    return {"ok": True}
