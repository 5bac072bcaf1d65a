"""What needs attention before coming visits: `flask attention`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.actions.courses.attention import DAYS_AHEAD, MOST_DAYS, Item
from app.actions.courses.attention import attention as attention_of
from app.cli.common import ready_database, region_of
from app.clock import utc_now
from app.days import zone_of
from app.exchange import attention_csv
from app.store.audit import record


@click.command("attention")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    default=DAYS_AHEAD,
    show_default=True,
    help="How far ahead to look.",
)
@click.option(
    "--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write a CSV file instead."
)
@with_appcontext
def attention(code: str, days: int, file: Path | None) -> None:
    """List what will stop coming visits unless somebody mends it, the soonest first."""
    with ready_database().begin() as tx:
        region = region_of(tx, code)
        zone = zone_of(region.zone)
        items = attention_of(tx, region, utc_now(), days)
        detail = f"list: {len(items)} in need of attention"
        record(tx, None, action="read", subject="visits", detail=detail)
        lines = [_line(item, f"{item.bites.astimezone(zone):%Y-%m-%d %H:%M}") for item in items]
        data = attention_csv.write(items, zone)
    if file is not None:
        file.write_bytes(data)
        click.echo(f"{len(items)} written to {file}.")
    elif not lines:
        click.echo(f"Nothing needs attention: no gate is closed to a visit of the next {days} days.")
    for line in [] if file is not None else lines:
        click.echo(line)


def _line(item: Item, bites: str) -> str:
    return f"{bites}  {item.patient.code}  {item.visit.code}  {item.label}: {item.words}"
