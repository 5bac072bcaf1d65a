"""One day of the board, loaded: the shown plan with its routes, the day's visits, and the day's runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from app.actions.actor import Actor
from app.days import local_date, zone_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.mapping.shifts import LocalDay, shift_of
from app.store.models import (
    AcceptedExceptionRow,
    PlanRow,
    PlanStep,
    Region,
    RouteRow,
    StopRow,
    UnassignedRow,
    Visit,
)
from app.store.models.plan import HandOver, PlanStatus, hand_over_of, phases_of
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import board as queries
from app.store.queries import by_hand, planning
from app.store.queries.continuity import published_sessions
from app.store.queries.disruptions import overrun_visits
from scheduler.model import ModelError


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseDay:
    """One row of the timeline. `number`: hers of this day, from 1, by name. `route`: None without a plan."""

    id: int
    name: str
    number: int
    home: tuple[float, float]
    shift_start: datetime
    shift_end: datetime
    route: RouteRow | None

    @property
    def stops(self) -> Sequence[StopRow]:
        """Her stops in order; none when she is idle or nothing is planned."""
        return self.route.stops if self.route else ()


@dataclass(frozen=True, kw_only=True)
class BoardDay:
    """`shown`: see `shown_plan`. `visits`: the day's and the plan's, by id. `now`: an aware UTC instant.

    `overrun`: visits that last longer than their records say, because of what happened on the day.
    `dropped_points`: the part of the plan's cost that is the price of the visits it leaves out. `former`: the
    nurse who began each patient's session before this day, as published, by patient id. `steps`: how the
    draft shown was changed by hand; `exceptions`: those accepted for the day.
    """

    region: Region
    day: date
    now: datetime
    plans: dict[PlanStatus, PlanRow]
    shown: PlanRow | None
    nurses: Sequence[NurseDay]
    visits: dict[int, Visit]
    unassigned: Sequence[UnassignedRow]
    overrun: frozenset[int]
    dropped_points: int
    publisher: str
    former: Mapping[int, int]
    steps: Sequence[PlanStep]
    exceptions: Sequence[AcceptedExceptionRow]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone the day is shown in: the plan's, as it was when planned."""
        return zone_of(self.shown.zone if self.shown else self.region.zone)

    @property
    def today(self) -> date:
        """The region's local date."""
        return local_date(self.now, zone_of(self.region.zone))

    @property
    def looked_at(self) -> str:
        """What of patients it shows, for the audit trail."""
        of_plan = f"plan {self.shown.id}" if self.shown else "no plan"
        return f"board of {self.day}, {of_plan}: {len(self.visits)} visits with patient name, code and place"

    @property
    def movable(self) -> bool:
        """Its visits may be moved by hand: the plan shown is the day's newest, and the day is not over."""
        newest = self.plans.get(PlanStatus.DRAFT) or self.plans.get(PlanStatus.PUBLISHED)
        return self.shown is not None and self.shown is newest and self.day >= self.today

    @cached_property
    def booked(self) -> frozenset[int]:
        """Ids of the visits booked for the day, as of now."""
        return frozenset(
            visit.id
            for visit in self.visits.values()
            if visit.status == VisitStatus.BOOKED and visit.day == self.day
        )

    @cached_property
    def served(self) -> frozenset[int]:
        """Ids of the visits with a stop in the shown plan."""
        return frozenset(stop.visit_id for nurse in self.nurses for stop in nurse.stops)

    @cached_property
    def continued(self) -> tuple[int, int]:
        """Of the served visits whose patient has had a session before: how many the nurse of that one begins,
        and how many there are."""
        stops = sorted(
            ((stop.start, nurse.id, stop.visit_id) for nurse in self.nurses for stop in nurse.stops),
            reverse=True,
        )
        first = {visit: nurse for _, nurse, visit in stops}  # the earliest stop of each visit comes last
        pairs = [
            (self.former[self.visits[visit].patient_id], nurse)
            for visit, nurse in first.items()
            if self._continues(visit)
        ]
        return sum(before == now for before, now in pairs), len(pairs)

    def _continues(self, visit: int) -> bool:
        """A session whose patient has had one before."""
        row = self.visits.get(visit)
        return row is not None and row.kind is VisitKind.SESSION and row.patient_id in self.former

    @cached_property
    def hand_overs(self) -> dict[int, HandOver]:
        """The hand-overs of the shown plan, by visit id."""
        found = {visit: hand_over_of(stops) for visit, stops in self._stops.items()}
        return {visit: each for visit, each in found.items() if each is not None}

    @cached_property
    def changed(self) -> tuple[Visit, ...]:
        """Booked visits that have other phases now than in the shown plan: they are under another version of
        their protocol, or their patients need longer phases. Not those of which somebody reported that they
        last longer."""
        return tuple(
            self.visits[visit]
            for visit, stops in self._stops.items()
            if visit in self.booked - self.overrun
            and [(each["kind"], each["minutes"]) for each in phases_of(stops)]
            != [(phase.kind, phase.minutes) for phase in self.visits[visit].phases]
        )

    @cached_property
    def _stops(self) -> dict[int, list[StopRow]]:
        """The stops of the shown plan, by visit id."""
        stops: dict[int, list[StopRow]] = defaultdict(list)
        for stop in (stop for nurse in self.nurses for stop in nurse.stops):
            stops[stop.visit_id].append(stop)
        return stops

    @cached_property
    def unplanned(self) -> tuple[Visit, ...]:
        """Booked visits that the shown plan knows nothing of: all of them while there is no plan."""
        known = self.served | {row.visit_id for row in self.unassigned}
        return tuple(visit for visit in self.visits.values() if visit.id in self.booked - known)

    @cached_property
    def withdrawn(self) -> tuple[Visit, ...]:
        """Visits with a stop in the shown plan that have been cancelled or moved to another day since."""
        return tuple(visit for visit in self.visits.values() if visit.id in self.served - self.booked)


def load_day(tx: Tx, actor: Actor, day: date, asked: PlanStatus | None, now: datetime) -> BoardDay:
    """The day of the actor's region, its reading of patient data audited."""
    board = read_day(tx, actor.region_id, day, asked, now)
    record(tx, actor, action="read", subject="visits", detail=board.looked_at)
    return board


def read_day(tx: Tx, region_id: int, day: date, asked: PlanStatus | None, now: datetime) -> BoardDay:
    """The same; who reads it for somebody records that she looked at `BoardDay.looked_at`."""
    region = tx.get_one(Region, region_id)
    plans = queries.plans_of_day(tx, region.id, day)
    shown = shown_plan(plans, asked)
    plan_id = shown.id if shown else None
    visits = {visit.id: visit for visit in queries.visits_of_day(tx, region.id, day, plan_id)}
    unassigned = queries.unassigned_of_plan(tx, plan_id) if plan_id else ()
    return BoardDay(
        region=region,
        day=day,
        now=now,
        plans=plans,
        shown=shown,
        nurses=_planned_nurses(tx, plan_id) if plan_id else _nurses_on_shift(tx, region, day),
        visits=visits,
        unassigned=unassigned,
        overrun=overrun_visits(tx, region.id, day),
        dropped_points=queries.dropped_points(tx, plan_id) if plan_id and unassigned else 0,
        publisher=_publisher(tx, shown),
        former=_former(tx, visits.values(), day) if plan_id else {},
        steps=by_hand.steps(tx, shown.id) if shown and shown.status is PlanStatus.DRAFT else (),
        exceptions=by_hand.standing_exceptions(tx, region.id, day) if plan_id else (),
    )


def shown_plan(plans: dict[PlanStatus, PlanRow], asked: PlanStatus | None) -> PlanRow | None:
    """The plan asked for where there is one, else the draft, else the published one."""
    if asked in plans:
        return plans[asked]
    return plans.get(PlanStatus.DRAFT) or plans.get(PlanStatus.PUBLISHED)


def _former(tx: Tx, visits: Iterable[Visit], day: date) -> dict[int, int]:
    patients = {visit.patient_id for visit in visits}
    sessions = published_sessions(tx, patients, before=day)
    return {patient: each[-1].nurse_id for patient, each in sessions.items()}


def dropped_by_plan(tx: Tx, plan: PlanRow) -> int:
    """The part of a plan's cost, in points, that is the price of the visits it leaves out."""
    return queries.dropped_points(tx, plan.id)


def _publisher(tx: Tx, shown: PlanRow | None) -> str:
    if shown is None or shown.published_by is None:
        return ""
    return queries.names_of_users(tx, {shown.published_by})[shown.published_by]


def _planned_nurses(tx: Tx, plan_id: int) -> tuple[NurseDay, ...]:
    return tuple(
        NurseDay(
            id=route.nurse_id,
            name=route.nurse.name,
            number=number,
            home=(route.home_latitude, route.home_longitude),
            shift_start=route.shift_start,
            shift_end=route.shift_end,
            route=route,
        )
        for number, route in enumerate(queries.routes_of_plan(tx, plan_id), start=1)
    )


def _nurses_on_shift(tx: Tx, region: Region, day: date) -> tuple[NurseDay, ...]:
    """Who works that day, while nothing is planned. Hours that cannot be are the planner's to report."""
    today = LocalDay(day=day, zone=zone_of(region.zone))
    rows: list[NurseDay] = []
    for nurse in sorted(planning.nurses(tx, region.id), key=lambda nurse: (nurse.name, nurse.id)):
        try:
            shift = shift_of(nurse, region, today)
        except ModelError:
            continue
        if shift is None:
            continue
        rows.append(
            NurseDay(
                id=nurse.id,
                name=nurse.name,
                number=len(rows) + 1,
                home=(nurse.latitude, nurse.longitude),
                shift_start=today.origin + timedelta(seconds=shift.start),
                shift_end=today.origin + timedelta(seconds=shift.end),
                route=None,
            )
        )
    return tuple(rows)
