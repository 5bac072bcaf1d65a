"""Log-in sessions: a signed cookie that ends after some hours, or when the user's session key changes."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, login_user, logout_user

from app.actions.accounts import actor_of
from app.actions.actor import Actor
from app.clock import utc_now
from app.store.models import Region, User
from app.store.models.user import Role
from app.store.queries import users
from app.web.context import begin, settings

_STARTED = "started"


class SignedIn(UserMixin):  # type: ignore[misc]
    """The logged-in user as pages see her; flask_login's `current_user`."""

    def __init__(self, user: User, region: Region) -> None:
        self.actor: Actor = actor_of(user)
        self.name = user.name
        self.email = user.email
        self.role: Role = user.role
        self.region_name = region.name
        self.zone = ZoneInfo(region.zone)
        self._id = f"{user.id}.{user.session_key}"

    def get_id(self) -> str:
        """What the session cookie holds of her; the key in it makes it void once the key changes."""
        return self._id

    @property
    def initials(self) -> str:
        """The first letters of the first and last name, for the menu button."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Sessions(SecureCookieSessionInterface):
    """Flask's own, but what everybody may keep goes without a cookie, and does not vary with one."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where it has changed."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Set up the cookie and the look-up of its user."""
    app.session_interface = Sessions()
    manager = LoginManager()
    manager.session_protection = None  # phones change their address all day
    manager.user_loader(_load)
    manager.init_app(app)


def start(user: User, region: Region) -> None:
    """Begin a session. What an earlier one held is thrown away, so nobody can plant a session beforehand."""
    session.clear()
    session.permanent = True
    session[_STARTED] = int(utc_now().timestamp())
    login_user(SignedIn(user, region))


def end() -> None:
    """End this session."""
    logout_user()
    session.clear()


def _load(cookie_id: str) -> SignedIn | None:
    number, _, key = cookie_id.partition(".")
    if not number.isdecimal() or _too_old(session.get(_STARTED)):
        return None
    with begin() as tx:
        account = users.account(tx, int(number))
    if account is None or not hmac.compare_digest(account.user.session_key, key):
        return None
    return SignedIn(account.user, account.region)


def _too_old(started: Any) -> bool:
    age = timedelta(hours=settings().session_hours)
    return not isinstance(started, int) or utc_now().timestamp() - started > age.total_seconds()
