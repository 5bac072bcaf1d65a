"""The legs that one shift can drive between its tasks: all of them, or the short ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scheduler.solve.price.compiled import compiled
from scheduler.solve.price.tables import NEVER, Arrays, Bools, Ints, ShiftArrays


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


@compiled
def begin_stay(a: Arrays, task: int, arrival: int) -> int:
    """The first allowed start at `arrival` or later."""
    for i in range(a.span[task], a.span[task + 1]):
        if arrival <= a.last[i]:
            return int(max(arrival, a.first[i]))
    return NEVER


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
