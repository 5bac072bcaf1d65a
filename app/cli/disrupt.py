"""Something happened: `flask disrupt --region R --date D nurse-ill --nurse CODE` and its sisters.

Each makes a proposal, and says what it changes and who must be told. With --accept it is published at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import click
from flask.cli import with_appcontext

from app.actions import difference, disruptions, plans, runs
from app.actions.disruptions import Report
from app.cli.carrying_out import carry_out
from app.cli.common import (
    CommandError,
    day_given,
    dispatcher_of,
    dollars,
    ready_database,
    refusals,
    region_of,
)
from app.clock import utc_now
from app.store.engine import Tx
from app.store.models import PlanRow, Region
from app.store.models.disruption import DisruptionKind
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.queries import plans as plan_queries
from scheduler.explain import change_table, nurse_sentences, patients_to_tell, share_of_changes


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    code: str
    day: date
    accept_by: str | None


@click.group("disrupt")
@click.option("--region", "code", required=True, help="The region's code, such as columbus.")
@click.option("--date", "given", required=True, help="The planned day, as in 2026-11-24.")
@click.option("--accept", is_flag=True, help="Publish the proposal at once.")
@click.option("--by", help="With --accept: the e-mail address of the dispatcher who publishes.")
@click.pass_context
def disrupt(context: click.Context, code: str, given: str, accept: bool, by: str | None) -> None:
    """Something happened on a published day: make a proposal, and list what it changes."""
    if accept and not by:
        raise CommandError("--accept publishes: say with --by which dispatcher does, by e-mail address")
    context.obj = _Asked(code=code, day=day_given(given), accept_by=by if accept else None)


@disrupt.command("nurse-ill")
@click.option("--nurse", required=True, help="The nurse's code.")
@click.option(
    "--from", "since", type=click.DateTime(["%H:%M"]), help="Local time, as in 10:30; default: now."
)
@click.option("--cannot-go-on", is_flag=True, help="She cannot end the visit she is at.")
@click.pass_obj
@with_appcontext
def nurse_ill(asked: _Asked, nurse: str, since: object, cannot_go_on: bool) -> None:
    """A nurse is ill: she begins nothing more."""
    local = since.time() if hasattr(since, "time") else None
    assert local is None or isinstance(local, time)
    _answer(asked, Report(kind=DisruptionKind.NURSE_ILL, nurse=nurse, since=local, goes_on=not cannot_go_on))


@disrupt.command("nurse-late")
@click.option("--nurse", required=True, help="The nurse's code.")
@click.option("--minutes", type=int, required=True, help="By how much she is behind her plan.")
@click.pass_obj
@with_appcontext
def nurse_late(asked: _Asked, nurse: str, minutes: int) -> None:
    """A nurse is late."""
    _answer(asked, Report(kind=DisruptionKind.NURSE_LATE, nurse=nurse, minutes=minutes))


@disrupt.command("overruns")
@click.option("--visit", required=True, help="The visit's code.")
@click.option("--minutes", type=int, required=True, help="How much longer it lasts.")
@click.pass_obj
@with_appcontext
def overruns(asked: _Asked, visit: str, minutes: int) -> None:
    """A visit lasts longer."""
    _answer(asked, Report(kind=DisruptionKind.VISIT_OVERRUNS, visit=visit, minutes=minutes))


@disrupt.command("cancelled")
@click.option("--visit", required=True, help="The visit's code.")
@click.option("--no-show", is_flag=True, help="The patient was not there when the nurse came.")
@click.pass_obj
@with_appcontext
def cancelled(asked: _Asked, visit: str, no_show: bool) -> None:
    """A patient cancels, or was not there."""
    _answer(asked, Report(kind=DisruptionKind.VISIT_CANCELLED, visit=visit, no_show=no_show))


@disrupt.command("urgent")
@click.option("--visit", required=True, help="The code of the visit, booked since the plan was published.")
@click.pass_obj
@with_appcontext
def urgent(asked: _Asked, visit: str) -> None:
    """An urgent visit has been booked."""
    _answer(asked, Report(kind=DisruptionKind.URGENT_VISIT, visit=visit))


@disrupt.command("road-closed")
@click.option("--factor", type=float, required=True, help="How many times as long drives take, as in 1.5.")
@click.option("--visits", default="", help="Only around these visits' patients: codes with commas between.")
@click.option("--between", is_flag=True, help="Only the road between the two --visits.")
@click.pass_obj
@with_appcontext
def road_closed(asked: _Asked, factor: float, visits: str, between: bool) -> None:
    """Roads are closed or slow."""
    codes = tuple(code.strip() for code in visits.split(",") if code.strip())
    _answer(
        asked,
        Report(kind=DisruptionKind.ROAD_CLOSED, factor=factor, visits=codes, between=between),
    )


def _answer(asked: _Asked, report: Report) -> None:
    database = ready_database()
    with refusals(), database.begin() as tx:
        region = region_of(tx, asked.code)
        who = None if asked.accept_by is None else dispatcher_of(tx, region, asked.accept_by)
        run = disruptions.propose(tx, region, asked.day, report, actor=who, trigger=RunTrigger.COMMAND)
        runs.begin(run, "command line", utc_now())
        run_id = run.id
    carry_out(database, run_id)
    with database.begin() as tx:
        draft = plan_queries.of_run(tx, run_id)
        if draft is None:
            raise click.ClickException(f"there is no proposal. {runs.error_of(tx, run_id)}")
        _print(tx, region_of(tx, asked.code), draft)
        draft_id = draft.id
    if who is not None:
        with refusals(), database.begin() as tx:
            plans.publish(tx, who, draft_id)
        click.echo(f"Published by {who.name}: nurses see it now.")
    else:
        click.echo("Nothing is published yet: publish or discard the draft on the board, or give --accept.")


def _print(tx: Tx, region: Region, draft: PlanRow) -> None:
    found = difference.difference(tx, region, draft.day)
    assert found is not None, "a proposal is a draft beside a published plan"
    published = plan_queries.of_day(tx, region.id, draft.day, PlanStatus.PUBLISHED)
    before = 0 if published is None else published.cost
    click.echo(f"Draft {draft.id}: {region.name} on {draft.day}. {share_of_changes(found.changes)}")
    for line in change_table(found.changes, found.names):
        click.echo(f"  {line}")
    for sentence in draft.notes:
        click.echo(f"Note: {sentence}")
    for row in draft.unassigned:
        click.echo(f"Without a nurse: {row.visit.code}. {row.reason}")
    for sentence in nurse_sentences(found.changes, found.names):
        click.echo(f"Tell {sentence}")
    if found.changes.patients:
        click.echo(f"Tell the patients of {patients_to_tell(found.changes, found.names)}.")
    click.echo(
        f"Cost:  {dollars(draft.cost)}, before {dollars(before)}; the price of changed promises included"
    )
