"""The board's addresses for changes by hand: asked and answered in JSON, as a visit is moved on the page.

Every request carries the plan and revision that the page shows. Where the day's plan is another one by now,
nothing is changed, and the answer (409) says what has become of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from app.actions import by_hand
from app.actions.by_hand import Asked, Keep, Outcome, Seen, StaleError, Verdict
from app.actions.errors import ActionError
from app.board.payload import instant
from app.board.views import blueprint
from app.days import instant as local_instant
from app.engines import make_travel
from app.store.engine import Tx
from app.store.models import PlanRow, PlanStep
from app.store.models.user import Role
from app.web.access import allow
from app.web.context import actor, begin, zone

Fields = Mapping[str, Any]


@blueprint.get("/<date:day>/places/<int:visit_id>")
@allow(Role.DISPATCHER)
def places(day: date, visit_id: int) -> ResponseReturnValue:
    """Where the visit could go: for each nurse when it fits best, and what the referee says.

    {"places": [{"nurse": id} + a verdict, as of `move`]}, the best first.
    """
    fields = request.args
    with begin() as tx:
        found = by_hand.weigh_everywhere(
            tx, actor(), day, _seen(fields), visit_id, make_travel, _maybe_number(fields, "giver")
        )
        ranked = sorted(found.items(), key=lambda each: _rank(each[1]))
        return {"places": [_verdict(verdict) | {"nurse": nurse} for nurse, verdict in ranked]}


@blueprint.get("/<date:day>/check/<int:visit_id>")
@allow(Role.DISPATCHER)
def check_move(day: date, visit_id: int) -> ResponseReturnValue:
    """What `move` would answer, with the same fields in the query; nothing is changed."""
    fields = request.args
    with begin() as tx:
        return _verdict(
            by_hand.weigh(tx, actor(), day, _seen(fields), _asked(day, visit_id, fields), make_travel)
        )


@blueprint.post("/<date:day>/move/<int:visit_id>")
@allow(Role.DISPATCHER)
def move(day: date, visit_id: int) -> ResponseReturnValue:
    """Move a visit to a nurse.

    Fields: "plan", "revision"; "nurse"; "start" ("09:30", local, or an ISO instant; none: when it fits best);
    "giver" (of a visit with several nurses, whose stay it is); "keep" ("start", "nurse", "nothing": what is
    pinned); "reason".
    {"outcome" ("accepted", "needs_reason", "refused"), "refusals": [sentences], "exceptions": [sentences],
     "costs": [words], "price" ("+$12"), "moves_along": [sentences], "start": I or null,
     "made": whether it is done, "plan" and "revision": what the day's draft is then}
    """
    fields = _sent()
    asked = _asked(day, visit_id, fields)
    keep = _word(Keep, fields, "keep", Keep.START)
    reason = str(fields.get("reason") or "")
    return _weighed_and_done(
        lambda tx: by_hand.move(tx, actor(), day, _seen(fields), asked, make_travel, keep=keep, reason=reason)
    )


@blueprint.post("/<date:day>/leave-out/<int:visit_id>")
@allow(Role.DISPATCHER)
def leave_out(day: date, visit_id: int) -> ResponseReturnValue:
    """Take a visit out of the plan. Fields: "plan", "revision", "reason"; the answer is that of `move`."""
    fields = _sent()
    reason = str(fields.get("reason") or "")
    return _weighed_and_done(
        lambda tx: by_hand.leave_out(tx, actor(), day, _seen(fields), visit_id, make_travel, reason=reason)
    )


@blueprint.post("/<date:day>/pin/<int:visit_id>")
@allow(Role.DISPATCHER)
def pin(day: date, visit_id: int) -> ResponseReturnValue:
    """Pin a visit where it is, or unpin it. Fields: "plan", "revision", "keep". {"made": true}"""
    fields = _sent()
    keep = _word(Keep, fields, "keep", None)

    def act(tx: Tx) -> tuple[int, str, str]:
        draft = by_hand.pin(tx, actor(), day, _seen(fields), visit_id, keep)
        return draft.id, draft.revision, ""

    return _done(act)


@blueprint.post("/<date:day>/undo")
@allow(Role.DISPATCHER)
def undo(day: date) -> ResponseReturnValue:
    """Take the dispatcher's latest change back. Fields: "plan", "revision". {"made": true, "words"}"""
    fields = _sent()
    return _done(lambda tx: _step(by_hand.undo(tx, actor(), day, _seen(fields))))


@blueprint.post("/<date:day>/redo")
@allow(Role.DISPATCHER)
def redo(day: date) -> ResponseReturnValue:
    """Make the change again that she has undone last. As `undo`."""
    fields = _sent()
    return _done(lambda tx: _step(by_hand.redo(tx, actor(), day, _seen(fields))))


@blueprint.get("/<date:day>/why/<int:visit_id>")
@allow(Role.DISPATCHER)
def why(day: date, visit_id: int) -> dict[str, Any]:
    """Why the visit is where it is, or has no nurse.

    {"title", "served", "sentences": [..], "wishes": [what would make it possible, in words],
     "places": [{"nurse": id, "name", "price", "start": I, "lines": [words]}], the best first,
     "nurses": [{"nurse", "why"}]}
    """
    fields = request.args
    with begin() as tx:
        answer = by_hand.why(tx, actor(), day, _seen(fields), visit_id, make_travel)
    return {
        "title": "Why here?" if answer.served else "Why not?",
        "served": answer.served,
        "sentences": list(answer.sentences),
        "wishes": list(answer.wishes),
        "places": [
            _verdict(verdict)
            | {
                "nurse": nurse,
                "name": name,
                "lines": [*verdict.exceptions, *verdict.moves_along, *verdict.costs],
            }
            for nurse, name, verdict in answer.places
        ],
        "nurses": [{"nurse": nurse, "why": said} for nurse, said in answer.nurses],
    }


def _step(step: PlanStep) -> tuple[int, str, str]:
    return step.plan_id, step.undone_revision or step.revision, step.words


def _weighed_and_done(act: Callable[[Tx], tuple[Verdict, PlanRow | None]]) -> ResponseReturnValue:
    try:
        with begin() as tx:
            verdict, draft = act(tx)
    except ActionError as refusal:
        return _refused(refusal)
    made = {} if draft is None else {"plan": draft.id, "revision": draft.revision}
    return _verdict(verdict) | made | {"made": draft is not None}


def _done(act: Callable[[Tx], tuple[int, str, str]]) -> ResponseReturnValue:
    """`act` gives the draft's id and revision, and what was done in words."""
    try:
        with begin() as tx:
            plan, revision, words = act(tx)
    except ActionError as refusal:
        return _refused(refusal)
    return {"made": True, "words": words, "plan": plan, "revision": revision}


def _refused(refusal: ActionError) -> ResponseReturnValue:
    changes = list(refusal.changes) if isinstance(refusal, StaleError) else []
    stale = isinstance(refusal, StaleError)
    return {"made": False, "error": str(refusal), "stale": stale, "changes": changes}, 409


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "refusals": list(verdict.refusals),
        "exceptions": list(verdict.exceptions),
        "costs": list(verdict.costs),
        "price": verdict.price,
        "moves_along": list(verdict.moves_along),
        "start": None if verdict.at is None else instant(verdict.at, zone()),
    }


def _rank(verdict: Verdict) -> tuple[int, int, int]:
    order = (Outcome.ACCEPTED, Outcome.NEEDS_REASON, Outcome.REFUSED)
    return order.index(verdict.outcome), len(verdict.exceptions), verdict.added


def _sent() -> Fields:
    """What the page sent as JSON; anything else is a bad request."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        abort(400)
    return found


def _seen(fields: Fields) -> Seen:
    revision = fields.get("revision")
    if not isinstance(revision, str) or len(revision) > 200:
        abort(400)
    return Seen(plan_id=_number(fields, "plan"), revision=revision)


def _asked(day: date, visit_id: int, fields: Fields) -> Asked:
    return Asked(
        visit=visit_id,
        nurse=_number(fields, "nurse"),
        start=_start(day, fields.get("start")),
        giver=_maybe_number(fields, "giver"),
    )


def _start(day: date, value: object) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        if len(str(value)) <= len("09:30:00"):
            return local_instant(day, time.fromisoformat(str(value)), zone())
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        abort(400)
    if moment.tzinfo is None:
        abort(400)
    return moment.replace(second=0, microsecond=0)


def _number(fields: Fields, name: str) -> int:
    number = _maybe_number(fields, name)
    if number is None:
        abort(400)
    return number


def _maybe_number(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    if value in (None, ""):
        return None
    try:
        return int(str(value))
    except ValueError:
        abort(400)


def _word(kind: type[Keep], fields: Fields, name: str, default: Keep | None) -> Keep:
    value = fields.get(name)
    if value in (None, "") and default is not None:
        return default
    try:
        return kind(str(value))
    except ValueError:
        abort(400)
