"""What every command of the operator shares."""

from __future__ import annotations

from datetime import date

import click

from app.store import migrate as migrations
from app.store.engine import Database, Tx
from app.store.models import Region
from app.store.queries import planning
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
