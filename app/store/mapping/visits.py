"""A booked visit's rows become a visit of the model, or the reason why they cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.days import clock_text, day_text, midnight
from app.store.mapping import ids
from app.store.mapping.modes import GIVER, TAKER, THROUGHOUT, is_pinned_hand_over, modes_of
from app.store.mapping.shifts import LocalDay
from app.store.models import Nurse, Visit, VisitWindow
from app.store.models.patient import Standing
from app.store.models.visit import Priority
from scheduler import model
from scheduler.model import POINTS_PER_DOLLAR, ModelError, Pin, Place, Window

DROP_COST = {
    Priority.ROUTINE: 1_000 * POINTS_PER_DOLLAR,
    Priority.IMPORTANT: 2_500 * POINTS_PER_DOLLAR,
    Priority.URGENT: 10_000 * POINTS_PER_DOLLAR,
}
"""The price, in points, of leaving a visit out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A booked visit that cannot be planned as it stands. `reason` is a sentence for dispatchers."""

    visit_id: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A visit of the model, where it is, and its pins: none, one, or those of a hand-over."""

    visit: model.Visit
    place: Place
    pins: tuple[Pin, ...]


def visit_of(
    visit: Visit,
    today: LocalDay,
    on_shift: Mapping[int, Nurse],
    state: str,
    *,
    may_leave_window: bool = False,
) -> Planned | LeftOut:
    """The visit for the planner, given the day's nurses `on_shift` by id and the patient's state (empty: not
    on file); left out where its record cannot be. `may_leave_window`: an accepted exception lets it be pinned
    outside its windows."""
    try:
        reason = _why_not(visit, today, on_shift, may_leave_window)
        if reason is None:
            return Planned(visit=_visit(visit, today, state), place=_place(visit), pins=_pins(visit, today))
    except ModelError as error:
        reason = f"Its record cannot be planned as it stands: {error.field} {error.reason}."
    return LeftOut(visit_id=visit.id, reason=reason)


def _why_not(
    visit: Visit, today: LocalDay, on_shift: Mapping[int, Nurse], may_leave_window: bool
) -> str | None:
    if not visit.patient.active:
        return "The patient is no longer active: cancel the visit, or make the patient active again."
    if not visit.version.phases:
        return f"Protocol {visit.protocol.code} has no phases: add them, or choose another protocol."
    return _why_no_window(visit, today) or _why_no_pin(visit, today, on_shift, may_leave_window)


def _why_no_window(visit: Visit, today: LocalDay) -> str | None:
    if not visit.windows:
        return "It has no time window: add one."
    on_day = [window for window in visit.windows if _on_day(window, today)]
    if not on_day:
        return f"Its time windows all lie outside {day_text(today.day)}: change them, or the visit's day."
    if any(_has_room(window, visit) for window in on_day):
        return None
    starts = clock_text(on_day[0].earliest_start, today.zone)
    ends = clock_text(max(window.latest_end for window in on_day if window.latest_end), today.zone)
    return (
        f"It lasts {visit.minutes} min and may start at {starts} or later, so it cannot be over by "
        f"{ends}: widen the time window, or choose a shorter protocol."
    )


def _why_no_pin(
    visit: Visit, today: LocalDay, on_shift: Mapping[int, Nurse], may_leave_window: bool
) -> str | None:
    if visit.pinned_nurse is None:
        return None
    taker = visit.pinned_taker if is_pinned_hand_over(visit) else None
    for nurse in filter(None, (visit.pinned_nurse, taker)):
        if nurse.id not in on_shift:
            return (
                f"It is pinned to {nurse.name}, who does not work on {day_text(today.day)}: "
                "pin it to another nurse, or take the pin away."
            )
    start = visit.pinned_start
    if (
        start is None
        or may_leave_window
        or any(_allows(window, visit, today.seconds(start), today) for window in visit.windows)
    ):
        return None
    return (
        f"It is pinned to start at {clock_text(start, today.zone)}, which its time windows do not allow: "
        "change the pinned start or the windows."
    )


def _allows(window: VisitWindow, visit: Visit, start: int, today: LocalDay) -> bool:
    if not _on_day(window, today) or not _has_room(window, visit):
        return False
    span = _window(window, today)
    in_time = span.latest_end is None or start + visit.minutes * 60 <= span.latest_end
    return span.earliest_start <= start <= span.latest_start and in_time


def _on_day(window: VisitWindow, today: LocalDay) -> bool:
    next_midnight = midnight(today.day + timedelta(days=1), today.zone)
    return window.earliest_start < next_midnight and window.latest_start >= today.origin


def _has_room(window: VisitWindow, visit: Visit) -> bool:
    length = timedelta(minutes=visit.minutes)
    return window.latest_end is None or window.earliest_start + length <= window.latest_end


def _window(window: VisitWindow, today: LocalDay) -> Window:
    latest_end = window.latest_end
    return Window(
        earliest_start=max(0, today.seconds(window.earliest_start)),
        latest_start=today.seconds(window.latest_start),
        latest_end=None if latest_end is None else today.seconds(latest_end),
    )


def _visit(visit: Visit, today: LocalDay, state: str) -> model.Visit:
    standings = {row.nurse_id: row.standing for row in visit.patient.nurses}
    return model.Visit(
        id=ids.visit_id(visit.id),
        modes=modes_of(visit, _windows(visit, today), state),
        drop_cost=DROP_COST[visit.priority],
        preferred_nurses=_nurses(standings, Standing.PREFERRED),
        barred_nurses=_nurses(standings, Standing.BARRED),
    )


def _place(visit: Visit) -> Place:
    home = visit.patient
    return Place(id=ids.patient_place(home.id), latitude=home.latitude, longitude=home.longitude)


def _nurses(standings: Mapping[int, Standing], wanted: Standing) -> frozenset[str]:
    return frozenset(ids.nurse_id(nurse) for nurse, standing in standings.items() if standing is wanted)


def _windows(visit: Visit, today: LocalDay) -> list[Window]:
    usable = (window for window in visit.windows if _on_day(window, today) and _has_room(window, visit))
    return sorted((_window(window, today) for window in usable), key=lambda window: window.earliest_start)


def _pins(visit: Visit, today: LocalDay) -> tuple[Pin, ...]:
    """The taker of a hand-over comes when its lag says, so her start needs no pin."""
    if visit.pinned_nurse_id is None:
        return ()
    start = None if visit.pinned_start is None else today.seconds(visit.pinned_start)
    taker = visit.pinned_taker_id if is_pinned_hand_over(visit) else None
    first = Pin(
        task=ids.task_id(visit.id, THROUGHOUT if taker is None else GIVER),
        shift=ids.shift_id(visit.pinned_nurse_id),
        start=start,
    )
    if taker is None:
        return (first,)
    return first, Pin(task=ids.task_id(visit.id, TAKER), shift=ids.shift_id(taker))
