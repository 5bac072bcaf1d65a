"""Booking by hand: `slots` and `book`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app.actions import booking
from app.actions.booking import Asked, Choice, Offer, Travel
from app.actions.errors import ActionError
from app.actions.records.content import WindowContent
from app.cli.common import ENGINES, CommandError, ready_database, region_of
from app.days import WEEKDAYS, CalendarError, day_text
from app.exchange.fields import parse_clock
from app.planning import Engines
from app.store.models.visit import Priority
from scheduler.explain import NoSeries, SeriesRules, Slot, cheapest_series
from scheduler.model import ModelError

MOST_DAYS = 31

Command = Callable[..., None]

DAY = click.DateTime(["%Y-%m-%d"])

_ASKED = (
    click.option("--region", "code", required=True, help="The region's code, such as columbus."),
    click.option("--patient", required=True, help="The patient's code."),
    click.option("--protocol", required=True, help="The protocol's code."),
    click.option(
        "--between",
        nargs=2,
        default=("08:00", "16:00"),
        show_default=True,
        help="Earliest and latest start, local times.",
    ),
    click.option("--order", default="", help="The code of the order whose sessions these are, if any."),
    click.option("--over-by", help="When it must be over, local time; default: no limit."),
    click.option(
        "--priority",
        type=click.Choice([each.value for each in Priority]),
        default=Priority.ROUTINE.value,
        show_default=True,
    ),
)


def _asks(command: Command) -> Command:
    """The options that say what is to be booked."""
    return reduce(lambda made, option: option(made), reversed(_ASKED), command)


@click.command("slots")
@_asks
@click.option("--from", "first", required=True, type=DAY, help="The first day, as in 2026-11-24.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=10, show_default=True)
@click.option("--sessions", type=click.IntRange(1, 60), default=1, help="A series of so many; default: 1.")
@click.option("--min-hours", type=click.IntRange(0), default=48, show_default=True)
@click.option("--max-hours", type=click.IntRange(0), help="Default: no limit.")
@click.option("--weekdays", default=" ".join(WEEKDAYS), show_default=True, help="Of a series.")
@click.option("--not-after", type=DAY, help="The last day of a series; default: no limit.")
@with_appcontext
def slots(
    code: str,
    first: datetime,
    days: int,
    sessions: int,
    min_hours: int,
    max_hours: int | None,
    weekdays: str,
    not_after: datetime | None,
    **given: Any,
) -> None:
    """The best slots for a new visit, or the cheapest dates for a series, with what they move."""
    asked = _asked(**given)
    rules = _rules(sessions, min_hours, max_hours, weekdays, not_after)
    span = [first.date() + timedelta(days=number) for number in range(days)]
    with ready_database().begin() as tx:
        region = region_of(tx, code)
        try:
            series = sessions > 1 or bool(asked.order)
            offer = booking.offer(tx, None, region, asked, span, _travel(), varied=series)
            after = booking.session_before(tx, region, asked, span[0])
        except (ActionError, CalendarError, ModelError) as error:
            raise CommandError(str(error)) from None
        found = _dates(offer, replace(rules, after=after)) if series else offer.slots
        lines = [booking.line_of(offer, slot) for slot in found]
    for line in lines:
        hours = f"{line.start} - {line.over}"
        click.echo(f"{day_text(line.day):<12} {hours:<20} {line.nurses:<26} {line.cost:>9}  {line.choice}")
        for change in line.changes:
            click.echo(f"             {change}")
    for closed in offer.closed:
        click.echo(f"{day_text(closed.day):<12} no slot: {closed.reason}")
    if offer.unplanned:
        click.echo(f"Not planned yet: {', '.join(map(day_text, offer.unplanned))}")


@click.command("book")
@_asks
@click.option("--slot", "chosen", multiple=True, required=True, help="As `slots` prints it; may be repeated.")
@click.option("--request", help="An id of 32 hexadecimal digits: sent again, it books nothing more.")
@with_appcontext
def book(code: str, chosen: tuple[str, ...], request: str | None, **given: Any) -> None:
    """Book a slot that `slots` has offered, or several, all or none."""
    asked = _asked(**given)
    try:
        choices = [Choice.parse(text) for text in chosen]
        with ready_database().begin() as tx:
            region = region_of(tx, code)
            wanted = request or booking.new_request()
            booked = booking.book(tx, None, region, asked, choices, wanted, _travel())
    except (ActionError, CalendarError, ModelError) as error:
        raise CommandError(str(error)) from None
    for visit in booked.visits:
        draft = booked.drafts.get(visit.day)
        where = "the day is not planned yet" if draft is None else f"in draft {draft.id}, to be published"
        where = f"in no plan yet. {booked.waiting[visit.day]}" if visit.day in booked.waiting else where
        where = "booked before" if booked.again else where
        click.echo(f"Visit {visit.code} on {day_text(visit.day)}: {where}")


def _dates(offer: Offer, rules: SeriesRules) -> tuple[Slot, ...]:
    rules = replace(rules, change_cost=booking.change_cost(offer.region))
    found = cheapest_series(offer.slots, rules)
    if isinstance(found, NoSeries):
        raise CommandError(booking.why_no_series(found, rules))
    return found.slots


def _travel() -> Travel:
    engines: Engines = current_app.extensions[ENGINES]
    return engines.travel


def _asked(
    patient: str,
    protocol: str,
    order: str,
    between: tuple[str, str],
    over_by: str | None,
    priority: str,
) -> Asked:
    try:
        window = WindowContent(
            earliest_start=parse_clock(between[0]),
            latest_start=parse_clock(between[1]),
            latest_end=parse_clock(over_by) if over_by else None,
        )
    except ValueError as error:
        raise CommandError(str(error)) from None
    if window.latest_start < window.earliest_start:
        raise CommandError(f"--between {' '.join(between)}: the latest start comes first: swap the two")
    return Asked(
        patient=patient, protocol=protocol, windows=(window,), priority=Priority(priority), order=order
    )


def _rules(
    sessions: int, min_hours: int, max_hours: int | None, weekdays: str, not_after: datetime | None
) -> SeriesRules:
    unknown = [word for word in weekdays.split() if word not in WEEKDAYS]
    if unknown:
        raise CommandError(f"--weekdays {weekdays!r} cannot be: list some of {', '.join(WEEKDAYS)} by spaces")
    last: date | None = None if not_after is None else not_after.date()
    try:
        return SeriesRules(
            sessions=sessions,
            min_s=min_hours * 3600,
            max_s=None if max_hours is None else max_hours * 3600,
            weekdays=frozenset(map(WEEKDAYS.index, weekdays.split())),
            not_after=last,
        )
    except ModelError as error:
        raise CommandError(str(error)) from None
