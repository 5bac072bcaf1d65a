"""Planning several days together: `plan-days`."""

from __future__ import annotations

from datetime import date

import click
from flask.cli import with_appcontext

from app.actions import runs
from app.actions.errors import ActionError
from app.actions.horizon import FEWEST_DAYS, MOST_DAYS, queue_days
from app.cli.carrying_out import carry_out
from app.cli.common import CommandError, day_given, dollars, ready_database, region_of
from app.clock import utc_now
from app.store.engine import Tx
from app.store.models import HorizonResult, PlanRow, Region, Run
from app.store.models.run import RunTrigger
from app.store.queries import horizon as queries


@click.command("plan-days")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--from", "first", required=True, help="The first day, as in 2026-11-24.")
@click.option("--days", "count", type=click.IntRange(FEWEST_DAYS, MOST_DAYS), default=10, show_default=True)
@click.option("--seconds", type=click.IntRange(1, 3600), help="How long to solve; default: the region's.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Another seed, another search.")
@with_appcontext
def plan_several(code: str, first: str, count: int, seconds: int | None, seed: int) -> None:
    """Plan the next days together.

    Sessions of series get the days that cost least over all, within their orders' rules; each day with visits
    gets a draft. Published days stay as they are.
    """
    database, day = ready_database(), day_given(first, "--from")
    with database.begin() as tx:
        region, now = region_of(tx, code), utc_now()
        try:
            run = queue_days(tx, region, day, count, RunTrigger.COMMAND, seconds=seconds, now=now)
        except ActionError as error:
            raise CommandError(f"nothing is planned: {error}") from None
        run.seed = seed
        runs.begin(run, "command line", now)
        run_id = run.id
    carry_out(database, run_id)
    with database.begin() as tx:
        result = queries.result_of(tx, run_id)
        if result is None:
            raise click.ClickException(f"run {run_id} failed, nothing is stored. {runs.error_of(tx, run_id)}")
        _print(tx, region, tx.get_one(Run, run_id), result)


def _print(tx: Tx, region: Region, run: Run, result: HorizonResult) -> None:
    click.echo(
        f"{region.name}, {run.day} to {run.last_day}: {result.served} of {result.visits} visits served, "
        f"{len(result.moves)} moved to another day, in {run.elapsed:.0f} s"
    )
    if result.kept is not None:
        click.echo(f"  the same nurse as in the session before: {result.kept:.0%}")
    for day in result.days_left_alone:
        click.echo(f"  {_day(day)}  published, left as it is")
    for draft in queries.drafts_of(tx, run.id):
        click.echo(f"  {_day(draft.day)}  {_draft(draft)}")
    for move in result.moves:
        click.echo(f"  {move.visit.code}: from {_day(move.before)} to {_day(move.after)}")
    for trouble in result.troubles:
        click.echo(f"  {trouble}", err=True)


def _day(day: date) -> str:
    return f"{day:%a} {day}"


def _draft(draft: PlanRow) -> str:
    total = draft.visits_served + len(draft.unassigned)
    return f"draft {draft.id}: {draft.visits_served} of {total} visits, {dollars(draft.cost)}"
