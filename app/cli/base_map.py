"""Making the map under the routes: `base-map`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.base_map import BaseMapError, build
from app.cli.common import CommandError
from app.web.context import services


@click.command("base-map")
@click.argument("extracts", nargs=-1, required=True, metavar="EXTRACT...", type=click.Path(path_type=Path))
@with_appcontext
def base_map(extracts: tuple[Path, ...]) -> None:
    """Make the map under the routes from extracts of OpenStreetMap (.osm.pbf), one for each region.

    It is written to ROUNDS_BASE_MAP; pages show it from their next loading on.
    """
    target = services().settings.base_map
    try:
        built = build(extracts, target)
    except BaseMapError as error:
        raise CommandError(str(error)) from None
    counts = ", ".join(f"{number:,} {layer}" for layer, number in sorted(built.features.items()))
    click.echo(f"Read: {counts}; {built.broken:,} without a usable shape left out.")
    click.echo(f"{built.path}: {built.size / 1_000_000:.1f} MB, © OpenStreetMap contributors.")
