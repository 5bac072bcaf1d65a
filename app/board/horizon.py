"""Coming days: several days planned together, and how each of them stands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions import runs as run_actions
from app.actions.errors import ActionError
from app.actions.horizon import FEWEST_DAYS, LONGEST_S, MOST_DAYS, request_days
from app.board import runs
from app.board.coming import coming_days
from app.board.views import blueprint
from app.clock import utc_now
from app.days import local_date, next_working_day, zone_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import HorizonResult, Region, Run
from app.store.models.run import RunStatus
from app.store.models.user import Role
from app.store.queries import horizon as queries
from app.web.access import allow
from app.web.context import actor, begin

USUAL_DAYS = 10


@blueprint.get("/horizon")
@allow(Role.DISPATCHER)
def horizon() -> ResponseReturnValue:
    """The coming days, the run that plans them, and the form that asks for one."""
    with begin() as tx:
        return _page(tx)


@blueprint.post("/horizon")
@allow(Role.DISPATCHER)
def plan_several() -> ResponseReturnValue:
    """Queue a run of several days; a worker picks it up. Refused, the form says why (409)."""
    try:
        with begin() as tx:
            request_days(tx, actor(), _day("first"), _number("days"), _number("seconds"))
    except ActionError as refusal:
        with begin() as tx:
            return _page(tx, str(refusal)), 409
    return redirect(url_for("board.horizon"))


@blueprint.get("/horizon/progress")
@allow(Role.DISPATCHER)
def progress_of_several() -> dict[str, Any]:
    """As `views.progress`, of the region's newest run of several days."""
    with begin() as tx:
        run = queries.latest_run(tx, actor().region_id)
    return {
        "version": _version(run),
        "run": runs.progress(run, utc_now()) if run is not None and _alive(run) else None,
    }


@blueprint.post("/horizon/stop")
@allow(Role.DISPATCHER)
def stop_several() -> ResponseReturnValue:
    """End the run soon; the best plan it has found so far gives the sessions their days."""
    try:
        with begin() as tx:
            run_actions.cancel(tx, actor(), request.form.get("run", -1, type=int))
    except ActionError as refusal:
        flash(str(refusal), "warning")
    return redirect(url_for("board.horizon"))


def _page(tx: Tx, refusal: str = "") -> str:
    region = tx.get_one(Region, actor().region_id)
    today = local_date(utc_now(), zone_of(region.zone))
    run, result = queries.latest_run(tx, region.id), queries.latest_result(tx, region.id)
    asked = _defaults(region, today)
    first, last = _span(run, asked, today)
    coming = coming_days(tx, region, first, last)
    if result is not None and result.run.last_day < today:
        result = None
    _audit(tx, first, last, result)
    return render_template(
        "board/horizon.html",
        region=region,
        today=today,
        zone=zone_of(region.zone),
        asked=asked | request.form.to_dict(),
        least=FEWEST_DAYS,
        most=MOST_DAYS,
        longest=LONGEST_S,
        refusal=refusal,
        run=run,
        alive=run is not None and _alive(run),
        failed=run if run is not None and run.status is RunStatus.FAILED else None,
        version=_version(run),
        result=result,
        kind=runs.kind(result.run) if result else "",
        coming=coming,
        stale=[line.day for line in coming.lines if line.stale],
    )


def _defaults(region: Region, today: date) -> dict[str, Any]:
    days = region.horizon_days if region.horizon_days >= FEWEST_DAYS else USUAL_DAYS
    first = next_working_day(today, region.working_days)
    return {"first": first, "days": days, "seconds": region.horizon_seconds}


def _span(run: Run | None, asked: dict[str, Any], today: date) -> tuple[date, date]:
    """The days of the newest run, from today on; where it is over, those of the next one."""
    if run is not None and run.last_day >= today:
        return max(run.day, today), run.last_day
    return asked["first"], asked["first"] + timedelta(days=asked["days"] - 1)


def _audit(tx: Tx, first: date, last: date, result: HorizonResult | None) -> None:
    moved = 0 if result is None else len(result.moves)
    detail = f"coming days {first} to {last}: names, codes, reasons; {moved} moved sessions"
    record(tx, actor(), action="read", subject="patients", detail=detail)


def _alive(run: Run) -> bool:
    return run.status in (RunStatus.QUEUED, RunStatus.RUNNING)


def _version(run: Run | None) -> str:
    """A word that changes when another run is there or the run has ended, but not with its progress."""
    return "none" if run is None else f"{run.id}-{'alive' if _alive(run) else 'ended'}"


def _day(name: str) -> date:
    given = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ActionError(f"{given[:20]!r} is no date: give the first day, as in 2026-11-24.") from None


def _number(name: str) -> int:
    given = request.form.get(name, "").strip()
    if not given.isdecimal() or len(given) > 6:
        raise ActionError(f"{name.capitalize()}: {given[:20]!r} is no whole number: give one, as in 10.")
    return int(given)
