"""Something happened: the six forms that report it, and the page that shows what the proposal changes."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions import disruptions
from app.actions.difference import Difference, difference
from app.actions.disruptions import Report
from app.actions.errors import ActionError
from app.board import runs, text
from app.board.day import dropped_by_plan
from app.board.told import happened_sentence, people_to_tell
from app.board.views import blueprint
from app.clock import utc_now
from app.days import local_date, zone_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import PlanRow, Region
from app.store.models.disruption import DisruptionKind, DisruptionStatus
from app.store.models.plan import PlanStatus
from app.store.models.user import Role
from app.store.queries import board as board_queries
from app.store.queries import disruptions as queries
from app.store.queries import planning
from app.web.access import allow
from app.web.context import actor, begin
from scheduler.explain import change_lines, nurse_sentences, share_of_changes

REFRESH_S = 2
"""How often the page looks whether the proposal is there; a page without scripts does so by itself."""

KINDS = "any(nurse_ill, nurse_late, visit_overruns, visit_cancelled, urgent_visit, road_closed)"


@blueprint.get("/<date:day>/happened")
@allow(Role.DISPATCHER)
def happened(day: date) -> ResponseReturnValue:
    """The six forms, and what has happened on the day so far."""
    with begin() as tx:
        return _forms(tx, day)


def _forms(tx: Tx, day: date, refusal: str = "", kind: str = "") -> str:
    region = tx.get_one(Region, actor().region_id)
    published = queries.routes(tx, region.id, day, PlanStatus.PUBLISHED)
    nurses = sorted({route.nurse.code: route.nurse for route in published}.values(), key=lambda n: n.name)
    planned = sorted((stop for route in published for stop in route.stops), key=lambda stop: stop.start)
    visits = {stop.visit.code: stop for stop in reversed(planned)}
    known = {stop.visit_id for stop in planned}
    unplanned = [visit for visit in planning.booked_visits(tx, region.id, day) if visit.id not in known]
    names = {visit.id: visit.code for visit in (*(stop.visit for stop in planned), *unplanned)}
    nurse_names = {nurse.id: nurse.name for nurse in nurses}
    record(
        tx, actor(), action="read", subject="visits", detail=f"what happened on {day}: names, codes, times"
    )
    zone = zone_of(region.zone)
    return render_template(
        "board/happened.html",
        day=day,
        over=day < local_date(utc_now(), zone),
        nurses=nurses,
        stops=sorted(visits.values(), key=lambda stop: (stop.start, stop.visit.code)),
        unplanned=unplanned,
        so_far=[
            (row.status, happened_sentence(row, names, nurse_names, zone))
            for row in queries.of_day(tx, region.id, day)
            if row.status is not DisruptionStatus.DISCARDED
        ],
        refusal=refusal,
        failed=kind,
        given=request.form,
    )


@blueprint.post(f"/<date:day>/happened/<{KINDS}:kind>")
@allow(Role.DISPATCHER)
def report(day: date, kind: str) -> ResponseReturnValue:
    """Queue the run that makes a proposal, then wait for it on the page of changes."""
    try:
        with begin() as tx:
            region = tx.get_one(Region, actor().region_id)
            disruptions.propose(tx, region, day, _report(DisruptionKind(kind)), actor=actor())
    except ActionError as refusal:
        with begin() as tx:
            return _forms(tx, day, str(refusal), kind), 409
    return redirect(url_for("board.changes", day=day))


def _report(kind: DisruptionKind) -> Report:
    form = request.form
    return Report(
        kind=kind,
        nurse=form.get("nurse", ""),
        visit=form.get("visit", ""),
        minutes=form.get("minutes", type=int),
        since=_time(form.get("since", "")),
        goes_on=form.get("cannot_go_on") is None,
        no_show=form.get("no_show") is not None,
        factor=form.get("factor", type=float),
        visits=tuple(code for code in form.getlist("visits") if code),
        between=form.get("between") is not None,
    )


def _time(given: str) -> time | None:
    if not given:
        return None
    try:
        return time.fromisoformat(given)
    except ValueError:
        abort(400)


@blueprint.get("/<date:day>/changes")
@allow(Role.DISPATCHER)
def changes(day: date) -> ResponseReturnValue:
    """What the draft changes in the published plan, and who must be told, before it is published."""
    with begin() as tx:
        region = tx.get_one(Region, actor().region_id)
        of_day = board_queries.runs_of_day(tx, region.id, day)
        live = runs.alive(of_day)
        found = None if live else difference(tx, region, day)
        return render_template(
            "board/changes.html",
            day=day,
            running=live and runs.progress(live, utc_now()),
            refresh=REFRESH_S,
            failure=runs.last_failure(of_day),
            over=day < local_date(utc_now(), zone_of(region.zone)),
            **(_shown(tx, region, day, found) if found else {"found": None}),
        )


def _shown(tx: Tx, region: Region, day: date, found: Difference) -> dict[str, Any]:
    plans = board_queries.plans_of_day(tx, region.id, day)
    draft, published = plans[PlanStatus.DRAFT], plans[PlanStatus.PUBLISHED]
    routes = [
        route
        for status in (PlanStatus.PUBLISHED, PlanStatus.DRAFT)
        for route in queries.routes(tx, region.id, day, status)
    ]
    visits = {stop.visit_id: stop.visit for route in routes for stop in route.stops}
    row = queries.of_run(tx, draft.run_id)
    zone = zone_of(region.zone)
    record(
        tx,
        actor(),
        action="read",
        subject="patients",
        detail=f"changes of {day}: names and phones of {len(found.changes.patients)}",
    )
    return {
        "found": found,
        "draft": draft,
        "published": published,
        "zone": zone,
        "what": row
        and happened_sentence(
            row,
            {visit.id: visit.code for visit in visits.values()},
            {route.nurse_id: route.nurse.name for route in routes},
            zone,
        ),
        "share": share_of_changes(found.changes),
        "lines": change_lines(found.changes, found.names),
        "patients": people_to_tell(found, visits),
        "nurses": nurse_sentences(found.changes, found.names),
        "unserved": board_queries.unassigned_of_plan(tx, draft.id),
        "cost": _cost(tx, draft),
        "difference": _difference(tx, draft, published),
    }


def _cost(tx: Tx, plan: PlanRow) -> str:
    return text.dollars(plan.cost - dropped_by_plan(tx, plan))


def _difference(tx: Tx, draft: PlanRow, published: PlanRow) -> str:
    """Of what is driven and worked and of promises; the price of visits left out is no money of theirs."""
    more = draft.cost - dropped_by_plan(tx, draft) - published.cost + dropped_by_plan(tx, published)
    return f"{text.dollars(abs(more))} {'more' if more >= 0 else 'less'} than the published plan"
