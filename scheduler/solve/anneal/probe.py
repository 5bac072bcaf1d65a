"""Is a move worth timing? A cheap guess from the routes it changes, each looked at by itself.

Delays that lags carry to other routes are left out, and what lags may spare there is taken as spared. So the guess
is hardly ever above the true change, and most bad moves are seen through at a tenth of the work.
"""

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.kernel import drive_to, fit, free_from, lateness
from scheduler.solve.anneal.layout import (
    DIRTY_SHIFTS,
    DURATION,
    FLOOR,
    GOAL,
    GROUP,
    GROUP_TASKS,
    GROUP_TASKS_END,
    GROUP_TIES,
    GROUP_TIES_END,
    LATE,
    LATENESS,
    LATEST_FINISH,
    MISS,
    MOVE,
    NEXT,
    OVERTIME,
    OVERTIME_PRICE,
    PLACE,
    PREV,
    QUEUED,
    REST,
    RESTED,
    SHIFT,
    SHIFT_END,
    START,
    TAIL,
    TIE_DELTA,
    TIE_FIRST,
    TIE_THEN,
    WORST,
    Packed,
    Scratch,
    State,
)


@inlined
def price_of(packed: Packed, late: int, penalty: int) -> int:
    """Points for a task's column LATE."""
    return late * packed.weight[LATENESS] if late >= 0 else -late * penalty


@inlined
def sort_queue(state: State, scratch: Scratch) -> None:
    """Bring the few groups that wait into the order of their keys."""
    queue, key = scratch.queue, state.key
    for i in range(1, scratch.count[QUEUED]):
        g, j = queue[i], i
        while j > 0 and key[queue[j - 1]] > key[g]:
            queue[j] = queue[j - 1]
            j -= 1
        queue[j] = g


@inlined
def lates_after(packed: Packed, state: State, t: int, penalty: int) -> int:
    """Points for the lateness of task t and of all that follows it."""
    points = 0
    while t >= 0:
        points += price_of(packed, state.task[t, LATE], penalty)
        t = state.task[t, NEXT]
    return points


@inlined
def tied_start(packed: Packed, state: State, scratch: Scratch, t: int, start: int) -> int:
    """`start` of task t, later where a task it is tied to cannot start early enough for it."""
    g = packed.task[t, GROUP]
    for i in range(packed.group[g, GROUP_TIES], packed.group[g, GROUP_TIES_END]):
        if packed.tie[i, TIE_THEN] == t:
            other = packed.tie[i, TIE_FIRST]
            arrival = free_from(packed, state, scratch, other) + drive_to(packed, state, other)
            lower = fit(packed, other, arrival, state.task[other, FLOOR]) + packed.tie[i, TIE_DELTA]
            if start < lower:
                start = fit(packed, t, lower, state.task[t, FLOOR])
    return start


@inlined
def end_price(packed: Packed, k: int, finish: int, penalty: int) -> int:
    """Points for a finish of shift k."""
    over = max(0, finish - packed.shift[k, SHIFT_END]) * packed.shift[k, OVERTIME_PRICE]
    return over + penalty * max(0, finish - packed.shift[k, LATEST_FINISH])


@inlined
def walk(packed: Packed, state: State, scratch: Scratch, t: int, penalty: int) -> int:
    """Guess what changes on a route from task t on: the change in points, of lateness and the shift's end."""
    change, row = 0, state.task
    arrival = free_from(packed, state, scratch, t) + drive_to(packed, state, t)
    while True:
        scratch.seen[t] = scratch.count[MOVE]
        start = fit(packed, t, arrival, row[t, FLOOR])
        g = packed.task[t, GROUP]
        tied = packed.group[g, GROUP_TIES] < packed.group[g, GROUP_TIES_END]
        if tied:
            start = tied_start(packed, state, scratch, t, start)
        if start == row[t, START]:
            follower = row[t, NEXT]
            if follower < 0 or scratch.queued[packed.task[follower, GROUP]] == 0:
                return change
        old, new = row[t, LATE], lateness(packed, t, start)
        if old != new:
            change += price_of(packed, new, penalty) - price_of(packed, old, penalty)
            if new > state.total[WORST]:
                scratch.count[9] = max(scratch.count[9], new - state.total[WORST])
            elif old > 0 and old == state.total[WORST] and new < old:
                scratch.count[10] = old
        if tied and start < row[t, START]:
            for other in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
                if other != t:
                    change -= lates_after(packed, state, other, penalty)
                    if state.total[WORST] > 0:
                        scratch.count[10] = state.total[WORST]
        if row[t, NEXT] < 0:
            k = row[t, SHIFT]
            if packed.timed[k]:
                finish = start + packed.task[t, DURATION] + packed.travel[packed.task[t, PLACE], packed.shift[k, GOAL]]
                change += end_price(packed, k, finish, penalty)
                change -= state.shift[k, OVERTIME] + penalty * state.shift[k, MISS]
            return change
        after = row[t, NEXT]
        arrival = start + packed.task[t, DURATION] + packed.travel[packed.task[t, PLACE], packed.task[after, PLACE]]
        t = after


@inlined
def guess(packed: Packed, state: State, scratch: Scratch, penalty: int) -> int:
    """About how many points the times of the move under way will add, hardly ever more than they really do."""
    count = scratch.count
    sort_queue(state, scratch)
    count[9] = 0
    count[10] = 0
    change = 0
    for i in range(count[QUEUED]):
        g = scratch.queue[i]
        for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
            if scratch.seen[t] != count[MOVE]:
                before = state.task[t, PREV]
                if before < 0 or scratch.queued[packed.task[before, GROUP]] == 0:
                    change += walk(packed, state, scratch, t, penalty)
    for i in range(count[DIRTY_SHIFTS]):
        k = scratch.dirty[i]
        tail = state.shift[k, TAIL]
        if tail < 0 or scratch.seen[tail] != count[MOVE]:
            change -= state.shift[k, OVERTIME] + penalty * state.shift[k, MISS]
            if tail >= 0:
                free = state.task[tail, START] + packed.task[tail, DURATION]
                finish = free + packed.travel[packed.task[tail, PLACE], packed.shift[k, GOAL]]
                change += end_price(packed, k, finish, penalty)
    return change + packed.weight[WORST] * (count[9] - count[10])


_ = (REST, RESTED)
