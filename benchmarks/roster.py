"""Fictional nurses on shift over several days: weekly hours, rest in between, what they pick up."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.infusion import HOUR, MINUTE, Homes
from scheduler.model import Break, HourLimit, Shift, Supply

DAY = 24 * HOUR
REST = 11 * HOUR
KETAMINE, KIT = "ketamine 50 mg", "kit"


def weekdays(days: int) -> tuple[int, ...]:
    """The days from Monday to Friday; day 0 is a Monday."""
    return tuple(day for day in range(days) if day % 7 < 5)


class Roster:
    """Draws nurses one after another."""

    def __init__(self, dice: random.Random, homes: Homes, days: int) -> None:
        self.dice, self.homes, self.days = dice, homes, days

    def shifts(self, nurse: str, held: set[str]) -> Iterator[Shift]:
        """One each weekday; now and then a late one, after which an early one leaves too little rest."""
        home = self.homes.add(f"home-{nurse}")
        usual, hours = self.dice.choice((7, 8, 8, 9)), self.dice.choice((8, 9, 10))
        held = held | {name for name, share in (("picc", 0.5), ("pump", 0.7)) if self.dice.random() < share}
        for day in weekdays(self.days):
            start = day * DAY + (usual if self.dice.random() < 0.85 else 11) * HOUR
            rest = Break(duration=30 * MINUTE, earliest_start=start + 3 * HOUR, latest_end=start + 7 * HOUR)
            yield Shift(
                id=f"{nurse}-{day}",
                nurse=nurse,
                start_place=home,
                end_place=home,
                start=start,
                end=start + hours * HOUR,
                credentials=frozenset(held),
                break_=rest,
                max_overtime=HOUR,
                overtime_cost=60,
                max_visits=6,
                stock=(
                    Supply(item=KETAMINE, units=self.dice.choice((3, 4, 6))),
                    Supply(item=KIT, units=4),
                ),
            )

    def limits(self, nurse: str) -> Iterator[HourLimit]:
        """So many hours a week: not every weekday's shift can be used."""
        hours = self.dice.choice((32, 36, 40))
        for first in range(0, self.days, 7):
            week = first * DAY, (first + 7) * DAY
            yield HourLimit(nurse=nurse, start=week[0], end=week[1], max_seconds=hours * HOUR)
