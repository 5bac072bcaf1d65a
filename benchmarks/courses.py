"""Seeded courses of treatment: fictional patients in series, planned together over several days.

Each patient has two to four sessions to come, two or three a week: 48 hours or more from start to start, on
given weekdays, while the order is valid. Nurses work on weekdays, with weekly hours, rest in between, and
ketamine and kits picked up for the day. Some sessions may be handed over to a monitoring clinician when the
infusion ends; some have a follow-up the day after. In bipolar disorder that is a mania check, without which
the next session is not given.

python benchmarks/courses.py 60 20 10 --seed 3 > course.json
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.infusion import HOUR, MINUTE, ORIGIN, REGIONS, Homes
from benchmarks.roster import DAY, KETAMINE, KIT, REST, Roster, weekdays
from scheduler.model import (
    POINTS_PER_DOLLAR,
    Gate,
    GateKind,
    Lag,
    Mode,
    Phase,
    Problem,
    Spacing,
    Span,
    Supply,
    Task,
    Visit,
    Weights,
    Window,
)

REGION = REGIONS["suburbs"]
OVERLAP = 5 * MINUTE
"""So long both nurses are there when the monitoring is handed over."""

LEAST_APART = 48 * HOUR
ADULT_STAYS = 4 * HOUR
OVER = 19
"""A session is over by this hour."""

CHANGE_COST = 20 * POINTS_PER_DOLLAR


def course(patients: int = 60, nurses: int = 20, days: int = 10, seed: int = 0) -> Problem:
    """The same arguments make the same problem. Day 0 is a Monday; one nurse in five only monitors."""
    dice = random.Random(f"{patients} {nurses} {days} {seed}")
    homes = Homes(REGION, dice)
    roster = Roster(dice, homes, days)
    monitors = nurses // 5
    infusing = [f"n{number}" for number in range(nurses - monitors)]
    monitoring = [f"m{number}" for number in range(monitors)]
    shifts = [shift for nurse in infusing for shift in roster.shifts(nurse, {"rn", "monitor"})]
    shifts += [shift for nurse in monitoring for shift in roster.shifts(nurse, {"monitor"})]
    limits = [limit for nurse in (*infusing, *monitoring) for limit in roster.limits(nurse)]
    series = [_Series(_patient(dice, homes, f"p{number}", infusing, days)) for number in range(patients)]
    return Problem(
        origin=ORIGIN,
        places=tuple(homes.places),
        visits=tuple(visit for each in series for visit in each.visits),
        shifts=tuple(shifts),
        weights=Weights(travel=40, not_preferred=5 * POINTS_PER_DOLLAR),
        spacings=tuple(spacing for each in series for spacing in each.spacings),
        hour_limits=tuple(limits),
        rest_s=REST,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Patient:
    """`days`: when sessions may be, from 0 on. `hours`: between which one starts. `lengths`: the phases in
    minutes. `sessions`: those to come. `most_apart`: seconds between two starts. `fixed`: the first one's
    day is."""

    id: str
    place: str
    days: tuple[int, ...]
    hours: tuple[int, int]
    lengths: dict[str, int]
    credentials: frozenset[str]
    preferred: frozenset[str]
    uses: tuple[Supply, ...]
    sessions: int
    most_apart: int
    fixed: bool
    handed_over: bool
    bipolar: bool
    followed_up: bool
    gates: tuple[Gate, ...]


def _patient(dice: random.Random, homes: Homes, id: str, nurses: Sequence[str], days: int) -> _Patient:
    often, begins, kind, extra = dice.random() < 0.4, dice.choice((0, 0, 1, 2)), dice.random(), dice.random()
    closed = None if often or dice.random() < 0.5 else dice.randrange(5)
    week = weekdays(days)
    open_days = tuple(day for day in week if day >= begins and day % 7 != closed) or week
    bipolar = dice.random() < 0.15
    lengths = {
        "vitals": 15,
        "iv_start": 10,
        "infusion": dice.choice((40, 50, 60)),
        "monitoring": dice.choice((60, 90, 120)),
        "discharge": 10,
    }
    needs = {"rn", "picc"} if extra < 0.15 else {"rn", "pump"} if extra < 0.4 else {"rn"}
    liked = dice.sample(nurses, min(3, len(nurses))) if dice.random() < 0.3 else ()
    return _Patient(
        id=id,
        place=homes.add(id),
        days=open_days,
        hours=(8, 11) if kind < 0.35 else (12, 14) if kind < 0.6 else (8, 15),
        lengths=lengths,
        credentials=frozenset(needs),
        preferred=frozenset(liked),
        uses=(Supply(item=KETAMINE, units=dice.choice((1, 1, 2))), Supply(item=KIT, units=1)),
        sessions=dice.choice((3, 4) if often else (2, 3)),
        most_apart=(96 if often else 120) * HOUR,
        fixed=dice.random() < 0.15,
        handed_over=dice.random() < 0.35,
        bipolar=bipolar,
        followed_up=dice.random() < 0.25,
        gates=tuple(_gates(dice, open_days, sum(lengths.values()) * MINUTE, bipolar)),
    )


def _gates(dice: random.Random, days: Sequence[int], lasts: int, bipolar: bool) -> Iterator[Gate]:
    """An order for everyone; for some a prescriber to be reached until the infusion runs, an adult who is
    away one day, and what bipolar disorder asks for."""
    last_day = days[-1] - dice.choice((0, 0, 0, 1, 2))
    on_file = (Span(start=-30 * DAY, end=(last_day + 1) * DAY - 1),)
    yield Gate(kind=GateKind.ORDER, spans=on_file)
    if dice.random() < 0.3:
        yield Gate(
            kind=GateKind.PRESCRIBER, spans=tuple(_span(day, 8, 17) for day in days), until=25 * MINUTE
        )
    if dice.random() < 0.5:
        away = dice.choice(days) if len(days) > 4 else None
        home = tuple(
            _span(day, dice.choice((8, 10, 11)), dice.choice((20, 22, 24))) for day in days if day != away
        )
        yield Gate(kind=GateKind.ADULT, spans=home, since=lasts, until=lasts + ADULT_STAYS)
    if bipolar:
        yield Gate(kind=GateKind.AGREEMENT, spans=on_file)
        yield Gate(kind=GateKind.MANIA_CHECK, spans=on_file)


class _Series:
    """A patient's sessions and follow-ups, each tied to the one before."""

    def __init__(self, patient: _Patient) -> None:
        self.patient = patient
        self.visits: list[Visit] = []
        self.spacings: list[Spacing] = []
        before: str | None = None
        for number, first in enumerate(_earliest_days(patient)):
            id = f"{patient.id}s{number}"
            later = [day for day in patient.days if day >= first]
            self._session(id, later[:1] if patient.fixed and number == 0 else later)
            if before is not None:
                self._tie(before, id, LEAST_APART, patient.most_apart, change_cost=CHANGE_COST)
            if before is not None and patient.bipolar:
                self._tie(f"{before}f", id, HOUR, None, needs_first=True)
            if patient.bipolar or (patient.followed_up and number == 0):
                self._follow_up(f"{id}f", id, later)
            before = id

    def _tie(self, first: str, then: str, min_s: int, max_s: int | None, **more: int) -> None:
        self.spacings.append(Spacing(first=first, then=then, min_s=min_s, max_s=max_s, **more))

    def _session(self, id: str, days: Sequence[int]) -> None:
        patient = self.patient
        lengths = patient.lengths
        opens, closes = patient.hours
        windows = tuple(_window(day, opens, closes, OVER, sum(lengths.values())) for day in days)
        whole = _task(f"{id}.1", patient.place, windows, patient.credentials, lengths, patient.uses)
        modes = [Mode(id="throughout", tasks=(whole,))]
        if patient.handed_over:
            modes.append(_handed_over(whole, lengths))
        self.visits.append(
            Visit(
                id=id,
                modes=tuple(modes),
                drop_cost=1000 * POINTS_PER_DOLLAR,
                preferred_nurses=patient.preferred,
                gates=patient.gates,
            )
        )

    def _follow_up(self, id: str, session: str, days: Sequence[int]) -> None:
        """The day after; in bipolar disorder one more day or a weekend may pass."""
        after = [day for day in weekdays(days[-1] + 1) if day > days[0]]
        if not after:
            return
        windows = tuple(_window(day, 8, 17, 18, 30) for day in after)
        seen = _task(f"{id}.1", self.patient.place, windows, frozenset({"monitor"}), {"follow_up": 30}, ())
        modes = (Mode(id="throughout", tasks=(seen,)),)
        self.visits.append(Visit(id=id, modes=modes, drop_cost=200 * POINTS_PER_DOLLAR))
        most = 76 * HOUR if self.patient.bipolar else 28 * HOUR
        self._tie(session, id, 20 * HOUR, most, needs_first=True, change_cost=CHANGE_COST // 4)


def _earliest_days(patient: _Patient) -> list[int]:
    """The first day on which each session could be, as many as follow each other closely enough."""
    found = [patient.days[0]]
    for day in patient.days:
        apart = (day - found[-1]) * DAY
        if len(found) < patient.sessions and LEAST_APART <= apart <= patient.most_apart:
            found.append(day)
    return found


def _handed_over(whole: Task, lengths: dict[str, int]) -> Mode:
    """The infusion nurse stays until the monitoring clinician, who comes when the infusion ends, has been
    there for the overlap."""
    first = {name: lengths[name] for name in ("vitals", "iv_start", "infusion")}
    infused = sum(first.values()) * MINUTE
    then = {name: lengths[name] for name in ("monitoring", "discharge")}
    later = tuple(
        window.replace(
            earliest_start=window.earliest_start + infused, latest_start=window.latest_start + infused
        )
        for window in whole.windows
    )
    begun = tuple(window.replace(latest_end=None) for window in whole.windows)
    visit = whole.id.removesuffix(".1")
    one = _task(
        f"{visit}.2",
        whole.place,
        begun,
        whole.credentials,
        first | {"overlap": OVERLAP // MINUTE},
        whole.uses,
    )
    other = _task(f"{visit}.3", whole.place, later, frozenset({"monitor"}), then, ())
    tie = Lag(first=one.id, then=other.id, min_s=infused, max_s=infused)
    return Mode(id="handed-over", tasks=(one, other), lags=(tie,))


def _task(
    id: str,
    place: str,
    windows: tuple[Window, ...],
    needs: frozenset[str],
    lengths: dict[str, int],
    uses: tuple[Supply, ...],
) -> Task:
    phases = tuple(Phase(name=name, duration=minutes * MINUTE) for name, minutes in lengths.items())
    return Task(
        id=id,
        place=place,
        duration=sum(phase.duration for phase in phases),
        windows=windows,
        credentials=needs,
        phases=phases,
        uses=uses,
    )


def _window(day: int, opens: int, closes: int, over: int, minutes: int) -> Window:
    """Starts between two hours of a day; over by a third."""
    latest = min(closes * HOUR, over * HOUR - minutes * MINUTE)
    return Window(
        earliest_start=day * DAY + opens * HOUR,
        latest_start=day * DAY + latest,
        latest_end=day * DAY + over * HOUR,
    )


def _span(day: int, start: int, end: int) -> Span:
    return Span(start=day * DAY + start * HOUR, end=day * DAY + end * HOUR)


def main() -> None:
    """Write one course as JSON, ready for `python -m scheduler solve`."""
    from scheduler.io import problem_json

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("patients", type=int)
    parser.add_argument("nurses", type=int)
    parser.add_argument("days", type=int)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    problem = course(chosen.patients, chosen.nurses, chosen.days, chosen.seed)
    print(json.dumps(problem_json.to_dict(problem, REGION.travel)))


if __name__ == "__main__":
    main()
