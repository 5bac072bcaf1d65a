"""Steps undone and done again: each dispatcher's own, as far as nobody has changed the same since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.actions import plans
from app.actions.actor import Actor
from app.actions.by_hand import drafts
from app.actions.by_hand.names import names_for
from app.actions.by_hand.seen import Seen, locked
from app.actions.by_hand.steps import pin_json, pins_from, problem_with, record_pin, rewrite, routes_of
from app.actions.errors import ActionError
from app.clock import utc_now
from app.days import clock_text, zone_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.mapping import ids
from app.store.models import PlanRow, PlanStep, Visit
from app.store.models.plan import PlanStatus
from app.store.queries import by_hand as queries
from scheduler.check import check
from scheduler.explain import Desk
from scheduler.io import plan_json
from scheduler.model import Pin, Plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Undoable:
    """What the dispatcher could undo and do again, in words; empty where there is nothing."""

    undo: str
    redo: str


def undoable(steps: Sequence[PlanStep], actor: Actor) -> Undoable:
    """Of the draft's steps, oldest first."""
    undo, redo = _last(steps, actor, undone=False), _last(steps, actor, undone=True)
    return Undoable(undo=undo.words if undo else "", redo=redo.words if redo else "")


def undo(tx: Tx, actor: Actor, day: date, seen: Seen) -> PlanStep:
    """Take back the actor's latest change of the day's draft.

    It may have been made in an earlier draft of the day, before a visit was booked or the day planned anew.
    Raises StaleError where the plan is not as seen; ActionError where there is nothing to undo, or somebody
    or planning has changed the same routes, or the same visit's pin, since.
    """
    return _again(tx, actor, day, seen, undoing=True)


def redo(tx: Tx, actor: Actor, day: date, seen: Seen) -> PlanStep:
    """Make the change again that the actor has undone last. Raises as `undo` does."""
    return _again(tx, actor, day, seen, undoing=False)


def discard(tx: Tx, actor: Actor, plan_id: int) -> PlanRow:
    """Lay a draft aside, and with it the pins and exceptions of its steps, the latest first; a pin that was
    changed elsewhere since stays. Raises ActionError where it is no draft any more."""
    row = plans.discard(tx, actor, plan_id)
    for step in reversed(queries.steps(tx, plan_id)):
        if step.undone_at is not None:
            continue
        for exception in queries.exceptions_of_step(tx, step.id):
            exception.withdrawn_at = utc_now()
        visit = queries.visit_to_move(tx, row.region_id, step.visit_id)
        if visit is not None and pin_json(visit) == step.after["pin"] != step.before["pin"]:
            record_pin(visit, step.before["pin"])
            record(tx, actor, action="write", subject="visits", subject_id=str(visit.id), detail="pin")
            tx.flush()
    return row


def close_undone(tx: Tx, actor: Actor, draft: PlanRow) -> None:
    """What the actor has undone cannot be done again once she has changed something else."""
    for step in queries.steps(tx, draft.id):
        if step.user_id == actor.user_id and step.undone_at is not None:
            step.closed = True


def _last(steps: Sequence[PlanStep], actor: Actor, *, undone: bool) -> PlanStep | None:
    """Her latest step that stands; or of those undone the first one, which was undone last."""
    hers = [step for step in steps if step.user_id == actor.user_id and not step.closed]
    if undone:
        return next((step for step in hers if step.undone_at is not None), None)
    return next((step for step in reversed(hers) if step.undone_at is None), None)


def _again(tx: Tx, actor: Actor, day: date, seen: Seen, *, undoing: bool) -> PlanStep:
    region, row = locked(tx, actor, day, seen)
    word = "undo" if undoing else "do again"
    steps = queries.steps(tx, row.id) if row.status is PlanStatus.DRAFT else ()
    step = _last(steps, actor, undone=not undoing)
    if step is None:
        raise ActionError(_nothing(row, word))
    visit = queries.visit_to_move(tx, region.id, step.visit_id)
    assert visit is not None, "visits are never deleted"
    source, target = (step.after, step.before) if undoing else (step.before, step.after)
    desk, now = drafts.desk_at(tx, row), utc_now()
    _require_untouched(row, steps, step, desk, visit, source, word)
    plan = _plan(desk, visit, target)
    _require_not_begun(desk, plan, now, word)
    for exception in queries.exceptions_of_step(tx, step.id):
        exception.withdrawn_at = now if undoing else None
    tx.flush()
    pins = pins_from(target, visit, desk)
    _require_feasible(tx, row, desk, visit, plan, pins, word)
    record_pin(visit, target["pin"])
    revision = rewrite(tx, row, desk, visit, plan, pins, names_for(tx, row, desk))
    if undoing:
        step.undone_at, step.undone_revision = now, revision
    else:
        step.undone_at, step.undone_revision, step.revision = None, None, revision
    record(tx, actor, action=word, subject="plans", subject_id=str(row.id), detail=step.words)
    return step


def _nothing(row: PlanRow, word: str) -> str:
    if row.status is PlanStatus.PUBLISHED:
        return f"There is nothing to {word}: this plan is published. Move the visit by hand, in a new draft."
    return f"There is nothing to {word} in this draft."


def _require_untouched(
    row: PlanRow,
    steps: Sequence[PlanStep],
    step: PlanStep,
    desk: Desk,
    visit: Visit,
    source: Mapping[str, Any],
    word: str,
) -> None:
    now = routes_of(desk.plan)
    id = ids.visit_id(visit.id)
    same = (
        id in desk.visits
        and all(now.get(shift) == route for shift, route in source["routes"].items())
        and (id in desk.plan.unassigned) == source["left_out"]
        and pin_json(visit) == source["pin"]
    )
    if same:
        return
    shifts = set(source["routes"])
    others = [
        each
        for each in steps
        if each is not step
        and each.undone_at is None
        and (each.visit_id == visit.id or shifts & set(each.after["routes"]))
    ]
    by = f" {others[-1].user.name} has since: {others[-1].words}." if others else _planned_since(row, step)
    raise ActionError(
        f"You cannot {word} “{step.words}”: what it changed has been changed again.{by} Move it by hand."
    )


def _planned_since(row: PlanRow, step: PlanStep) -> str:
    """Where no other change by hand did it."""
    if row.created_at <= step.at:
        return ""
    return f" The day has a new draft since, from {clock_text(row.created_at, zone_of(row.zone))}."


def _plan(desk: Desk, visit: Visit, target: Mapping[str, Any]) -> Plan:
    changed = [route for route in target["routes"].values() if route is not None]
    routes = plan_json.from_dict({**plan_json.to_dict(Plan(routes=())), "routes": changed}).routes
    kept = (route for route in desk.plan.routes if route.shift not in target["routes"])
    id = ids.visit_id(visit.id)
    others = tuple(each for each in desk.plan.unassigned if each != id)
    return Plan(routes=(*kept, *routes), unassigned=(*others, id) if target["left_out"] else others)


def _require_not_begun(desk: Desk, plan: Plan, now: datetime, word: str) -> None:
    now_s = (now - desk.problem.origin).total_seconds()

    def begun(plan: Plan) -> set[tuple[str, str, int]]:
        return {
            (stop.task, route.shift, stop.start)
            for route in plan.routes
            for stop in route.stops
            if stop.start <= now_s
        }

    if begun(plan) != begun(desk.plan):
        raise ActionError(f"It is too late to {word} that: it would change what has begun by now.")


def _require_feasible(
    tx: Tx, row: PlanRow, desk: Desk, visit: Visit, plan: Plan, mine: tuple[Pin, ...], word: str
) -> None:
    if not check(problem_with(tx, row, desk, visit, mine), desk.matrix, plan).feasible:
        raise ActionError(
            f"You cannot {word} that any more: with what was changed since, it would break a rule."
        )
