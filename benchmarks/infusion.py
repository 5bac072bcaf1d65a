"""Seeded infusion days: fictional nurses and visits around a made-up town, from 15 to 480 visits.

A visit is vitals, IV start, infusion, monitoring and discharge: 115 to 225 minutes. With `handoffs`, every
fifth visit may instead be shared by an infusion nurse and a monitoring clinician, tied by a lag, and every
twentieth needs two nurses at once.

python benchmarks/infusion.py 60 suburbs --seed 3 --handoffs > day.json
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scheduler.model import (
    POINTS_PER_DOLLAR,
    Break,
    Lag,
    Mode,
    Phase,
    Place,
    Problem,
    Shift,
    Task,
    Visit,
    Weights,
    Window,
)
from scheduler.travel import GreatCircle

SIZES = (15, 30, 60, 120, 240, 480)
MINUTE = 60
HOUR = 3600
BUSY, ROOMY = 2.4, 1.8
"""Visits per nurse: on a busy day a few may find no place, on a roomy one every visit does, as a rule."""

ORIGIN = datetime(2026, 11, 23, 5, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """A town: homes are spread around its centre with `spread_km` as standard deviation, a share of them
    around `villages` outlying centres `far_km` away. Roads are driven at `speed_kmh`."""

    name: str
    spread_km: float
    villages: int
    far_km: float
    speed_kmh: float

    @property
    def travel(self) -> GreatCircle:
        """How people drive here."""
        return GreatCircle(detour=1.3, speed_kmh=self.speed_kmh)


REGIONS = {
    region.name: region
    for region in (
        Region(name="city", spread_km=5, villages=0, far_km=0, speed_kmh=28),
        Region(name="suburbs", spread_km=9, villages=4, far_km=18, speed_kmh=40),
        Region(name="country", spread_km=12, villages=8, far_km=35, speed_kmh=60),
    )
}


def day(
    visits: int, region: str, seed: int, *, handoffs: bool = False, visits_per_nurse: float = BUSY
) -> Problem:
    """The same arguments make the same day. Raises KeyError for an unknown region."""
    maker = _Maker(REGIONS[region], random.Random(f"{visits} {region} {seed} {handoffs}"))
    return maker.day(visits, math.ceil(visits / visits_per_nurse), handoffs)


def simpler(problem: Problem, *, breaks: bool, overtime: bool) -> Problem:
    """The same day, without breaks or without overtime where those are False."""
    return problem.replace(
        shifts=tuple(
            shift.replace(
                break_=shift.break_ if breaks else None,
                max_overtime=shift.max_overtime if overtime else 0,
            )
            for shift in problem.shifts
        )
    )


class Homes:
    """Where people live, drawn one after another; `places` are those drawn so far."""

    def __init__(self, region: Region, dice: random.Random) -> None:
        self.region = region
        self.dice = dice
        self.centres = [(0.0, 0.0)] * (1 + region.villages)
        for i in range(region.villages):
            angle = dice.uniform(0, 2 * math.pi)
            self.centres[i + 1] = (region.far_km * math.cos(angle), region.far_km * math.sin(angle))
        self.places: list[Place] = []

    def add(self, id: str) -> str:
        """A home somewhere in the region; half of them near an outlying centre where there is one."""
        centre = self.dice.choice(self.centres) if self.dice.random() < 0.5 else self.centres[0]
        near = 1.0 if centre == self.centres[0] else 0.4
        east = centre[0] + self.dice.gauss(0, self.region.spread_km * near)
        north = centre[1] + self.dice.gauss(0, self.region.spread_km * near)
        latitude = 40.0 + north / 111.2
        longitude = -83.0 + east / (111.2 * math.cos(math.radians(40)))
        self.places.append(Place(id=id, latitude=round(latitude, 5), longitude=round(longitude, 5)))
        return id


class _Maker:
    def __init__(self, region: Region, dice: random.Random) -> None:
        self.dice = dice
        self.homes = Homes(region, dice)

    def day(self, visits: int, nurses: int, handoffs: bool) -> Problem:
        nurses = max(3, nurses)
        monitors = math.ceil(visits / 15) if handoffs else 0
        shifts = [self._shift(f"n{i}", monitor=False) for i in range(nurses)]
        shifts += [self._shift(f"m{i}", monitor=True) for i in range(monitors)]
        names = [shift.nurse for shift in shifts if "rn" in shift.credentials]
        return Problem(
            origin=ORIGIN,
            visits=tuple(self._visit(i, names, handoffs) for i in range(visits)),
            shifts=tuple(shifts),
            places=tuple(self.homes.places),
            weights=Weights(travel=40, not_preferred=15 * POINTS_PER_DOLLAR),
        )

    def _shift(self, nurse: str, *, monitor: bool) -> Shift:
        home = self.homes.add(f"home-{nurse}")
        start = self.dice.choice((7, 7.5, 8, 8, 8.5, 9, 10))
        hours = self.dice.choice((8, 8, 8.5, 9, 10))
        held = {"monitor"} if monitor else {"rn", "monitor"}
        held |= {name for name, share in (("picc", 0.5), ("pump", 0.7)) if self.dice.random() < share}
        begin = int(start * HOUR)
        rest = Break(duration=30 * MINUTE, earliest_start=begin + 3 * HOUR, latest_end=begin + 7 * HOUR)
        return Shift(
            id=f"s-{nurse}",
            nurse=nurse,
            start_place=home,
            end_place=home,
            start=begin,
            end=begin + int(hours * HOUR),
            credentials=frozenset(held),
            break_=rest if self.dice.random() < 0.6 else None,
            max_overtime=HOUR,
            overtime_cost=60,
            max_visits=4,
        )

    def _visit(self, number: int, nurses: list[str], handoffs: bool) -> Visit:
        dice, id = self.dice, f"v{number}"
        place = self.homes.add(f"p{number}")
        infusion, monitoring = dice.choice((40, 50, 60)), dice.choice((60, 90, 120))
        window = self._window(25 + infusion + monitoring + 10)
        extra = dice.random()
        needs = {"picc"} if extra < 0.2 else {"pump"} if extra < 0.5 else set()
        lengths = {
            "vitals": 15,
            "iv_start": 10,
            "infusion": infusion,
            "monitoring": monitoring,
            "discharge": 10,
        }
        whole = _task(f"{id}.1", place, window, needs | {"rn"}, lengths)
        modes = [Mode(id="throughout", tasks=(whole,))]
        kind = dice.random()
        if handoffs and kind < 0.05:
            helper = _task(f"{id}.2", place, window, {"rn"}, {"iv_start": 45})
            modes = [Mode(id="two", tasks=(whole, helper), lags=(Lag(first=whole.id, then=helper.id),))]
        elif handoffs and kind < 0.25:
            modes.append(_shared(id, place, window, needs, lengths))
        liked = frozenset(dice.sample(nurses, min(3, len(nurses)))) if dice.random() < 0.3 else frozenset()
        barred = frozenset(dice.sample(nurses, 1)) if dice.random() < 0.1 else frozenset()
        return Visit(
            id=id,
            modes=tuple(modes),
            drop_cost=dice.choice((1000, 1000, 1000, 2500, 10000)) * POINTS_PER_DOLLAR,
            preferred_nurses=liked - barred,
            barred_nurses=barred,
        )

    def _window(self, minutes: int) -> Window:
        """Morning, afternoon, any time, or within an hour of a wished time; over by 19:00 at the latest."""
        kind, wished = self.dice.random(), self.dice.randrange(16, 29) / 2
        first, last = (
            (8, 11)
            if kind < 0.35
            else (12, 15)
            if kind < 0.7
            else (8, 16)
            if kind < 0.85
            else (wished, wished + 1)
        )
        over = 19 * HOUR
        latest = min(int(last * HOUR), over - minutes * MINUTE)
        return Window(earliest_start=int(first * HOUR), latest_start=latest, latest_end=over)


def _task(id: str, place: str, window: Window, needs: set[str], lengths: dict[str, int]) -> Task:
    phases = tuple(Phase(name=name, duration=minutes * MINUTE) for name, minutes in lengths.items())
    return Task(
        id=id,
        place=place,
        duration=sum(phase.duration for phase in phases),
        windows=(window,),
        credentials=frozenset(needs),
        phases=phases,
    )


def _shared(id: str, place: str, window: Window, needs: set[str], lengths: dict[str, int]) -> Mode:
    """An infusion nurse, then from the infusion's last five minutes on a monitoring clinician."""
    first = {name: lengths[name] for name in ("vitals", "iv_start", "infusion")}
    then = {"overlap": 5, "monitoring": lengths["monitoring"], "discharge": 10}
    lag = (sum(first.values()) - 5) * MINUTE
    later = window.replace(earliest_start=window.earliest_start + lag, latest_start=window.latest_start + lag)
    one = _task(f"{id}.2", place, window.replace(latest_end=None), needs | {"rn"}, first)
    other = _task(f"{id}.3", place, later, {"monitor"}, then)
    tie = Lag(first=one.id, then=other.id, min_s=lag, max_s=lag + 5 * MINUTE)
    return Mode(id="handed-off", tasks=(one, other), lags=(tie,))


def main() -> None:
    """Write one day as JSON, ready for `python -m scheduler solve`."""
    from scheduler.io import problem_json

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("visits", type=int)
    parser.add_argument("region", choices=sorted(REGIONS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--handoffs", action="store_true")
    parser.add_argument("--roomy", action="store_true", help="a third more nurses")
    chosen = parser.parse_args()
    problem = day(
        chosen.visits,
        chosen.region,
        chosen.seed,
        handoffs=chosen.handoffs,
        visits_per_nurse=ROOMY if chosen.roomy else BUSY,
    )
    print(json.dumps(problem_json.to_dict(problem, REGIONS[chosen.region].travel)))


if __name__ == "__main__":
    main()
