"""A first plan, quickly: visits one after another, each where it costs least (cheapest insertion)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product

from scheduler.solve.candidates import Candidates
from scheduler.solve.courses import Courses, firsts_first
from scheduler.solve.rows import ModeRow, TaskRow
from scheduler.solve.tables import NEVER, Tables
from scheduler.solve.timing import Draft, Timed, Trip, pulled, settle, timed, trip_cost

Spot = tuple[int, int, int]
"""Least extra cost, shift, position."""

Order = Callable[[Tables, Candidates, int], tuple[int, int]]
"""Ranks a visit, the first to be placed lowest."""

Move = tuple[int, int, Trip]
"""Task, shift, the shift's trip with the task in it."""

SPOTS = 12
"""Spots looked at for each task of a visit that needs several nurses."""

COMBINATIONS = 150
"""Ways of placing such a visit that are timed."""

TWICE = 120
"""Up to so many tasks the plan is built twice, in two orders."""

PATIENCE = 12
"""Moves of one task after which a circle of waiting pairs is taken for granted."""


class Builder:
    """A plan that grows. Its times are kept: adding a visit only makes them later."""

    def __init__(self, tables: Tables, candidates: Candidates) -> None:
        self.tables, self.candidates = tables, candidates
        self.trips = [Trip()] * len(tables.shifts)
        self.starts: dict[int, int] = {}
        self.home: dict[int, int] = {}
        self.closed: set[int] = set()
        self.courses, self.led = Courses(tables), dict[int, int]()
        self.floors = {t: row.floor for t, row in enumerate(tables.tasks) if row.floor}
        self.late_price = tables.lateness_price + tables.worst_price

    def insert(self, visit: int) -> bool:
        """Place the visit where it costs least. False: there was no place."""
        if not self.courses.may_serve(visit, self.led):
            return False
        best = self._best(visit)
        at_promised = {
            t: self.floors.pop(t)
            for mode in self.candidates.modes[visit]
            for t in mode.tasks
            if t in self.floors
        }
        if at_promised:
            sooner = self._best(visit)
            if sooner is None or (best is not None and best[0] <= sooner[0]):
                self.floors |= at_promised
            else:
                best = sooner
        return best is not None and self.take(best[1])

    def _best(self, visit: int) -> tuple[int, tuple[Move, ...]] | None:
        """The cheapest way to place the visit, and what it adds to the cost; None: there is none."""
        best: tuple[int, tuple[Move, ...]] | None = None
        for mode in self.candidates.modes[visit]:
            for bound, spots in self._ways(mode):
                if best is not None and bound >= best[0]:
                    break
                for moves in self._moves(mode, spots):
                    cost = self.cost(moves)
                    if cost is not None and (best is None or cost < best[0]):
                        best = cost, moves
        return best

    def take(self, moves: tuple[Move, ...]) -> bool:
        """Make these moves, known to work out."""
        self._apply(moves)
        used = {k for _, k, _ in moves}
        lead, k, _ = moves[0]
        self.led[self.tables.tasks[lead].visit] = k
        self.closed |= {b if a in used else a for a, b in self.tables.rivals if a in used or b in used}
        return True

    def is_open(self, k: int) -> bool:
        """Whether the shift can have another stop, as far as their number and the nurse's other shifts go."""
        return k not in self.closed and len(self.trips[k].tasks) < self.tables.shifts[k].most_visits

    def _ways(self, mode: ModeRow) -> list[tuple[int, tuple[Spot, ...]]]:
        """Combinations of spots, one per task, those of the lowest least cost first."""
        if len(mode.tasks) == 1:
            return [(spot[0], (spot,)) for spot in self._spots(mode.tasks[0])]
        choices = [self._likely_spots(task) for task in mode.tasks]
        ways = ((sum(spot[0] for spot in spots), spots) for spots in product(*choices))
        return sorted(way for way in ways if self._agree(way[1]))[:COMBINATIONS]

    def _agree(self, spots: tuple[Spot, ...]) -> bool:
        """A nurse for each task; that one may do two of them is left to the search."""
        return len({self.tables.shifts[spot[1]].nurse for spot in spots}) == len(spots)

    def _likely_spots(self, task: int) -> list[Spot]:
        """The cheapest spots, and the cheapest at the end of a trip: those never block one another."""
        spots = self._spots(task)
        ends = [spot for spot in spots if spot[2] == len(self.trips[spot[1]].tasks)]
        return sorted({*spots[:SPOTS], *ends[: SPOTS // 2]})

    def _spots(self, task: int) -> list[Spot]:
        """Every spot that the times of its two neighbours allow, cheapest first."""
        spots: list[Spot] = []
        low, high = self._span(task)
        for k in self.candidates.shifts[task]:
            shift = self.tables.shifts[k]
            if shift.latest_finish < low or shift.start > high or not self.is_open(k):
                continue
            for position in range(len(self.trips[k].tasks) + 1):
                extra = self._least_extra(task, k, position, low)
                if extra is not None:
                    spots.append((extra, k, position))
        return sorted(spots)

    def _span(self, task: int) -> tuple[int, int]:
        """Between what starts the tasks it is tied to, as far as they are placed, allow this one."""
        low, high = 0, NEVER
        for tie in self.tables.ties[task]:
            if tie.then in self.home:
                low = max(low, pulled(self.tables, task, tie.then, self.starts))
                high = min(high, self.tables.shifts[self.home[tie.then]].latest_finish - tie.delta)
        return low, high

    def _least_extra(self, task: int, k: int, position: int, low: int) -> int | None:
        """What the spot costs at least, the start being `low` or later: travel, nurse, and the starts of the
        task and the next one. None: no time."""
        tables, trip = self.tables, self.trips[k].tasks
        row, shift, travel = tables.tasks[task], tables.shifts[k], tables.travel
        free, here, there = shift.start, shift.origin, shift.goal
        if position > 0:
            before = tables.tasks[trip[position - 1]]
            free, here = self.starts[trip[position - 1]] + before.duration, before.place
        start = row.fit(max(low, free + travel[here][row.place]), self.floors.get(task, 0))
        if start is None:
            return None
        extra = self._start_price(row, start)
        if position < len(trip):
            after, planned = tables.tasks[trip[position]], self.starts[trip[position]]
            there = after.place
            lower = max(planned, start + row.duration + travel[row.place][there])
            pushed = after.fit(lower, self.floors.get(trip[position], 0))
            if pushed is None:
                return None
            extra += max(0, self._start_price(after, pushed) - self._start_price(after, planned))
        detour = travel[here][row.place] + travel[row.place][there] - (travel[here][there] if trip else 0)
        return tables.travel_price * detour + self._nurse_price(task, k) + extra

    def _nurse_price(self, task: int, k: int) -> int:
        """What it costs that shift k's nurse does the task; for one that leads its visit also what a change
        of nurse costs."""
        cost = self.tables.price(task, k)
        if self.tables.leads[task]:
            cost += self.courses.change_cost(self.tables.tasks[task].visit, k, self.led)
        return cost

    def _start_price(self, row: TaskRow, start: int) -> int:
        late = self.late_price * row.lateness(start) if self.late_price else 0
        return late + row.moved(start)

    def _moves(self, mode: ModeRow, spots: tuple[Spot, ...]) -> Iterator[tuple[Move, ...]]:
        """The mode's tasks in their spots; a break that lies there comes before the task, or after it."""
        versions = [
            [(task, k, trip) for trip in self._with(task, k, position)]
            for task, (_, k, position) in zip(mode.tasks, spots, strict=True)
        ]
        return product(*versions)

    def _with(self, task: int, k: int, position: int) -> list[Trip]:
        trip = self.trips[k]
        tasks = (*trip.tasks[:position], task, *trip.tasks[position:])
        if self.tables.shifts[k].rest is None:
            return [Trip(tasks)]
        rests = {trip.rest + (position < trip.rest), trip.rest + (position <= trip.rest)}
        return [Trip(tasks, rest) for rest in sorted(rests)]

    def cost(self, moves: tuple[Move, ...]) -> int | None:
        """What the moves add to the cost; None: the times do not work out. Changes nothing."""
        tables, old = self.tables, [(k, self.trips[k]) for _, k, _ in moves]
        before = self._apply(moves)
        cost: int | None = None
        if before is not None:
            after = {task: self.starts[task] for task in before}
            cost = sum(trip_cost(tables, k, trip, self.starts) for _, k, trip in moves)
            cost += self._starts_cost(after)
            lead, k, _ = moves[0]
            cost += self.courses.change_cost(tables.tasks[lead].visit, k, self.led)
            lawful = self.courses.hold({self.home[task] for task in before}, self.trips, self.starts)
            self._restore(before)
            cost -= sum(trip_cost(tables, k, trip, self.starts) for k, trip in old if trip.tasks)
            cost = cost - self._starts_cost(before) if lawful else None
        for (task, k, _), (_, trip) in zip(moves, old, strict=True):
            self.trips[k] = trip
            del self.home[task]
        return cost

    def _apply(self, moves: tuple[Move, ...]) -> dict[int, int | None] | None:
        for task, k, trip in moves:
            self.trips[k] = trip
            self.home[task] = k
        shifts = self.tables.shifts  # where a break is owed it may have moved, and with it every stop
        tasks = [t for task, k, trip in moves for t in ((task,) if shifts[k].rest is None else trip.tasks)]
        return settle(self.tables, self.trips, self.home, self.floors, self.starts, tasks, PATIENCE)

    def _restore(self, before: Mapping[int, int | None]) -> None:
        for task, start in before.items():
            if start is None:
                del self.starts[task]
            else:
                self.starts[task] = start

    def _starts_cost(self, starts: Mapping[int, int | None]) -> int:
        rows = self.tables.tasks
        return sum(self._start_price(rows[t], s) for t, s in starts.items() if s is not None)

    def plan(self) -> Timed:
        """What has been built."""
        done = timed(self.tables, Draft(tuple(self.trips), self.floors))
        assert done is not None
        return done


def construct(tables: Tables, candidates: Candidates, over: Callable[[], bool]) -> Timed:
    """The better of two greedy plans (of a big problem: the first); when time is `over`, what there is by
    then."""
    orders = (urgency, _scarcity) if len(tables.tasks) <= TWICE else (urgency,)
    plans = []
    for order in orders:
        builder = Builder(tables, candidates)
        fill(builder, by(order, tables, candidates), over)
        plans.append(builder.plan())
    return min(plans, key=lambda plan: plan.rank)


def by(order: Order, tables: Tables, candidates: Candidates) -> list[int]:
    """The visits that can be served, in this order."""
    servable = [v for v, modes in enumerate(candidates.modes) if modes]
    return firsts_first(tables, sorted(servable, key=lambda v: order(tables, candidates, v)))


def fill(builder: Builder, visits: Iterable[int], over: Callable[[], bool]) -> None:
    """Insert the visits one after another until time is `over`."""
    for visit in visits:
        if over():
            return
        builder.insert(visit)


def _importance(tables: Tables, visit: int) -> int:
    drop_cost = tables.visits[visit].drop_cost
    return -tables.ceiling - 1 if drop_cost is None else -drop_cost


def urgency(tables: Tables, candidates: Candidates, visit: int) -> tuple[int, int]:
    """Dearest to leave out first, then by when they are due."""
    due = min(tables.tasks[t].options[0].due for mode in candidates.modes[visit] for t in mode.tasks)
    return _importance(tables, visit), due


def _scarcity(tables: Tables, candidates: Candidates, visit: int) -> tuple[int, int]:
    """Dearest to leave out first, then those that fewest shifts can do."""
    choice = min(
        min(len(candidates.shifts[t]) for t in mode.tasks) // len(mode.tasks)
        for mode in candidates.modes[visit]
    )
    return _importance(tables, visit), choice
