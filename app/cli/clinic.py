"""Setting up: `migrate`, `set-region` and `create-user`."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import with_appcontext

from app.actions import accounts, regions
from app.actions.errors import ActionError
from app.cli.common import CommandError, ready_database, region_of
from app.store import migrate as migrations
from app.store.models.user import Role
from app.store.queries import planning
from app.web.context import services


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to the shape this code needs; its data stays."""
    database = services().database
    try:
        before = migrations.current(database)
    except migrations.UnfitDatabaseError as error:
        raise CommandError(str(error)) from None
    migrations.upgrade(database)
    after = migrations.current(database)
    click.echo(
        f"The database is at {after}." if before == after else f"The database went from {before} to {after}."
    )


@click.command("set-region")
@click.argument("code")
@click.option("--name", help="What people call it.")
@click.option("--zone", help="An IANA time zone, such as America/New_York.")
@click.option("--latitude", type=float, help="The middle of its map, degrees.")
@click.option("--longitude", type=float, help="The middle of its map, degrees.")
@click.option("--state", help="The postal code of the state where its patients live, such as OH.")
@click.option("--plan-hour", type=int, help="The local hour of the nightly run, 0 to 23.")
@click.option("--working-days", help='As in "Mon Tue Wed Thu Fri".')
@click.option("--solve-seconds", type=int, help="How long a run looks for a better plan.")
@click.option("--horizon-days", type=int, help="So many days a night plans together; 1: only tomorrow.")
@click.option("--horizon-seconds", type=int, help="How long a run of several days looks for a better plan.")
@click.option("--detour-factor", type=float, help="Road distance over air distance, 1 or more.")
@click.option("--speed-kmh", type=float, help="Average driving speed.")
@click.option("--travel-rate", type=int, help="Dollars an hour of driving.")
@click.option("--overtime-rate", type=int, help="Dollars an hour of overtime.")
@click.option(
    "--not-preferred-price", type=int, help="Dollars a visit by a nurse the patient does not prefer."
)
@click.option(
    "--freeze-minutes", type=int, help="Published visits that start within so many minutes stay as they are."
)
@with_appcontext
def set_region(code: str, **given: Any) -> None:
    """Add the region CODE, or change what is given of it."""
    values = {name: value for name, value in given.items() if value is not None}
    with ready_database().begin() as tx:
        try:
            region, added = regions.set_region(tx, code, values)
        except ActionError as error:
            raise CommandError(str(error)) from None
    done = "added" if added else "changed"
    click.echo(
        f"Region {region.code} is {done}: {region.name}, {region.zone}, planned at {region.plan_hour}:00."
    )


@click.command("create-user")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--nurse", "nurse_code", help="For a nurse: the code of her record.")
@click.password_option()
@with_appcontext
def create_user(code: str, email: str, name: str, role: str, nurse_code: str | None, password: str) -> None:
    """Add a log-in; asks for the password."""
    with ready_database().begin() as tx:
        region = region_of(tx, code)
        nurse = planning.nurse_by_code(tx, region.id, nurse_code) if nurse_code else None
        if nurse_code and nurse is None:
            raise CommandError(f"there is no nurse {nurse_code!r} in {code}: add her record first")
        try:
            user = accounts.create_user(
                tx,
                email=email,
                name=name,
                password=password,
                role=Role(role),
                region_id=region.id,
                nurse_id=None if nurse is None else nurse.id,
            )
        except ActionError as error:
            raise CommandError(str(error)) from None
    click.echo(f"{user.email} can log in as {role} of {code}.")
