"""What stands on a day sheet, in words. Local times of the plan's zone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.actions.actor import Actor
from app.days import clock_text, day_text, local_date, zone_of
from app.sheets.checks import checks_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import PlanRow, Region, RouteRow, StopRow, UnassignedRow, Visit
from app.store.models.plan import PlanStatus, hand_over_of
from app.store.models.protocol import PhaseKind
from app.store.models.visit import VisitKind, VisitStatus
from app.store.queries import board, sheets
from app.store.queries.courses import OnFile, on_file

PHASES: Mapping[str, str] = {
    PhaseKind.ARRIVAL: "Arrival and vitals",
    PhaseKind.IV_START: "IV start",
    PhaseKind.INFUSION: "Infusion",
    PhaseKind.MONITORING: "Monitoring",
    PhaseKind.DISCHARGE: "Discharge",
}


class NoPlanError(Exception):
    """There is nothing to print; the sentence says what is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitSheet:
    """One visit of a nurse. `shared`: who else comes, and when one may leave; `checks`: what to see to."""

    number: int
    code: str
    arrival: str
    start: str
    end: str
    drive: str
    patient: str
    address: str
    phone: str
    access: str
    protocol: str
    notes: str
    phases: tuple[tuple[str, str, str], ...]
    shared: str
    kit: tuple[str, ...]
    checks: tuple[str, ...]
    windows: str
    cancelled: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NurseSheet:
    """One nurse's day. An idle shift has no `leaves`, `home` and `rest`; `pickup`: what to take along."""

    id: int
    code: str
    name: str
    phone: str
    shift: str
    leaves: str
    home: str
    rest: str
    pickup: tuple[str, ...]
    visits: tuple[VisitSheet, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A visit without a nurse: whom to call about it, and why."""

    code: str
    patient: str
    phone: str
    address: str
    windows: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DaySheets:
    """All sheets of a region's day. `source`: from which plan, and when it was printed, in one sentence."""

    region: str
    region_code: str
    day: date
    published: bool
    source: str
    nurses: tuple[NurseSheet, ...]
    left_out: tuple[LeftOut, ...]

    def only(self, nurse: NurseSheet) -> DaySheets:
        """One nurse's part of it."""
        return replace(self, nurses=(nurse,), left_out=())

    @property
    def visits(self) -> int:
        """How many stops there are."""
        return sum(len(nurse.visits) for nurse in self.nurses)


def load_sheets(
    tx: Tx,
    actor: Actor | None,
    region: Region,
    day: date,
    now: datetime,
    *,
    asked: PlanStatus | None = None,
    nurse_id: int | None = None,
    purpose: str = "day sheets",
) -> DaySheets:
    """The sheets of the published plan, or of the draft where nothing is published or it is `asked` for; of
    one nurse only where given. The reading is audited; `actor` None: the command line.

    Raises NoPlanError.
    """
    plans = board.plans_of_day(tx, region.id, day)
    order = (asked, PlanStatus.PUBLISHED, PlanStatus.DRAFT)
    plan = next((plans[status] for status in order if status in plans), None)
    if plan is None:
        raise NoPlanError(f"{region.name} has no plan for {day_text(day)}: plan the day first.")
    routes = [
        route
        for route in sheets.routes_in_full(tx, plan.id)
        if nurse_id is None or route.nurse_id == nurse_id
    ]
    if not routes and nurse_id is not None:
        raise NoPlanError(f"That nurse has no shift in the plan for {day_text(day)}.")
    left_out = sheets.left_out(tx, plan.id) if nurse_id is None else ()
    made = _Maker(tx, plan, routes, left_out, now)
    record(
        tx,
        actor,
        action="read",
        subject="visits",
        detail=f"{purpose} of {day}, plan {plan.id}: {made.count} visits with patient name, address, "
        "telephone, access notes, care",
    )
    return made.sheets(region)


class _Maker:
    def __init__(
        self,
        tx: Tx,
        plan: PlanRow,
        routes: Sequence[RouteRow],
        left_out: Sequence[UnassignedRow],
        now: datetime,
    ) -> None:
        self._plan, self._routes, self._left_out, self._now = plan, routes, left_out, now
        self._zone = zone_of(plan.zone)
        self._today = local_date(now, self._zone)
        visits = {stop.visit_id: stop.visit for route in routes for stop in route.stops}
        self.count = len(visits) + len(left_out)
        self._filed: OnFile = on_file(tx, tuple(visits.values()))
        self._stays: dict[int, list[StopRow]] = defaultdict(list)
        for stop in board.stops_of_plan(tx, plan.id, visits):
            self._stays[stop.visit_id].append(stop)
        self._pickups: dict[int, list[str]] = defaultdict(list)
        for row in sheets.pickups_of_day(tx, [route.nurse_id for route in routes], plan.day):
            self._pickups[row.nurse_id].append(f"{row.units} × {row.item}")

    def sheets(self, region: Region) -> DaySheets:
        return DaySheets(
            region=region.name,
            region_code=region.code,
            day=self._plan.day,
            published=self._plan.status is PlanStatus.PUBLISHED,
            source=self._source(),
            nurses=tuple(self._nurse(route) for route in self._routes),
            left_out=tuple(self._without(row) for row in self._left_out),
        )

    def _source(self) -> str:
        at = self._plan.published_at
        kind = (
            f"published {self._moment(at)}" if at and self._plan.status is PlanStatus.PUBLISHED else "a draft"
        )
        return f"Printed {self._moment(self._now)} from plan {self._plan.id}, {kind}."

    def _moment(self, at: datetime) -> str:
        return f"{day_text(local_date(at, self._zone))}, {clock_text(at, self._zone)}"

    def _nurse(self, route: RouteRow) -> NurseSheet:
        clock, nurse, rest = self._clock, route.nurse, ""
        if route.break_start is not None:
            rest = f"{route.break_minutes} min at {clock(route.break_start)}"
        return NurseSheet(
            id=nurse.id,
            code=nurse.code,
            name=nurse.name,
            phone=nurse.phone,
            shift=f"{clock(route.shift_start)} – {clock(route.shift_end)}",
            leaves=clock(route.departure) if route.departure else "",
            home=clock(route.finish) if route.finish else "",
            rest=rest,
            pickup=tuple(self._pickups[nurse.id] or _needed(route)),
            visits=tuple(self._visit(stop, number) for number, stop in enumerate(route.stops, start=1)),
        )

    def _visit(self, stop: StopRow, number: int) -> VisitSheet:
        visit, clock = stop.visit, self._clock
        patient = visit.patient
        return VisitSheet(
            number=number,
            code=visit.code,
            arrival=clock(stop.arrival),
            start=clock(stop.start),
            end=clock(stop.end),
            drive=f"{max(1, round(stop.travel_seconds / 60))} min" if stop.travel_seconds else "",
            patient=patient.name,
            address=patient.address,
            phone=patient.phone,
            access=patient.access_notes,
            protocol=visit.protocol.name,
            notes=visit.notes,
            phases=tuple(self._phases(stop)),
            shared=self._shared(stop),
            kit=_kit(visit),
            checks=tuple(checks_of(visit, self._filed, self._today, self._zone)),
            windows=self._windows(visit),
            cancelled=visit.status is not VisitStatus.BOOKED or visit.day != self._plan.day,
        )

    def _phases(self, stop: StopRow) -> Iterator[tuple[str, str, str]]:
        at, is_session = stop.start, stop.visit.kind is VisitKind.SESSION
        for phase in stop.phases:
            over = at + timedelta(minutes=phase["minutes"])
            label = PHASES.get(phase["kind"], phase["kind"]) if is_session else "Follow-up"
            yield label, f"{phase['minutes']} min", f"{self._clock(at)} – {self._clock(over)}"
            at = over

    def _shared(self, stop: StopRow) -> str:
        stays = self._stays[stop.visit_id]
        other = next((stay for stay in stays if stay.id != stop.id), None)
        if other is None:
            return ""
        them = f"{other.route.nurse.name}{_tel(other.route.nurse.phone)}"
        shared = hand_over_of(stays)
        if shared is None:
            return f"{them} is there with you throughout."
        begins, over = self._clock(shared.begins), self._clock(shared.over)
        if shared.giver.id == stop.id:
            return f"Hand over to {them}, who comes at {begins}. Stay together until {over}, not less."
        return f"Take over from {them} at {begins}. You are together until {over}."

    def _without(self, row: UnassignedRow) -> LeftOut:
        patient = row.visit.patient
        return LeftOut(
            code=row.visit.code,
            patient=patient.name,
            phone=patient.phone,
            address=patient.address,
            windows=self._windows(row.visit),
            reason=row.reason,
        )

    def _windows(self, visit: Visit) -> str:
        clock = self._clock
        return " or ".join(
            f"start {clock(each.earliest_start)} – {clock(each.latest_start)}"
            + (f", over by {clock(each.latest_end)}" if each.latest_end else "")
            for each in visit.windows
        )

    def _clock(self, at: datetime) -> str:
        return clock_text(at, self._zone)


def _tel(phone: str) -> str:
    return f" ({phone})" if phone else ""


def _kit(visit: Visit) -> tuple[str, ...]:
    if visit.kind is not VisitKind.SESSION:
        return ()
    drugs = (f"{each.units} × {each.item}" for each in visit.version.drug_units)
    return (*(f"1 × {item}" for item in visit.version.kit), *drugs)


def _needed(route: RouteRow) -> Iterator[str]:
    """What her visits use, where no pickup is on file."""
    needed: Counter[str] = Counter()
    for visit in (stop.visit for stop in route.stops if stop.visit.kind is VisitKind.SESSION):
        needed.update(visit.version.kit)
        needed.update({each.item: each.units for each in visit.version.drug_units})
    return (f"{units} × {item}" for item, units in sorted(needed.items()))
