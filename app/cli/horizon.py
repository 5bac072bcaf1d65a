"""Planning several days together: `plan-days`."""

from __future__ import annotations

import sys
from datetime import date

import click
from flask import current_app
from flask.cli import with_appcontext

from app.actions.errors import ActionError
from app.cli.common import ENGINES, CommandError, day_given, ready_database, region_of
from app.days import CalendarError
from app.horizon import HorizonReport, plan_days
from app.store.models import PlanRow
from scheduler.model import POINTS_PER_DOLLAR, ModelError
from scheduler.plan_day import InfeasiblePlan
from scheduler.progress import ProgressLines
from scheduler.solve import Limits


@click.command("plan-days")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--from", "first", required=True, help="The first day, as in 2026-11-24.")
@click.option("--days", "count", type=click.IntRange(1, 21), default=10, show_default=True)
@click.option("--seconds", type=click.IntRange(1, 86_400), help="How long to solve; default: the region's.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Another seed, another search.")
@with_appcontext
def plan_several(code: str, first: str, count: int, seconds: int | None, seed: int) -> None:
    """Plan the next days together.

    Sessions of series get the days that cost least over all, within their orders' rules; each day gets a
    draft. Published days stay as they are.
    """
    database, day = ready_database(), day_given(first, "--from")
    with database.begin() as tx:
        region = region_of(tx, code)
    limits = Limits(seconds=seconds or region.solve_seconds, seed=seed)
    lines = ProgressLines(sys.stderr, POINTS_PER_DOLLAR)
    try:
        found = plan_days(database, region.id, day, count, current_app.extensions[ENGINES], limits, lines)
    except (ActionError, CalendarError, ModelError, InfeasiblePlan) as error:
        raise CommandError(f"nothing is stored: {error}") from None
    _print(found, day)


def _print(found: HorizonReport, first: date) -> None:
    loaded, planned = found.loaded, found.planned
    last = loaded.days[-1]
    click.echo(
        f"{loaded.region.name}, {first} to {last}: {found.served} of {found.visits} visits served, "
        f"{len(planned.moves)} moved to another day, in {found.seconds:.0f} s"
    )
    if found.kept is not None:
        click.echo(f"  the same nurse as in the session before: {found.kept:.0%}")
    for day in loaded.published:
        click.echo(f"  {day:%a} {day}  published, left as it is")
    for draft in planned.drafts:
        click.echo(f"  {draft.day:%a} {draft.day}  {_draft(draft)}")
    for move in planned.moves:
        click.echo(f"  {move.code}: from {move.before:%a} {move.before} to {move.after:%a} {move.after}")
    for trouble in planned.troubles:
        click.echo(f"  {trouble}", err=True)


def _draft(draft: PlanRow) -> str:
    total = draft.visits_served + len(draft.unassigned)
    return (
        f"draft {draft.id}: {draft.visits_served} of {total} visits, ${draft.cost / POINTS_PER_DOLLAR:,.2f}"
    )
