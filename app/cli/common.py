"""What every command of the operator shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click

from app.actions import accounts
from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.store import migrate as migrations
from app.store.engine import Database, Tx
from app.store.models import Region
from app.store.models.user import Role
from app.store.queries import planning, users
from app.web.context import services
from scheduler.model import POINTS_PER_DOLLAR

ENGINES = "rounds.engines"
"""Where the app keeps the engines that commands plan with."""


class CommandError(click.ClickException):
    """What the operator gave cannot be; one line that names it and the cure."""

    exit_code = 2


def ready_database() -> Database:
    """The app's database. Raises CommandError where it is not in the shape this code needs."""
    database = services().database
    try:
        migrations.require_newest(database)
    except migrations.UnfitDatabaseError as error:
        raise CommandError(str(error)) from None
    return database


def region_of(tx: Tx, code: str) -> Region:
    """The region of this code. Raises CommandError for an unknown one."""
    region = planning.region_by_code(tx, code)
    if region is not None:
        return region
    known = ", ".join(each.code for each in planning.regions(tx)) or "none yet"
    raise CommandError(f"--region {code!r} is unknown: give one of the regions ({known})")


def dispatcher_of(tx: Tx, region: Region, email: str) -> Actor:
    """The region's dispatcher of this address. Raises CommandError for anybody else."""
    user = users.by_email(tx, accounts.normal_email(email))
    if user is None or user.role is not Role.DISPATCHER or user.region_id != region.id:
        raise CommandError(f"--by {email!r} is no dispatcher of {region.code}: give the address of one")
    return Actor(user_id=user.id, name=user.name, role=user.role, region_id=user.region_id)


@contextmanager
def refusals() -> Iterator[None]:
    """What an action refuses in the block, as the command's error."""
    try:
        yield
    except ActionError as error:
        raise CommandError(str(error)) from None


def day_given(given: str, option: str = "--date") -> date:
    """The day of an option. Raises CommandError for what is none."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise CommandError(
            f"{option} {given!r} is no date: give year, month and day, as in 2026-11-24"
        ) from None


def dollars(points: int) -> str:
    """Points as "$1,234.50"."""
    return f"${points / POINTS_PER_DOLLAR:,.2f}"
