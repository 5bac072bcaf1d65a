"""The nurse's pages. All show only what `my_day` finds for her: her own stops on published plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.clock import utc_now
from app.days import local_date
from app.nurse.blueprint import blueprint
from app.nurse.day import Step, StopView, steps, stop_view
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import Nurse
from app.store.models.user import Role
from app.store.queries import my_day
from app.store.queries.my_day import PlannedDay
from app.web.access import allow
from app.web.context import actor, begin, zone

AHEAD = timedelta(days=20)
"""How far ahead published days are listed."""

BACK = timedelta(days=14)
"""How long a past day stays open: long enough to finish its paperwork, not a way to look people up."""


@blueprint.get("/")
@allow(Role.NURSE)
def index() -> ResponseReturnValue:
    """Today; where she has nothing today, the next day that has a visit for her."""
    today = _today()
    with begin() as tx:
        days = my_day.planned_days(tx, _nurse(tx), today, today + AHEAD)
        busy = [planned.day for planned in days if planned.stops]
        return _page(tx, busy[0] if busy else today, days)


@blueprint.get("/<date:day>")
@allow(Role.NURSE)
def day(day: date) -> ResponseReturnValue:
    """One day."""
    today = _today()
    if not today - BACK <= day <= today + AHEAD:
        abort(404)
    with begin() as tx:
        return _page(tx, day, my_day.planned_days(tx, _nurse(tx), min(day, today), today + AHEAD))


@blueprint.get("/visits/<int:visit_id>")
@allow(Role.NURSE)
def visit(visit_id: int) -> ResponseReturnValue:
    """One visit of hers in full; anybody else's is no page at all."""
    with begin() as tx:
        stop = my_day.stop_of(tx, _nurse(tx).id, visit_id)
        if stop is None or stop.route.plan.day < _today() - BACK:
            abort(404)
        view = stop_view(stop.route, stop, my_day.others(tx, stop.route))
        _audit(tx, [view])
        return render_template("nurse/visit.html", stop=view, plan=stop.route.plan, today=_today())


def _page(tx: Tx, day: date, days: Sequence[PlannedDay]) -> str:
    route = my_day.route_of(tx, actor().nurse_id or 0, day)
    lines = () if route is None else steps(route, my_day.others(tx, route))
    _audit(tx, _stops(lines))
    today = _today()
    return render_template(
        "nurse/day.html",
        day=day,
        today=today,
        tomorrow=today + timedelta(days=1),
        tabs=_tabs(days, today, day),
        planned=next((planned for planned in days if planned.day == day), None),
        route=route,
        steps=lines,
    )


def _tabs(days: Sequence[PlannedDay], *always: date) -> list[tuple[date, int]]:
    counts = dict.fromkeys(always, 0) | {planned.day: planned.stops for planned in days}
    return sorted(counts.items())


def _stops(lines: Iterable[Step]) -> list[StopView]:
    return [line.stop for line in lines if line.stop is not None]


def _audit(tx: Tx, stops: Iterable[StopView]) -> None:
    for stop in stops:
        shown = "name" if stop.cancelled else "name, address, phone, access notes"
        record(
            tx,
            actor(),
            action="read",
            subject="patients",
            subject_id=str(stop.visit.patient_id),
            detail=f"visit {stop.visit.id}: {shown}",
        )


def _nurse(tx: Tx) -> Nurse:
    nurse = tx.get(Nurse, actor().nurse_id or 0)
    if nurse is None:
        abort(403)
    return nurse


def _today() -> date:
    return local_date(utc_now(), zone())
