"""Sessions and follow-ups as visits: made, moved with their windows, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from app.days import instant, local_date, weekdays_of, zone_of
from app.store.engine import Tx
from app.store.models import Order, Region, Visit, VisitWindow
from app.store.models.protocol import FollowUp, PhaseKind
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import courses

DAY = timedelta(days=1)


def new_session(tx: Tx, order: Order, region: Region, number: int, day: date) -> Visit:
    """A booked session of the order, free to be moved by planning, with its follow-ups."""
    visit = Visit(
        region_id=region.id,
        code=_free_code(tx, region, f"{order.code}-{number}"),
        patient=order.patient,
        version=order.protocol.newest,
        day=day,
        zone=region.zone,
        kind=VisitKind.SESSION,
        order=order,
        session=number,
        fixed_day=False,
        windows=[_session_window(order, day, region)],
    )
    tx.add(visit)
    tx.flush()
    book_follow_ups(tx, order, region, visit)
    return visit


def book_follow_ups(tx: Tx, order: Order, region: Region, visit: Visit) -> None:
    """The follow-ups that the session's protocol asks for."""
    for place, follow_up in enumerate(visit.version.follow_ups, 1):
        tx.add(_new_follow_up(tx, order, region, visit, follow_up, place))
    tx.flush()


def move(tx: Tx, visit: Visit, day: date) -> list[Visit]:
    """The session on another day, at the hours it had, and its free follow-ups after it; what was changed."""
    changed = shift(visit, day, followers(tx, visit), tx.get_one(Region, visit.region_id))
    tx.flush()
    return changed


def shift(visit: Visit, day: date, after: Iterable[Visit], region: Region) -> list[Visit]:
    """The same for a session whose booked follow-ups are `after`; not yet written to the database."""
    zone = zone_of(visit.zone)
    by = day - visit.day
    for window in visit.windows:
        window.earliest_start = _on_day(window.earliest_start, by, visit.zone)
        window.latest_start = _on_day(window.latest_start, by, visit.zone)
        if window.latest_end is not None:
            window.latest_end = _on_day(window.latest_end, by, visit.zone)
    if visit.pinned_start is not None:
        visit.pinned_start = _on_day(visit.pinned_start, by, visit.zone)
    visit.day = day
    changed = [visit]
    for follower in after:
        if follower.fixed_day or visit.order is None:
            continue
        due = _due(visit, follower.follows_min or 0, follower.follows_max or 0)
        follower.day, window = _follow_up_day(visit.order, region, *due)
        follower.earliest_day, follower.latest_day = (local_date(each, zone) for each in due)
        follower.windows = [window]
        changed.append(follower)
    return changed


def drop(tx: Tx, visit: Visit, status: VisitStatus) -> list[Visit]:
    """The session cancelled or missed, and what follows it cancelled; what was changed."""
    visit.status = status
    after = followers(tx, visit)
    for follower in after:
        follower.status = VisitStatus.CANCELLED
    tx.flush()
    return [visit, *after]


def sessions_of(tx: Tx, order: Order) -> list[Visit]:
    """The order's booked sessions, by number."""
    visits = (
        visit
        for visit in courses.visits_of_orders(tx, [order.id])
        if visit.kind is VisitKind.SESSION and visit.status is VisitStatus.BOOKED
    )
    return sorted(visits, key=lambda visit: visit.session or 0)


def followers(tx: Tx, visit: Visit) -> list[Visit]:
    """The booked follow-ups of a session."""
    return [
        each
        for each in courses.visits_of_orders(tx, [visit.order_id] if visit.order_id else [])
        if each.follows_visit_id == visit.id and each.status is VisitStatus.BOOKED
    ]


def _new_follow_up(
    tx: Tx, order: Order, region: Region, visit: Visit, follow_up: FollowUp, place: int
) -> Visit:
    middle = infusion_end(visit) + follow_up.offset_hours * 60
    shortest = max(0, middle - follow_up.window_hours * 60)
    longest = middle + follow_up.window_hours * 60
    due = _due(visit, shortest, longest)
    day, window = _follow_up_day(order, region, *due)
    zone = zone_of(region.zone)
    return Visit(
        region_id=region.id,
        code=_free_code(tx, region, f"{visit.code}-F{place}"),
        patient=order.patient,
        version=visit.version,
        day=day,
        zone=region.zone,
        kind=VisitKind.FOLLOW_UP if follow_up.in_person else VisitKind.CALL,
        fixed_day=False,
        earliest_day=local_date(due[0], zone),
        latest_day=local_date(due[1], zone),
        follows_visit_id=visit.id,
        follows_min=shortest,
        follows_max=longest,
        follow_up_minutes=follow_up.minutes,
        notes="Asks for signs of mania." if follow_up.mania_check and visit.patient.bipolar else "",
        windows=[window],
    )


def infusion_end(visit: Visit) -> int:
    """Minutes from the visit's start to the end of its infusion; of the visit where it has none."""
    minutes = total = 0
    for phase in visit.phases:
        total += phase.minutes
        if phase.kind is PhaseKind.INFUSION:
            minutes = total
    return minutes or total


def _due(visit: Visit, shortest: int, longest: int) -> tuple[datetime, datetime]:
    """The follow-up's first and last possible start, whenever the session starts in its windows."""
    first = min(window.earliest_start for window in visit.windows)
    last = max(window.latest_start for window in visit.windows)
    return first + timedelta(minutes=shortest), last + timedelta(minutes=longest)


def _follow_up_day(order: Order, region: Region, first: datetime, last: datetime) -> tuple[date, VisitWindow]:
    """The working day nearest to the middle of the time it is due, with its window at the patient's hours.

    Where no working day has such hours, the middle day, at any hour that is due.
    """
    zone = zone_of(region.zone)
    middle = local_date(first + (last - first) / 2, zone)
    working = weekdays_of(region.working_days)
    days = [day for day in _days(local_date(first, zone), local_date(last, zone)) if day.weekday() in working]
    for day in sorted(days, key=lambda day: (abs(day - middle), day)):
        earliest = max(first, instant(day, order.earliest_start, zone))
        latest = min(last, instant(day, order.latest_start, zone))
        if earliest <= latest:
            return day, VisitWindow(earliest_start=earliest, latest_start=latest)
    return middle, VisitWindow(earliest_start=first, latest_start=last)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def _session_window(order: Order, day: date, region: Region) -> VisitWindow:
    zone = zone_of(region.zone)
    return VisitWindow(
        earliest_start=instant(day, order.earliest_start, zone),
        latest_start=instant(day, order.latest_start, zone),
        latest_end=None if order.latest_end is None else instant(day, order.latest_end, zone),
    )


def _on_day(moment: datetime, by: timedelta, zone_name: str) -> datetime:
    """The same local hour, days later or earlier."""
    zone = zone_of(zone_name)
    local = moment.astimezone(zone)
    return instant(local.date() + by, local.time(), zone)


def _free_code(tx: Tx, region: Region, wanted: str) -> str:
    """The code, or with a number after it where it is taken: sessions that were dropped keep theirs."""
    taken: Sequence[str] = courses.visit_codes_like(tx, region.id, wanted)
    if wanted not in taken:
        return wanted
    return next(code for number in range(2, 1000) if (code := f"{wanted}.{number}") not in taken)
