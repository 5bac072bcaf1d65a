"""The best slots for a new visit: asked of the days' plans, nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.actions.actor import Actor
from app.actions.booking.asked import Asked, require_may_book
from app.actions.booking.days import ClosedDay, OpenDay, Travel, day_of
from app.actions.booking.starts import in_parts
from app.actions.records.visits import VisitKeeper
from app.store.audit import record as audit
from app.store.engine import Tx
from app.store.mapping import names_of
from app.store.models import Patient, Region, Visit
from app.store.models.visit import VisitKind
from app.store.queries import records
from app.store.queries.directory import Directory
from scheduler.explain import Slot, SlotDay, best_slots, why_unassigned, words
from scheduler.model import POINTS_PER_DOLLAR

EACH_DAY = 6
"""So many slots of each day, or of each of its parts, are offered."""

MINUTE = 60
"""Visits start on full minutes: that is what people can be told."""


def change_cost(region: Region) -> int:
    """The price, in points, of another nurse at the next session of a series: that of one whom the patient
    does not prefer."""
    return region.not_preferred_price * POINTS_PER_DOLLAR


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """The cheapest slots of each day, the cheapest of all first, and the days without any."""

    asked: Asked
    region: Region
    slots: tuple[Slot, ...]
    days: Mapping[date, OpenDay]
    closed: tuple[ClosedDay, ...]

    @property
    def unplanned(self) -> list[date]:
        """The days that have no plan yet: their slots are those of the shifts alone."""
        return [day for day, each in self.days.items() if each.base is None]


def offer(
    tx: Tx,
    actor: Actor | None,
    region: Region,
    asked: Asked,
    days: Iterable[date],
    travel: Travel,
    *,
    varied: bool = False,
) -> Offer:
    """The best slots on these days; where `varied`, the best of each part of each day, so that a series has
    starts to choose from. `actor` None: the command line.

    Raises ActionError where patient or protocol cannot be booked, CalendarError and ModelError where the
    region's settings cannot be.
    """
    require_may_book(actor, region)
    directory = Directory(tx, region.id)
    asked.require_known(directory)
    patient = records.by_codes(tx, Patient, region.id, [asked.patient])[asked.patient]
    audit(tx, actor, action="read", subject="patients", subject_id=str(patient.id), detail="slots")
    found = [_day(tx, directory, patient, asked, day, travel) for day in days]
    seen = sum(len(each.loaded.visits) for each in found if isinstance(each, OpenDay))
    audit(tx, actor, action="read", subject="visits", detail=f"slots of {len(found)} days: {seen} visits")
    opened = {each.loaded.today.day: each for each in found if isinstance(each, OpenDay)}
    closed = [each for each in found if isinstance(each, ClosedDay)]
    asked_of = (one for day, each in opened.items() for one in _asked_of(day, each, varied))
    slots = best_slots(asked_of, EACH_DAY, MINUTE)
    having = {slot.day for slot in slots}
    closed += [_without_slot(day, each) for day, each in opened.items() if day not in having]
    return Offer(
        asked=asked,
        region=region,
        slots=slots,
        days=opened,
        closed=tuple(sorted(closed, key=lambda each: each.day)),
    )


def _day(
    tx: Tx, directory: Directory, patient: Patient, asked: Asked, day: date, travel: Travel
) -> OpenDay | ClosedDay:
    found = day_of(tx, directory.region, _unbooked(directory, patient, asked, day), travel)
    if isinstance(found, OpenDay):
        visits = found.loaded.visits.values()
        sessions = (visit for visit in visits if visit.kind is VisitKind.SESSION)
        there = next((visit.code for visit in sessions if visit.patient_id == patient.id), None)
        if there is not None:
            return ClosedDay(day=day, reason=f"The patient has visit {there} that day already.")
    return found


def _asked_of(day: date, each: OpenDay, varied: bool) -> Iterator[SlotDay]:
    visits = in_parts(each.visit, each.loaded) if varied else (each.visit,)
    for visit in visits:
        yield SlotDay(day=day, problem=each.problem, matrix=each.matrix, plan=each.plan, visit=visit)


def _without_slot(day: date, each: OpenDay) -> ClosedDay:
    """Why none of the nurses can take the visit, as of a visit that found no place."""
    problem = each.problem.replace(visits=(*each.problem.visits, each.visit))
    plan = each.plan.replace(unassigned=(*each.plan.unassigned, each.visit.id))
    why = why_unassigned(problem, each.matrix, plan, each.visit.id)
    return ClosedDay(day=day, reason=words(why, names_of(each.loaded, each.visit)).summary)


def _unbooked(directory: Directory, patient: Patient, asked: Asked, day: date) -> Visit:
    """The visit as a row that is not stored."""
    keeper, record = VisitKeeper(), asked.record("new", day)
    row = keeper.blank(record, directory)
    keeper.write(row, record, directory)
    row.id, row.patient = 0, patient
    return row
