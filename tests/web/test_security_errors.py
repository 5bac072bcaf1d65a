"""What people and scripts are told when something goes wrong, and what the log keeps of it."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from app.actions.errors import ActionError
from app.web.access import public
from app.web.errors import WORDS
from app.web.security import LARGEST_REQUEST

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _pages_that_fail(app: Flask) -> None:
    app.add_url_rule("/abort/<int:status>", view_func=_abort)
    app.add_url_rule("/boom", view_func=_boom)
    app.add_url_rule("/refused", view_func=_refused)


@public
def _abort(status: int) -> str:
    abort(status, "an internal detail")


@public
def _boom() -> str:
    name = " ".join(("Mara", "Quill"))  # so that it is not in the lines of code that the log quotes
    try:
        raise KeyError(name)
    except KeyError as error:
        raise RuntimeError(f"no such patient: {name}") from error


@public
def _refused() -> str:
    raise ActionError("The run of Tue, Nov 24 is still going: wait until it has ended.")


@pytest.mark.parametrize("status", sorted(WORDS))
def test_every_error_is_a_page_of_ours(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/abort/{status}")
    assert answer.status_code == status
    assert "Rounds</title>" in answer.text
    assert WORDS[status].title in answer.text
    assert WORDS[status].cure in answer.text
    assert "internal detail" not in answer.text


@pytest.mark.parametrize("status", sorted(WORDS))
def test_scripts_get_errors_as_json(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/abort/{status}", headers=JSON)
    assert answer.status_code == status
    assert answer.get_json() == {
        "error": f"{WORDS[status].title}. {WORDS[status].cure}",
        "status": status,
        "request_id": answer.headers["X-Request-ID"],
    }


@pytest.mark.parametrize("headers", [JSON, {"Sec-Fetch-Dest": "empty", "Accept": "*/*"}])
def test_a_fetch_is_told_from_a_visit(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get("/nope", headers=headers).is_json


def test_an_unforeseen_error_shows_a_number_and_no_internals(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/boom")
    number = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert number in answer.text
    for internal in ("Mara Quill", "RuntimeError", "Traceback", ".py"):
        assert internal not in answer.text
    logged = next(line.getMessage() for line in caplog.records if line.name == "rounds.failures")
    assert number in logged
    assert "RuntimeError" in logged
    assert "KeyError" in logged
    assert "_boom" in logged
    assert "Mara Quill" not in caplog.text


def test_a_refused_action_says_why(client: FlaskClient) -> None:
    answer = client.get("/refused")
    assert answer.status_code == 409
    assert "still going: wait until it has ended" in answer.text
    assert "still going" in client.get("/refused", headers=JSON).get_json()["error"]


def test_too_large_an_upload_is_refused(client: FlaskClient) -> None:
    answer = client.post("/login", data=b"x" * (LARGEST_REQUEST + 1), content_type="text/plain")
    assert answer.status_code in (400, 413)
    client.log_in("nobody@demo.example")  # type: ignore[attr-defined]
    form = client.post("/login", data={"email": "x" * (LARGEST_REQUEST + 1)})
    assert form.status_code == 413
    assert WORDS[413].cure in form.text


def test_the_log_has_the_request_but_nothing_that_was_asked(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.get("/login?next=/patients/Mara")
    client.get("/Mara%20Quill?x=Mara")
    client.get("/login%0aforged")
    lines = [line.getMessage() for line in caplog.records if line.name == "rounds.requests"]
    assert lines[0].startswith("GET /login 200")
    assert lines[1].startswith("GET (no such page) 404")
    assert "Mara" not in caplog.text
    assert "forged" not in caplog.text


def test_the_log_says_who_asked(nurse: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    answer = nurse.get("/account")
    line = next(line.getMessage() for line in caplog.records if line.name == "rounds.requests")
    assert "user=2" in line
    assert f"id={answer.headers['X-Request-ID']}" in line
