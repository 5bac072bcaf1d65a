"""The next days, read to be planned together.

Days with a published plan stay as they are; what they say narrows the others. That nobody is named
yet who stays with the patient does not keep a session from getting a day: the day's own draft says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.actions.courses import booking
from app.actions.courses.series import rules_of
from app.actions.errors import ActionError
from app.days import day_text
from app.store.engine import Tx
from app.store.mapping import ids, load_day
from app.store.mapping.weeks import monday_of
from app.store.models import Region, Visit
from app.store.models.visit import VisitKind
from app.store.queries import horizon as queries
from scheduler.horizon import Horizon, join
from scheduler.model import POINTS_PER_DOLLAR, HourLimit, Problem, Spacing

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedHorizon:
    """The region's next days, ready to be planned together.

    `days[n]` is the date of day number n of `horizon`. `booked`: the day each visit is booked for, by key, as
    it was when loaded. `published`: dates in between that are left alone.
    """

    region: Region
    days: tuple[date, ...]
    horizon: Horizon
    booked: Mapping[int, date]
    published: tuple[date, ...]


def load_horizon(tx: Tx, region: Region, first: date, count: int) -> LoadedHorizon:
    """Read `count` days from `first` on. Raises ActionError where there is nothing to plan, CalendarError and
    ModelError as `load_day`."""
    last = first + (count - 1) * DAY
    published = queries.published_days(tx, region.id, first, last)
    days = tuple(day for day in (first + n * DAY for n in range(count)) if day not in published)
    if not days:
        raise ActionError(
            f"All days from {day_text(first)} to {day_text(last)} are published: plan later ones."
        )
    visits = queries.booked_between(tx, region.id, days[0], days[-1])
    booked = {visit.id: visit.day for visit in visits}
    spacings = list(_spacings(visits, region))
    gaps = _gaps(visits)
    problems = [_what_if(tx, region, days, day, gaps) for day in days]
    known = {visit.id for problem in problems for visit in problem.visits}
    horizon = join(
        problems,
        spacings=[each for each in spacings if each.first in known and each.then in known],
        hour_limits=_hour_limits(days, problems),
        rest_s=region.rest_hours * 3600,
    )
    return LoadedHorizon(
        region=region, days=days, horizon=horizon, booked=booked, published=tuple(sorted(published))
    )


def _what_if(tx: Tx, region: Region, days: tuple[date, ...], day: date, gaps: Sequence[timedelta]) -> Problem:
    """The problem of one of `days` as if every session that may take place on it were booked for it, and
    every follow-up that may."""
    problem = _trial(tx, region, days, day, day)
    found = {visit.id for visit in problem.visits}
    for gap in gaps:
        trial = _trial(tx, region, days, day, day - gap)
        more = [visit for visit in trial.visits if visit.id not in found]
        found |= {visit.id for visit in more}
        problem = problem.replace(
            visits=(*problem.visits, *more),
            places=tuple({place.id: place for place in (*problem.places, *trial.places)}.values()),
        )
    return problem


def _trial(tx: Tx, region: Region, days: tuple[date, ...], day: date, sessions_on: date) -> Problem:
    """The day's problem if the sessions that may take place on `sessions_on` did; nothing is changed."""
    with tx.begin_nested() as trial:
        visits = queries.booked_between(tx, region.id, days[0], days[-1])
        for visit in visits:
            if visit.day != sessions_on and _may_move(visit, sessions_on):
                after = [each for each in visits if each.follows_visit_id == visit.id]
                booking.shift(visit, sessions_on, after, region)
        problem = load_day(tx, region, day, ahead=True).problem
        trial.rollback()
    return problem


def _gaps(visits: Sequence[Visit]) -> list[timedelta]:
    """From the days of sessions to those of their follow-ups."""
    days = {visit.id: visit.day for visit in visits}
    return sorted(
        {visit.day - days[visit.follows_visit_id] for visit in visits if visit.follows_visit_id in days}
    )


def _may_move(visit: Visit, day: date) -> bool:
    """Whether planning may give the session this day: by its order's rules and its own limits."""
    if visit.fixed_day or visit.order is None or visit.pinned_nurse_id is not None:
        return False
    if visit.kind is not VisitKind.SESSION:
        return False
    first, last = visit.earliest_day or day, visit.latest_day or day
    return first <= day <= last and rules_of(visit.order).allows(day)


def _spacings(visits: Sequence[Visit], region: Region) -> Iterator[Spacing]:
    """Between the sessions of each order, one after the other, and from each to its follow-ups."""
    series: dict[int, list[Visit]] = {}
    for visit in visits:
        if visit.order is not None and visit.kind is VisitKind.SESSION:
            series.setdefault(visit.order.id, []).append(visit)
    for sessions in series.values():
        for first, then in pairwise(sorted(sessions, key=lambda each: each.session or 0)):
            order = then.order
            assert order is not None
            yield Spacing(
                first=ids.visit_id(first.id),
                then=ids.visit_id(then.id),
                min_s=order.min_hours * 3600,
                max_s=None if order.max_hours is None else order.max_hours * 3600,
                change_cost=region.not_preferred_price * POINTS_PER_DOLLAR,
            )
    known = {visit.id for visit in visits}
    for visit in visits:
        if visit.follows_visit_id in known and visit.follows_min is not None:
            yield Spacing(
                first=ids.visit_id(visit.follows_visit_id),
                then=ids.visit_id(visit.id),
                min_s=visit.follows_min * 60,
                max_s=None if visit.follows_max is None else visit.follows_max * 60,
                needs_first=True,
            )


def _hour_limits(days: Sequence[date], problems: Sequence[Problem]) -> list[HourLimit]:
    """The nurses' limits of each day, which are those of its week, as limits of the weeks."""
    weeks: dict[tuple[str, date], int] = {}
    for day, problem in zip(days, problems, strict=True):
        for limit in problem.hour_limits:
            key = (limit.nurse, monday_of(day))
            weeks[key] = min(limit.max_seconds, weeks.get(key, limit.max_seconds))
    limits = []
    for (nurse, monday), most in weeks.items():
        start = (monday - days[0]).days * 24 * 3600
        # An hour more or less where clocks change: no shift begins at midnight.
        limits.append(HourLimit(nurse=nurse, start=start, end=start + 7 * 24 * 3600, max_seconds=most))
    return limits
