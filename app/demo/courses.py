"""The demo's courses of treatment: orders in their middle, with what must be on file; one is not in order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.actions.courses import booking
from app.actions.courses.series import rules_of
from app.clock import utc_now
from app.series import Session, arrange
from app.store.engine import Tx
from app.store.models import (
    Adult,
    AdultPresence,
    Agreement,
    ManiaCheck,
    Order,
    Patient,
    Prescriber,
    PrescriberException,
    PrescriberHours,
    Region,
    Visit,
    VisitWindow,
)
from app.store.models.nurse import Availability

DAY = timedelta(days=1)
SESSIONS = 6
PLACES = (1, 2, 3, 5, 6)
"""The first day's session of each patient in a series: some begin, some are nearly done."""

BIPOLAR = 3
"""The patient at this place of her series has bipolar disorder; all that is asked for is on file."""

PRESCRIBERS = ("Dr. Inez Halloran", "Dr. Tobias Renwick")
PSYCHIATRIST = "Dr. Oren Castellan"
FIRST_NAMES = ("Alma", "Bruno", "Clea", "Dario", "Edda", "Falk", "Greta", "Hanno", "Iris", "Jory")
UNCONFIRMED = ("P-AWAIT", "Wendell Ashgrove", "412 Quillfeather Lane, Columbus, OH 43215", 39.9741, -83.0078)


def store(
    tx: Tx, region: Region, visits: Sequence[Visit], *, hopeless: Collection[str], first_day: date
) -> None:
    """Add prescribers, responsible adults for all who need one, some patients in series, and a patient whose
    responsible adult is named but not confirmed: the board says so."""
    prescribers = [_prescriber(region, number, name) for number, name in enumerate(PRESCRIBERS, 1)]
    sunday = first_day + (6 - first_day.weekday()) * DAY
    prescribers[0].exceptions = [
        PrescriberException(day=sunday, kind=Availability.OFF, reason="At a conference")
    ]
    tx.add_all(prescribers)
    tx.flush()
    for number, visit in enumerate(visits):
        if visit.version.adult_hours:
            accompany(tx, visit, number, confirmed=True)
    chosen = [visit for visit in visits if _may_be_in_series(visit, first_day, hopeless)]
    for place, visit in zip(PLACES, chosen, strict=False):
        order = _order(region, visit, prescribers[place % len(prescribers)], place)
        tx.add(order)
        tx.flush()
        _sessions(tx, region, order, visit, place)
        if place == BIPOLAR:
            _put_on_file(tx, order, visit)
    if chosen:
        _await_confirmation(tx, region, chosen[0], prescribers[0])


def _prescriber(region: Region, number: int, name: str) -> Prescriber:
    hours = [PrescriberHours(weekday=weekday, start_time=time(6), end_time=time(22)) for weekday in range(7)]
    return Prescriber(
        region_id=region.id, code=f"D{number:02}", name=name, phone=f"614-555-01{number}9", hours=hours
    )


def _may_be_in_series(visit: Visit, first_day: date, hopeless: Collection[str]) -> bool:
    version = visit.version
    return (
        visit.day == first_day
        and visit.code not in hopeless
        and version.staff == 1
        and version.adult_hours > 0
        and visit.pinned_nurse is None
    )


def accompany(tx: Tx, visit: Visit, number: int, *, confirmed: bool) -> None:
    """An adult who is there from the visit's first possible start until late."""
    family = visit.patient.name.rsplit(" ", 1)[-1]
    name = f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {family}"
    adult = Adult(patient=visit.patient, code="A1", name=name, phone=f"614-555-0{number % 1000:03}")
    tx.add(adult)
    tx.flush()
    tx.add(
        AdultPresence(
            visit_id=visit.id,
            adult=adult,
            present_from=min(window.earliest_start for window in visit.windows),
            present_until=_at(visit.day + DAY, time(3), visit.zone),
            confirmed=confirmed,
            recorded_at=utc_now(),
        )
    )


def _order(region: Region, visit: Visit, prescriber: Prescriber, place: int) -> Order:
    start = visit.day - timedelta(days=4 * place)
    zone = ZoneInfo(visit.zone)
    window = visit.windows[0]
    return Order(
        region_id=region.id,
        code=f"O{place:04}",
        patient=visit.patient,
        prescriber=prescriber,
        protocol=visit.version.protocol,
        sessions=SESSIONS,
        valid_from=start,
        valid_until=visit.day + timedelta(days=42),
        min_hours=48,
        max_hours=120,
        weekdays="Mon Tue Wed Thu Fri",
        earliest_start=window.earliest_start.astimezone(zone).time(),
        latest_start=window.latest_start.astimezone(zone).time(),
    )


def _sessions(tx: Tx, region: Region, order: Order, visit: Visit, place: int) -> None:
    """The visit as one session of the order, those before it in the past, and those after it to come."""
    for number, day in enumerate(_days_before(visit.day, place - 1), 1):
        tx.add(_past(region, order, visit, number, day))
    visit.order, visit.session = order, place
    booking.book_follow_ups(tx, order, region, visit)
    sessions = [Session(number=place, day=visit.day, fixed=True)]
    sessions += [Session(number=number) for number in range(place + 1, SESSIONS + 1)]
    days = arrange(rules_of(order), sessions, not_before=visit.day)
    for session, day in zip(sessions[1:], days[1:], strict=True):
        booking.new_session(tx, order, region, session.number, day)


def _days_before(day: date, count: int) -> list[date]:
    """Working days before a day, at least two apart, in order."""
    days: list[date] = []
    while len(days) < count:
        day -= 2 * DAY
        while day.weekday() > 4:
            day -= DAY
        days.insert(0, day)
    return days


def _past(region: Region, order: Order, like: Visit, number: int, day: date) -> Visit:
    zone = ZoneInfo(like.zone)
    window = like.windows[0]
    times = (moment.astimezone(zone).time() for moment in (window.earliest_start, window.latest_start))
    first, last = (_at(day, local, like.zone) for local in times)
    return Visit(
        region_id=region.id,
        code=f"{order.code}-{number}",
        patient=order.patient,
        version=like.version,
        day=day,
        zone=like.zone,
        order=order,
        session=number,
        windows=[VisitWindow(earliest_start=first, latest_start=last)],
    )


def _put_on_file(tx: Tx, order: Order, visit: Visit) -> None:
    """The psychiatrist's agreement, and the mania check after the session before."""
    order.patient.bipolar = True
    last = _days_before(visit.day, 1)[0]
    tx.flush()
    before = next(each for each in booking.sessions_of(tx, order) if each.day == last)
    tx.add(
        Agreement(
            patient_id=order.patient_id,
            psychiatrist=PSYCHIATRIST,
            given=True,
            agreed_on=order.valid_from,
            expires_on=order.valid_until,
            recorded_at=utc_now(),
        )
    )
    tx.add(
        ManiaCheck(
            visit_id=before.id,
            checked_on=last + DAY,
            checked_by=order.prescriber.name,
            clear=True,
            recorded_at=utc_now(),
        )
    )
    tx.flush()


def _await_confirmation(tx: Tx, region: Region, like: Visit, prescriber: Prescriber) -> None:
    """A first session whose responsible adult is named, but has not confirmed yet."""
    code, name, address, latitude, longitude = UNCONFIRMED
    patient = Patient(
        region_id=region.id, code=code, name=name, address=address, latitude=latitude, longitude=longitude
    )
    tx.add(patient)
    visit = _past(region, _order(region, like, prescriber, 0), like, 1, like.day)
    order = visit.order
    assert order is not None, "it has just been made with one"
    order.code, order.patient, order.valid_from = "O0900", patient, like.day
    visit.code, visit.patient = f"V{like.day:%y%m%d}-900", patient
    tx.add(visit)
    tx.flush()
    accompany(tx, visit, len(FIRST_NAMES) - 1, confirmed=False)
    _sessions(tx, region, order, visit, 1)


def _at(day: date, local: time, zone: str) -> datetime:
    return datetime.combine(day, local, ZoneInfo(zone))
