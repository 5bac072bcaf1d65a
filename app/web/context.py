"""What a view needs of the service: transactions, the actor, the geocoder, the settings."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_login import current_user

from app.actions.actor import Actor
from app.geocoding import Geocoder
from app.push import Pusher
from app.store.engine import Database, Tx
from config import Settings

_KEY = "rounds"


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The engines that `app.wiring` chose, one set per app."""

    settings: Settings
    database: Database
    geocoder: Geocoder
    pusher: Pusher


def services() -> Services:
    """The running app's engines."""
    found: Services = current_app.extensions[_KEY]
    return found


def install(app: Flask, chosen: Services) -> None:
    """Hand the app its engines."""
    app.extensions[_KEY] = chosen


def begin() -> AbstractContextManager[Tx]:
    """A transaction: commits at the end of the block, rolls back when it raises."""
    return services().database.begin()


def read() -> AbstractContextManager[Tx]:
    """A transaction that only reads, and may take long."""
    return services().database.read()


def actor() -> Actor:
    """The logged-in user. Only for views that `allow` a role: elsewhere there may be nobody."""
    who: Actor = current_user.actor
    return who


def zone() -> ZoneInfo:
    """The zone of the actor's region: local times of pages are its."""
    here: ZoneInfo = current_user.zone
    return here


def geocoder() -> Geocoder:
    """Turns addresses into coordinates, or finds none where no geocoder is set."""
    return services().geocoder


def pusher() -> Pusher:
    """Tells nurses' devices that their day has changed, or nobody where no key is set."""
    return services().pusher


def settings() -> Settings:
    """The service's settings."""
    return services().settings
