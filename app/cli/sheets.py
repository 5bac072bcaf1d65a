"""Copies of the day on disk, for when the service cannot be reached: `day-sheets`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.common import CommandError, day_given, ready_database, region_of
from app.clock import utc_now
from app.days import local_date, zone_of
from app.sheets import DaySheets, NoPlanError, as_csv, as_pdf, load_sheets
from app.sheets.paper import FontsMissingError


@click.command("day-sheets")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--date", "day_given_", help="The day, as in 2026-11-24; default: today there.")
@click.option(
    "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="A directory."
)
@with_appcontext
def day_sheets(code: str, day_given_: str | None, output: Path) -> None:
    """Write a day's sheets to a directory: a PDF and a CSV file of the region, and a PDF for each nurse.

    Of the published plan, or of the draft where nothing is published. Files of an earlier call are replaced,
    each in one step. They hold patients' data: only the user who runs the command may read them.
    """
    database, now = ready_database(), utc_now()
    try:
        with database.begin() as tx:
            region = region_of(tx, code)
            day = day_given(day_given_) if day_given_ else local_date(now, zone_of(region.zone))
            found = load_sheets(tx, None, region, day, now, purpose="day sheets to files")
            count = _write_all(found, output)
    except (NoPlanError, FontsMissingError) as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"--output {str(output)!r} cannot be written: {error.strerror or error}") from None
    click.echo(f"{output}: {count} files, {len(found.nurses)} nurses, {found.visits} stops. {found.source}")


def _write_all(found: DaySheets, output: Path) -> int:
    output.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{found.region_code}-{found.day}"
    files = {f"{name}.pdf": as_pdf(found), f"{name}.csv": as_csv(found)}
    for nurse in found.nurses:
        if nurse.visits:
            files[f"{name}-{nurse.code}.pdf"] = as_pdf(found.only(nurse))
    kept = set(files)
    for file, data in files.items():
        _write(output / file, data)
    # Of nurses who have no visits any more: an old sheet would send them out for nothing.
    for old in output.glob(f"{name}-*.pdf"):
        if old.name not in kept:
            old.unlink()
    return len(files)


def _write(path: Path, data: bytes) -> None:
    made = path.with_name(f".{path.name}.new")
    made.unlink(missing_ok=True)
    made.touch(mode=0o600)
    made.write_bytes(data)
    made.replace(path)
