"""One shift's routes: which legs it can drive, what may still be saved after a stop, and the cheap routes.

A route's reduced cost is its cost less the prices of its tasks. `completion` bounds from below what can
follow a stop, on a grid of times; a depth-first search guided by it visits little more than the routes it
keeps.

Two relaxations keep a partial route down to two clocks, one with the break still owed and one with it
taken: each is the earliest time over all places the break may have had, and lateness is the least still
possible from then on. With hard windows both are exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.solve.price.compiled import compiled
from scheduler.solve.price.tables import NEVER, Arrays, Bools, Ints, ShiftArrays

MOST_STOPS = 12
"""Longest route the search can hold."""


class Legs(NamedTuple):
    """A shift's own tasks, numbered 0..m-1, and the legs between them that it can drive.

    `task[i]` is the number among all; `free[i]` a time before which the shift cannot be done with it,
    `latest[i]` the last time at which it can be. Legs of i: `to[j]`, `seconds[j]` for j from `begin[i]` to
    `begin[i + 1]`.
    """

    task: Ints
    fee: Ints
    free: Ints
    latest: Ints
    begin: Ints
    to: Ints
    seconds: Ints


class Cuts(NamedTuple):
    """Prices of the cuts: those that task t counts in are `cut[i]`, i from `begin[t]` to `begin[t + 1]`. A
    route pays `price[c]` once it has two tasks of cut c."""

    begin: Ints
    cut: Ints
    price: Ints


class Found(NamedTuple):
    """Routes as rows of task numbers (-1 after the last), their costs, and their reduced costs, cuts
    included."""

    tasks: Ints
    cost: Ints
    reduced: Ints
    complete: bool
    nodes: int


@compiled
def begin_stay(a: Arrays, task: int, arrival: int) -> int:
    """The first allowed start at `arrival` or later."""
    for i in range(a.span[task], a.span[task + 1]):
        if arrival <= a.last[i]:
            return int(max(arrival, a.first[i]))
    return NEVER


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
def find_legs(a: Arrays, s: ShiftArrays, able: Bools, fee: Ints) -> Legs:  # noqa: C901 - one compiled loop
    """Leave out what cannot be in time. A detour may be quicker than the direct drive, but it holds a
    whole stay."""
    count = a.place.shape[0]
    shortest = NEVER
    for t in range(count):
        shortest = min(shortest, a.duration[t])
    task = np.empty(count, np.int64)
    free = np.empty(count, np.int64)
    latest = np.empty(count, np.int64)
    m = 0
    for t in range(count):
        if not able[t] or s.most < 1 or not _suffices(a, s, t, -1):
            continue
        quick = min(a.travel[s.origin, a.place[t]], shortest)
        start = begin_stay(a, t, s.start + quick)
        if start >= NEVER:
            continue
        home = min(a.travel[a.place[t], s.goal], shortest)
        last = min(a.last[a.span[t + 1] - 1] + a.duration[t], s.finish - home)
        if start + a.duration[t] <= last:
            task[m], free[m], latest[m] = t, start + a.duration[t], last
            m += 1
    begin = np.zeros(m + 1, np.int64)
    to = np.empty(m * m, np.int64)
    seconds = np.empty(m * m, np.int64)
    n = 0
    for i in range(m):
        for j in range(m):
            ti, tj = task[i], task[j]
            if a.visit[ti] == a.visit[tj] and (ti == tj or a.mode[ti] != a.mode[tj] or a.apart[a.mode[ti]]):
                continue
            if not _suffices(a, s, ti, tj):
                continue
            drive = a.travel[a.place[ti], a.place[tj]]
            start = begin_stay(a, tj, free[i] + drive)
            if start < NEVER and start + a.duration[tj] <= latest[j]:
                to[n], seconds[n] = j, drive
                n += 1
        begin[i + 1] = n
    fees = np.empty(m, np.int64)
    for i in range(m):
        fees[i] = fee[task[i]]
    return Legs(
        task[:m].copy(), fees, free[:m].copy(), latest[:m].copy(), begin, to[:n].copy(), seconds[:n].copy()
    )


@compiled
def _suffices(a: Arrays, s: ShiftArrays, one: int, other: int) -> bool:
    """Whether the shift's stock is enough for these two tasks; for one where `other` is negative."""
    for i in range(s.stock.shape[0]):
        if a.uses[one, i] + (a.uses[other, i] if other >= 0 else 0) > s.stock[i]:
            return False
    return True


@compiled
def narrowed(legs: Legs, visit: Ints, wanted: Bools, near: int) -> Legs:
    """Only the `wanted` tasks, and of each stop's legs only those to the `near` nearest visits."""
    m = legs.task.shape[0]
    number = np.full(m, -1, np.int64)
    kept = np.flatnonzero(wanted[legs.task])
    for i in range(len(kept)):
        number[kept[i]] = i
    begin = np.zeros(len(kept) + 1, np.int64)
    to = np.empty(legs.to.shape[0], np.int64)
    seconds = np.empty(legs.to.shape[0], np.int64)
    nearest, drives = np.empty(near, np.int64), np.empty(near, np.int64)
    n = 0
    for i in range(len(kept)):
        found = _nearest(legs, visit, number, kept[i], nearest, drives)
        for x in range(legs.begin[kept[i]], legs.begin[kept[i] + 1]):
            v = visit[legs.task[legs.to[x]]]
            for at in range(found):
                if nearest[at] == v and number[legs.to[x]] >= 0:
                    to[n], seconds[n] = number[legs.to[x]], legs.seconds[x]
                    n += 1
        begin[i + 1] = n
    task, fee, free, latest = legs.task[kept], legs.fee[kept], legs.free[kept], legs.latest[kept]
    return Legs(task, fee, free, latest, begin, to[:n].copy(), seconds[:n].copy())


@compiled
def _nearest(legs: Legs, visit: Ints, number: Ints, stop: int, nearest: Ints, drives: Ints) -> int:
    """Fill `nearest` with the visits nearest to a stop, each once; how many there are."""
    found = 0
    for x in range(legs.begin[stop], legs.begin[stop + 1]):
        v, drive = visit[legs.task[legs.to[x]]], legs.seconds[x]
        known = number[legs.to[x]] < 0
        for at in range(found):
            known = known or nearest[at] == v
        if known or (found == len(nearest) and drive >= drives[found - 1]):
            continue
        found = min(found + 1, len(nearest))
        at = found - 1
        while at > 0 and drives[at - 1] > drive:
            nearest[at], drives[at] = nearest[at - 1], drives[at - 1]
            at -= 1
        nearest[at], drives[at] = v, drive
    return found


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


@compiled
def search(  # noqa: C901, PLR0912, PLR0915 - one compiled loop: calls cost more than what they would do
    a: Arrays,
    s: ShiftArrays,
    legs: Legs,
    price: Ints,
    cuts: Cuts,
    out: Ints,
    below: int,
    room: int,
    best_only: bool,
    most_nodes: int,
) -> Found:
    """The routes with a reduced cost under `below`: the `room` cheapest, or all (then `complete` is False
    where there are more). Gives up after `most_nodes` partial routes."""
    m = legs.task.shape[0]
    most = min(s.most, MOST_STOPS)
    tasks = np.full((room, MOST_STOPS), -1, np.int64)
    cost = np.zeros(room, np.int64)
    reduced = np.zeros(room, np.int64)
    count = np.zeros(cuts.price.shape[0], np.int64)
    path = np.zeros(MOST_STOPS + 1, np.int64)
    cursor = np.zeros(MOST_STOPS + 1, np.int64)
    clock = np.zeros((MOST_STOPS + 1, 2), np.int64)
    late = np.zeros((MOST_STOPS + 1, 2), np.int64)
    spent = np.zeros(MOST_STOPS + 1, np.int64)
    credit = np.zeros(MOST_STOPS + 1, np.int64)
    items = s.stock.shape[0]
    spare = np.zeros((MOST_STOPS + 1, items), np.int64)
    spare[0] = s.stock
    found, nodes, depth, worst, complete = 0, 0, 0, 0, True
    clock[0, 0] = NEVER if s.rest > 0 else s.start
    clock[0, 1] = s.start if s.rest > 0 else NEVER
    while depth >= 0:
        i = path[depth]
        stop = m if depth == 0 else legs.begin[i + 1]
        if depth >= most or cursor[depth] >= stop:
            if depth > 0:
                t = legs.task[i]
                for c in range(cuts.begin[t], cuts.begin[t + 1]):
                    count[cuts.cut[c]] -= 1
            depth -= 1
            continue
        if depth == 0:
            j = cursor[0]
            drive = a.travel[s.origin, a.place[legs.task[j]]]
        else:
            j = legs.to[cursor[depth]]
            drive = legs.seconds[cursor[depth]]
        cursor[depth] += 1
        t = legs.task[j]
        net = a.travel_price * drive + legs.fee[j]
        value = spent[depth] + net - credit[depth] - price[t]
        # The two clocks after this stop: [0] break taken or not owed, [1] still owed.
        least = NEVER
        for owed in range(2):
            arrival = clock[depth, owed] + drive
            so_far = late[depth, owed]
            if owed == 0 and clock[depth, 1] < NEVER:
                arrival = min(arrival, rest_then_arrive(s, clock[depth, 1], drive))
                so_far = min(so_far, late[depth, 1]) if clock[depth, 0] < NEVER else late[depth, 1]
            clock[depth + 1, owed] = NEVER
            if arrival >= NEVER:
                continue
            done = begin_stay(a, t, arrival) + a.duration[t]
            if done > legs.latest[j]:
                continue
            lateness = so_far + least_late(a, t, arrival)
            ahead = out[owed, j, (done - s.start) >> a.grid_bits]
            if ahead >= NEVER:
                continue
            clock[depth + 1, owed], late[depth + 1, owed] = done, lateness
            least = min(least, value + lateness + ahead)
        if least >= below:
            continue
        barred = False
        for d in range(1, depth):
            u = legs.task[path[d]]
            if a.visit[u] == a.visit[t] and (u == t or a.mode[u] != a.mode[t] or a.apart[a.mode[t]]):
                barred = True
        for x in range(items):
            spare[depth + 1, x] = spare[depth, x] - a.uses[t, x]
            barred = barred or spare[depth + 1, x] < 0
        if barred:
            continue
        nodes += 1
        if nodes > most_nodes:
            complete = False
            break
        paid = credit[depth] + price[t]
        for c in range(cuts.begin[t], cuts.begin[t + 1]):
            if count[cuts.cut[c]] == 1:
                paid -= cuts.price[cuts.cut[c]]
        if least + credit[depth] + price[t] - paid >= below:
            continue
        for c in range(cuts.begin[t], cuts.begin[t + 1]):
            count[cuts.cut[c]] += 1
        depth += 1
        path[depth], cursor[depth] = j, legs.begin[j]
        spent[depth], credit[depth] = spent[depth - 1] + net, paid
        home = a.travel[a.place[t], s.goal]
        total = NEVER
        for owed in range(2):
            if clock[depth, owed] < NEVER:
                last = closing(a, s, clock[depth, owed], home, owed == 1)
                total = min(total, spent[depth] + late[depth, owed] + last)
        if total >= NEVER or total - paid >= below:
            continue
        if found == room and not best_only:
            complete = False
            break
        at = worst if found == room else found
        for d in range(most):
            tasks[at, d] = legs.task[path[d + 1]] if d < depth else -1
        cost[at], reduced[at] = total, total - paid
        found = min(found + 1, room)
        if best_only and found == room:
            worst = int(np.argmax(reduced))
            below = min(below, reduced[worst])
    return Found(tasks[:found].copy(), cost[:found].copy(), reduced[:found].copy(), complete, nodes)
