"""`vapid-key`: the key that notices to phones are signed with."""

from __future__ import annotations

import click


@click.command("vapid-key")
def vapid_key() -> None:
    """Print a new key for ROUNDS_VAPID_PRIVATE_KEY. With another key all devices must subscribe anew."""
    from app.push import new_private_key

    click.echo(new_private_key())
