"""Who may open what, over every route there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter

from app.store.models.user import Role
from app.web.access import PUBLIC, allow, declared, own_page
from app.web.nav import MENU
from tests.support.clinic import DISPATCHER, NURSE

EXAMPLES = {"IntegerConverter": 1, "DateConverter": date(2026, 11, 24)}


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an example address of every route but the static files."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            values = {name: example(converter) for name, converter in rule._converters.items()}
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                address = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
                yield rule.endpoint, method, address


def example(converter: BaseConverter) -> Any:
    """A value that fits a part of an address."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return EXAMPLES.get(type(converter).__name__, "x")


def declarations(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return {endpoint: declared(endpoint) for endpoint, _, _ in routes(app)}


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    known = declarations(app)
    assert {endpoint for endpoint, roles in known.items() if not roles} == set()
    public = {endpoint for endpoint, roles in known.items() if roles is PUBLIC}
    # The phone's page and files hold nobody's data: its service worker fetches them, log-in or not.
    phone = {"nurse.kept", "nurse.worker", "nurse.manifest", "nurse.file"}
    # The secret in the address of a calendar is its log-in.
    assert public == {"auth.login", "pages.health", "nurse.calendar"} | phone


def test_nobody_without_a_log_in_gets_past_the_door(app: Flask, client: FlaskClient) -> None:
    known, seen = declarations(app), 0
    for endpoint, method, address in routes(app):
        if known[endpoint] is PUBLIC:
            continue
        page = client.open(address, method=method)
        assert page.status_code == 302, f"{method} {address}"
        assert page.headers["Location"].startswith("/login"), f"{method} {address}"
        script = client.open(address, method=method, headers={"Accept": "application/json"})
        assert script.status_code == 401, f"{method} {address}"
        assert "not logged in" in script.get_json()["error"]
        seen += 1
    assert seen > 10


@pytest.mark.parametrize(("email", "role"), [(DISPATCHER, Role.DISPATCHER), (NURSE, Role.NURSE)])
def test_the_wrong_role_is_refused_everywhere(app: Flask, email: str, role: Role) -> None:
    client: Any = app.test_client()
    client.log_in(email)
    known = declarations(app)
    foreign = [row for row in routes(app) if known[row[0]] is not PUBLIC and role not in known[row[0]]]
    assert foreign
    for _, method, address in foreign:
        assert client.open(address, method=method).status_code == 403, f"{method} {address}"


def test_a_view_that_says_nothing_is_closed(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    client: Any = app.test_client()
    assert client.get("/forgotten").status_code == 403
    client.log_in(DISPATCHER)
    assert client.get("/forgotten").status_code == 403


def test_allow_without_roles_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one role"):
        allow()


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_leads_only_to_pages_of_the_role(app: Flask, role: Role) -> None:
    with app.app_context():
        for item in MENU[role]:
            assert own_page(item.path, role) == item.path, item


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/my/\n",
        "/my/\t//evil.example",
        "javascript:alert(1)",
        "my/",
        "",
        None,
        "/nope",
        "/board/",
        "/logout",
    ],
)
def test_a_nurse_is_only_sent_on_to_pages_of_hers(app: Flask, target: str | None) -> None:
    with app.app_context():
        assert own_page(target, Role.NURSE) is None


@pytest.mark.parametrize("target", ["/my/", "/account", "/my/?x=1", "/"])
def test_pages_of_hers_are_kept(app: Flask, target: str) -> None:
    with app.app_context():
        assert own_page(target, Role.NURSE) == target


def test_the_start_page_is_each_roles_own(dispatcher: FlaskClient, nurse: FlaskClient) -> None:
    assert dispatcher.get("/").headers["Location"] == "/board/"
    assert nurse.get("/").headers["Location"] == "/my/"


def test_health_needs_no_log_in(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
