"""The board's addresses. Every one shows the actor's own region only, whatever is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions import by_hand
from app.actions import plans as plan_actions
from app.actions import runs as run_actions
from app.actions.by_hand import Seen
from app.actions.errors import ActionError
from app.actions.phones import Device, devices_to_tell
from app.board import runs
from app.board.alerts import Alert
from app.board.day import BoardDay, read_day
from app.board.detail import PHASES, load_detail
from app.board.drawn import drawn_day, version_of
from app.clock import utc_now
from app.days import local_date, next_working_day, zone_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.kept import Kept
from app.store.models import Region
from app.store.models.plan import PlanStatus
from app.store.models.user import Role
from app.store.queries import board as queries
from app.store.queries import phones as phone_queries
from app.web.access import allow
from app.web.context import actor, begin, pusher, read, zone
from app.web.times import short_day

blueprint = Blueprint("board", __name__, url_prefix="/board", template_folder="templates")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

MOST_TOLD = 3
"""So many reasons why a draft no longer fits are told; of more, only the number."""

ASKABLE = (PlanStatus.DRAFT, PlanStatus.PUBLISHED)


@blueprint.before_request
def _only_days_of_our_time() -> None:
    """Days outside FIRST_DAY to LAST_DAY are no pages; so the days beside any other can be reckoned."""
    day = (request.view_args or {}).get("day")
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        abort(404)


@blueprint.get("/")
@allow(Role.DISPATCHER)
def index() -> ResponseReturnValue:
    """The most useful day: the next with a plan, else the next with visits, else the next working day."""
    with begin() as tx:
        region = tx.get_one(Region, actor().region_id)
        today = local_date(utc_now(), zone_of(region.zone))
        useful = (
            queries.first_planned_day(tx, region.id, today)
            or queries.first_booked_day(tx, region.id, today)
            or next_working_day(today, region.working_days)
        )
    return redirect(url_for("board.day", day=useful))


@blueprint.get("/<date:day>")
@allow(Role.DISPATCHER)
def day(day: date) -> ResponseReturnValue:
    """One day; `?plan=draft` or `?plan=published` says which plan, where there are both.

    A frame only, the same whatever the day holds: its script asks for the day (`day_data`) and draws it.
    """
    return _page(day)


def _page(day: date, refusal: str = "") -> str:
    return render_template(
        "board/day.html",
        day=day,
        today=local_date(utc_now(), zone()),
        previous=day - timedelta(days=1),
        next=day + timedelta(days=1),
        asked=asked(),
        first_day=FIRST_DAY,
        last_day=LAST_DAY,
        phases=PHASES,
        alerts=[Alert(tone="error", text=refusal)] if refusal else [],
    )


@blueprint.get("/<date:day>/fit")
@allow(Role.DISPATCHER)
def fit(day: date) -> ResponseReturnValue:
    """The alert that the shown draft no longer fits the records, as a piece of the page; empty where it fits.
    By itself, because judging a full day takes longer than the whole page."""
    now = utc_now()
    with read() as tx:
        key = (actor().region_id, day, asked(), local_date(now, zone()))
        alerts = _fits.get(tx, key, lambda: _stale(tx, read_day(tx, actor().region_id, day, asked(), now)))
    with begin() as tx:
        record(tx, actor(), action="read", subject="visits", detail=f"whether the plan of {day} still fits")
    return render_template("board/_alerts.html", alerts=alerts)


_fits: Kept[tuple[Alert, ...]] = Kept(64)


def _stale(tx: Tx, board: BoardDay) -> tuple[Alert, ...]:
    """Why the shown draft could not be published as it is, where no alert of the page says so."""
    if board.shown is None or board.shown.status is not PlanStatus.DRAFT or board.day < board.today:
        return ()
    if board.unplanned or board.withdrawn or board.changed:
        return ()
    verdict = plan_actions.check_plan(tx, board.region, board.day, PlanStatus.DRAFT)
    if verdict is None or not verdict.changes:
        return ()
    rest = len(verdict.changes) - MOST_TOLD
    more = f" And {rest} more." if rest > 0 else ""
    alert = Alert(
        tone="warning",
        lead="This draft no longer fits.",
        text=f"{' '.join(verdict.changes[:MOST_TOLD])}{more} Re-plan the day; the night does so too.",
    )
    return (alert,)


@blueprint.get("/<date:day>/data")
@allow(Role.DISPATCHER)
def day_data(day: date) -> ResponseReturnValue:
    """The day for the board's script. An instant I is {"iso": local time with offset, "text"}.

    {"day", "zone", "plan": id or null, "revision", "movable" (by hand), "now": I or null (today only),
     "axis": {"start": I, "end": I, "hours": [I]},
     "nurses": [
       {"id", "number" (of the day, by name), "colour" (0 to 11), "name", "home": [latitude, longitude],
        "shift": {"start": I, "end": I, "text"}, "load" (a few words), "notes": [words],
        "departure": I or null, "finish": I or null, "drives": [{"start": I, "end": I, "text"}],
        "break": {"start": I, "end": I, "text"} or null, "overtime": the same or null,
        "stops": [{"visit": id, "position" (from 1), "arrival": I, "start": I, "end": I, "text",
                   "drive" (words), "phases": [{"kind", "minutes"}],
                   "hand_over" (a sentence, or "")}]}],
     "visits": {id:
       {"id", "code", "patient", "protocol", "minutes", "priority", "point": [latitude, longitude],
        "windows": [{"earliest_start": I, "latest_start": I, "latest_end": I or null, "text"}],
        "credentials": [kinds it needs], "staff", "pinned", "pinned_start" (its start too), "served",
        "withdrawn" (planned, but no longer booked for the day)}},
     "unassigned": [{"visit": id, "reason", "details": [{"nurse", "why"}]}],
     "unplanned": [ids of booked visits that the plan knows nothing of],
     "hand_overs": [{"visit", "giver": nurse id, "taker": nurse id, "begins": I (the taker comes),
                     "over": I (the giver may leave)}],
     "exceptions": [{"visit": id or null, "nurse": id or null, "text", "reason", "by" (who, when)}],
     "version": as in `progress`, "live": whether it is being carried out,
     "parts", "table": the parts of the page that are made here, as HTML}
    """
    now = utc_now()
    with begin() as tx:
        found = drawn_day(tx, actor(), day, asked(), now)
    return Response(found.json(now), mimetype="application/json")


@blueprint.get("/<date:day>/visits/<int:visit_id>")
@allow(Role.DISPATCHER)
def visit_detail(day: date, visit_id: int) -> dict[str, Any]:
    """One visit for the side panel: who, where, windows, standing wishes, and its stops in the shown plan.

    {"id", "code", "patient", "address", "access_notes", "phone", "notes", "protocol", "windows": [words],
     "badges": [{"text", "tone"}], "credentials", "pinned", "preferred", "barred",
     "reason" (why it has no nurse), "details": [{"nurse", "why"}], "record" (address of its form),
     "stops": [{"nurse", "nurse_id", "number", "colour", "standing", "position", "of", "arrival", "drive",
                "wait", "text", "phases": [{"kind", "label", "minutes", "text"}]}],
     "hand_over" (a sentence, or "")}: all but ids in words
    """
    with begin() as tx:
        found = load_detail(tx, actor(), day, visit_id, asked())
    if found is None:
        abort(404)
    back = url_for("board.day", day=day)
    return found | {"record": url_for("records.edit", noun="visits", ident=visit_id, next=back)}


@blueprint.get("/<date:day>/progress")
@allow(Role.DISPATCHER)
def progress(day: date) -> dict[str, Any]:
    """What the page polls.

    {"version" (changes with the day's plans and runs, and with what nurses record),
     "run": null, or the live run: {"id", "status", "title", "stage", "elapsed", "share" (0 to 1), "cost",
     "proof", "warning", "stopping"}}
    """
    region_id = actor().region_id
    with begin() as tx:
        of_day = queries.runs_of_day(tx, region_id, day)
        plans = queries.plans_of_day(tx, region_id, day)
        version = version_of(tx, region_id, day, plans.values(), of_day, utc_now())
    live = runs.alive(of_day)
    return {
        "version": version,
        "run": runs.progress(live, utc_now()) if live else None,
    }


@blueprint.post("/<date:day>/replan")
@allow(Role.DISPATCHER)
def replan(day: date) -> ResponseReturnValue:
    """Queue a run for the day; a worker picks it up."""
    return _do(day, lambda tx: plan_actions.request_replan(tx, actor(), day))


@blueprint.post("/<date:day>/stop")
@allow(Role.DISPATCHER)
def stop(day: date) -> ResponseReturnValue:
    """End a run soon; the best plan it has found so far becomes the draft."""
    run_id = _number("run")
    return _do(day, lambda tx: run_actions.cancel(tx, actor(), run_id))


@blueprint.post("/<date:day>/publish")
@allow(Role.DISPATCHER)
def publish(day: date) -> ResponseReturnValue:
    """Publish the very draft that the dispatcher saw."""
    seen = Seen(plan_id=_number("plan"), revision=_text("revision"))
    devices: list[Device] = []

    def act(tx: Tx) -> None:
        before = phone_queries.stays(tx, actor().region_id, day)
        by_hand.publish(tx, actor(), seen)
        devices.extend(devices_to_tell(tx, actor().region_id, day, before))

    answer = _do(day, act, done=f"Published. The nurses see their routes for {short_day(day)}.")
    # Only once it is published: a device may ask for its day at once.
    pusher().tell(devices)
    return answer


@blueprint.post("/<date:day>/discard")
@allow(Role.DISPATCHER)
def discard(day: date) -> ResponseReturnValue:
    """Lay the draft aside, so that the published plan is the day's only one."""
    plan_id = _number("plan")
    return _do(day, lambda tx: by_hand.discard(tx, actor(), plan_id), done="The draft is laid aside.")


def _do(day: date, act: Callable[[Tx], object], done: str = "") -> ResponseReturnValue:
    """Act, then show the day; where the action is refused, nothing is changed and the day says why (409)."""
    try:
        with begin() as tx:
            act(tx)
    except ActionError as refusal:
        return _page(day, str(refusal)), 409
    if done:
        flash(done, "success")
    return redirect(url_for("board.day", day=day))


def _number(name: str) -> int:
    """A whole number of the form. One that our pages do not send is a bad request."""
    number = request.form.get(name, type=int)
    if number is None:
        abort(400)
    return number


def _text(name: str) -> str:
    """A field of the form that our pages send."""
    found = request.form.get(name)
    if found is None:
        abort(400)
    return found


@blueprint.get("/runs")
@allow(Role.DISPATCHER)
def recent_runs() -> ResponseReturnValue:
    """The region's latest runs."""
    with begin() as tx:
        region = tx.get_one(Region, actor().region_id)
        latest = queries.recent_runs(tx, region.id)
        names = queries.names_of_users(tx, {run.requested_by for run in latest if run.requested_by})
        lines = [runs.run_line(run, zone(), names) for run in latest]
    return render_template("board/runs.html", region=region, runs=lines)


def asked() -> PlanStatus | None:
    return next((status for status in ASKABLE if status.value == request.args.get("plan")), None)
