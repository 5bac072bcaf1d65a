"""What a dispatcher reports of a day in mid-course, and the run that answers it with a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.actions import runs
from app.actions.actor import Actor
from app.actions.errors import ActionError
from app.actions.plans import require_not_over
from app.clock import utc_now
from app.days import day_text, instant, zone_of
from app.store.audit import record
from app.store.engine import Tx
from app.store.models import DisruptionRow, Nurse, Region, Run, Visit
from app.store.models.disruption import DisruptionKind
from app.store.models.plan import PlanStatus
from app.store.models.run import RunTrigger
from app.store.models.visit import VisitStatus
from app.store.queries import disruptions as queries
from app.store.queries import planning, plans
from app.store.queries.seen import seen_on
from scheduler.disruption.records import MOST_FACTOR, MOST_MINUTES

ANSWER_S = 5
"""Seconds in which a proposal is made, or the region's own where that is less."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What is reported: the fields that belong to the kind. `nurse`, `visit` and `visits` are codes; `since`
    is a local time (None: now). `visits`: around whose patients roads are slow; with `between`, the road from
    the first to the second."""

    kind: DisruptionKind
    nurse: str = ""
    visit: str = ""
    minutes: int | None = None
    since: time | None = None
    goes_on: bool = True
    no_show: bool = False
    factor: float | None = None
    visits: tuple[str, ...] = ()
    between: bool = False


def propose(
    tx: Tx,
    region: Region,
    day: date,
    report: Report,
    *,
    actor: Actor | None = None,
    trigger: RunTrigger = RunTrigger.REPLAN,
) -> Run:
    """Queue the run that makes a proposal. Nothing published and no record is touched until it is published.

    `actor` None: the operator of the command line. Raises ActionError where there is no published plan, the
    day is over or being planned, or what is reported cannot be.
    """
    now = utc_now()
    require_not_over(region, day, now)
    if plans.of_day(tx, region.id, day, PlanStatus.PUBLISHED) is None:
        raise ActionError(
            f"{day_text(day)} has no published plan that could be disturbed: change the records, and plan "
            "the day."
        )
    details = _Reader(tx=tx, region=region, day=day, now=now).details(report)
    runs.sweep(tx, now)
    run = runs.queue(tx, region, day, trigger, now=now, requested_by=None if actor is None else actor.user_id)
    if run is None:
        raise ActionError(f"{day_text(day)} is being planned already: wait for that run, or cancel it.")
    run.seconds = min(ANSWER_S, region.solve_seconds)
    row = DisruptionRow(
        region_id=region.id,
        day=day,
        kind=report.kind,
        at=now,
        details=details,
        run_id=run.id,
        reported_by=None if actor is None else actor.user_id,
    )
    tx.add(row)
    tx.flush()
    record(
        tx, actor, action="report", subject="disruptions", subject_id=str(row.id), detail=report.kind.value
    )
    return run


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    """From codes and local times to what the row keeps."""

    tx: Tx
    region: Region
    day: date
    now: datetime

    def details(self, report: Report) -> dict[str, Any]:
        """Raises ActionError for what cannot be."""
        match report.kind:
            case DisruptionKind.NURSE_ILL:
                nurse = self._nurse(report.nurse)
                return {"nurse": nurse.id, "from": self._since(report), "goes_on": report.goes_on}
            case DisruptionKind.NURSE_LATE:
                return {"nurse": self._nurse(report.nurse).id, "minutes": _minutes(report.minutes)}
            case DisruptionKind.VISIT_OVERRUNS:
                visit = self._planned(report.visit)
                return {"visit": visit.id, "minutes": _minutes(report.minutes)}
            case DisruptionKind.VISIT_CANCELLED:
                return self._cancelled(report)
            case DisruptionKind.URGENT_VISIT:
                return {"visit": self._booked(report.visit).id}
            case DisruptionKind.ROAD_CLOSED:
                return self._road(report)

    def _since(self, report: Report) -> str:
        if report.since is None:
            return self.now.isoformat()
        return instant(self.day, report.since, zone_of(self.region.zone)).isoformat()

    def _nurse(self, code: str) -> Nurse:
        routes = queries.routes(self.tx, self.region.id, self.day, PlanStatus.PUBLISHED)
        nurses = {route.nurse.code: route.nurse for route in routes}
        if code not in nurses:
            known = ", ".join(sorted(nurses)) or "nobody"
            raise ActionError(f"Nurse {code!r} has no shift in the published plan: give one of {known}.")
        return nurses[code]

    def _planned(self, code: str) -> Visit:
        routes = queries.routes(self.tx, self.region.id, self.day, PlanStatus.PUBLISHED)
        visits = {stop.visit.code: stop.visit for route in routes for stop in route.stops}
        if code not in visits:
            raise ActionError(
                f"Visit {code!r} has no nurse in the published plan of {day_text(self.day)}: look at the "
                "codes on the board."
            )
        return visits[code]

    def _booked(self, code: str) -> Visit:
        for visit in planning.booked_visits(self.tx, self.region.id, self.day):
            if visit.code == code:
                return visit
        raise ActionError(f"No visit {code!r} is booked for {day_text(self.day)}: book it first.")

    def _cancelled(self, report: Report) -> dict[str, Any]:
        routes = queries.routes(self.tx, self.region.id, self.day, PlanStatus.PUBLISHED)
        visit = self._booked(report.visit)
        seen = seen_on(self.tx, self.region.id, self.day).begun
        begun = [
            stop
            for route in routes
            for stop in route.stops
            if stop.visit_id == visit.id and (stop.start <= self.now or (visit.id, route.nurse_id) in seen)
        ]
        if begun and not report.no_show:
            raise ActionError(
                f"Visit {visit.code} has begun, and nobody leaves before the monitoring has run. "
                "If the patient was not there, say so."
            )
        if begun and all(stop.end <= self.now for stop in begun):
            raise ActionError(f"Visit {visit.code} is over by the plan: there is nothing left to cancel.")
        if visit.status is VisitStatus.CANCELLED:
            raise ActionError(f"Visit {visit.code} is cancelled already.")
        return {"visit": visit.id, "no_show": bool(begun)}

    def _road(self, report: Report) -> dict[str, Any]:
        factor = report.factor
        if factor is None or not 1 < factor <= MOST_FACTOR:
            raise ActionError(
                f"The factor {factor} cannot be: say how many times as long drives take, as in 1.5 "
                f"(more than 1, at most {MOST_FACTOR})."
            )
        visits = [self._planned(code) for code in dict.fromkeys(report.visits)]
        patients = list(dict.fromkeys(visit.patient_id for visit in visits))
        if report.between and len(patients) != 2:
            raise ActionError("Between which two? Give the codes of two visits at different addresses.")
        return {"factor": factor, "patients": patients, "between": report.between}


def _minutes(given: int | None) -> int:
    if given is None or not 1 <= given <= MOST_MINUTES:
        raise ActionError(f"{given} minutes cannot be: give a whole number from 1 to {MOST_MINUTES}.")
    return given
