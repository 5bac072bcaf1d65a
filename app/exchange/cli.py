"""`flask --app wsgi import-csv` and `export-csv`: records in and out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click
from flask import Flask
from flask.cli import with_appcontext

from app.cli import CommandError, region_of
from app.exchange import exporting, importing
from app.exchange.csv_text import BadFileError
from app.exchange.nouns import NOUNS
from app.web.context import services

_nouns = click.Choice(list(NOUNS))
_region = click.option("--region", "code", required=True, help="The region's code, such as columbus.")


def register(app: Flask) -> None:
    """Give the app its commands."""
    for command in (import_csv, export_csv):
        app.cli.add_command(command)


@click.command("import-csv")
@_region
@click.option("--dry-run", is_flag=True, help="Only check the file and say what it would do.")
@click.argument("noun", type=_nouns)
@click.argument("file", type=click.File("rb"))
@with_appcontext
def import_csv(code: str, dry_run: bool, noun: str, file: IO[bytes]) -> None:
    """Add and change records from a CSV FILE (- for standard input): all of its rows or none."""
    try:
        with services().database.begin() as tx:
            region = region_of(tx, code)
            checked = importing.check(tx, None, region.id, NOUNS[noun], file.read())
            counts = checked.counts
            if not dry_run:
                counts = importing.store(tx, None, region.id, NOUNS[noun], checked)
    except BadFileError as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        count = len(error.faults) + error.more
        more = f", {error.more} of them not listed" if error.more else ""
        click.echo(f"Nothing was imported: {count} fault{'s' if count > 1 else ''}{more}.", err=True)
        raise SystemExit(2) from None
    done = "would be " if dry_run else ""
    click.echo(
        f"{NOUNS[noun].title}: {counts.new} {done}new, {counts.changed} {done}changed, "
        f"{counts.unchanged} unchanged."
    )


@click.command("export-csv")
@_region
@click.argument("noun", type=_nouns)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@with_appcontext
def export_csv(code: str, noun: str, file: Path | None) -> None:
    """Write all records of a kind as CSV, to FILE or to standard output."""
    with services().database.begin() as tx:
        data = exporting.export(tx, None, region_of(tx, code).id, NOUNS[noun])
    if file is None:
        click.echo(data, nl=False)
        return
    try:
        file.write_bytes(data)
    except OSError as error:
        raise CommandError(f"{file} cannot be written ({error.strerror}): choose another place") from None
    click.echo(f"{NOUNS[noun].title}: written to {file}.")
