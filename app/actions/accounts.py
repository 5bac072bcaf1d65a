"""Users and their passwords. Hashes are argon2id; a weaker old hash is renewed at the next log-in."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from email_validator import EmailNotValidError, validate_email

from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.clock import utc_now
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import Nurse, User
from app.store.models.user import Role
from app.store.queries import users

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200

_hasher = PasswordHasher()


class WrongPasswordError(ActionError):
    """The current password was typed wrong."""


def create_user(
    tx: Tx,
    *,
    email: str,
    name: str,
    password: str,
    role: Role,
    region_id: int,
    nurse_id: int | None = None,
    actor: Actor | None = None,
) -> User:
    """Add a user; a nurse's needs her `nurse_id`. `actor` None: the command line.

    Raises ActionError for an e-mail address that is taken or wrong, a bad password, or a nurse that does
    not fit.
    """
    email = normal_email(email)
    if not name.strip():
        raise ActionError("The name is empty: give the user a name.")
    if users.by_email(tx, email) is not None:
        raise ActionError(f"{email} already has a log-in: choose another e-mail address.")
    _require_fit(email, password)
    _require_nurse(tx, role, region_id, nurse_id)
    user = User(
        email=email,
        name=name.strip(),
        password_hash=_hasher.hash(password),
        session_key=_new_key(),
        role=role,
        region_id=region_id,
        nurse_id=nurse_id,
    )
    tx.add(user)
    tx.flush()
    record(tx, actor, action="write", subject="users", subject_id=str(user.id), detail="created")
    return user


def verify(tx: Tx, email: str, password: str) -> User | None:
    """The active user with this e-mail address and password, or None. Either way it is audited, and takes
    about as long for an address nobody has as for a wrong password."""
    user = users.by_email(tx, email.strip().casefold())
    may = user is not None and users.may_log_in(user)
    matches = _matches(user.password_hash if user is not None and may else _nobodys_hash(), password)
    if user is None or not may or not matches:
        subject_id = "" if user is None else str(user.id)
        record(tx, None, action="log-in refused", subject="users", subject_id=subject_id)
        return None
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    user.last_login_at = utc_now()
    record(tx, actor_of(user), action="log-in", subject="users", subject_id=str(user.id))
    return user


def change_password(tx: Tx, actor: Actor, *, current: str, new: str) -> User:
    """Set the actor's password and end all her sessions, this one included: the caller logs her in anew.

    Raises WrongPasswordError for `current`, ActionError for a `new` not fit to be a password. Nothing but the
    audit trail has been written then: catch it inside the transaction, so that the trail keeps the attempt.
    """
    user = _own(tx, actor)
    if not _matches(user.password_hash, current):
        record(tx, actor, action="password refused", subject="users", subject_id=str(user.id))
        raise WrongPasswordError("The current password is not right: type it again.")
    if new == current:
        raise ActionError("The new password is the current one: choose another.")
    _set_password(tx, actor, user, new)
    return user


def reset_password(tx: Tx, *, email: str, new: str, actor: Actor | None = None) -> User:
    """Set a forgotten password and end all the user's sessions. `actor` None: the command line.

    Raises ActionError for an e-mail address without a log-in and a password that is not fit to be one.
    """
    user = users.by_email(tx, normal_email(email))
    if user is None:
        raise ActionError(f"{email.strip()} has no log-in: check the address, or create the user.")
    _set_password(tx, actor, user, new)
    return user


def log_out_everywhere(tx: Tx, actor: Actor) -> None:
    """End all the actor's sessions, on every device."""
    user = _own(tx, actor)
    user.session_key = _new_key()
    record(tx, actor, action="log-out", subject="users", subject_id=str(user.id), detail="all devices")


def log_out(tx: Tx, actor: Actor) -> None:
    """Say in the audit trail that the actor logged out; the session itself is the caller's to end."""
    record(tx, actor, action="log-out", subject="users", subject_id=str(actor.user_id))


def actor_of(user: User) -> Actor:
    """The user as the actions see her."""
    return Actor(
        user_id=user.id, name=user.name, role=user.role, region_id=user.region_id, nurse_id=user.nurse_id
    )


def normal_email(email: str) -> str:
    """The address as it is stored: trimmed, in lower case. Raises ActionError where it cannot be one."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError as error:
        raise ActionError(f"{email.strip()!r} is not an e-mail address: {error}") from None


def _own(tx: Tx, actor: Actor) -> User:
    user = tx.get(User, actor.user_id)
    if user is None:
        raise ActionError("This log-in no longer exists: ask a dispatcher for a new one.")
    return user


def _set_password(tx: Tx, actor: Actor | None, user: User, new: str) -> None:
    _require_fit(user.email, new)
    user.password_hash = _hasher.hash(new)
    user.session_key = _new_key()
    record(tx, actor, action="write", subject="users", subject_id=str(user.id), detail="password")


def _require_fit(email: str, password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ActionError(
            f"The password has {len(password)} characters: take {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}."
        )
    if len(set(password)) < 4:
        raise ActionError("The password repeats too few different characters: mix at least 4.")
    if password.casefold() in (email, email.partition("@")[0]):
        raise ActionError("The password is the e-mail address: choose something nobody can guess.")


def _require_nurse(tx: Tx, role: Role, region_id: int, nurse_id: int | None) -> None:
    if role is not Role.NURSE:
        if nurse_id is not None:
            raise ActionError(f"A {role.value} has no nurse record: leave the nurse out.")
        return
    nurse = None if nurse_id is None else tx.get(Nurse, nurse_id)
    if nurse is None:
        raise ActionError("A nurse's log-in needs her record: add the nurse first, then her log-in.")
    if nurse.region_id != region_id:
        raise ActionError(f"Nurse {nurse.code} belongs to another region: give her log-in that region.")
    if users.of_nurse(tx, nurse.id) is not None:
        raise ActionError(f"Nurse {nurse.code} already has a log-in: one is all she can have.")


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password[: LONGEST_PASSWORD + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    # What an unknown e-mail address is checked against, so that it takes as long as a known one.
    return _hasher.hash(secrets.token_urlsafe())


def _new_key() -> str:
    return secrets.token_urlsafe(24)
