"""The demo clinic: `generate` makes the same fictional region from the same seed, every time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from math import ceil
from random import Random

from app.demo import people, places, protocols, roster
from app.demo.day import Booking, lay_out
from app.demo.rows import Clinic, DemoNurse, DemoPatient, DemoProtocol, DemoVisit, LocalWindow, PlantedStop
from app.demo.windows import EVENING, windows_around

REGION_CODE = "columbus"
REGION_NAME = "Columbus, Ohio (demo)"
ZONE = "America/New_York"
STATE = "OH"
FEWEST_VISITS, MOST_VISITS = 5, 500
VISITS_PER_NURSE = 2.75


def generate(
    seed: int, first_day: date, days: int = 2, visits: int = 55, nurses: int | None = None
) -> Clinic:
    """A clinic with `visits` visits on each of `days` working days from `first_day` on (a weekday).

    Each day one visit cannot be served, one needs two nurses, one is pinned to the first nurse, and up to two
    must be handed over, where there are monitoring clinicians and time. Raises
    ValueError for sizes that cannot be, and for fewer nurses than the visits need.
    """
    if not FEWEST_VISITS <= visits <= MOST_VISITS:
        raise ValueError(f"visits is {visits}: give {FEWEST_VISITS} to {MOST_VISITS} a day")
    workdays = working_days(first_day, days)
    roster_size = nurses_for(visits) if nurses is None else nurses
    staff = roster.nurses(seed, workdays, roster_size)
    book = _Book(Random(f"{seed}/visits"), staff, days * visits)
    for number, day in enumerate(workdays):
        bookings = lay_out(Random(f"{seed}/{number}"), staff, day, visits - 1)
        book.add_day(day, bookings, hopeless=_HOPELESS[number % len(_HOPELESS)])
    return Clinic(
        days=workdays,
        nurses=staff,
        protocols=protocols.PROTOCOLS,
        patients=tuple(book.patients),
        visits=tuple(book.visits),
        planted=tuple(book.planted),
        hopeless=book.hopeless,
    )


def nurses_for(visits: int) -> int:
    """How many nurses `visits` visits a day are given; a small clinic needs one to spare."""
    return ceil(visits / VISITS_PER_NURSE) + (1 if visits < 40 else 0)


def working_days(first_day: date, count: int) -> tuple[date, ...]:
    """`count` weekdays from `first_day` on. Raises ValueError for a weekend day or such a count."""
    if first_day.weekday() > 4:
        raise ValueError(f"first_day {first_day} is a {first_day:%A}: give a day from Monday to Friday")
    if not 1 <= count <= 31:
        raise ValueError(f"days is {count}: give 1 to 31")
    ahead = (first_day + timedelta(days=offset) for offset in range(2 * count + 2))
    return tuple(day for day in ahead if day.weekday() < 5)[:count]


_HOPELESS: Sequence[tuple[DemoProtocol, tuple[LocalWindow, ...], str]] = (
    (
        protocols.ADOLESCENT,
        (LocalWindow(earliest=time(8), latest_start=time(15), latest_end=time(18, 30)),),
        "the only nurse with the Pediatrics credential lost it the day before the first day",
    ),
    (protocols.MAINTENANCE, (EVENING,), "the patient is at home after every nurse's shift only"),
)


class _Book:
    """Patients and visits as they are booked, day by day."""

    def __init__(self, rng: Random, nurses: Sequence[DemoNurse], count: int) -> None:
        self._rng = rng
        self._nurses = nurses
        self._names = people.full_names(rng, count)
        self.patients: list[DemoPatient] = []
        self.visits: list[DemoVisit] = []
        self.planted: list[PlantedStop] = []
        self.hopeless: dict[str, str] = {}

    def add_day(
        self,
        day: date,
        bookings: list[Booking],
        *,
        hopeless: tuple[DemoProtocol, tuple[LocalWindow, ...], str],
    ) -> None:
        """Book the laid-out stops and one visit that cannot be served, in mixed order."""
        pinned = next(booking for booking in bookings if booking.nurses == (self._nurses[0],))
        entries: list[Booking | None] = [*bookings, None]
        self._rng.shuffle(entries)
        for number, booking in enumerate(entries, 1):
            code = f"V{day:%y%m%d}-{number:03}"
            if booking is None:
                self._add_hopeless(code, day, *hopeless)
            else:
                self._add(code, day, booking, pinned=booking is pinned)

    def _add(self, code: str, day: date, booking: Booking, *, pinned: bool) -> None:
        patient = self._patient(booking)
        self.planted += [
            PlantedStop(
                visit=code,
                nurse=stay.nurse.code,
                part=stay.part,
                start=time(stay.start // 60, stay.start % 60),
                minutes=stay.minutes,
            )
            for stay in booking.stays
        ]
        self.visits.append(
            DemoVisit(
                code=code,
                patient=patient.code,
                protocol=booking.protocol.code,
                day=day,
                windows=windows_around(self._rng, booking.start, booking.minutes),
                priority=self._rng.choices(("routine", "important", "urgent"), (75, 20, 5))[0],
                notes=self._rng.choice(people.VISIT_NOTES) if self._rng.random() < 0.3 else "",
                pinned_nurse=booking.nurses[0].code if pinned else None,
            )
        )

    def _add_hopeless(
        self, code: str, day: date, protocol: DemoProtocol, windows: tuple[LocalWindow, ...], why: str
    ) -> None:
        patient = self._patient(None)
        self.hopeless[code] = why
        self.visits.append(
            DemoVisit(
                code=code,
                patient=patient.code,
                protocol=protocol.code,
                day=day,
                windows=windows,
                priority="important",
                notes="",
                pinned_nurse=None,
            )
        )

    def _patient(self, booking: Booking | None) -> DemoPatient:
        number = len(self.patients)
        home = places.home(self._rng, places.spread(self._rng, 1)[0]) if booking is None else booking.home
        patient = DemoPatient(
            code=f"P{number + 1:04}",
            name=self._names[number],
            phone=people.phone(number + 40),
            home=home,
            access_notes=self._rng.choice(people.ACCESS_NOTES) if self._rng.random() < 0.45 else "",
            preferred=self._preferred(booking),
            barred=self._barred(booking),
            monitoring=None if booking is None else booking.monitoring,
        )
        self.patients.append(patient)
        return patient

    def _preferred(self, booking: Booking | None) -> tuple[str, ...]:
        if booking is None or self._rng.random() > 0.35:
            return ()
        return tuple(sorted(nurse.code for nurse in booking.nurses))

    def _barred(self, booking: Booking | None) -> tuple[str, ...]:
        if booking is None or self._rng.random() > 0.08:
            return ()
        expected = {nurse.code for nurse in booking.nurses}
        others = [nurse.code for nurse in self._nurses if nurse.code not in expected]
        return (self._rng.choice(others),)
