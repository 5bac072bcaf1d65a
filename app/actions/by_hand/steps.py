"""A change by hand stored: the draft's content, its rows, the visit's pin, the exceptions, and the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from app.actions.actor import Actor
from app.store.audit import record
from app.store.desks import keep as keep_desk
from app.store.engine import Tx
from app.store.mapping import ids
from app.store.mapping.exceptions import exceptions_of
from app.store.mapping.modes import GIVER, TAKER, THROUGHOUT
from app.store.mapping.plan import route_rows
from app.store.models import AcceptedExceptionRow, PlanRow, PlanStep, UnassignedRow, Visit
from app.store.models.by_hand import StepKind
from app.store.queries import by_hand as queries
from scheduler.check import Violation, exception_of
from scheduler.explain import Desk, Names, why_unassigned, words
from scheduler.io import plan_json, problem_json
from scheduler.model import AcceptedException, OperationRule, Pin, Plan, Problem, relaxed


class Keep(StrEnum):
    """What the next re-plan keeps of a visit: nothing, its nurse, or its nurse and its start."""

    NOTHING = "nothing"
    NURSE = "nurse"
    START = "start"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a draft becomes: its plan, the visit's pins, and the exceptions that this asks for."""

    kind: StepKind
    visit: Visit
    plan: Plan
    pins: tuple[Pin, ...]
    exceptions: tuple[Violation, ...] = ()
    reason: str = ""


def pins_of(desk: Desk, plan: Plan, visit: str, keep: Keep) -> tuple[Pin, ...]:
    """The pins that keep a visit where the plan has it: of the nurse who stays throughout (of two together
    the first one's), or of both nurses of a hand-over; none for one that is left out."""
    if keep is Keep.NOTHING:
        return ()
    stays = {stop.task: (route.shift, stop.start) for route in plan.routes for stop in route.stops}
    throughout, giver, taker = (ids.task_id(ids.key(visit), part) for part in (THROUGHOUT, GIVER, TAKER))
    if throughout in stays:
        shift, start = stays[throughout]
        return (Pin(task=throughout, shift=shift, start=start if keep is Keep.START else None),)
    if giver not in stays:
        return ()
    shift, start = stays[giver]
    return (
        Pin(task=giver, shift=shift, start=start if keep is Keep.START else None),
        Pin(task=taker, shift=stays[taker][0]),
    )


def store(
    tx: Tx, actor: Actor, draft: PlanRow, desk: Desk, change: Change, names: Names, now: datetime
) -> PlanStep:
    """Make the change, and the step that undoes it. The draft is locked, and `desk` is its content."""
    said = _said(desk, change, names)
    before, after = _difference(desk, change)
    step = PlanStep(
        plan_id=draft.id,
        revision="",
        kind=change.kind,
        visit_id=change.visit.id,
        words=said[:200],
        at=now,
        user_id=actor.user_id,
        before={**before, "pin": pin_json(change.visit)},
        after={**after, "pin": _kept(change.pins, desk)},
    )
    record_pin(change.visit, step.after["pin"])
    tx.add(step)
    tx.flush()
    for exception in _merged(change.exceptions):
        tx.add(_exception_row(draft, step, actor, exception, change.reason, now))
    tx.flush()
    step.revision = rewrite(tx, draft, desk, change.visit, change.plan, change.pins, names)
    _audit(tx, actor, change, step, said)
    return step


def problem_with(tx: Tx, draft: PlanRow, desk: Desk, visit: Visit, mine: tuple[Pin, ...]) -> Problem:
    """The desk's problem with these pins of the visit, and the exceptions that stand."""
    id = ids.visit_id(visit.id)
    pins = (each for each in desk.problem.pins if desk.visit_by_task[each.task].id != id)
    standing = exceptions_of(queries.standing_exceptions(tx, draft.region_id, draft.day))
    return desk.problem.replace(pins=(*pins, *mine), exceptions=standing)


def rewrite(
    tx: Tx, draft: PlanRow, desk: Desk, visit: Visit, plan: Plan, mine: tuple[Pin, ...], names: Names
) -> str:
    """Give the draft this plan, these pins of the visit, and the exceptions that stand; its new revision."""
    problem = problem_with(tx, draft, desk, visit, mine)
    fresh = Desk(problem, desk.matrix, plan)
    draft.problem = problem_json.to_dict(problem)
    draft.plan = plan_json.to_dict(plan)
    if set(problem.exceptions) - set(desk.problem.exceptions):
        draft.bound = None  # it was proved without them
    draft.cost = fresh.cost.total
    draft.travel_total, draft.overtime_total = fresh.cost.travel_seconds, fresh.cost.overtime_seconds
    draft.visits_served = len(problem.visits) - len(plan.unassigned)
    draft.revision = str(uuid4())
    _rewrite_routes(tx, draft, desk, fresh)
    _rewrite_unassigned(tx, draft, fresh, visit, names)
    tx.flush()
    keep_desk(draft.revision, fresh)
    return draft.revision


def routes_of(plan: Plan) -> dict[str, dict[str, Any]]:
    """The plan's routes as JSON, by shift."""
    return {route["shift"]: route for route in plan_json.to_dict(plan)["routes"]}


def _difference(desk: Desk, change: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    old, new = routes_of(desk.plan), routes_of(change.plan)
    shifts = [shift for shift in {**old, **new} if old.get(shift) != new.get(shift)]
    id = ids.visit_id(change.visit.id)
    return (
        {"routes": {shift: old.get(shift) for shift in shifts}, "left_out": id in desk.plan.unassigned},
        {"routes": {shift: new.get(shift) for shift in shifts}, "left_out": id in change.plan.unassigned},
    )


def pin_json(visit: Visit) -> dict[str, Any] | None:
    """The pin of the visit's record as a step keeps it."""
    if visit.pinned_nurse_id is None:
        return None
    return _pin_json(visit.pinned_nurse_id, visit.pinned_start, visit.pinned_taker_id)


def _pin_json(nurse: int, start: datetime | None, taker: int | None) -> dict[str, Any]:
    kept = {"nurse": nurse, "start": None if start is None else start.isoformat()}
    return kept if taker is None else {**kept, "taker": taker}


def record_pin(visit: Visit, kept: Mapping[str, Any] | None) -> None:
    """Write a pin as a step keeps it into the visit's record, so that the next re-plan knows."""
    visit.pinned_nurse_id = None if kept is None else kept["nurse"]
    visit.pinned_taker_id = None if kept is None else kept.get("taker")
    start = None if kept is None else kept["start"]
    visit.pinned_start = None if start is None else datetime.fromisoformat(start)


def _kept(pins: Sequence[Pin], desk: Desk) -> dict[str, Any] | None:
    if not pins:
        return None
    first, *then = pins
    start = None if first.start is None else desk.problem.origin + timedelta(seconds=first.start)
    return _pin_json(ids.key(first.shift), start, ids.key(then[0].shift) if then else None)


def _merged(violations: Sequence[Violation]) -> list[AcceptedException]:
    merged: dict[tuple[str, str | None, str | None], AcceptedException] = {}
    for exception in map(exception_of, violations):
        key = exception.rule, exception.visit, exception.shift
        known = merged.get(key)
        merged[key] = exception if known is None or known.by < exception.by else known
    return list(merged.values())


def _exception_row(
    draft: PlanRow,
    step: PlanStep,
    actor: Actor,
    exception: AcceptedException,
    reason: str,
    now: datetime,
) -> AcceptedExceptionRow:
    return AcceptedExceptionRow(
        region_id=draft.region_id,
        day=draft.day,
        rule=OperationRule(exception.rule),
        visit_id=None if exception.visit is None else ids.key(exception.visit),
        nurse_id=None if exception.shift is None else ids.key(exception.shift),
        amount=exception.by,
        reason=reason,
        accepted_at=now,
        accepted_by=actor.user_id,
        step_id=step.id,
    )


def _rewrite_routes(tx: Tx, draft: PlanRow, before: Desk, after: Desk) -> None:
    old, new = routes_of(before.plan), routes_of(after.plan)
    changed = {shift for shift in {**old, **new} if old.get(shift) != new.get(shift)}
    if not changed:
        return
    problem = after.problem.replace(
        shifts=tuple(shift for shift in after.problem.shifts if shift.id in changed),
        pins=(),
        hour_limits=(),
    )
    routes = tuple(route for route in after.plan.routes if route.shift in changed)
    for fresh in route_rows(problem, after.matrix, after.plan.replace(routes=routes, unassigned=())):
        row = queries.route_of(tx, draft.id, fresh.nurse_id)
        row.stops = []
        tx.flush()  # the old stops go before the new ones take their positions
        stops, fresh.stops = list(fresh.stops), []
        row.stops = stops
        for column in ("departure", "finish", "break_start", "travel_seconds"):
            setattr(row, column, getattr(fresh, column))


def _rewrite_unassigned(tx: Tx, draft: PlanRow, desk: Desk, visit: Visit, names: Names) -> None:
    id = ids.visit_id(visit.id)
    known = queries.unassigned_row(tx, draft.id, visit.id)
    if id not in desk.plan.unassigned:
        if known is not None:
            tx.delete(known)
        return
    if known is None:
        said = words(why_unassigned(relaxed(desk.problem), desk.matrix, desk.plan, id), names)
        details = [{"nurse": names.nurse(nurse), "why": sentence} for nurse, sentence in said.nurses]
        tx.add(UnassignedRow(plan_id=draft.id, visit_id=visit.id, reason=said.summary, details=details))


def _said(desk: Desk, change: Change, names: Names) -> str:
    """ "V-101 to Ana Ruiz, 10:00 AM"."""
    id = ids.visit_id(change.visit.id)
    if change.kind is StepKind.PIN:
        return f"{names.visit(id)} {_pinned_to(desk, change.pins, names) if change.pins else 'unpinned'}"
    if change.kind is StepKind.LEAVE_OUT:
        return f"{names.visit(id)} without a nurse"
    mine = {task.id for task in desk.visits[id].tasks}
    stops = [
        (stop.start, names.nurse(desk.shifts[route.shift].nurse))
        for route in change.plan.routes
        for stop in route.stops
        if stop.task in mine
    ]
    nurses = " and ".join(nurse for _, nurse in sorted(stops))
    return f"{names.visit(id)} to {nurses}, {names.clock(min(stops)[0])}"


def _pinned_to(desk: Desk, pins: Sequence[Pin], names: Names) -> str:
    at = "" if pins[0].start is None else f", {names.clock(pins[0].start)}"
    return f"pinned to {' and '.join(names.nurse(desk.shifts[pin.shift].nurse) for pin in pins)}{at}"


def _audit(tx: Tx, actor: Actor, change: Change, step: PlanStep, said: str) -> None:
    record(tx, actor, action=change.kind.value, subject="plans", subject_id=str(step.plan_id), detail=said)
    if change.exceptions:
        rules = ", ".join(sorted({violation.code for violation in change.exceptions}))
        record(
            tx,
            actor,
            action="accept exception",
            subject="plan_steps",
            subject_id=str(step.id),
            detail=f"{rules}: with a reason",
        )


def pins_from(content: Mapping[str, Any], visit: Visit, desk: Desk) -> tuple[Pin, ...]:
    """The pins of a step's `before` or `after`."""
    kept = content["pin"]
    if kept is None:
        return ()
    start = None
    if kept["start"] is not None:
        moment = datetime.fromisoformat(kept["start"])
        start = round((moment - desk.problem.origin).total_seconds())
    taker = kept.get("taker")
    first = ids.task_id(visit.id, THROUGHOUT if taker is None else GIVER)
    pin = Pin(task=first, shift=ids.shift_id(kept["nurse"]), start=start)
    if taker is None:
        return (pin,)
    return pin, Pin(task=ids.task_id(visit.id, TAKER), shift=ids.shift_id(taker))
