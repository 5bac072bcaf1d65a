"""The rows of one region and local day become a Problem."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.clock import utc_now
from app.days import local_date, zone_of
from app.store.engine import Tx
from app.store.mapping import ids
from app.store.mapping.course import in_course
from app.store.mapping.credentials import state_of
from app.store.mapping.exceptions import exceptions_of, out_of_window
from app.store.mapping.shifts import LocalDay, shift_of
from app.store.mapping.stock import stocked
from app.store.mapping.visits import LeftOut, Planned, visit_of
from app.store.mapping.weeks import hour_limits, monday_of, rested
from app.store.models import Nurse, Region, RouteRow, Visit
from app.store.queries import by_hand, field, planning
from app.store.queries.courses import on_file
from scheduler.model import POINTS_PER_DOLLAR, ModelError, Place, Problem, Shift, Weights

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedDay:
    """A region's day, ready to be planned.

    `left_out`: booked visits whose records cannot be planned as they stand. `notes`: what else was left
    aside, a sentence each. `nurses` and `visits`: the rows it was made from, by key, for names and reasons;
    the nurses are all of the region.
    """

    region: Region
    today: LocalDay
    problem: Problem
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    nurses: Mapping[int, Nurse]
    visits: Mapping[int, Visit]


def load_day(tx: Tx, region: Region, day: date, *, ahead: bool = False) -> LoadedDay:
    """Read the region's day.

    A record that cannot be is left out and told of; the rest is planned. `ahead`: the day is not near
    yet, and what a family may still confirm is taken for granted. Raises CalendarError where the
    region's zone is unknown, ModelError where its prices cannot be.
    """
    today = LocalDay(day=day, zone=zone_of(region.zone))
    nurses = {nurse.id: nurse for nurse in planning.nurses(tx, region.id)}
    visits = {visit.id: visit for visit in planning.booked_visits(tx, region.id, day)}
    work = planning.published_work(tx, region.id, monday_of(day) - DAY, monday_of(day) + 7 * DAY, but=day)
    states = planning.states(tx, region)
    shifts, homes, notes = _shifts(nurses.values(), region, today, work, states)
    on_shift = {ids.key(shift.nurse): nurses[ids.key(shift.nurse)] for shift in shifts}
    excepted = by_hand.standing_exceptions(tx, region.id, day)
    outcomes = _outcomes(tx, region, visits, today, on_shift, ahead, out_of_window(excepted))
    planned = [outcome for outcome in outcomes if isinstance(outcome, Planned)]
    problem = Problem(
        origin=today.origin,
        places=(*homes, *{each.place.id: each.place for each in planned}.values()),
        visits=tuple(each.visit for each in planned),
        shifts=stocked(
            shifts,
            [each.visit for each in planned],
            planning.pickups(tx, region.id, day),
            field.custody(tx, region.id, day),
        ),
        pins=tuple(pin for each in planned for pin in each.pins),
        weights=Weights(
            travel=region.travel_rate, not_preferred=region.not_preferred_price * POINTS_PER_DOLLAR
        ),
        hour_limits=hour_limits(on_shift.values(), work, today),
        exceptions=exceptions_of(excepted),
    )
    return LoadedDay(
        region=region,
        today=today,
        problem=problem,
        left_out=tuple(outcome for outcome in outcomes if isinstance(outcome, LeftOut)),
        notes=tuple(notes),
        nurses=nurses,
        visits=visits,
    )


def _outcomes(
    tx: Tx,
    region: Region,
    visits: Mapping[int, Visit],
    today: LocalDay,
    on_shift: Mapping[int, Nurse],
    ahead: bool,
    out_of_window: frozenset[int],
) -> list[Planned | LeftOut]:
    """Each visit for the planner, or why it cannot be: by its own record first, then by its course."""
    filed = on_file(tx, visits.values())
    now = local_date(utc_now(), today.zone)
    outcomes: list[Planned | LeftOut] = []
    for visit in visits.values():
        state, free = state_of(visit.patient, region), visit.id in out_of_window
        outcome = visit_of(visit, today, on_shift, state, may_leave_window=free)
        if isinstance(outcome, Planned):
            outcome = in_course(outcome, visit, filed, today, now, ahead=ahead)
        outcomes.append(outcome)
    return outcomes


def _shifts(
    nurses: Iterable[Nurse],
    region: Region,
    today: LocalDay,
    work: Sequence[RouteRow],
    states: Collection[str],
) -> tuple[list[Shift], list[Place], list[str]]:
    shifts: list[Shift] = []
    homes: list[Place] = []
    notes: list[str] = []
    for nurse in nurses:
        try:
            usual = shift_of(nurse, region, today, states)
            shift = None if usual is None else rested(usual, work, today, region.rest_hours * 3600)
            home = Place(id=ids.nurse_id(nurse.id), latitude=nurse.latitude, longitude=nurse.longitude)
        except ModelError as error:
            notes.append(
                f"{nurse.name} is not planned for: {error.field} {error.reason}. Correct the nurse's record."
            )
            continue
        if shift is None and usual is not None:
            notes.append(
                f"{nurse.name} is not planned for: her shifts before and after leave no time for "
                f"{region.rest_hours} h of rest."
            )
        if shift is not None:
            shifts.append(shift)
            homes.append(home)
    return shifts, homes, notes
