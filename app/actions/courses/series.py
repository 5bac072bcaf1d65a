"""The sessions of an order: booked in one go, moved, missed, made up. The later ones that are free follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.actions.actor import Actor
from app.actions.courses import booking
from app.actions.courses.common import require_dispatcher, require_visit, today_of
from app.actions.errors import ActionError
from app.days import day_text, weekdays_of
from app.series import BlockedError, Rules, Session, arrange
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import Order, Region, Visit
from app.store.models.order import OrderStatus
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import courses

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A visit that has another day now; `before` None: it is new, `after` None: it is cancelled."""

    visit: Visit
    before: date | None
    after: date | None


def rules_of(order: Order) -> Rules:
    """What the order says of its sessions' days."""
    last = order.valid_until if order.not_after is None else min(order.valid_until, order.not_after)
    return Rules(
        first_day=order.valid_from,
        last_day=last,
        min_hours=order.min_hours,
        max_hours=order.max_hours,
        weekdays=weekdays_of(order.weekdays),
    )


def book_series(tx: Tx, actor: Actor, order_id: int) -> list[Moved]:
    """Book the sessions that the order still lacks, as early as its rules allow, with their follow-ups.

    Raises ActionError where there is nothing to book or the rules leave no days; nothing is booked then.
    """
    order = _order(tx, actor, order_id)
    region = tx.get_one(Region, order.region_id)
    visits = booking.sessions_of(tx, order)
    missing = order.sessions - len(visits)
    if missing <= 0:
        raise ActionError(
            f"All {order.sessions} sessions of order {order.code} are booked: to book more, raise their "
            "number in the order."
        )
    numbers = _free_numbers(visits, missing)
    plan = [*_placed(tx, visits, region), *(Session(number=number) for number in numbers)]
    plan.sort(key=lambda session: session.number)
    days = _arranged(order, plan, today_of(region))
    booked = {visit.session: visit for visit in visits}
    moved: list[Moved] = []
    for session, day in zip(plan, days, strict=True):
        visit = booked.get(session.number)
        if visit is None:
            visit = booking.new_session(tx, order, region, session.number, day)
            moved.append(Moved(visit=visit, before=None, after=day))
        else:
            moved += _shift(tx, visit, day)
    _audit(tx, actor, order, f"{missing} sessions booked")
    return moved


def move_session(tx: Tx, actor: Actor, visit_id: int, day: date) -> list[Moved]:
    """Move a session to a day and fix it there; the free ones after it follow as far as the rules ask.

    Raises ActionError, with nothing moved, where a rule blocks.
    """
    visit = require_visit(tx, actor, visit_id)
    order = _order_of(tx, actor, visit)
    region = tx.get_one(Region, order.region_id)
    if day < today_of(region):
        raise ActionError(f"{day_text(day)} is over: choose today or a later day.")
    visits = booking.sessions_of(tx, order)
    plan = [
        Session(number=each.number, day=day, fixed=True) if each.number == visit.session else each
        for each in _placed(tx, visits, region)
    ]
    days = _arranged(order, plan, today_of(region))
    moved = [shift for each, to in zip(visits, days, strict=True) for shift in _shift(tx, each, to)]
    visit.fixed_day = True
    record(tx, actor, action="write", subject="visits", subject_id=str(visit.id), detail="session moved")
    return moved


def set_fixed(tx: Tx, actor: Actor, visit_id: int, *, fixed: bool) -> Visit:
    """Fix a session to its day, or leave its day to planning again."""
    visit = require_visit(tx, actor, visit_id)
    visit.fixed_day = fixed
    detail = "day fixed" if fixed else "day left to planning"
    record(tx, actor, action="write", subject="visits", subject_id=str(visit.id), detail=detail)
    return visit


def drop_session(tx: Tx, actor: Actor, visit_id: int, status: VisitStatus, *, make_up: bool) -> list[Moved]:
    """A session is cancelled, or was missed; with `make_up` it is booked anew and the later ones follow.

    Its follow-ups are cancelled with it. The visit stays on record. Raises ActionError, with nothing changed,
    where a rule blocks.
    """
    visit = require_visit(tx, actor, visit_id)
    order = _order_of(tx, actor, visit)
    region = tx.get_one(Region, order.region_id)
    now = today_of(region)
    if status is VisitStatus.MISSED and visit.day > now:
        raise ActionError(f"Session {visit.session} is on {day_text(visit.day)}: cancel it, or move it.")
    rest = [each for each in booking.sessions_of(tx, order) if each.id != visit.id]
    plan = _placed(tx, rest, region)
    number = visit.session or 0
    if make_up:
        plan.append(Session(number=number, earliest=max(now, visit.day + DAY)))
        plan.sort(key=lambda session: session.number)
    days = dict(zip((each.number for each in plan), _arranged(order, plan, now), strict=True))
    moved = [Moved(visit=each, before=each.day, after=None) for each in booking.drop(tx, visit, status)]
    for each in rest:
        moved += _shift(tx, each, days[each.session or 0])
    if make_up:
        new = booking.new_session(tx, order, region, number, days[number])
        made = (new, *booking.followers(tx, new))
        moved += [Moved(visit=each, before=None, after=each.day) for each in made]
    detail = f"session {status.value}" + (", made up" if make_up else "")
    record(tx, actor, action="write", subject="visits", subject_id=str(visit.id), detail=detail)
    return moved


def _order(tx: Tx, actor: Actor, order_id: int) -> Order:
    require_dispatcher(actor)
    order = courses.order_for_change(tx, actor.region_id, order_id)
    if order is None:
        raise ActionError("There is no such order: go back to the patient and look again.")
    if order.status is not OrderStatus.ACTIVE:
        raise ActionError(f"Order {order.code} is not active: make it active first.")
    return order


def _order_of(tx: Tx, actor: Actor, visit: Visit) -> Order:
    if visit.order_id is None or visit.kind is not VisitKind.SESSION:
        raise ActionError(f"Visit {visit.code} is no session of an order: change the visit itself.")
    if visit.status is not VisitStatus.BOOKED:
        raise ActionError(f"Session {visit.session} is {visit.status.value} already: nothing was changed.")
    return _order(tx, actor, visit.order_id)


def _placed(tx: Tx, visits: Sequence[Visit], region: Region) -> list[Session]:
    """The sessions as the rules see them: published ones stay, nurses and patients have been told."""
    published = courses.published_starts(tx, [visit.id for visit in visits])
    return [
        Session(
            number=visit.session or 0,
            day=visit.day,
            fixed=visit.fixed_day or visit.id in published,
            earliest=visit.earliest_day,
            latest=visit.latest_day,
        )
        for visit in visits
    ]


def _free_numbers(visits: Iterable[Visit], count: int) -> list[int]:
    taken = {visit.session for visit in visits}
    numbers = (number for number in range(1, len(taken) + count + 1) if number not in taken)
    return [number for number, _ in zip(numbers, range(count), strict=False)]


def _arranged(order: Order, sessions: Sequence[Session], now: date) -> list[date]:
    try:
        return arrange(rules_of(order), sessions, not_before=now)
    except BlockedError as error:
        raise ActionError(f"Nothing was changed. {error}") from None


def _shift(tx: Tx, visit: Visit, day: date) -> list[Moved]:
    """The session on its new day, and its follow-ups after it."""
    if visit.day == day:
        return []
    before = {each.id: each.day for each in (visit, *booking.followers(tx, visit))}
    changed = booking.move(tx, visit, day)
    return [Moved(visit=each, before=before.get(each.id), after=each.day) for each in changed]


def _audit(tx: Tx, actor: Actor, order: Order, detail: str) -> None:
    record(tx, actor, action="write", subject="orders", subject_id=str(order.id), detail=detail)
