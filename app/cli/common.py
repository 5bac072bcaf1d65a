"""What every command of the operator shares."""

from __future__ import annotations

import click

from app.store import migrate as migrations
from app.store.engine import Database, Tx
from app.store.models import Region
from app.store.queries import planning
from app.web.context import services


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
