"""One shift's cheap routes, by a depth-first search.

A route's reduced cost is its cost less the prices of its tasks. Guided by the bound of what can follow a stop
(`ahead.py`) the search visits little more than the routes it keeps.

Two relaxations keep a partial route down to two clocks, one with the break still owed and one with it
taken: each is the earliest time over all places the break may have had, and lateness is the least still
possible from then on. With hard windows both are exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.solve.price.ahead import closing, least_late, rest_then_arrive
from scheduler.solve.price.compiled import compiled
from scheduler.solve.price.legs import Legs, begin_stay
from scheduler.solve.price.tables import NEVER, Arrays, Ints, ShiftArrays

MOST_STOPS = 12
"""Longest route the search can hold."""


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
