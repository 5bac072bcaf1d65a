"""What can still follow a stop of one shift, and what it costs at least, on a grid of times."""

from __future__ import annotations

import numpy as np

from scheduler.solve.price.compiled import compiled
from scheduler.solve.price.legs import Legs, begin_stay
from scheduler.solve.price.tables import NEVER, Arrays, Ints, ShiftArrays


@compiled
def least_late(a: Arrays, task: int, arrival: int) -> int:
    """The price of the least lateness among the starts allowed from `arrival` on."""
    if a.late_price == 0:
        return 0
    least = NEVER
    for i in range(a.span[task], a.span[task + 1]):
        if arrival <= a.last[i]:
            least = min(least, max(0, max(arrival, a.first[i]) - a.due[i]))
    return least * a.late_price if least < NEVER else 0


@compiled
def rest_then_arrive(s: ShiftArrays, free: int, seconds: int) -> int:
    """When a nurse free at `free` arrives after a drive of `seconds` if she takes her break meanwhile."""
    begin = max(free, s.rest_first)
    if begin + s.rest > s.rest_last:
        return NEVER
    return max(free + seconds, begin) + s.rest


@compiled
def closing(a: Arrays, s: ShiftArrays, free: int, seconds: int, owed: bool) -> int:
    """The least price of the drive home and of overtime; NEVER if she is too late."""
    finish = free + seconds
    if finish > s.finish:
        return NEVER
    if owed and max(finish, s.rest_first) + s.rest > s.rest_last:
        finish = rest_then_arrive(s, free, seconds)
        if finish > s.finish:
            return NEVER
    return a.travel_price * seconds + s.overtime * max(0, finish - s.end)


@compiled
def completion(  # noqa: C901, PLR0912 - one compiled loop, see below
    a: Arrays, s: ShiftArrays, legs: Legs, price: Ints, slots: int
) -> Ints:
    """`out[owed, i, b]`: no continuation of a route that is done with task i at `s.start + (b <<
    grid_bits)` or later has a smaller reduced cost, drive home included. Tasks may be met twice; cuts, and
    stock beyond what a leg uses, are ignored.

    No stay may be shorter than a step of the grid. The loops are written out on plain arrays: that is 50
    times quicker than calls.
    """
    m = legs.task.shape[0]
    out = np.full((2, m, slots), NEVER, np.int64)
    begin, to, seconds, latest, free = legs.begin, legs.to, legs.seconds, legs.latest, legs.free
    entry, stay, span, first, last, due = _own(a, legs, price)
    origin, travel_price, late_price = s.start, a.travel_price, a.late_price
    for b in range(slots - 1, -1, -1):
        for i in range(m):
            time = max(origin + (b << a.grid_bits), free[i])
            if time >= origin + ((b + 1) << a.grid_bits) or time > latest[i]:
                continue
            home = a.travel[a.place[legs.task[i]], s.goal]
            rest_from = max(time, s.rest_first)
            rest_fits = s.rest > 0 and rest_from + s.rest <= s.rest_last
            best, best_owing = closing(a, s, time, home, False), closing(a, s, time, home, True)
            for n in range(begin[i], begin[i + 1]):
                j, drive = to[n], seconds[n]
                here = travel_price * drive + entry[j]
                for way in range(3 if s.rest > 0 else 1):
                    # 0: no break owed any more; 1: owed and not yet taken; 2: owed, taken on this leg
                    arrival = time + drive
                    if way == 2:
                        if not rest_fits:
                            continue
                        arrival = max(arrival, rest_from) + s.rest
                    x = span[j]
                    while x < span[j + 1] and arrival > last[x]:
                        x += 1
                    if x == span[j + 1]:
                        continue
                    done = max(arrival, first[x]) + stay[j]
                    if done > latest[j]:
                        continue
                    value = here + out[way & 1, j, (done - origin) >> a.grid_bits]
                    if late_price > 0:
                        least = NEVER
                        for y in range(x, span[j + 1]):
                            least = min(least, max(0, max(arrival, first[y]) - due[y]))
                        value += least * late_price
                    if way == 0:
                        best = min(best, value)
                    else:
                        best_owing = min(best_owing, value)
            out[0, i, b] = best
            if s.rest > 0:
                out[1, i, b] = best_owing
    return out


@compiled
def _own(a: Arrays, legs: Legs, price: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """What `completion` needs of the shift's own tasks, side by side: fee less price, stay, spans."""
    m = legs.task.shape[0]
    span = np.zeros(m + 1, np.int64)
    for i in range(m):
        span[i + 1] = span[i] + a.span[legs.task[i] + 1] - a.span[legs.task[i]]
    first, last, due = np.empty(span[m], np.int64), np.empty(span[m], np.int64), np.empty(span[m], np.int64)
    for i in range(m):
        for x in range(span[i + 1] - span[i]):
            y = a.span[legs.task[i]] + x
            first[span[i] + x], last[span[i] + x], due[span[i] + x] = a.first[y], a.last[y], a.due[y]
    return legs.fee - price[legs.task], a.duration[legs.task], span, first, last, due


@compiled
def _after(a: Arrays, s: ShiftArrays, legs: Legs, out: Ints, owed: int, j: int, t: int, arrival: int) -> int:
    """The bound of going to j (task t), there at `arrival`."""
    start = begin_stay(a, t, arrival)
    done = start + a.duration[t]
    if done > legs.latest[j]:
        return NEVER
    return int(out[owed, j, (done - s.start) >> a.grid_bits]) + least_late(a, t, arrival)


@compiled
def cheapest(a: Arrays, s: ShiftArrays, legs: Legs, price: Ints, out: Ints) -> int:
    """No route has a smaller reduced cost; NEVER if the shift has none."""
    best = NEVER
    for j in range(legs.task.shape[0]):
        best = min(best, _opening(a, s, legs, price, out, j))
    return best


@compiled
def _opening(a: Arrays, s: ShiftArrays, legs: Legs, price: Ints, out: Ints, j: int) -> int:
    """The bound of the routes whose first stop is j."""
    t = legs.task[j]
    drive = a.travel[s.origin, a.place[t]]
    best = _after(a, s, legs, out, 1 if s.rest > 0 else 0, j, t, s.start + drive)
    if s.rest > 0:
        best = min(best, _after(a, s, legs, out, 0, j, t, rest_then_arrive(s, s.start, drive)))
    return int(best + a.travel_price * drive + legs.fee[j] - price[t])
