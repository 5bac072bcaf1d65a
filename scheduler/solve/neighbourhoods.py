"""Which part of a plan to set free next, so that what belongs together is set free together.

Three kinds (after Shaw 1998 and Pisinger & Ropke 2007): whole shifts whose stops lie near each other; visits
near each other in place and time; everything in a span of time on some shifts. Each kind learns its own size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random

from scheduler.solve.candidates import Candidates
from scheduler.solve.scope import Freedom
from scheduler.solve.tables import Tables
from scheduler.solve.timing import Timed, travelled, unserved

LEAST, FIRST, MOST = 4.0, 6.0, 40.0
"""Number of tasks set free: bounds, and to begin with."""

OPEN = 8
"""Shifts that visits set free may go to, beside their own."""

LEFT_OUT = 3
"""Unserved visits that are tried along with the others."""


class Kind(Enum):
    """How a neighbourhood is chosen."""

    SHIFTS = "shifts"
    NEAR = "near"
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Choice:
    """A neighbourhood and how it came about."""

    kind: Kind
    freedom: Freedom


class Chooser:
    """Chooses neighbourhoods of a plan, by a random generator of its own; the same seed, the same choices."""

    def __init__(self, tables: Tables, candidates: Candidates, seed: int) -> None:
        self.tables, self.candidates = tables, candidates
        self.random = Random(seed)
        self.sizes = dict.fromkeys(Kind, FIRST)

    def learn(self, kind: Kind, solved: bool) -> None:
        """Larger next time if this one was solved to the end, else smaller."""
        factor = 1.04 if solved else 0.94
        self.sizes[kind] = min(MOST, max(LEAST, self.sizes[kind] * factor))

    def choose(self, plan: Timed) -> Choice:
        """A neighbourhood of `plan`, not empty as long as some visit can be served."""
        kind = self.random.choice(list(Kind))
        size = round(self.sizes[kind])
        left_out = [v for v in unserved(self.tables, plan.draft.trips) if self.candidates.modes[v]]
        if not plan.starts:
            visits, shifts = set[int](), set(range(len(self.tables.shifts)))
        elif kind is Kind.SHIFTS:
            visits, shifts = self._whole_shifts(plan, size)
        elif kind is Kind.NEAR:
            visits, shifts = self._near(plan, size, left_out)
        else:
            visits, shifts = self._span(plan, size)
        visits.update(self.random.sample(left_out, min(LEFT_OUT, len(left_out))))
        shifts.update(
            k for k, trip in enumerate(plan.draft.trips) if any(self._visit(t) in visits for t in trip.tasks)
        )
        return Choice(kind, Freedom(frozenset(visits), frozenset(shifts), self._leeway(plan)))

    def _leeway(self, plan: Timed) -> int:
        """Mostly none: a narrow search is a quick one, and more lateness seldom pays."""
        if self.random.random() < 0.5:
            return 0
        driven = sum(travelled(self.tables, k, trip.tasks) for k, trip in enumerate(plan.draft.trips))
        return round(self.random.expovariate(1.0) * driven / max(1, len(plan.starts)))

    def _visit(self, task: int) -> int:
        return self.tables.tasks[task].visit

    def _whole_shifts(self, plan: Timed, size: int) -> tuple[set[int], set[int]]:
        """Shifts near one another, with all they do, and an idle one."""
        trips = plan.draft.trips
        used = [k for k, trip in enumerate(trips) if trip.tasks]
        idle = [k for k, trip in enumerate(trips) if not trip.tasks]
        shifts: set[int] = set(self.random.sample(idle, min(1, len(idle))))
        visits: set[int] = set()
        tasks = 0
        for k in self._by_distance(plan, self.random.choice(used), used):
            if tasks and tasks + len(trips[k].tasks) > size:
                break
            tasks += len(trips[k].tasks)
            shifts.add(k)
            visits.update(self._visit(t) for t in trips[k].tasks)
        return visits, shifts

    def _near(self, plan: Timed, size: int, left_out: Sequence[int]) -> tuple[set[int], set[int]]:
        """Visits near one in place and time; they may go to the shifts that pass near."""
        tasks = list(plan.starts)
        seed = self.random.choice(tasks)
        if left_out and self.random.random() < 0.5:
            seed = self.random.choice(self.candidates.modes[self.random.choice(left_out)]).tasks[0]
        pace = self.random.choice((0.0, 0.3, 1.0))
        ranked = self._shuffled(sorted(tasks, key=lambda t: self._distance(plan, seed, t, pace)))
        visits = {self._visit(t) for t in ranked[:size]}
        home = {t: k for k, trip in enumerate(plan.draft.trips) for t in trip.tasks}
        shifts = list(dict.fromkeys(home[t] for t in ranked))[:OPEN]
        return visits, {*shifts, *self._idle(plan)}

    def _span(self, plan: Timed, size: int) -> tuple[set[int], set[int]]:
        """What some neighbouring shifts do around one time."""
        trips = plan.draft.trips
        used = [k for k, trip in enumerate(trips) if trip.tasks]
        shifts = self._by_distance(plan, self.random.choice(used), used)[: self.random.randint(2, OPEN)]
        tasks = [t for k in shifts for t in trips[k].tasks]
        middle = plan.starts[self.random.choice(tasks)]
        tasks.sort(key=lambda t: abs(plan.starts[t] - middle))
        return {self._visit(t) for t in tasks[:size]}, {*shifts, *self._idle(plan)}

    def _idle(self, plan: Timed) -> list[int]:
        idle = [k for k, trip in enumerate(plan.draft.trips) if not trip.tasks]
        return self.random.sample(idle, min(2, len(idle)))

    def _distance(self, plan: Timed, a: int, b: int, pace: float) -> float:
        """Travel both ways, and `pace` times the seconds between the starts."""
        tables = self.tables
        here, there = tables.tasks[a].place, tables.tasks[b].place
        travel = (tables.travel[here][there] + tables.travel[there][here]) / 2
        first = tables.tasks[a].options[0].earliest
        return travel + pace * abs(plan.starts.get(a, first) - plan.starts[b])

    def _by_distance(self, plan: Timed, seed: int, shifts: Iterable[int]) -> list[int]:
        """Shifts, the one whose stops lie nearest to the seed's first, shuffled a little."""
        trips = plan.draft.trips

        def gap(k: int) -> float:
            pairs = [self._distance(plan, a, b, 0.0) for a in trips[seed].tasks for b in trips[k].tasks]
            return sum(sorted(pairs)[: len(trips[k].tasks)]) / len(trips[k].tasks)

        others = sorted((k for k in shifts if k != seed), key=gap)
        return [seed, *self._shuffled(others)]

    def _shuffled(self, ranked: list[int]) -> list[int]:
        """Roughly in the same order."""
        place = {item: i * (0.5 + self.random.random()) for i, item in enumerate(ranked)}
        return sorted(ranked, key=place.__getitem__)
