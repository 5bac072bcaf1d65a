"""The board's addresses. Every one shows the actor's own region only, whatever is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.actions import by_hand
from app.actions import plans as plan_actions
from app.actions import runs as run_actions
from app.actions.by_hand import Seen
from app.actions.courses.checks import overdue_checks
from app.actions.difference import difference
from app.actions.errors import ActionError
from app.actions.phones import Device, devices_to_tell
from app.board import runs
from app.board.alerts import Alert, alerts_of
from app.board.day import BoardDay, load_day
from app.board.detail import PHASES, load_detail
from app.board.field_alerts import alerts_in_the_field
from app.board.payload import day_payload
from app.board.summary import summarise
from app.board.told import Changed
from app.clock import utc_now
from app.days import local_date, next_working_day, zone_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import PlanRow, Region, Run
from app.store.models.plan import PlanStatus
from app.store.models.user import Role
from app.store.queries import board as queries
from app.store.queries import field as field_queries
from app.store.queries import phones as phone_queries
from app.web.access import allow
from app.web.context import actor, begin, pusher, zone
from app.web.times import short_day
from scheduler.explain import change_lines, nurse_sentences, patients_to_tell, share_of_changes

blueprint = Blueprint("board", __name__, url_prefix="/board", template_folder="templates")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

MOST_TOLD = 3
"""So many reasons why a draft no longer fits are told; of more, only the number."""

TICK_S = 300
"""How often a board of a day under way looks again though nothing was recorded."""

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
    """One day; `?plan=draft` or `?plan=published` says which plan, where there are both."""
    with begin() as tx:
        return _page(tx, day)


def _page(tx: Tx, day: date, first: tuple[Alert, ...] = ()) -> str:
    now = utc_now()
    board = load_day(tx, actor(), day, asked(), now)
    overdue = overdue_checks(tx, board.region, now)
    if overdue:
        record(tx, actor(), action="read", subject="mania_checks", detail=f"list: {len(overdue)} overdue")
    of_day = queries.runs_of_day(tx, board.region.id, day)
    elsewhere = [run for run in queries.days_that_failed(tx, board.region.id, board.today) if run.day != day]
    return render_template(
        "board/day.html",
        day=day,
        region=board.region,
        today=board.today,
        previous=day - timedelta(days=1),
        next=day + timedelta(days=1),
        asked=asked(),
        both=len(board.plans) > 1,
        published=PlanStatus.PUBLISHED in board.plans,
        booked=len(board.booked),
        over=day < board.today,
        first_day=FIRST_DAY,
        last_day=LAST_DAY,
        summary=summarise(board),
        running=runs.alive(of_day) is not None,
        version=_version(tx, board.region.id, day, board.plans.values(), of_day),
        alerts=(
            *first,
            *alerts_in_the_field(tx, board),
            *alerts_of(board, of_day, elsewhere, overdue),
        ),
        phases=PHASES,
        changes=_changes(tx, board),
        data=day_payload(board),
        undoable=by_hand.undoable(board.steps, actor()),
    )


@blueprint.get("/<date:day>/fit")
@allow(Role.DISPATCHER)
def fit(day: date) -> ResponseReturnValue:
    """The alert that the shown draft no longer fits the records, as a piece of the page; empty where it fits.
    By itself, because judging a full day takes longer than the whole page."""
    with begin() as tx:
        board = load_day(tx, actor(), day, asked(), utc_now())
        return render_template("board/_alerts.html", alerts=list(_stale(tx, board)))


def _stale(tx: Tx, board: BoardDay) -> Iterator[Alert]:
    """Why the shown draft could not be published as it is, where no alert of the page says so."""
    if board.shown is None or board.shown.status is not PlanStatus.DRAFT or board.day < board.today:
        return
    if board.unplanned or board.withdrawn or board.changed:
        return
    verdict = plan_actions.check_plan(tx, board.region, board.day, PlanStatus.DRAFT)
    if verdict is not None and verdict.changes:
        rest = len(verdict.changes) - MOST_TOLD
        more = f" And {rest} more." if rest > 0 else ""
        yield Alert(
            tone="warning",
            lead="This draft no longer fits.",
            text=f"{' '.join(verdict.changes[:MOST_TOLD])}{more} Re-plan the day; the night does so too.",
        )


def _changes(tx: Tx, board: BoardDay) -> Changed | None:
    """What the shown draft changes in the published plan; None where it is no draft beside one."""
    if board.shown is None or board.shown.status is not PlanStatus.DRAFT or len(board.plans) < 2:
        return None
    found = difference(tx, board.region, board.day)
    if found is None:
        return None
    return Changed(
        share=share_of_changes(found.changes),
        lines=change_lines(found.changes, found.names),
        nurses=nurse_sentences(found.changes, found.names),
        patients=patients_to_tell(found.changes, found.names),
    )


@blueprint.get("/<date:day>/data")
@allow(Role.DISPATCHER)
def day_data(day: date) -> dict[str, Any]:
    """The day for the timeline and the map. An instant I is {"iso": local time with offset, "text"}.

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
     "exceptions": [{"visit": id or null, "nurse": id or null, "text", "reason", "by" (who, when)}]}
    """
    with begin() as tx:
        return day_payload(load_day(tx, actor(), day, asked(), utc_now()))


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
        version = _version(tx, region_id, day, plans.values(), of_day)
    live = runs.alive(of_day)
    return {
        "version": version,
        "run": runs.progress(live, utc_now()) if live else None,
    }


def _version(tx: Tx, region_id: int, day: date, plans: Collection[PlanRow], of_day: Sequence[Run]) -> str:
    """Late check-ins come with time alone: where nurses record visits, a day under way has a new version
    every five minutes."""
    soon = abs(day - utc_now().date()) <= timedelta(days=1) and field_queries.in_use(tx, region_id)
    tick = int(utc_now().timestamp() // TICK_S) if soon else 0
    return f"{runs.version(plans, of_day)}-{field_queries.newest(tx, region_id, day)}-{tick}"


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
        with begin() as tx:
            return _page(tx, day, (Alert(tone="error", text=str(refusal)),)), 409
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
