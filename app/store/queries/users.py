"""Who may log in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.store.engine import Tx
from app.store.models import Nurse, Region, User


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
    query = (
        select(User, Region)
        .join(Region, Region.id == User.region_id)
        .where(User.id == user_id)
        .options(joinedload(User.nurse).load_only(Nurse.active))
    )
    found = tx.execute(query).one_or_none()
    if found is None or not may_log_in(found[0]):
        return None
    return Account(user=found[0], region=found[1])


def may_log_in(user: User) -> bool:
    """Whether the log-in is open: an active user, and, of a nurse, an active nurse."""
    return user.active and (user.nurse is None or user.nurse.active)
