"""Planning by hand: `plan-day`, `check-plan` and `runs`."""

from __future__ import annotations

from datetime import date

import click
from flask.cli import with_appcontext

from app.actions import runs
from app.actions.plans import Verdict
from app.actions.plans import check_plan as judge_plan
from app.cli.carrying_out import carry_out
from app.cli.common import CommandError, dollars, ready_database, region_of
from app.cli.common import day_given as day_of
from app.clock import utc_now
from app.days import CalendarError
from app.store.engine import Tx
from app.store.models import PlanRow, Region, Run
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus, RunTrigger
from app.store.queries import plans
from app.store.queries import runs as run_queries

_RUN_LINE = "{:>5}  {:<14}{:<12}{:<9}{:>3}  {:<10}{:<18}{}"


@click.command("plan-day")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--date", "day_given", required=True, help="The day to plan, as in 2026-11-24.")
@click.option("--seconds", type=click.IntRange(1, 86_400), help="How long to solve; default: the region's.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Another seed, another search.")
@with_appcontext
def plan_day(code: str, day_given: str, seconds: int | None, seed: int) -> None:
    """Plan one day now and store the draft: by hand what the worker does nightly."""
    database, day = ready_database(), day_of(day_given)
    with database.begin() as tx:
        region = region_of(tx, code)
        run_id = _begin_run(tx, region, day, seconds, seed)
    carry_out(database, run_id)
    with database.begin() as tx:
        run, draft = tx.get_one(Run, run_id), plans.of_run(tx, run_id)
    if draft is None:
        raise click.ClickException(f"run {run_id} failed. {run.error}")
    _print_result(region, run, draft)


@click.command("check-plan")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--date", "day_given", required=True, help="The planned day, as in 2026-11-24.")
@click.option("--published", is_flag=True, help="Check the published plan instead of the draft.")
@with_appcontext
def check_plan(code: str, day_given: str, published: bool) -> None:
    """The referee's word on a stored plan: its rules, and whether it still fits the records."""
    day = day_of(day_given)
    status = PlanStatus.PUBLISHED if published else PlanStatus.DRAFT
    with ready_database().begin() as tx:
        region = region_of(tx, code)
        try:
            verdict = judge_plan(tx, region, day, status)
        except CalendarError as error:
            raise CommandError(f"region {code}: {error}") from None
    if verdict is None:
        raise CommandError(f"there is no {status} plan of {code} on {day}: run plan-day first")
    _print_verdict(verdict, f"{status} plan {verdict.plan_id} of {code} on {day}")


@click.command("runs")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@with_appcontext
def list_runs(limit: int) -> None:
    """The latest runs of all regions, newest first."""
    with ready_database().begin() as tx:
        found = run_queries.recent(tx, limit)
    click.echo(_RUN_LINE.format("run", "region", "day", "trigger", "try", "status", "queued, UTC", "result"))
    for run in found:
        click.echo(_run_line(run))


def _begin_run(tx: Tx, region: Region, day: date, seconds: int | None, seed: int) -> int:
    now = utc_now()
    runs.sweep(tx, now)
    run = runs.queue(tx, region, day, RunTrigger.COMMAND, now=now)
    if run is None:
        alive = run_queries.alive(tx, region.id, day)
        which = "" if alive is None else f" (run {alive.id}, {alive.status})"
        raise CommandError(
            f"{region.code} on {day} is being planned already{which}: wait until that run has ended"
        )
    run.seconds, run.seed = seconds or run.seconds, seed
    runs.begin(run, "command line", now)
    return run.id


def _print_result(region: Region, run: Run, draft: PlanRow) -> None:
    total = draft.visits_served + len(draft.unassigned)
    click.echo(
        f"Draft {draft.id}: {region.name} on {draft.day:%A} {draft.day}, run {run.id} in {run.elapsed:.1f} s"
    )
    click.echo(f"Visits served:  {draft.visits_served} of {total}, {len(draft.unassigned)} unassigned")
    click.echo(f"Drive time:     {_hours(draft.travel_total)}")
    click.echo(f"Overtime:       {_hours(draft.overtime_total)}")
    click.echo(f"Cost:           {dollars(draft.cost)}, {_proof(draft)}")
    if run.error:
        click.echo(run.error, err=True)


def _proof(draft: PlanRow) -> str:
    if draft.bound is None or draft.cost <= 0:
        return "no proven bound"
    gap = (draft.cost - draft.bound) / draft.cost
    return f"proven bound {dollars(draft.bound)} (at most {gap:.1%} above the best possible)"


def _print_verdict(verdict: Verdict, name: str) -> None:
    if verdict.sound and verdict.report is not None and verdict.report.cost is not None:
        click.echo(
            f"The {name} keeps every rule and fits the records; cost {dollars(verdict.report.cost.total)}"
        )
        return
    problem = "breaks the rules" if verdict.faults else "no longer fits the records"
    click.echo(f"The {name} {problem}:", err=True)
    for sentence in (*verdict.faults, *verdict.changes):
        click.echo(f"  {sentence}", err=True)
    raise SystemExit(1)


def _run_line(run: Run) -> str:
    result = run.error or run.stage
    if run.status is RunStatus.SUCCEEDED and run.cost is not None:
        result = ". ".join(filter(None, (f"{dollars(run.cost)} in {run.elapsed:.0f} s", run.error)))
    queued = f"{run.queued_at:%Y-%m-%d %H:%M}"
    return _RUN_LINE.format(
        run.id, run.region.code, f"{run.day}", run.trigger, run.attempt, run.status, queued, result
    )


def _hours(seconds: int) -> str:
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
