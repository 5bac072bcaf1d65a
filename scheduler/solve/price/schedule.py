"""Exact times of chosen routes, and the Plan they make.

A route is timed in variants: where its break lies and which span each task starts in. Within a variant
every rule is "not before another time plus a constant", so pushing starts forward until nothing moves
gives the earliest, cheapest times, tied tasks of several routes included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from scheduler.model import Plan, Route, Stop
from scheduler.solve.price.tables import Arrays, ShiftArrays, Tables

MOST_VARIANTS = 400


@dataclass(frozen=True, slots=True)
class Variant:
    """A timed route. The break lies before stop `rest`; for n stops, n is the drive home, n + 1 after it,
    -1 none.

    Stop i may start from `earliest[i]`, and `latest[i]` is the last start that leaves time for the rest.
    `cost` holds with the earliest times; while the finish is not after `paid_until` (None: always), with
    any others.
    """

    shift: int
    tasks: tuple[int, ...]
    rest: int
    spans: tuple[int, ...]
    earliest: tuple[int, ...]
    latest: tuple[int, ...]
    cost: int
    paid_until: int | None = None

    def apart(self, tables: Tables, i: int, j: int) -> int:
        """The least time from the start of stop i to that of a later stop j."""
        arrays, shift = tables.arrays, tables.shifts[self.shift]
        legs = range(i, j)
        stays = sum(int(arrays.duration[self.tasks[n]]) + _drive(arrays, self.tasks, n) for n in legs)
        return stays + (shift.rest if i < self.rest <= j else 0)

    def tail(self, tables: Tables, i: int) -> int:
        """The least time from the start of stop i to being home."""
        arrays, shift, last = tables.arrays, tables.shifts[self.shift], len(self.tasks) - 1
        task = self.tasks[last]
        home = int(arrays.duration[task] + arrays.travel[arrays.place[task], shift.goal])
        return self.apart(tables, i, last) + home + (shift.rest if self.rest == last + 1 else 0)


def variants(tables: Tables, shift: int, tasks: tuple[int, ...]) -> Iterator[Variant]:
    """Every feasible way to time a route by itself, none twice. At most MOST_VARIANTS are tried."""
    arrays = tables.arrays
    rests = range(len(tasks) + 2) if tables.shifts[shift].rest else (-1,)
    spans = [range(int(arrays.span[t]), int(arrays.span[t + 1])) for t in tasks]
    for tried, (rest, chosen) in enumerate(product(rests, product(*spans))):
        if tried >= MOST_VARIANTS:
            return
        variant = timed(tables, shift, tasks, rest, chosen)
        if variant is not None:
            yield variant


def timed(
    tables: Tables, shift: int, tasks: tuple[int, ...], rest: int, spans: tuple[int, ...]
) -> Variant | None:
    """The variant, or None where it cannot be in time."""
    arrays, row = tables.arrays, tables.shifts[shift]
    earliest: list[int] = []
    for i in range(len(tasks)):
        arrival = _arrival(tables, shift, tasks, rest, earliest, i)
        start = None if arrival is None else max(arrival, int(arrays.first[spans[i]]))
        if start is None or start > arrays.last[spans[i]]:
            return None
        earliest.append(start)
    finish = _finish(tables, shift, tasks, rest, earliest[-1])
    if finish is None:
        return None
    latest = _latest(arrays, row, tasks, rest, [int(arrays.last[x]) for x in spans], row.finish)
    cost = route_cost(tables, shift, tasks, spans, earliest, finish)
    paid_until = max(row.end, finish)
    return Variant(shift, tasks, rest, spans, tuple(earliest), tuple(latest), cost, paid_until)


def within_hours(tables: Tables, variant: Variant) -> Variant:
    """The variant kept to the overtime and lateness of its earliest times, so that its cost always holds."""
    arrays, row = tables.arrays, tables.shifts[variant.shift]
    finish = _finish(tables, variant.shift, variant.tasks, variant.rest, variant.earliest[-1])
    assert finish is not None
    last = [
        min(int(arrays.last[x]), max(int(arrays.due[x]), start))
        for x, start in zip(variant.spans, variant.earliest, strict=True)
    ]
    latest = _latest(arrays, row, variant.tasks, variant.rest, last, max(row.end, finish))
    return Variant(
        variant.shift,
        variant.tasks,
        variant.rest,
        variant.spans,
        variant.earliest,
        tuple(latest),
        variant.cost,
    )


def route_cost(
    tables: Tables, shift: int, tasks: Sequence[int], spans: Sequence[int], starts: Sequence[int], finish: int
) -> int:
    """Drives, overtime, preference and lateness of a route."""
    arrays, row = tables.arrays, tables.shifts[shift]
    places = [row.origin, *(int(arrays.place[t]) for t in tasks), row.goal]
    drives = sum(int(arrays.travel[a, b]) for a, b in pairwise(places))
    late = sum(max(0, start - int(arrays.due[x])) for start, x in zip(starts, spans, strict=True))
    fees = sum(int(tables.fee[shift, t]) for t in tasks)
    overtime = row.overtime * max(0, finish - row.end)
    return arrays.travel_price * drives + overtime + fees + arrays.late_price * late


def _drive(arrays: Arrays, tasks: Sequence[int], i: int) -> int:
    """Seconds from stop i to the next."""
    return int(arrays.travel[arrays.place[tasks[i]], arrays.place[tasks[i + 1]]])


def _arrival(
    tables: Tables, shift: int, tasks: Sequence[int], rest: int, starts: Sequence[int], i: int
) -> int | None:
    arrays, row = tables.arrays, tables.shifts[shift]
    if i == 0:
        return _reach(row, row.start, int(arrays.travel[row.origin, arrays.place[tasks[0]]]), rest == 0)
    free = starts[i - 1] + int(arrays.duration[tasks[i - 1]])
    return _reach(row, free, _drive(arrays, tasks, i - 1), rest == i)


def _reach(row: ShiftArrays, free: int, drive: int, resting: bool) -> int | None:
    """When she is there, her break taken meanwhile if `resting`."""
    if not resting:
        return free + drive
    begin = max(free, row.rest_first)
    return max(free + drive, begin) + row.rest if begin + row.rest <= row.rest_last else None


def _finish(tables: Tables, shift: int, tasks: Sequence[int], rest: int, start: int) -> int | None:
    """When she is home, or None if too late, be it for the break after that."""
    arrays, row = tables.arrays, tables.shifts[shift]
    home = int(arrays.travel[arrays.place[tasks[-1]], row.goal])
    finish = _reach(row, start + int(arrays.duration[tasks[-1]]), home, rest == len(tasks))
    if finish is None or finish > row.finish:
        return None
    if rest == len(tasks) + 1 and max(finish, row.rest_first) + row.rest > row.rest_last:
        return None
    return finish


def _latest(
    arrays: Arrays, row: ShiftArrays, tasks: Sequence[int], rest: int, last: Sequence[int], finish: int
) -> list[int]:
    """The last start of each stop, itself not after `last`, that lets all later ones be in time and the
    nurse be home by `finish`."""
    latest: list[int] = []
    limit = finish if rest <= len(tasks) else min(finish, row.rest_last - row.rest)
    drive = int(arrays.travel[arrays.place[tasks[-1]], row.goal])
    for i in range(len(tasks) - 1, -1, -1):
        free = limit - drive
        if rest == i + 1:
            free = min(free, row.rest_last) - row.rest
        limit = min(last[i], free - int(arrays.duration[tasks[i]]))
        latest.append(limit)
        if i > 0:
            drive = _drive(arrays, tasks, i - 1)
    return latest[::-1]


@dataclass(frozen=True, slots=True)
class Timed:
    """A plan and what it costs, in points; `missing` counts visits left out that must be served."""

    plan: Plan
    cost: int
    missing: int


def settle(tables: Tables, chosen: Sequence[Variant]) -> Timed | None:
    """Times for all routes together, lags kept. None where the lags cannot be."""
    starts = {t: s for route in chosen for t, s in zip(route.tasks, route.earliest, strict=True)}
    lags = [
        lag
        for ways in tables.choices
        for way in ways
        for lag in way.lags
        if lag[0] in starts and lag[1] in starts
    ]
    for _ in range(2 * len(starts) + 2):
        before = dict(starts)
        for first, then, least, most in lags:
            starts[then] = max(starts[then], starts[first] + least)
            starts[first] = max(starts[first], starts[then] - most)
        for route in chosen:
            if not _push(tables, route, starts):
                return None
        if starts == before:
            return _plan(tables, chosen, starts)
    return None


def _push(tables: Tables, route: Variant, starts: dict[int, int]) -> bool:
    """Move the later stops of a route after the earlier ones; False where that is too late."""
    mine: list[int] = []
    for i, task in enumerate(route.tasks):
        arrival = _arrival(tables, route.shift, route.tasks, route.rest, mine, i)
        start = None if arrival is None else max(arrival, starts[task])
        if start is None or start > tables.arrays.last[route.spans[i]]:
            return False
        mine.append(start)
        starts[task] = start
    return _finish(tables, route.shift, route.tasks, route.rest, mine[-1]) is not None


def _plan(tables: Tables, chosen: Sequence[Variant], starts: Mapping[int, int]) -> Timed:
    arrays = tables.arrays
    served = {int(arrays.visit[t]) for route in chosen for t in route.tasks}
    left_out = [v for v in range(len(tables.drop)) if v not in served]
    routes, cost, worst = [], sum(tables.drop[v] or 0 for v in left_out), 0
    for route in chosen:
        mine = [starts[t] for t in route.tasks]
        made = _route(tables, route, mine)
        routes.append(made)
        cost += route_cost(tables, route.shift, route.tasks, route.spans, mine, made.finish)
        cost += sum(tables.moved(t, s) for t, s in zip(route.tasks, mine, strict=True))
        worst = max([worst, *(s - int(arrays.due[x]) for s, x in zip(mine, route.spans, strict=True))])
    plan = Plan(routes=tuple(routes), unassigned=tuple(tables.visit_ids[v] for v in left_out))
    missing = sum(tables.drop[v] is None for v in left_out)
    return Timed(plan, cost + tables.worst_price * worst, missing)


def _route(tables: Tables, route: Variant, starts: Sequence[int]) -> Route:
    """The route with its arrivals; she leaves her start place as late as she can."""
    arrays, row, last = tables.arrays, tables.shifts[route.shift], len(starts)
    first = int(arrays.travel[row.origin, arrays.place[route.tasks[0]]])
    finish = _finish(tables, route.shift, route.tasks, route.rest, starts[-1])
    assert finish is not None
    rest = None
    departure = starts[0] - first
    if route.rest == 0:
        rest = row.rest_first
        if departure < rest + row.rest:
            departure = max(row.start, min(departure - row.rest, rest))
    elif route.rest == last + 1:
        rest = max(finish, row.rest_first)
    elif route.rest > 0:
        free = starts[route.rest - 1] + int(arrays.duration[route.tasks[route.rest - 1]])
        rest = max(free, row.rest_first)
    stops = []
    for i, task in enumerate(route.tasks):
        arrival = _arrival(tables, route.shift, route.tasks, route.rest, starts, i) if i else starts[0]
        assert arrival is not None
        end = starts[i] + int(arrays.duration[task])
        stops.append(Stop(task=tables.task_ids[task], arrival=arrival, start=starts[i], end=end))
    return Route(
        shift=tables.shift_ids[route.shift],
        departure=departure,
        stops=tuple(stops),
        finish=finish,
        break_start=rest,
    )
