"""Who may log in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.store.engine import Tx
from app.store.models import Region, User


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A user with her region, as every request needs them."""

    user: User
    region: Region


def by_email(tx: Tx, email: str) -> User | None:
    """The user with this e-mail address, already in its normal form (`accounts.normal_email`)."""
    return tx.scalar(select(User).where(User.email == email))


def account(tx: Tx, user_id: int) -> Account | None:
    """An active user and her region; None when there is no such user, or she may no longer log in."""
    query = select(User, Region).join(Region, User.region_id == Region.id)
    row = tx.execute(query.where(User.id == user_id, User.active)).one_or_none()
    return None if row is None else Account(user=row[0], region=row[1])
