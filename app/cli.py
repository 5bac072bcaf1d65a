"""The operator's command line: `flask --app wsgi COMMAND`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.actions import accounts, runs
from app.actions.errors import ActionError
from app.actions.plans import Verdict
from app.actions.plans import check_plan as judge_plan
from app.clock import utc_now
from app.days import zone_of
from app.engines import ENGINES
from app.planning import Engines, execute, heartbeat
from app.store import migrate as migrations
from app.store.engine import Database, Tx
from app.store.models import PlanRow, Region, Run
from app.store.models.plan import PlanStatus
from app.store.models.run import RunStatus, RunTrigger
from app.store.models.user import Role
from app.store.queries import planning, plans
from app.store.queries import runs as run_queries
from app.web.context import services
from scheduler.model import POINTS_PER_DOLLAR
from scheduler.solve import Progress

_ENGINES = "rounds.engines"


class CommandError(click.ClickException):
    """What the operator gave cannot be; one line that names it and the cure."""

    exit_code = 2


def register(app: Flask, engines: Engines = ENGINES) -> None:
    """Give the app its commands; `engines` is what plan-day plans with."""
    app.extensions[_ENGINES] = engines
    for command in (migrate, plan_day, check_plan, list_runs, create_user):
        app.cli.add_command(command)


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to the shape this code needs; its data stays."""
    database = _database()
    migrations.upgrade(database)
    click.echo(f"The database is at {migrations.current(database)}.")


@click.command("plan-day")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--date", "day_given", required=True, help="The day to plan, as in 2026-11-24.")
@click.option("--seconds", type=click.IntRange(1, 86_400), help="How long to solve; default: the region's.")
@click.option("--seed", type=click.IntRange(0), default=0, help="Another seed, another search.")
@with_appcontext
def plan_day(code: str, day_given: str, seconds: int | None, seed: int) -> None:
    """Plan one day now and store the draft: by hand what the worker does nightly."""
    database, day = _database(), _day(day_given)
    with database.begin() as tx:
        region = region_of(tx, code)
        run_id = _begin_run(tx, region, day, seconds, seed)
    try:
        with heartbeat(database, run_id):
            execute(database, run_id, current_app.extensions[_ENGINES], _progress_printer())
    except KeyboardInterrupt:
        with database.begin() as tx:
            runs.fail(tx, run_id, "Stopped by hand.", utc_now())
        raise
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
    day = _day(day_given)
    status = PlanStatus.PUBLISHED if published else PlanStatus.DRAFT
    with _database().begin() as tx:
        verdict = judge_plan(tx, region_of(tx, code), day, status)
    if verdict is None:
        raise CommandError(f"there is no {status} plan of {code} on {day}: run plan-day first")
    _print_verdict(verdict, f"{status} plan {verdict.plan_id} of {code} on {day}")


@click.command("runs")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@with_appcontext
def list_runs(limit: int) -> None:
    """The latest runs of all regions, newest first."""
    with _database().begin() as tx:
        found = run_queries.recent(tx, limit)
    click.echo(
        f"{'run':>5}  {'region':<14}{'day':<12}{'trigger':<9}{'try':>3}  {'status':<10}{'queued':<18}result"
    )
    for run in found:
        click.echo(_run_line(run))


@click.command("create-user")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--nurse", "nurse_code", help="For a nurse: the code of her record.")
@click.password_option()
@with_appcontext
def create_user(code: str, email: str, name: str, role: str, nurse_code: str | None, password: str) -> None:
    """Add a log-in; asks for the password."""
    with _database().begin() as tx:
        region = region_of(tx, code)
        nurse = planning.nurse_by_code(tx, region.id, nurse_code) if nurse_code else None
        if nurse_code and nurse is None:
            raise CommandError(f"there is no nurse {nurse_code!r} in {code}: add her record first")
        try:
            user = accounts.create_user(
                tx,
                email=email,
                name=name,
                password=password,
                role=Role(role),
                region_id=region.id,
                nurse_id=None if nurse is None else nurse.id,
            )
        except ActionError as error:
            raise CommandError(str(error)) from None
    click.echo(f"{user.email} can log in as {role} of {code}.")


def _database() -> Database:
    """The app's database. Raises CommandError where it has not been migrated."""
    return services().database


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise CommandError(
            f"--date {given!r} is no date: give year, month and day, as in 2026-11-24"
        ) from None


def region_of(tx: Tx, code: str) -> Region:
    """The region of this code. Raises CommandError for an unknown one."""
    region = planning.region_by_code(tx, code)
    if region is not None:
        return region
    known = ", ".join(each.code for each in planning.regions(tx)) or "none yet"
    raise CommandError(f"--region {code!r} is unknown: give one of the regions ({known})")


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


def _progress_printer() -> Callable[[Progress], None]:
    """Prints a line to stderr about once a second, and at each new stage."""
    last: tuple[str, float] = ("", float("-inf"))

    def show(progress: Progress) -> None:
        nonlocal last
        if progress.stage == last[0] and time.monotonic() < last[1] + 1:
            return
        last = (progress.stage, time.monotonic())
        cost = "" if progress.cost is None else f"  cost {_dollars(progress.cost)}"
        bound = "" if progress.bound is None else f"  bound {_dollars(progress.bound)}"
        click.echo(f"{progress.seconds:7.1f} s  {progress.stage}{cost}{bound}", err=True)

    return show


def _print_result(region: Region, run: Run, draft: PlanRow) -> None:
    total = draft.visits_served + len(draft.unassigned)
    click.echo(
        f"Draft {draft.id}: {region.name} on {draft.day:%A} {draft.day}, run {run.id} in {run.elapsed:.1f} s"
    )
    click.echo(f"Visits served:  {draft.visits_served} of {total}, {len(draft.unassigned)} unassigned")
    click.echo(f"Drive time:     {_hours(draft.travel_total)}")
    click.echo(f"Overtime:       {_hours(draft.overtime_total)}")
    click.echo(f"Cost:           {_dollars(draft.cost)}, {_proof(draft)}")


def _proof(draft: PlanRow) -> str:
    if draft.bound is None or draft.cost <= 0:
        return "no proven bound"
    gap = (draft.cost - draft.bound) / draft.cost
    return f"proven bound {_dollars(draft.bound)} (at most {gap:.1%} above the best possible)"


def _print_verdict(verdict: Verdict, name: str) -> None:
    if verdict.sound and verdict.report is not None and verdict.report.cost is not None:
        click.echo(
            f"The {name} keeps every rule and fits the records; cost {_dollars(verdict.report.cost.total)}"
        )
        return
    problem = "breaks the rules" if verdict.faults else "no longer fits the records"
    click.echo(f"The {name} {problem}:", err=True)
    for sentence in (*verdict.faults, *verdict.changes):
        click.echo(f"  {sentence}", err=True)
    raise SystemExit(1)


def _run_line(run: Run) -> str:
    queued = run.queued_at.astimezone(zone_of(run.region.zone))
    result = run.error or run.stage
    if run.status is RunStatus.SUCCEEDED and run.cost is not None:
        result = f"{_dollars(run.cost)} in {run.elapsed:.0f} s"
    return (
        f"{run.id:>5}  {run.region.code:<14}{run.day!s:<12}{run.trigger:<9}{run.attempt:>3}  "
        f"{run.status:<10}{queued:%Y-%m-%d %H:%M}  {result}"
    )


def _dollars(points: int) -> str:
    return f"${points / POINTS_PER_DOLLAR:,.2f}"


def _hours(seconds: int) -> str:
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"
