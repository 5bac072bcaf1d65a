"""`evv`: electronic visit verification of some days, as CSV."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.common import CommandError, day_given, ready_database, region_of
from app.clock import utc_now
from app.exchange import verification_csv
from app.store.audit import record
from app.store.mapping.field_day import field_day
from app.store.mapping.verification import verifications

MOST_DAYS = 366


@click.command("evv")
@click.option("--region", "region_code", required=True)
@click.option("--from", "first", required=True, help="The first day, as in 2026-11-24.")
@click.option("--to", "last", required=True, help="The last day.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else to the screen.")
@with_appcontext
def evv(region_code: str, first: str, last: str, output: Path | None) -> None:
    """Write what was done, for whom, when, where, by whom, from when to when."""
    start, end = day_given(first, "--from"), day_given(last, "--to")
    if not timedelta() <= end - start < timedelta(days=MOST_DAYS):
        raise CommandError(f"--to {last!r} is not within a year after --from {first!r}: give other days")
    rows = []
    with ready_database().begin() as tx:
        region = region_of(tx, region_code)
        for ahead in range((end - start).days + 1):
            rows += verifications(field_day(tx, region, start + timedelta(days=ahead), utc_now()))
        detail = f"visit verification from {start} to {end}: {len(rows)} with names and places"
        record(tx, None, action="export", subject="field_events", detail=detail)
    data = verification_csv.write(rows)
    if output is None:
        click.echo(data.decode("utf-8-sig"), nl=False)
    else:
        output.write_bytes(data)
        click.echo(f"{len(rows)} lines written to {output}")
