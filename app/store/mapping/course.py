"""A visit among the others of its course: its gates, and the times that sessions of other days leave it.

A day is planned alone. Sessions of other days are told of by their start in a published plan, or by a pin;
they narrow the windows of this day's session. Whichever of two days is published later fits the earlier one,
so no two published plans break a spacing. A session whose neighbour has no start yet is held apart by its day
only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.days import clock_text, day_text, zone_of
from app.store.mapping.gates import standings
from app.store.mapping.shifts import LocalDay
from app.store.mapping.visits import LeftOut, Planned
from app.store.models import Order, Visit
from app.store.models.visit import VisitKind
from app.store.queries.courses import OnFile, Placed
from scheduler.model import Gate, GateKind, Mode, Span, Window
from scheduler.model.record import MAX_SECONDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """The start lies from `earliest` to `latest`, UTC (None: no limit), on account of what `words` say."""

    earliest: datetime | None
    latest: datetime | None
    words: str


def in_course(
    planned: Planned,
    visit: Visit,
    on_file: OnFile,
    today: LocalDay,
    now: date,
    *,
    ahead: bool = False,
) -> Planned | LeftOut:
    """The visit with its gates, its windows narrowed to what its course leaves; left out where a gate is
    closed or nothing is left. `now`: the region's date. `ahead`: there is still time to name a responsible
    adult; once she is named, her word counts."""
    unnamed = ahead and visit.id not in on_file.presences
    gates = [
        gate
        for gate in standings(visit, on_file, now)
        if gate.open or not (unnamed and gate.kind is GateKind.ADULT)
    ]
    closed = [gate.words for gate in gates if not gate.open]
    if closed:
        return LeftOut(visit_id=visit.id, reason=" ".join(closed))
    modes = planned.visit.modes
    for bound in bounds(visit, on_file):
        modes = tuple(mode for each in modes if (mode := _narrowed(each, bound, today)) is not None)
        if not modes:
            return LeftOut(visit_id=visit.id, reason=bound.words)
    kept = (*(gate.gate(today) for gate in gates), *_spaced(bounds(visit, on_file), today))
    placed = planned.visit.replace(modes=modes, gates=kept)
    return replace(planned, visit=placed)


def _spaced(bounds: Sequence[Bound], today: LocalDay) -> Iterator[Gate]:
    """What the bounds leave together. The windows say it already, but a window may be left by an accepted
    exception, and a gate never."""
    if bounds:
        earliest = [today.seconds(bound.earliest) for bound in bounds if bound.earliest is not None]
        latest = [today.seconds(bound.latest) for bound in bounds if bound.latest is not None]
        span = Span(start=max([-MAX_SECONDS, *earliest]), end=min([MAX_SECONDS, *latest]))
        yield Gate(kind=GateKind.SPACING, spans=(span,))


def bounds(visit: Visit, on_file: OnFile) -> list[Bound]:
    """What visits of other days with a known start say of this one's start."""
    return [*_of_series(visit, on_file), *_of_follow_ups(visit, on_file)]


def _of_series(visit: Visit, on_file: OnFile) -> Iterator[Bound]:
    order = visit.order
    if order is None or visit.kind is not VisitKind.SESSION:
        return
    series = [each for each in on_file.placed if each.order_id == order.id and each.kind is visit.kind]
    series.sort(key=lambda each: each.number or 0)
    before = [each for each in series if (each.number or 0) < (visit.session or 0)]
    after = [each for each in series if (each.number or 0) > (visit.session or 0)]
    if before and before[-1].start is not None:
        yield _apart(order, before[-1], before[-1].start, visit, 1)
    if after and after[0].start is not None:
        yield _apart(order, after[0], after[0].start, visit, -1)


def _apart(order: Order, other: Placed, start: datetime, visit: Visit, sign: int) -> Bound:
    near = start + sign * timedelta(hours=order.min_hours)
    far = None if order.max_hours is None else start + sign * timedelta(hours=order.max_hours)
    hours = (
        f"at least {order.min_hours} h"
        if order.max_hours is None
        else f"{order.min_hours} to {order.max_hours} h"
    )
    words = (
        f"Session {other.number} starts {_moment(start, visit)}, and {hours} must pass from one start to the "
        "next: its windows leave no time for that. Move it, widen its windows, or change the order."
    )
    if sign > 0:
        return Bound(earliest=near, latest=far, words=words)
    return Bound(earliest=far, latest=near, words=words)


def _of_follow_ups(visit: Visit, on_file: OnFile) -> Iterator[Bound]:
    for other in on_file.placed:
        if other.start is None:
            continue
        if other.id == visit.follows_visit_id and visit.follows_min is not None:
            words = (
                f"The session it follows starts {_moment(other.start, visit)}: its windows do not allow the "
                "time that is due after that. Move it, or widen its windows."
            )
            yield Bound(
                earliest=other.start + timedelta(minutes=visit.follows_min),
                latest=_plus(other.start, visit.follows_max),
                words=words,
            )
        elif other.follows == visit.id and other.follows_min is not None:
            words = (
                f"Its follow-up is at {_moment(other.start, visit)}, and its windows leave no time that fits "
                "that. Move the follow-up, or widen its windows."
            )
            yield Bound(
                earliest=_plus(other.start, None if other.follows_max is None else -other.follows_max),
                latest=other.start - timedelta(minutes=other.follows_min),
                words=words,
            )


def _plus(start: datetime, minutes: int | None) -> datetime | None:
    return None if minutes is None else start + timedelta(minutes=minutes)


def _moment(start: datetime, visit: Visit) -> str:
    zone = zone_of(visit.zone)
    return f"{day_text(start.astimezone(zone).date())}, {clock_text(start, zone)}"


def _narrowed(mode: Mode, bound: Bound, today: LocalDay) -> Mode | None:
    """The mode with its first task, which starts the visit, within the bound; None where no window is."""
    first, *others = mode.tasks
    windows = (_cut(window, bound, today, first.duration) for window in first.windows)
    left = tuple(window for window in windows if window is not None)
    return mode.replace(tasks=(first.replace(windows=left), *others)) if left else None


def _cut(window: Window, bound: Bound, today: LocalDay, duration: int) -> Window | None:
    earliest, latest = window.earliest_start, window.latest_start
    if bound.earliest is not None:
        earliest = max(earliest, today.seconds(bound.earliest))
    if bound.latest is not None:
        latest = min(latest, today.seconds(bound.latest))
    room = window.latest_end is None or earliest + duration <= window.latest_end
    return (
        window.replace(earliest_start=earliest, latest_start=latest) if earliest <= latest and room else None
    )
