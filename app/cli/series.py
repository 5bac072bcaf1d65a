"""A series moved by hand: `move-session` and `drop-session`. Each shows what it does; --accept saves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import click
from flask.cli import with_appcontext

from app.actions.actor import Actor
from app.actions.courses.preview import Drop, Move, Preview, confirm, preview
from app.cli.common import CommandError, day_given, dispatcher_of, ready_database, refusals, region_of
from app.days import day_text
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import Visit
from app.store.models.visit import VisitStatus
from app.store.queries import records

Command = Callable[..., None]

_ASKED = (
    click.option("--region", "code", required=True, help="The region's code, such as columbus."),
    click.option("--visit", required=True, help="The session's code."),
    click.option("--by", required=True, help="The e-mail address of the dispatcher who does it."),
    click.option("--accept", is_flag=True, help="Save it; without this nothing is changed."),
)


def _asks(command: Command) -> Command:
    return reduce(lambda made, option: option(made), reversed(_ASKED), command)


@click.command("move-session")
@_asks
@click.option("--to", "given", required=True, help="Its new day, as in 2026-11-24.")
@with_appcontext
def move_session(code: str, visit: str, by: str, accept: bool, given: str) -> None:
    """Another day for a session; the free ones after it follow within their order's rules."""
    day = day_given(given, "--to")
    _step(code, visit, by, accept, lambda visit_id: Move(visit_id=visit_id, day=day))


@click.command("drop-session")
@_asks
@click.option(
    "--status",
    required=True,
    type=click.Choice([VisitStatus.CANCELLED.value, VisitStatus.MISSED.value]),
)
@click.option("--make-up", is_flag=True, help="Book it anew; later ones follow.")
@with_appcontext
def drop_session(code: str, visit: str, by: str, accept: bool, status: str, make_up: bool) -> None:
    """A session is cancelled, or was missed."""
    gone = VisitStatus(status)
    _step(code, visit, by, accept, lambda visit_id: Drop(visit_id=visit_id, status=gone, make_up=make_up))


def _step(code: str, visit: str, by: str, accept: bool, make: Callable[[int], Move | Drop]) -> None:
    with refusals(), ready_database().begin() as tx:
        region = region_of(tx, code)
        who = dispatcher_of(tx, region, by)
        row = records.by_codes(tx, Visit, region.id, [visit]).get(visit)
        if row is None:
            raise CommandError(f"--visit {visit!r} is unknown in {code}: give a session's code")
        _take(tx, who, make(row.id), accept)


def _take(tx: Tx, who: Actor, step: Move | Drop, accept: bool) -> None:
    seen = preview(tx, who, step)
    detail = "moving, at the command line"
    record(tx, who, action="read", subject="patients", subject_id=str(seen.patient_id), detail=detail)
    if accept:
        confirm(tx, who, step, seen.key)
    _print(seen)
    click.echo("Saved." if accept else "Nothing is saved yet: give --accept.")


def _print(seen: Preview) -> None:
    for change in seen.changes:
        click.echo(f"{change.code}: {change.sentence}")
    if not seen.changes:
        click.echo("No visit gets another day; the session is fixed to its day.")
    for person in seen.to_tell:
        phone = f", {person.phone}" if person.phone else ""
        click.echo(f"Tell {person.name} ({person.role}{phone}):")
        for sentence in person.what:
            click.echo(f"  {sentence}")
    for day, status in sorted(seen.planned.items()):
        click.echo(f"{day_text(day)} is {status.value} already: plan it again.")
