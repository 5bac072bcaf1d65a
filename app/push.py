"""Notices to nurses' devices. A seam: the service sends web push; where no key is set, nobody is told."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from app.actions.phones import Device
from app.quiet import trace_of
from app.store.engine import Database
from app.store.queries import phones
from config import Settings

CHANGED = json.dumps({"title": "Your day has changed"})
"""All that a notice says: it shows on locked screens, and passes through other companies' computers."""

TIMEOUT_S = 10.0
KEPT_S = 12 * 3600
"""How long a push service keeps a notice for a device that is off."""

GONE = (404, 410)
"""A push service's answers of a subscription that has ended."""

log = logging.getLogger("rounds.push")

Post = Callable[..., Any]


class Pusher(Protocol):
    """Tells devices that their nurse's day has changed."""

    @property
    def key(self) -> str | None:
        """The public key that browsers subscribe with; None: notices are not sent."""
        ...

    def tell(self, devices: Sequence[Device]) -> None:
        """Returns at once; never raises."""
        ...


class Silent:
    """Sends nothing."""

    key: str | None = None

    def tell(self, devices: Sequence[Device]) -> None:
        """Nobody is told."""


class WebPush:
    """Sends over the browsers' push services, from a thread of its own. `private_key` is a VAPID key,
    `subject` whom a push service may write to, as in mailto:it@clinic.example.

    A subscription that has ended is forgotten; whatever else goes wrong is in the log, without the address.
    """

    def __init__(self, database: Database, private_key: str, subject: str, post: Post | None = None) -> None:
        self._database = database
        self._private_key = private_key
        self._subject = subject
        self._post = post

    @property
    def key(self) -> str | None:
        """The public half of the key, as browsers want it."""
        return public_key(self._private_key)

    def tell(self, devices: Sequence[Device]) -> None:
        """Returns at once; never raises."""
        if devices:
            threading.Thread(target=self.send, args=(tuple(devices),), name="push", daemon=True).start()

    def send(self, devices: Sequence[Device]) -> None:
        """Send the notice to each, one after the other."""
        gone = [device.endpoint for device in devices if self._ended_at(device)]
        if not gone:
            return
        try:
            with self._database.begin() as tx:
                phones.drop_subscriptions(tx, gone)
        except Exception as error:
            log.warning("ended subscriptions not forgotten: %s", trace_of(error))

    def _ended_at(self, device: Device) -> bool:
        """Send the notice to one; whether its subscription has ended."""
        from pywebpush import WebPushException, webpush

        info = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
        try:
            (self._post or webpush)(
                info,
                CHANGED,
                vapid_private_key=self._private_key,
                vapid_claims={"sub": self._subject},
                timeout=TIMEOUT_S,
                ttl=KEPT_S,
            )
        except WebPushException as error:
            status = getattr(error.response, "status_code", None)
            log.info("a push service answered %s", status)
            return status in GONE
        except Exception as error:
            log.warning("a notice was not sent: %s", type(error).__name__)
        return False


def from_settings(settings: Settings, database: Database) -> Pusher:
    """Web push where a key is set."""
    if not settings.vapid_private_key:
        return Silent()
    return WebPush(database, settings.vapid_private_key, settings.vapid_subject)


def new_private_key() -> str:
    """A new VAPID key: 32 bytes, base64url without padding."""
    from py_vapid import Vapid02
    from py_vapid.utils import b64urlencode

    vapid = Vapid02()
    vapid.generate_keys()
    return str(b64urlencode(vapid.private_key.private_numbers().private_value.to_bytes(32, "big")))


def public_key(private_key: str) -> str:
    """The public half of a VAPID key: its uncompressed point, base64url without padding."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from py_vapid import Vapid02
    from py_vapid.utils import b64urlencode

    point = Vapid02.from_string(private_key).public_key.public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    return str(b64urlencode(point))
