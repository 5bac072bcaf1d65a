"""Calendar feeds and notices: asked for and ended by the nurse, told of by whoever publishes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.clock import utc_now
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import CalendarFeed, PushSubscription
from app.store.queries import phones as queries
from app.store.queries.seen import Stay, seen_on

PUSH_SERVICES = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "notify.windows.com",
    "push.apple.com",
)
"""The hosts of browsers' makers, and all below them: notices go nowhere else."""

LONGEST_ENDPOINT = 1000
MOST_DEVICES = 10
"""Of one user."""

Stays = Mapping[int, set[tuple[int, datetime, datetime]]]
"""Visit, start and end of each stay, by nurse."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """Where a device takes notices, and the keys to encrypt them with."""

    endpoint: str
    p256dh: str
    auth: str


def open_feed(tx: Tx, actor: Actor) -> str:
    """A new secret for the nurse's calendar feed; an earlier one ends. It is told once: only its hash is
    kept. Raises ActionError for anybody but a nurse."""
    nurse_id = _nurse(actor)
    secret = secrets.token_urlsafe(32)
    feed = queries.feed_of(tx, nurse_id)
    if feed is None:
        feed = CalendarFeed(nurse_id=nurse_id)
        tx.add(feed)
    feed.secret_hash, feed.created_at = hash_of(secret), utc_now()
    tx.flush()
    record(tx, actor, action="write", subject="calendar_feeds", subject_id=str(nurse_id), detail="opened")
    return secret


def close_feed(tx: Tx, actor: Actor) -> None:
    """End the nurse's feed: its address leads nowhere from now on."""
    feed = queries.feed_of(tx, _nurse(actor))
    if feed is not None:
        tx.delete(feed)
        detail = "closed"
        record(
            tx, actor, action="write", subject="calendar_feeds", subject_id=str(feed.nurse_id), detail=detail
        )


def hash_of(secret: str) -> str:
    """What is kept of a feed's secret. It is random and long, so a plain hash tells nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def subscribe(tx: Tx, actor: Actor, device: Device) -> None:
    """Send notices to a device from now on; one that another user had subscribed is this user's now.

    Raises ActionError for an address that is at no known push service, or too many devices.
    """
    _nurse(actor)
    _require_push_service(device)
    queries.drop_subscriptions(tx, [device.endpoint])
    mine = queries.subscriptions(tx, [_nurse(actor)])
    if len(mine) >= MOST_DEVICES:
        queries.drop_subscriptions(tx, [min(mine, key=lambda row: row.created_at).endpoint])
    row = PushSubscription(
        user_id=actor.user_id,
        endpoint=device.endpoint,
        p256dh=device.p256dh,
        auth=device.auth,
        created_at=utc_now(),
    )
    tx.add(row)
    tx.flush()
    record(tx, actor, action="write", subject="push_subscriptions", subject_id=str(row.id), detail="added")


def unsubscribe(tx: Tx, actor: Actor, endpoint: str) -> None:
    """Send this device of hers no more notices."""
    queries.drop_subscriptions(tx, [endpoint], actor.user_id)
    record(tx, actor, action="write", subject="push_subscriptions", detail="removed")


def changed_nurses(before: Stays, after: Stays) -> set[int]:
    """The nurses whose day is another one now."""
    return {nurse for nurse in {*before, *after} if before.get(nurse) != after.get(nurse)}


def devices_to_tell(tx: Tx, region_id: int, day: date, before: Stays) -> list[Device]:
    """The devices of nurses whose published day differs from what it was `before`."""
    begun = seen_on(tx, region_id, day).begun
    after = queries.stays(tx, region_id, day)
    changed = changed_nurses(_still_to_come(before, begun), _still_to_come(after, begun))
    return [
        Device(endpoint=row.endpoint, p256dh=row.p256dh, auth=row.auth)
        for row in queries.subscriptions(tx, changed)
    ]


def _still_to_come(stays: Stays, begun: Collection[Stay]) -> Stays:
    """Without what she has begun: a plan that says when that was tells her nothing new."""
    return {nurse: {stay for stay in each if (stay[0], nurse) not in begun} for nurse, each in stays.items()}


def _nurse(actor: Actor) -> int:
    if actor.nurse_id is None:
        raise ActionError("Only a nurse has a day of her own: log in as one.")
    return actor.nurse_id


def _require_push_service(device: Device) -> None:
    address = urlsplit(device.endpoint)
    host = address.hostname or ""
    known = any(host == service or host.endswith(f".{service}") for service in PUSH_SERVICES)
    plain = address.port in (None, 443) and not address.username and len(device.endpoint) <= LONGEST_ENDPOINT
    if address.scheme != "https" or not known or not plain:
        raise ActionError("This browser's notices come from a service we do not know: use another browser.")
    if not 80 <= len(device.p256dh) <= 100 or not 16 <= len(device.auth) <= 40:
        raise ActionError("The browser's keys cannot be read: turn notices off and on again.")
