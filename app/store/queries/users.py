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


def of_nurse(tx: Tx, nurse_id: int) -> User | None:
    """The log-in of this nurse."""
    return tx.scalar(select(User).where(User.nurse_id == nurse_id))


def account(tx: Tx, user_id: int) -> Account | None:
    """A user who may log in (`may_log_in`) and her region; None for anybody else."""
    user = tx.get(User, user_id)
    if user is None or not may_log_in(user):
        return None
    return Account(user=user, region=tx.get_one(Region, user.region_id))


def may_log_in(user: User) -> bool:
    """Whether the log-in is open: an active user, and, of a nurse, an active nurse."""
    return user.active and (user.nurse is None or user.nurse.active)
