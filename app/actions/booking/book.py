"""A chosen slot booked: judged again as things are now, with the day locked, and put into its draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.actions import plans
from app.actions.actor import Actor
from app.actions.booking.asked import Asked, Choice, require_may_book, visit_codes
from app.actions.booking.days import ClosedDay, OpenDay, Travel, day_of
from app.actions.booking.offers import MINUTE
from app.actions.booking.ordered import attach, numbers_for, order_of
from app.actions.booking.starts import starting
from app.actions.errors import ActionError
from app.actions.records import saving
from app.actions.records.visits import VisitKeeper
from app.clock import utc_now
from app.days import day_text
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.mapping import ids
from app.store.mapping.modes import HAND_OVER
from app.store.models import PlanRow, Region, Visit
from app.store.queries import planning, records
from app.store.queries.directory import Directory
from app.store.queries.records import ClashError
from scheduler.explain.openings import Inquiry, Opening
from scheduler.plan_day import judged


class SlotGoneError(ActionError):
    """The slot is not there any more: somebody was quicker, or the day has changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Booked:
    """The visits, in order, and the drafts they are in, by day: a day that is not planned yet has none.
    `waiting`: by day, what is missing before the visit may be planned; it is in no draft either. `again`:
    they had been booked by the same request before."""

    visits: tuple[Visit, ...]
    drafts: dict[date, PlanRow]
    waiting: dict[date, str]
    again: bool = False


def book(
    tx: Tx,
    actor: Actor | None,
    region: Region,
    asked: Asked,
    choices: Sequence[Choice],
    request: str,
    travel: Travel,
) -> Booked:
    """Book a visit in each of these slots, all or none, each on another day. `actor` None: the command line.

    `request` is an id made by whoever asks (`new_request`): sent again, it books nothing more. Raises
    SlotGoneError where a slot is gone, ActionError where the visit cannot be booked at all; the caller rolls
    back.
    """
    require_may_book(actor, region)
    planning.lock_bookings(tx, region.id)
    codes = visit_codes(request, len(choices))
    there = records.by_codes(tx, Visit, region.id, codes)
    if there:
        return _booked_before(there, codes, asked)
    days = [choice.day for choice in choices]
    if not days or len(set(days)) < len(days):
        raise ActionError("Choose one slot, or several on different days.")
    directory = Directory(tx, region.id)
    asked.require_known(directory)
    choices = sorted(choices, key=lambda choice: choice.start)
    order = order_of(tx, region, asked)
    numbers = numbers_for(tx, order, choices) if order else iter(())
    booked = Booked(visits=(), drafts={}, waiting={})
    for code, choice in zip(codes, choices, strict=True):
        visit = _visit(tx, actor, directory, asked, code, choice)
        if order:
            attach(tx, region, order, visit, next(numbers))
        booked = replace(booked, visits=(*booked.visits, visit))
        placed = _placed(tx, actor, region, visit, choice, travel)
        if isinstance(placed, PlanRow):
            booked.drafts[choice.day] = placed
        elif placed:
            booked.waiting[choice.day] = placed
    return booked


def _booked_before(there: dict[str, Visit], codes: Sequence[str], asked: Asked) -> Booked:
    same = all(visit.patient.code == asked.patient for visit in there.values())
    if len(there) < len(codes) or not same:
        raise ActionError("This page has booked something else already: open it anew and choose again.")
    return Booked(visits=tuple(there[code] for code in codes), drafts={}, waiting={}, again=True)


def _visit(
    tx: Tx, actor: Actor | None, directory: Directory, asked: Asked, code: str, choice: Choice
) -> Visit:
    """The visit's row. Unless it is handed over it is pinned to its nurse and start, so that planning the day
    again keeps what the patient is told."""
    pin = None
    if choice.mode != HAND_OVER:
        nurse = next((code for code, ref in directory.nurses.items() if ref.id == choice.nurses[0]), None)
        if nurse is None:
            raise _gone(choice)
        pin = nurse, choice.start.astimezone(directory.zone).time()
    return saving.add(tx, actor, VisitKeeper(), asked.record(code, choice.day, pin), directory)


def _placed(
    tx: Tx, actor: Actor | None, region: Region, visit: Visit, choice: Choice, travel: Travel
) -> PlanRow | str:
    """The day's new draft with the visit in it. Or, where the visit must not be planned yet, what is missing;
    nothing where the day has no plan: then the pin keeps the slot."""
    found = day_of(tx, region, visit, travel)
    if isinstance(found, ClosedDay):
        raise SlotGoneError(f"That slot cannot be booked. {found.reason}")
    opening = _opening(found, choice)
    if opening is None:
        raise _gone(choice)
    if found.base is None or found.waits:
        return found.waits
    made = judged(found.problem, found.matrix, opening.taken(found.plan, found.visit.id))
    try:
        with records.or_clash(tx):
            upon = plans.upon_published(tx, region, choice.day, utc_now())
            draft = plans.replace_draft(tx, found.loaded, made, found.base.run_id, utc_now(), upon)
    except ClashError:
        raise _gone(choice) from None
    detail = f"{visit.code} into the draft of {choice.day}"
    audit(tx, actor, action="book", subject="plans", subject_id=str(draft.id), detail=detail)
    return draft


def _opening(found: OpenDay, choice: Choice) -> Opening | None:
    """The chosen nurses at the chosen time, if the day as it is now has room for them; None where not."""
    start = int((choice.start - found.problem.origin).total_seconds())
    visit = starting(found.visit, start, start)
    if visit is None:
        return None
    nurses = tuple(map(ids.nurse_id, choice.nurses))
    inquiry = Inquiry(found.problem, found.matrix, found.plan, visit, MINUTE)
    for way in inquiry.placing.ways():
        if way.mode.id == choice.mode and tuple(shift.nurse for shift in way.shifts) == nurses:
            opening = inquiry.opening(way)
            if opening.feasible and min(opening.starts) == start:
                return opening
    return None


def _gone(choice: Choice) -> SlotGoneError:
    return SlotGoneError(f"That slot on {day_text(choice.day)} is gone: the day has changed. Choose another.")
