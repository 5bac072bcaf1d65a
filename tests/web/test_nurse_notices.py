"""The switch for notices on the nurse's phone, with a push service that the browser only pretends to have."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from playwright.sync_api import Page, Response, expect

from app.actions.phones import Device
from app.store.engine import Database
from app.store.models import PushSubscription, User
from app.wiring import create_app
from config import Settings
from tests.support.clinic import NURSE, Clinic
from tests.support.phone import PHONE, Time, log_in, log_out, logged_out, plan_day, settled

KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/anas-phone"
PRETENDED = """
const stored = () => JSON.parse(localStorage.getItem("push") ?? "null");
const made = (told) => told && {
  endpoint: told.endpoint,
  toJSON: () => told,
  unsubscribe: async () => { localStorage.removeItem("push"); return true; },
};
Object.defineProperty(ServiceWorkerRegistration.prototype, "pushManager", { get: () => ({
  getSubscription: async () => made(stored()),
  subscribe: async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey[0] !== 4) throw new Error("no such key");
    const keys = { p256dh: "B".repeat(87), auth: "a".repeat(22) };
    localStorage.setItem("push", JSON.stringify({ endpoint: ENDPOINT, keys }));
    return made(stored());
  },
}) });
""".replace("ENDPOINT", f'"{ENDPOINT}"')
REFUSED = """
Object.defineProperty(ServiceWorkerRegistration.prototype, "pushManager", { get: () => ({
  getSubscription: async () => null,
  subscribe: async () => { throw new DOMException("denied", "NotAllowedError"); },
}) });
"""
OFF, ON = "Tell me when my day changes", "You are told when your day changes"


class Silent:
    """A pusher that may be subscribed to, and tells nobody anything."""

    key: str | None = KEY

    def tell(self, devices: Sequence[Device]) -> None:
        """Nothing."""


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    return create_app(settings, database=database, pusher=Silent())


@pytest.fixture
def opened(
    open_page: Callable[..., Page], time: Time, database: Database, clinic: Clinic
) -> Callable[[str], Page]:
    """Ana's phone, in a browser where this script has run first."""
    plan_day(database, clinic, ana=["mara"])

    def open_(script: str) -> Page:
        page = open_page("/login", **PHONE)
        page.add_init_script(script)
        time.of(page.context)
        log_in(page)
        settled(page)
        return page

    return open_


def subscriptions(database: Database) -> list[tuple[str, str, str, str]]:
    """Whose devices the service knows."""
    with database.begin() as tx:
        rows = tx.query(PushSubscription).all()
        return [(tx.get_one(User, row.user_id).email, row.endpoint, row.p256dh, row.auth) for row in rows]


def is_told(answer: Response) -> bool:
    """Whether this answers the phone that tells where its notices go; it also asks there for the key."""
    return answer.url.endswith("/my/push") and answer.request.method == "POST"


def switch(page: Page, name: str) -> None:
    """Tap the switch that says this."""
    if not page.locator("details.who").evaluate("menu => menu.open"):
        page.locator("details.who summary").click()
    page.get_by_role("button", name=name).click()


def test_the_switch_tells_the_service_where_notices_go(
    opened: Callable[[str], Page], database: Database
) -> None:
    page = opened(PRETENDED)
    with page.expect_response(is_told) as told:
        switch(page, OFF)
    assert told.value.status == 204
    expect(page.get_by_role("button", name=ON)).to_have_attribute("aria-pressed", "true")
    assert subscriptions(database) == [(NURSE, ENDPOINT, "B" * 87, "a" * 22)]
    page.reload()
    settled(page)
    with page.expect_response("**/my/push/off") as ended:
        switch(page, ON)
    assert ended.value.status == 204
    expect(page.get_by_role("button", name=OFF)).to_have_attribute("aria-pressed", "false")
    assert subscriptions(database) == []


def test_log_out_ends_the_notices(opened: Callable[[str], Page], database: Database) -> None:
    page = opened(PRETENDED)
    with page.expect_response(is_told):
        switch(page, OFF)
    expect(page.get_by_role("button", name=ON)).to_be_visible()
    page.locator("details.who summary").click()
    log_out(page)
    logged_out(page)
    assert page.evaluate("localStorage.getItem('push')") is None
    assert subscriptions(database) == []


def test_who_refuses_notices_finds_the_switch_as_it_was(
    opened: Callable[[str], Page], database: Database
) -> None:
    page = opened(REFUSED)
    switch(page, OFF)
    expect(page.get_by_role("button", name=OFF)).to_have_attribute("aria-pressed", "false")
    assert subscriptions(database) == []
