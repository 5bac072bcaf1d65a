"""The coming days side by side: plans, what they leave out, nurses' weeks, who keeps whose nurse. In words
for the page; nothing here changes anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from app.actions import plans as plan_actions
from app.store.engine import Tx
from app.store.mapping.weeks import monday_of, work_seconds
from app.store.models import Nurse, PlanRow, Region, RouteRow
from app.store.models.plan import PlanStatus
from app.store.models.visit import VisitKind
from app.store.queries import horizon as queries

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class DayLine:
    """One day. `plan`: its published plan, else its draft; `draft_too`: a published day has a draft beside
    it. `stale`: why its draft no longer fits, a sentence each. `unserved`: code and reason of each visit that
    the plan leaves out."""

    day: date
    booked: int
    plan: PlanRow | None
    draft_too: bool
    stale: tuple[str, ...]
    unserved: tuple[tuple[str, str], ...]
    running: bool

    @property
    def published(self) -> bool:
        """Nurses see it."""
        return self.plan is not None and self.plan.status is PlanStatus.PUBLISHED

    @property
    def total(self) -> int:
        """The visits that the plan knows of."""
        return 0 if self.plan is None else self.plan.visits_served + len(self.unserved)


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseWeek:
    """A nurse's hours in one week, all its plans counted, and the `most` there may be (None: no limit);
    seconds."""

    seconds: int
    most: int | None

    @property
    def over(self) -> bool:
        """More than her limit."""
        return self.most is not None and self.seconds > self.most


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseChange:
    """A session that another nurse begins than the one before it."""

    patient_id: int
    patient: str
    before: str
    before_day: date
    after: str
    after_day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """The days from `first` to `last`. `kept` of `pairs` sessions that follow another one of these days keep
    its nurse."""

    first: date
    last: date
    lines: tuple[DayLine, ...]
    weeks: tuple[date, ...]
    nurses: tuple[tuple[str, Mapping[date, NurseWeek]], ...]
    kept: int
    pairs: int
    changes: tuple[NurseChange, ...]


def coming_days(tx: Tx, region: Region, first: date, last: date) -> Coming:
    """Read the days."""
    monday, sunday = monday_of(first), monday_of(last) + 6 * DAY
    rows = queries.plans_between(tx, region.id, monday, sunday)
    counted = _counted(rows)
    routes = queries.routes_of(tx, [row.id for row in counted.values()])
    within = [row for row in rows if first <= row.day <= last]
    pairs = _pairs(route for route in routes if first <= route.plan.day <= last)
    changes = tuple(pair for pair in pairs if pair.before != pair.after)
    return Coming(
        first=first,
        last=last,
        lines=_lines(tx, region, first, last, within),
        weeks=tuple(monday + n * 7 * DAY for n in range((sunday - monday).days // 7 + 1)),
        nurses=_weeks(routes),
        kept=len(pairs) - len(changes),
        pairs=len(pairs),
        changes=changes,
    )


def _counted(rows: Iterable[PlanRow]) -> dict[date, PlanRow]:
    """Each day's plan: the published one where there is one."""
    return {row.day: row for row in sorted(rows, key=lambda row: row.status is PlanStatus.PUBLISHED)}


def _lines(tx: Tx, region: Region, first: date, last: date, rows: Sequence[PlanRow]) -> tuple[DayLine, ...]:
    booked = queries.booked_counts(tx, region.id, first, last)
    running = queries.days_being_planned(tx, region.id, first, last)
    counted = _counted(rows)
    drafts = {row.day: row for row in rows if row.status is PlanStatus.DRAFT}
    days = (first + n * DAY for n in range((last - first).days + 1))
    return tuple(
        DayLine(
            day=day,
            booked=booked.get(day, 0),
            plan=counted.get(day),
            draft_too=day in drafts and counted[day].status is PlanStatus.PUBLISHED,
            stale=_stale(tx, region, drafts.get(day)),
            unserved=_unserved(counted.get(day)),
            running=day in running,
        )
        for day in days
    )


def _stale(tx: Tx, region: Region, draft: PlanRow | None) -> tuple[str, ...]:
    """What a draft does not know of: changed records, and what has been published on other days."""
    if draft is None:
        return ()
    verdict = plan_actions.judge(tx, region, draft)
    return (*verdict.faults, *verdict.changes)


def _unserved(plan: PlanRow | None) -> tuple[tuple[str, str], ...]:
    return () if plan is None else tuple((row.visit.code, row.reason) for row in plan.unassigned)


def _weeks(routes: Iterable[RouteRow]) -> tuple[tuple[str, dict[date, NurseWeek]], ...]:
    """Each nurse's name, and her weeks by their Mondays."""
    seconds: dict[tuple[int, date], int] = defaultdict(int)
    nurses: dict[int, Nurse] = {}
    for route in routes:
        nurses[route.nurse_id] = route.nurse
        seconds[route.nurse_id, monday_of(route.plan.day)] += work_seconds(route)
    found = []
    for nurse in sorted(nurses.values(), key=lambda nurse: (nurse.name, nurse.id)):
        most = None if nurse.weekly_hours is None else nurse.weekly_hours * 3600
        weeks = {week: total for (key, week), total in seconds.items() if key == nurse.id}
        found.append((nurse.name, {week: NurseWeek(seconds=s, most=most) for week, s in weeks.items()}))
    return tuple(found)


def _pairs(routes: Iterable[RouteRow]) -> list[NurseChange]:
    """Each session after another one of the same order, with the nurses who begin them."""
    starts: dict[int, tuple[datetime, date, RouteRow, int]] = {}
    visits = {}
    for route in routes:
        for stop in route.stops:
            visits[stop.visit_id] = stop.visit
            if stop.visit_id not in starts or stop.start < starts[stop.visit_id][0]:
                starts[stop.visit_id] = (stop.start, route.plan.day, route, stop.visit_id)
    series: dict[int, list[tuple[datetime, date, RouteRow, int]]] = defaultdict(list)
    for key, start in starts.items():
        visit = visits[key]
        if visit.order_id is not None and visit.kind is VisitKind.SESSION:
            series[visit.order_id].append(start)
    return [
        NurseChange(
            patient_id=visits[then[3]].patient_id,
            patient=visits[then[3]].patient.name,
            before=before[2].nurse.name,
            before_day=before[1],
            after=then[2].nurse.name,
            after_day=then[1],
        )
        for sessions in series.values()
        for before, then in pairwise(sorted(sessions, key=lambda each: each[0]))
    ]
