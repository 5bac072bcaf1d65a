"""Who does what in which order (Draft), and the earliest times at which that can be done (Timed).

For given orders, break positions and window choices every rule has the form "not before another time plus a
constant", so the earliest times all round are one solution, the best one, and found by pushing times forward
until nothing moves.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scheduler.solve.tables import Tables


@dataclass(frozen=True, slots=True)
class Trip:
    """The tasks of a shift in order; the break, if the shift owes one, lies before position `rest`
    (its length: after the last)."""

    tasks: tuple[int, ...] = ()
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """One trip per shift. `floors[t]`, 0 where not given, is the first window option that task t may use."""

    trips: tuple[Trip, ...]
    floors: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Timed:
    """A draft with the start of each of its tasks, how many visits that must be served are not, and its
    cost."""

    draft: Draft
    starts: Mapping[int, int]
    missing: int
    cost: int

    @property
    def rank(self) -> tuple[int, int]:
        """Smaller is better."""
        return self.missing, self.cost


def settle(
    tables: Tables,
    trips: Sequence[Trip],
    home: Mapping[int, int],
    floors: Mapping[int, int],
    starts: MutableMapping[int, int],
    dirty: Iterable[int],
    patience: int | None = None,
) -> dict[int, int | None] | None:
    """Push `starts` forward, from the tasks in `dirty` on, until every rule of time holds.

    `home[t]` is the shift of task t; a task without a start is being placed. Returns the former starts of the
    tasks moved, or None, and `starts` as they were, when no times will do. Pairs that wait for each other in
    a circle push one another for ever: that is certain when a task has moved more often than there are tasks,
    and taken for granted after `patience` moves.
    """
    before: dict[int, int | None] = {}
    most = len(home) + 1 if patience is None else patience
    if _pushed(tables, trips, home, floors, starts, deque(dirty), before, most) and _in_time(
        tables, trips, {home[task] for task in before}, starts
    ):
        return before
    for task, start in before.items():
        if start is None:
            del starts[task]
        else:
            starts[task] = start
    return None


def _pushed(
    tables: Tables,
    trips: Sequence[Trip],
    home: Mapping[int, int],
    floors: Mapping[int, int],
    starts: MutableMapping[int, int],
    queue: deque[int],
    before: dict[int, int | None],
    most: int,
) -> bool:
    """Push until nothing moves, noting former starts in `before`. False: some task finds no start."""
    pushes: Counter[int] = Counter()
    while queue:
        task = queue.popleft()
        trip = trips[home[task]]
        position = trip.tasks.index(task)
        lower = arrival(tables, home[task], trip, position, starts)
        if lower is None:
            return False
        for tie in tables.ties[task]:
            if tie.then in starts:
                lower = max(lower, pulled(tables, task, tie.then, starts))
        start = tables.tasks[task].fit(lower, floors.get(task, 0))
        if start is None:
            return False
        if task in starts and start <= starts[task]:
            continue
        before.setdefault(task, starts.get(task))
        starts[task] = start
        pushes[task] += 1
        if pushes[task] > most:
            return False
        if position + 1 < len(trip.tasks):
            queue.append(trip.tasks[position + 1])
        queue.extend(tie.then for tie in tables.ties[task] if tie.then in home)
    return True


def _in_time(tables: Tables, trips: Sequence[Trip], shifts: Iterable[int], starts: Mapping[int, int]) -> bool:
    """Whether these shifts are over in time."""
    for shift in shifts:
        finish = finished(tables, shift, trips[shift], starts)
        if finish is None or finish > tables.shifts[shift].latest_finish:
            return False
    return True


def pulled(tables: Tables, task: int, other: int, starts: Mapping[int, int]) -> int:
    """How early `task` may start for all ties that begin at `other`."""
    return max(starts[other] + tie.delta for tie in tables.ties[other] if tie.then == task)


def arrival(tables: Tables, shift: int, trip: Trip, position: int, starts: Mapping[int, int]) -> int | None:
    """When the nurse can be at the stop at `position`, its break taken if it lies just before."""
    row, task = tables.shifts[shift], tables.tasks[trip.tasks[position]]
    if position == 0:
        free, place = row.start, row.origin
    else:
        before = trip.tasks[position - 1]
        free, place = starts.get(before, 0) + tables.tasks[before].duration, tables.tasks[before].place
    return row.reach(free, tables.travel[place][task.place], trip.rest == position)


def finished(tables: Tables, shift: int, trip: Trip, starts: Mapping[int, int]) -> int | None:
    """When the nurse can be at her end place after the trip's last stop. None: too late for her break."""
    row, last = tables.shifts[shift], trip.tasks[-1]
    task = tables.tasks[last]
    leg = tables.travel[task.place][row.goal]
    return row.back(starts[last] + task.duration, leg, trip.rest == len(trip.tasks))


def timed(tables: Tables, draft: Draft) -> Timed | None:
    """The draft at its earliest times, with its cost. None: its orders cannot be kept."""
    home = {task: k for k, trip in enumerate(draft.trips) for task in trip.tasks}
    starts: dict[int, int] = {}
    if settle(tables, draft.trips, home, draft.floors, starts, home) is None:
        return None
    left_out = unserved(tables, draft.trips)
    dropped = sum(tables.visits[v].drop_cost or 0 for v in left_out)
    missing = sum(tables.visits[v].drop_cost is None for v in left_out)
    cost = sum(trip_cost(tables, k, trip, starts) for k, trip in enumerate(draft.trips) if trip.tasks)
    cost += starts_cost(tables, starts) + changes_cost(tables, home) + dropped
    return Timed(draft, starts, missing, cost)


def unserved(tables: Tables, trips: Iterable[Trip]) -> list[int]:
    """The visits of which no task is on a trip."""
    served = {tables.tasks[task].visit for trip in trips for task in trip.tasks}
    return [v for v in range(len(tables.visits)) if v not in served]


def trip_cost(tables: Tables, shift: int, trip: Trip, starts: Mapping[int, int]) -> int:
    """Travel, overtime and preference of a trip that has stops."""
    finish = finished(tables, shift, trip, starts)
    assert finish is not None
    row = tables.shifts[shift]
    cost = tables.travel_price * travelled(tables, shift, trip.tasks)
    cost += row.overtime_cost * max(0, finish - row.end)
    return cost + sum(tables.price(task, shift) for task in trip.tasks)


def travelled(tables: Tables, shift: int, tasks: Sequence[int]) -> int:
    """Seconds of driving on a trip, from start place to end place."""
    row = tables.shifts[shift]
    places = [row.origin, *(tables.tasks[task].place for task in tasks), row.goal]
    return sum(tables.travel[here][there] for here, there in pairwise(places))


def changes_cost(tables: Tables, home: Mapping[int, int]) -> int:
    """The price of visits tied to each other that are begun by different nurses; `home[t]` is the shift of
    task t."""
    if not tables.spacings:
        return 0
    rows = tables.tasks
    led = {rows[t].visit: tables.shifts[k].nurse for t, k in home.items() if tables.leads[t]}
    return sum(
        spacing.change_cost
        for spacing in tables.spacings
        if spacing.first in led and spacing.then in led and led[spacing.first] != led[spacing.then]
    )


def starts_cost(tables: Tables, starts: Mapping[int, int]) -> int:
    """The price of all lateness, of the largest, and of starts that patients were not promised."""
    moved = sum(tables.tasks[task].moved(start) for task, start in starts.items())
    if not tables.lateness_counts:
        return moved
    late = [tables.tasks[task].lateness(start) for task, start in starts.items()]
    return moved + tables.lateness_price * sum(late) + tables.worst_price * max(late, default=0)
