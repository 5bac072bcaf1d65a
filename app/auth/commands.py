"""The operator's command for a lost password."""

from __future__ import annotations

import click

from app.actions import accounts
from app.actions.errors import ActionError
from app.auth.views import blueprint
from app.cli import CommandError
from app.web.context import begin


@blueprint.cli.command("reset-password")
@click.option("--email", required=True)
@click.password_option()
def reset_password(email: str, password: str) -> None:
    """Give a user a new password, which it asks for, and log her out everywhere."""
    try:
        with begin() as tx:
            user = accounts.reset_password(tx, email=email, new=password)
    except ActionError as error:
        raise CommandError(str(error)) from None
    click.echo(f"{user.email} has a new password and is logged out everywhere.")
