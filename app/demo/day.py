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

MINUTES_PER_VISIT = 148
"""A short visit with its drive: what a shift's capacity is reckoned by."""

PARKING_MINUTES = 3
"""Added to every drive of the laid-out plan."""

FULL_SHIFT = 3
"""A shift with so many stops may be asked to give one up; its others then last longer."""

START_STEP = 5
"""Laid-out visits start at full five minutes."""

TRIES = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """A stop of the laid-out plan before it has a patient; `start` in minutes after midnight."""

    nurses: tuple[DemoNurse, ...]
    protocol: DemoProtocol
    home: Spot
    start: int

    @property
    def end(self) -> int:
        """Minutes after midnight."""
        return self.start + self.protocol.minutes


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
    """Bookings for `visits` visits, the first of them with two nurses.

    Raises ValueError where the nurses at work that day are too few.
    """
    shifts = [
        _Shift(nurse=nurse, hours=hours, stops=_capacity(hours))
        for nurse in nurses
        if (hours := nurse.hours_on(day)) is not None
    ]
    pair = _pair(shifts, day)
    _share(rng, shifts, pair, visits, day)
    meeting = _meeting(rng, pair)
    bookings = [meeting]
    for shift in shifts:
        bookings += _route(rng, shift, day, meeting if shift in pair else None)
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


def _share(rng: Random, shifts: list[_Shift], pair: tuple[_Shift, _Shift], visits: int, day: date) -> None:
    """Share out the visits made alone: take stops from full shifts until only those are left.

    The first nurse, for whom the demo's log-in is, keeps hers.
    """
    for shift in pair:
        shift.stops -= 2  # the meeting, and the time lost in waiting for one another
    room = sum(shift.stops for shift in shifts)
    if room < visits - 1:
        raise ValueError(
            f"the {len(shifts)} nurses at work on {day} can serve {room + 1} visits, not {visits}: "
            "give more nurses or fewer visits"
        )
    for _ in range(room - visits + 1):
        most = max(shift.stops for shift in shifts[1:])
        full = [shift for shift in shifts[1:] if shift.stops >= min(most, FULL_SHIFT)]
        rng.choice(full).stops -= 1


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


def _route(rng: Random, shift: _Shift, day: date, meeting: Booking | None) -> list[Booking]:
    """The stops she makes alone, after the meeting if she is part of it. Her break follows her first stop."""
    if not shift.stops:
        return []
    origin, clock, rest = shift.nurse.home, minutes_of(shift.hours.start), shift.hours.break_minutes
    if meeting is not None:
        origin, clock, rest = meeting.home, meeting.end + rest, 0
    room = minutes_of(shift.hours.end) - clock - rest
    homes = _homes(rng, shift, origin, room)
    free = room - _total_drive([origin, *homes, shift.nurse.home])
    bookings: list[Booking] = []
    for stops_left, home in zip(reversed(range(len(homes))), homes, strict=True):
        protocol = _protocol(rng, shift.nurse.kinds_on(day), free - stops_left * protocols.SHORTEST)
        start = _round_up(clock + _drive(origin, home))
        bookings.append(Booking(nurses=(shift.nurse,), protocol=protocol, home=home, start=start))
        free -= protocol.minutes
        origin, clock, rest = home, start + protocol.minutes + rest, 0
    return bookings


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
