"""Visits moved by hand: weighed first, then made, with a reason where a rule of operation is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.actions.actor import Actor
from app.actions.by_hand import drafts
from app.actions.by_hand.drafts import Travel
from app.actions.by_hand.names import names_for
from app.actions.by_hand.seen import Seen, locked, looked_at
from app.actions.by_hand.steps import Change, Keep, pins_of, store
from app.actions.by_hand.undoing import close_undone
from app.actions.by_hand.verdict import Outcome, Verdict, refused, verdict_of
from app.actions.errors import ActionError
from app.actions.plans import require_dispatcher
from app.clock import utc_now
from app.store.audit import record
from app.store.engine import Tx
from app.store.kept import Kept
from app.store.mapping import ids
from app.store.models import PlanRow, Region, Visit
from app.store.models.by_hand import StepKind
from app.store.models.visit import VisitStatus
from app.store.queries import by_hand as queries
from scheduler.explain import Desk, Names, Tried, Wish

LONGEST_REASON = 300

_read: Kept[tuple[Desk, Names]] = Kept(24)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A visit to go to `nurse`, to start at `start` (UTC; None: when it fits best). `giver`: of a visit with
    several nurses, whose stay it is (None: the first one's)."""

    visit: int
    nurse: int
    start: datetime | None = None
    giver: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """What is known of a change before it is made."""

    verdict: Verdict
    tried: Tried | None
    desk: Desk
    names: Names


def weigh(tx: Tx, actor: Actor, day: date, seen: Seen, asked: Asked, travel: Travel) -> Verdict:
    """What the change would be, and nothing is changed. Raises StaleError and ActionError as `move` does.

    Asked again and again while a visit is dragged: so what it reads is kept until anything is written.
    """
    require_dispatcher(actor)

    def read() -> tuple[Desk, Names]:
        _, row = looked_at(tx, actor, day, seen)
        desk = drafts.desk_at(tx, row)
        return desk, names_for(tx, row, desk)

    desk, names = _read.get(tx, (actor.region_id, day, seen), read)
    if ids.visit_id(asked.visit) not in desk.visits:
        region, row = looked_at(tx, actor, day, seen)
        desk, _ = desk_for(tx, region, row, asked.visit, travel)
        names = names_for(tx, row, desk)
    return _weighed(desk, names, asked, utc_now()).verdict


def weigh_everywhere(
    tx: Tx, actor: Actor, day: date, seen: Seen, visit: int, travel: Travel, giver: int | None = None
) -> Mapping[int, Verdict]:
    """For each nurse on shift the visit with her, when it fits best."""
    region, row = looked_at(tx, actor, day, seen)
    desk, _ = desk_for(tx, region, row, visit, travel)
    names = names_for(tx, row, desk)
    record(tx, actor, action="read", subject="visits", subject_id=str(visit), detail="places in the plan")
    now_s = seconds_now(desk, utc_now())
    if desk.begun(ids.visit_id(visit), now_s):
        return {ids.key(shift.nurse): refused(has_begun(visit, names)) for shift in desk.shifts.values()}
    task = task_of(desk, visit, giver)
    found = desk.everywhere(ids.visit_id(visit), task, now_s)
    return {
        ids.key(desk.shifts[shift].nurse): verdict_of(desk, tried, names, now_s, shift)
        for shift, tried in found.items()
    }


def move(
    tx: Tx,
    actor: Actor,
    day: date,
    seen: Seen,
    asked: Asked,
    travel: Travel,
    *,
    keep: Keep = Keep.START,
    reason: str = "",
) -> tuple[Verdict, PlanRow | None]:
    """Make the change where it is accepted, or where it only breaks rules of operation and there is a
    `reason`; the draft then, else None and nothing is stored.

    Raises StaleError where the plan is not as seen, ActionError where the day cannot be changed or the visit
    or nurse is not of it.
    """
    region, row = locked(tx, actor, day, seen)
    visit = visit_of_day(tx, region, asked.visit, day)
    now = utc_now()
    desk, known = desk_for(tx, region, row, asked.visit, travel)
    weighed = _weighed(desk, names_for(tx, row, desk), asked, now)
    if weighed.tried is None or not _may(weighed.verdict, reason):
        return weighed.verdict, None
    draft = _draft(tx, region, row, desk, known, travel, now)
    pins = pins_of(desk, weighed.tried.plan, ids.visit_id(visit.id), keep)
    change = Change(
        kind=StepKind.MOVE,
        visit=visit,
        plan=weighed.tried.plan,
        pins=pins,
        exceptions=weighed.verdict.violations,
        reason=reason.strip(),
    )
    close_undone(tx, actor, draft)
    store(tx, actor, draft, desk, change, weighed.names, now)
    return weighed.verdict, draft


def leave_out(
    tx: Tx, actor: Actor, day: date, seen: Seen, visit_id: int, travel: Travel, *, reason: str = ""
) -> tuple[Verdict, PlanRow | None]:
    """Take the visit out of the plan, and its pin away. Raises as `move` does."""
    region, row = locked(tx, actor, day, seen)
    visit, now = visit_of_day(tx, region, visit_id, day), utc_now()
    desk, known = desk_for(tx, region, row, visit_id, travel)
    names, id, now_s = names_for(tx, row, desk), ids.visit_id(visit_id), seconds_now(desk, now)
    if desk.begun(id, now_s):
        return refused(has_begun(visit_id, names)), None
    tried = desk.left_out(id, now_s)
    verdict = verdict_of(desk, tried, names, now_s)
    if not _may(verdict, reason):
        return verdict, None
    draft = _draft(tx, region, row, desk, known, travel, now)
    change = Change(
        kind=StepKind.LEAVE_OUT,
        visit=visit,
        plan=tried.plan,
        pins=(),
        exceptions=verdict.violations,
        reason=reason.strip(),
    )
    close_undone(tx, actor, draft)
    store(tx, actor, draft, desk, change, names, now)
    return verdict, draft


def _may(verdict: Verdict, reason: str) -> bool:
    if verdict.outcome is Outcome.ACCEPTED:
        return True
    if len(reason) > LONGEST_REASON:
        raise ActionError(f"The reason has {len(reason)} characters: {LONGEST_REASON} are enough.")
    return verdict.outcome is Outcome.NEEDS_REASON and bool(reason.strip())


def visit_of_day(tx: Tx, region: Region, visit_id: int, day: date) -> Visit:
    """A visit that is booked for the day, locked. Raises ActionError for any other."""
    visit = queries.visit_to_move(tx, region.id, visit_id)
    if visit is None:
        raise ActionError("There is no such visit any more: look at the day again.")
    if visit.status is not VisitStatus.BOOKED or visit.day != day:
        raise ActionError(f"Visit {visit.code} is no longer booked for this day: re-plan to free its time.")
    return visit


def desk_for(tx: Tx, region: Region, row: PlanRow, visit: int, travel: Travel) -> tuple[Desk, bool]:
    """The plan ready to be changed, and whether it knows the visit; one that was booked since is taken in."""
    desk = drafts.desk_at(tx, row)
    if ids.visit_id(visit) in desk.visits:
        return desk, True
    _, fresh = drafts.renewed(tx, region, row, desk, travel)
    if ids.visit_id(visit) not in fresh.visits:
        raise ActionError("This visit cannot be planned as its records are: its list entry says why.")
    return fresh, False


def _draft(
    tx: Tx, region: Region, row: PlanRow, desk: Desk, known: bool, travel: Travel, now: datetime
) -> PlanRow:
    if known:
        return drafts.draft_upon(tx, row, desk, now)
    return drafts.renewed_draft(tx, region, row, drafts.desk_at(tx, row), travel, now)[0]


def _weighed(desk: Desk, names: Names, asked: Asked, now: datetime) -> Weighed:
    id, now_s = ids.visit_id(asked.visit), seconds_now(desk, now)
    shift = ids.shift_id(asked.nurse)
    start = None if asked.start is None else round((asked.start - desk.problem.origin).total_seconds())
    tried: Tried | None = None
    if shift not in desk.shifts:
        verdict = refused(f"{names.nurse(ids.nurse_id(asked.nurse))} does not work on this day.")
    elif desk.begun(id, now_s):
        verdict = refused(has_begun(asked.visit, names))
    elif start is not None and start <= now_s:
        verdict = refused(f"{names.clock(start)} is over.")
    else:
        tried = desk.moved(
            Wish(task=task_of(desk, asked.visit, asked.giver), shift=shift, start=start), now_s
        )
        verdict = (
            refused(f"{names.visit(id)} takes two nurses, and nobody else has room to match.")
            if tried is None
            else verdict_of(desk, tried, names, now_s, shift)
        )
    return Weighed(verdict=verdict, tried=tried, desk=desk, names=names)


def task_of(desk: Desk, visit: int, giver: int | None) -> str:
    """Which task of the visit is meant: the giver's, else its first as served, else its first of all."""
    id = ids.visit_id(visit)
    served = desk.where(id)
    if giver is not None:
        for each in served:
            if each.shift == ids.shift_id(giver):
                return each.task
    return served[0].task if served else desk.visits[id].modes[0].tasks[0].id


def has_begun(visit: int, names: Names) -> str:
    """Why a visit cannot be moved any more."""
    return f"{names.visit(ids.visit_id(visit))} has begun: it stays where it is."


def seconds_now(desk: Desk, now: datetime) -> int:
    """Now, as the plan counts time."""
    return round((now - desk.problem.origin).total_seconds())
