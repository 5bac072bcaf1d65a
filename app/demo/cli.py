"""`flask --app wsgi demo`: the demo clinic, loaded, planned and published."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

import click
from flask import Flask
from flask.cli import with_appcontext

from app.actions import accounts, plans
from app.actions.errors import ActionError
from app.cli import CommandError, plan_day
from app.clock import utc_now
from app.days import local_date, next_working_day, zone_of
from app.demo import played, today, writer
from app.demo.clinic import REGION_CODE, ZONE, generate
from app.demo.rows import Clinic
from app.store import migrate
from app.store.engine import Database, Tx
from app.store.models import Night, Nurse, Region, User
from app.store.models.plan import PlanStatus
from app.store.models.user import Role
from app.store.once import insert_once
from app.store.queries import board, my_day, planning, users
from app.store.queries import plans as plan_queries
from app.web.context import services

DISPATCHER = "dispatcher@demo.example"
DISPATCHER_NAME = "Robin Calloway"
NURSE = "nurse@demo.example"
NURSES = (NURSE, "nurse2@demo.example", "nurse3@demo.example")
"""Those whose phones have something to tell of today."""

DAY = timedelta(days=1)
PASSWORD = "rounds-demo"  # noqa: S105 (known to everybody: the demo only)


def register(app: Flask) -> None:
    """Give the app its command."""
    app.cli.add_command(demo)


@click.command("demo")
@click.option(
    "--seed", type=click.IntRange(0), default=7, show_default=True, help="Another seed, other people."
)
@click.option("--visits", type=click.IntRange(5, 500), default=55, show_default=True, help="Visits a day.")
@click.option("--nurses", type=click.IntRange(2, 400), help="Default: as many as the visits need.")
@click.option("--days", type=click.IntRange(1, 31), default=2, show_default=True, help="Days with visits.")
@click.option("--first-day", type=click.DateTime(["%Y-%m-%d"]), help="Default: the next working day.")
@with_appcontext
@click.pass_context
def demo(
    context: click.Context,
    seed: int,
    visits: int,
    nurses: int | None,
    days: int,
    first_day: datetime | None,
) -> None:
    """Load a fictional clinic, plan its next day and publish it. What is there already stays as it is."""
    if not services().settings.demo:
        raise CommandError(
            "this is not the demo: its log-ins have a known password and must never meet real patients. "
            "Set ROUNDS_DEMO=1 and give it a database of its own"
        )
    database = services().database
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrate.upgrade(database)
    start = first_day.date() if first_day else _next_working_day()
    try:
        clinic = generate(seed, start, days, visits, nurses)
    except ValueError as error:
        raise CommandError(str(error)) from None
    _load(database, clinic)
    _plan_and_publish(context, database)
    _live(database)
    click.echo(f"Log in as {DISPATCHER} or {NURSE}; the password of both is {PASSWORD}")


def _next_working_day() -> date:
    return next_working_day(local_date(utc_now(), zone_of(ZONE)), "Mon Tue Wed Thu Fri")


def _load(database: Database, clinic: Clinic) -> None:
    with database.begin() as tx:
        regions = [region.code for region in planning.regions(tx)]
        if regions == [REGION_CODE] and users.by_email(tx, DISPATCHER) is not None:
            click.echo("The demo clinic is there already; it stays as it is.")
            return
        if regions:
            raise CommandError(
                f"the database holds region {regions[0]}, which is not the demo's: give the demo a database "
                "of its own with ROUNDS_DATABASE_URL"
            )
        region = writer.store(tx, clinic)
        _add_log_ins(tx, region, clinic)
    click.echo(
        f"Loaded the demo clinic: {len(clinic.nurses)} nurses, {len(clinic.visits)} visits from "
        f"{clinic.days[0]:%A} {clinic.days[0]} on."
    )


def _add_log_ins(tx: Tx, region: Region, clinic: Clinic) -> None:
    nurse = planning.nurse_by_code(tx, region.id, clinic.nurses[0].code)
    assert nurse is not None, "the first nurse has just been stored"
    accounts.create_user(
        tx,
        email=DISPATCHER,
        name=DISPATCHER_NAME,
        password=PASSWORD,
        role=Role.DISPATCHER,
        region_id=region.id,
    )
    _add_nurse(tx, region, nurse, NURSE)


def _add_nurse(tx: Tx, region: Region, nurse: Nurse, email: str) -> None:
    accounts.create_user(
        tx,
        email=email,
        name=nurse.name,
        password=PASSWORD,
        role=Role.NURSE,
        region_id=region.id,
        nurse_id=nurse.id,
    )


def _plan_and_publish(context: click.Context, database: Database) -> None:
    """Bring the first booked day from today on to a published plan, if it has none."""
    with database.begin() as tx:
        region = planning.region_by_code(tx, REGION_CODE)
        assert region is not None, "the region has just been loaded"
        now = local_date(utc_now(), zone_of(region.zone))
        day = board.first_booked_day(tx, region.id, now + DAY if today.is_made(tx, region, now) else now)
        stored = {} if day is None else board.plans_of_day(tx, region.id, day)
    if day is None:
        click.echo("All its visits are past. For new ones remove its database (make demo: var/demo.sqlite).")
        return
    if PlanStatus.PUBLISHED in stored:
        click.echo(f"{day:%A} {day} is planned and published.")
        return
    if PlanStatus.DRAFT not in stored:
        context.invoke(plan_day, code=REGION_CODE, day_given=day.isoformat(), seconds=None, seed=0)
    _publish(database, region, day)


def _publish(database: Database, region: Region, day: date) -> None:
    try:
        with database.begin() as tx:
            draft = plan_queries.of_day(tx, region.id, day, PlanStatus.DRAFT)
            dispatcher = users.by_email(tx, DISPATCHER)
            if draft is None or dispatcher is None:
                return
            plans.publish(tx, accounts.actor_of(dispatcher), draft.id)
            if day == _next_working_day():
                # This was tonight's plan: the worker need not make it once more.
                night = Night(region_id=region.id, day=day, claimed_at=utc_now(), run_id=draft.run_id)
                insert_once(tx, night)
    except ActionError as error:
        click.echo(f"Not published: {error}")
    else:
        click.echo(f"Published: the nurses see {day:%A}'s visits.")


def _live(database: Database) -> None:
    """Let nurses be in the midst of their day today: one monitors a patient, one is late."""
    now = utc_now()
    day = local_date(now, zone_of(ZONE))
    try:
        with database.begin() as tx:
            region = planning.region_by_code(tx, REGION_CODE)
            dispatcher, first = users.by_email(tx, DISPATCHER), users.by_email(tx, NURSE)
            if region is None or dispatcher is None or first is None or first.nurse_id is None:
                return
            crew = _crew(tx, region, tx.get_one(Nurse, first.nurse_id), day)
            if not board.plans_of_day(tx, region.id, day) and not planning.booked_visits(tx, region.id, day):
                if not today.may_begin(now, region.zone):
                    click.echo("It is night at the clinic: today stays empty. By day it would be under way.")
                    return
                today.make(
                    tx,
                    region,
                    accounts.actor_of(dispatcher),
                    [tx.get_one(Nurse, each.nurse_id) for each in crew],
                )
            told = sum(_played(tx, user, day, now, place) for place, user in enumerate(crew))
    except ActionError as error:
        click.echo(f"Today is not under way: {error}")
    else:
        if told:
            click.echo(f"Today is under way on three phones: {', '.join(NURSES)}.")


def _crew(tx: Tx, region: Region, first: Nurse, day: date) -> list[User]:
    """The users of today's nurses; who has none yet gets one."""
    known = [user for email in NURSES if (user := users.by_email(tx, email)) is not None]
    if len(known) == len(NURSES):
        return known
    nurses = today.crew(tx, region, first, day)
    for email, nurse in zip(NURSES[1:], nurses[1:], strict=False):
        _add_nurse(tx, region, nurse, email)
    return [user for email in NURSES if (user := users.by_email(tx, email)) is not None]


def _played(tx: Tx, user: User, day: date, now: datetime, place: int) -> int:
    route = my_day.route_of(tx, user.nurse_id or 0, day)
    if route is None:
        return 0
    return played.play(tx, user, route, now, late=place == 1, high=place == 2)
