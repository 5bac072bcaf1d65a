"""One day of the demo: a whole plan is laid out first, then the visits are booked around it.

Every visit's windows will hold the time at which the laid-out plan starts it. So a plan that serves them all
without overtime exists, whatever the seed and the size. The planner is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import combinations, pairwise
from random import Random

from app.demo import places, protocols
from app.demo.rows import DemoNurse, DemoProtocol, Hours, Spot
from app.store.mapping import modes

MINUTES_PER_VISIT = 148
"""A short visit with its drive: what a shift's capacity is reckoned by."""

PARKING_MINUTES = 3
"""Added to every drive of the laid-out plan."""

FULL_SHIFT = 3
"""A shift with so many stops may be asked to give one up; its others then last longer."""

START_STEP = 5
"""Laid-out visits start at full five minutes."""

TRIES = 40


OVERLAP = 10
"""Minutes for which both nurses of a hand-over stay."""

MOST_HAND_OVERS = 2
"""A day."""

COST_OF_HAND_OVER = 2
"""The visits lost on account of one: it costs the giver one and the taker two, and is one itself."""

EXTRA_SHARE = 0.15
"""Of the visits for which there is time, so many are of patients who are monitored longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """One nurse's part of a booking, from `start` for so many `minutes`; `part` as in PlantedStop."""

    nurse: DemoNurse
    part: int
    start: int
    minutes: int

    @property
    def end(self) -> int:
        """Minutes after midnight."""
        return self.start + self.minutes


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """A visit of the laid-out plan before it has a patient; `start` in minutes after midnight. `monitoring`:
    the patient's own minimum, where she has one."""

    nurses: tuple[DemoNurse, ...]
    protocol: DemoProtocol
    home: Spot
    start: int
    monitoring: int | None = None

    @property
    def minutes(self) -> int:
        """The whole visit."""
        usual = dict(self.protocol.phases)["monitoring"]
        return self.protocol.minutes + max(0, (self.monitoring or 0) - usual)

    @property
    def handed_over(self) -> bool:
        """Whether the first nurse leaves the monitoring to the second."""
        return len(self.nurses) > self.protocol.staff

    @property
    def stays(self) -> tuple[Stay, ...]:
        """The nurses' parts, in their order."""
        if not self.handed_over:
            return tuple(
                Stay(nurse=nurse, part=part, start=self.start, minutes=self.minutes)
                for part, nurse in enumerate(self.nurses, modes.THROUGHOUT)
            )
        giver, taker = self.nurses
        before = self.protocol.until_monitoring
        return (
            Stay(nurse=giver, part=modes.GIVER, start=self.start, minutes=before + OVERLAP),
            Stay(nurse=taker, part=modes.TAKER, start=self.start + before, minutes=self.minutes - before),
        )


@dataclass(kw_only=True, slots=True)
class _Shift:
    """A nurse's day while it is being laid out; `stops` are those she makes alone."""

    nurse: DemoNurse
    hours: Hours
    stops: int


def minutes_of(clock: time) -> int:
    """Minutes after midnight."""
    return clock.hour * 60 + clock.minute


def lay_out(rng: Random, nurses: Sequence[DemoNurse], day: date, visits: int) -> list[Booking]:
    """Bookings for `visits` visits: the first with two nurses, then those that are handed over.

    Raises ValueError where the nurses at work that day are too few.
    """
    shifts = [
        _Shift(nurse=nurse, hours=hours, stops=_capacity(hours))
        for nurse in nurses
        if (hours := nurse.hours_on(day)) is not None
    ]
    pair = _pair(shifts, day)
    shared = [_meeting(rng, pair)]
    for shift in pair:
        shift.stops -= 2  # the meeting, and the time lost in waiting for one another
    spare = sum(shift.stops for shift in shifts) - (visits - 1)
    others = [shift for shift in shifts[1:] if shift not in pair]
    shared += _hand_overs(rng, others, day, min(MOST_HAND_OVERS, spare // COST_OF_HAND_OVER))
    _share(rng, shifts, visits - len(shared), day)
    begun = {stay.nurse.code: (booking, stay) for booking in shared for stay in booking.stays}
    bookings = list(shared)
    for shift in shifts:
        bookings += _route(rng, shift, day, begun.get(shift.nurse.code))
    return bookings


def _capacity(hours: Hours) -> int:
    return (minutes_of(hours.end) - minutes_of(hours.start) - 30) // MINUTES_PER_VISIT


def _pair(shifts: list[_Shift], day: date) -> tuple[_Shift, _Shift]:
    """The two nurses, as close to one another as can be, who begin their day with the two-nurse visit."""
    needed = set(protocols.TOGETHER.credentials)
    able = [shift for shift in shifts if shift.stops > 1 and needed <= shift.nurse.kinds_on(day)]
    pairs = [pair for pair in combinations(able, 2) if pair[0].hours.start == pair[1].hours.start]
    if not pairs:
        raise ValueError(f"no two nurses can make the two-nurse visit on {day}: give more nurses")
    return min(pairs, key=lambda pair: places.drive_minutes(pair[0].nurse.home, pair[1].nurse.home))


def _share(rng: Random, shifts: list[_Shift], visits: int, day: date) -> None:
    """Share out the visits made alone: take stops from full shifts until only those are left.

    The first nurse, for whom the demo's log-in is, keeps hers.
    """
    room = sum(shift.stops for shift in shifts)
    if room < visits:
        raise ValueError(
            f"the {len(shifts)} nurses at work on {day} can serve {visits - room} visits too few: "
            "give more nurses or fewer visits"
        )
    for _ in range(room - visits):
        most = max(shift.stops for shift in shifts[1:])
        full = [shift for shift in shifts[1:] if shift.stops >= min(most, FULL_SHIFT)]
        rng.choice(full).stops -= 1


def _hand_overs(rng: Random, shifts: list[_Shift], day: date, most: int) -> list[Booking]:
    """One for each of the first `most` monitoring clinicians with the nurse who can soonest begin it; both
    begin their day with it."""
    watching = [s for s in shifts if protocols.OBSERVATION in s.nurse.kinds_on(day) and s.stops > 2]
    giving = [s for s in shifts if protocols.KETAMINE in s.nurse.kinds_on(day) and s.stops > 1]
    found = []
    for taker in watching[: max(0, most)]:
        if not giving:
            break
        home = places.home(rng, places.nearest(taker.nurse.home, 1)[0])
        giver = min(giving, key=lambda shift: _begins(shift, taker, home) - minutes_of(shift.hours.start))
        giving.remove(giver)
        giver.stops -= 1
        taker.stops -= 2
        found.append(
            Booking(
                nurses=(giver.nurse, taker.nurse),
                protocol=protocols.OBSERVED,
                home=home,
                start=_begins(giver, taker, home),
            )
        )
    return found


def _begins(giver: _Shift, taker: _Shift, home: Spot) -> int:
    """The first start at which the taker is there in time, and the giver's break may follow her stay."""
    before = protocols.OBSERVED.until_monitoring
    rest = giver.hours.break_earliest
    return _round_up(
        max(
            minutes_of(giver.hours.start) + _drive(giver.nurse.home, home),
            minutes_of(taker.hours.start) + _drive(taker.nurse.home, home) - before,
            0 if rest is None else minutes_of(rest) - before - OVERLAP,
        )
    )


def _meeting(rng: Random, pair: tuple[_Shift, _Shift]) -> Booking:
    home = places.home(rng, places.nearest(pair[0].nurse.home, 1)[0])
    arrivals = [minutes_of(shift.hours.start) + _drive(shift.nurse.home, home) for shift in pair]
    return Booking(
        nurses=tuple(shift.nurse for shift in pair),
        protocol=protocols.TOGETHER,
        home=home,
        start=_round_up(max(arrivals)),
    )


def _drive(origin: Spot, destination: Spot) -> int:
    return places.drive_minutes(origin, destination) + PARKING_MINUTES


def _round_up(minutes: int) -> int:
    return -(-minutes // START_STEP) * START_STEP


def _route(rng: Random, shift: _Shift, day: date, begun: tuple[Booking, Stay] | None) -> list[Booking]:
    """The stops she makes alone, after the shared visit that she begins with, if any. Her break follows her
    first stop."""
    if not shift.stops:
        return []
    origin, clock, rest = shift.nurse.home, minutes_of(shift.hours.start), shift.hours.break_minutes
    if begun is not None:
        origin, clock, rest = begun[0].home, begun[1].end + rest, 0
    room = minutes_of(shift.hours.end) - clock - rest
    homes = _homes(rng, shift, origin, room)
    free = room - _total_drive([origin, *homes, shift.nurse.home])
    bookings: list[Booking] = []
    for stops_left, home in zip(reversed(range(len(homes))), homes, strict=True):
        protocol = _protocol(rng, shift.nurse.kinds_on(day), free - stops_left * protocols.SHORTEST)
        start = _round_up(clock + _drive(origin, home))
        spare = free - protocol.minutes - stops_left * protocols.SHORTEST
        booking = Booking(
            nurses=(shift.nurse,),
            protocol=protocol,
            home=home,
            start=start,
            monitoring=_monitoring(rng, protocol, spare),
        )
        bookings.append(booking)
        free -= booking.minutes
        origin, clock, rest = home, start + booking.minutes + rest, 0
    return bookings


def _monitoring(rng: Random, protocol: DemoProtocol, spare: int) -> int | None:
    """The longer monitoring of a patient, where there are minutes to spare for it."""
    extra = protocols.LONGER_MONITORING - dict(protocol.phases)["monitoring"]
    if not 0 < extra <= spare or rng.random() > EXTRA_SHARE:
        return None
    return protocols.LONGER_MONITORING


def _homes(rng: Random, shift: _Shift, origin: Spot, room: int) -> list[Spot]:
    """Homes near the nurse's, in the order of a short drive, that leave time for a short visit at each."""
    for attempt in range(TRIES):
        around = places.nearest(shift.nurse.home, max(1, 4 - attempt // 10))
        homes = _in_order(origin, [places.home(rng, rng.choice(around)) for _ in range(shift.stops)])
        drives = _total_drive([origin, *homes, shift.nurse.home])
        if drives + shift.stops * protocols.SHORTEST <= room:
            return homes
    raise ValueError(
        f"no {shift.stops} homes near nurse {shift.nurse.code} fit into her shift: change the seed"
    )


def _in_order(origin: Spot, homes: list[Spot]) -> list[Spot]:
    ordered: list[Spot] = []
    here, left = origin, list(homes)
    while left:
        minutes = {home: places.drive_minutes(here, home) for home in left}
        here = min(left, key=minutes.__getitem__)
        left.remove(here)
        ordered.append(here)
    return ordered


def _total_drive(spots: Sequence[Spot]) -> int:
    """Minutes of all drives, what rounding up the starts may cost included."""
    return sum(_drive(here, there) + START_STEP - 1 for here, there in pairwise(spots))


def _protocol(rng: Random, kinds: frozenset[str], minutes: int) -> DemoProtocol:
    """One of the everyday protocols that she may carry out and that last no longer than `minutes`."""
    fitting = [
        (protocol, weight)
        for protocol, weight in protocols.EVERYDAY
        if set(protocol.credentials) <= kinds and protocol.minutes <= minutes
    ]
    return rng.choices([protocol for protocol, _ in fitting], [weight for _, weight in fitting])[0]
