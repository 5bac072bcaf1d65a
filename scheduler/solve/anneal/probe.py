"""Is a move worth timing? A cheap guess from the routes it changes, each looked at by itself.

Delays that lags carry to other routes are left out, and what lags may spare there is taken as spared. So
the guess is hardly ever above the true change, and most bad moves are seen through at a tenth of the work.
"""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.arrivals import drive_to, fit, free_from, lateness, start_price
from scheduler.solve.anneal.compiled import inlined
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
    SHIFT,
    SHIFT_END,
    SPARED,
    START,
    TAIL,
    TIE_DELTA,
    TIE_FIRST,
    TIE_THEN,
    WORSE,
    WORST,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.queue import group_key


@inlined
def price_of(packed: Packed, late: int, penalty: int) -> int:
    """Points for a task's column LATE."""
    return late * packed.weight[LATENESS] if late >= 0 else -late * penalty


@inlined
def sort_queue(packed: Packed, state: State, scratch: Scratch) -> None:
    """Bring the few groups that wait into the order of their keys."""
    queue = scratch.queue
    for i in range(1, scratch.tally[QUEUED]):
        g, j = queue[i], i
        while j > 0 and group_key(packed, state, queue[j - 1]) > group_key(packed, state, g):
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
def spared_elsewhere(packed: Packed, state: State, scratch: Scratch, t: int, penalty: int) -> int:
    """What an earlier start of task t may spare, at most, on the routes of the tasks it is tied to."""
    g, points = packed.task[t, GROUP], 0
    for other in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        if other != t:
            points += lates_after(packed, state, other, penalty)
    if points > 0:
        scratch.tally[SPARED] = state.total[WORST]
    return points


@inlined
def change_of(packed: Packed, state: State, scratch: Scratch, t: int, start: int, penalty: int) -> int:
    """Points by which another start of task t changes the price of starts and lateness; notes what the worst
    will be."""
    moved = start_price(packed, t, start) - start_price(packed, t, state.task[t, START])
    old, new = state.task[t, LATE], lateness(packed, t, start)
    if old == new:
        return moved
    tally, worst = scratch.tally, state.total[WORST]
    if new > worst:
        tally[WORSE] = max(tally[WORSE], new - worst)
    elif old > 0 and old == worst:
        tally[SPARED] = worst
    return moved + price_of(packed, new, penalty) - price_of(packed, old, penalty)


@inlined
def end_change(packed: Packed, state: State, k: int, free: int, penalty: int) -> int:
    """Points by which the end of shift k changes when its last stop ends at `free`."""
    back = packed.travel[packed.task[state.shift[k, TAIL], PLACE], packed.shift[k, GOAL]]
    old = state.shift[k, OVERTIME] + penalty * state.shift[k, MISS]
    return end_price(packed, k, free + back, penalty) - old


@inlined
def walk(packed: Packed, state: State, scratch: Scratch, t: int, penalty: int) -> int:
    """Guess what changes on a route from task t on: in points, of lateness and the shift's end."""
    change, row = 0, state.task
    arrival = free_from(packed, state, scratch, t) + drive_to(packed, state, t)
    while True:
        scratch.seen[t] = scratch.tally[MOVE]
        start = fit(packed, t, arrival, row[t, FLOOR])
        g = packed.task[t, GROUP]
        tied = packed.group[g, GROUP_TIES] < packed.group[g, GROUP_TIES_END]
        if tied:
            start = tied_start(packed, state, scratch, t, start)
        after = row[t, NEXT]
        if start == row[t, START]:
            if after < 0 or scratch.queued[packed.task[after, GROUP]] == 0:
                return change
        else:
            change += change_of(packed, state, scratch, t, start, penalty)
            if tied and start < row[t, START]:
                change -= spared_elsewhere(packed, state, scratch, t, penalty)
        free = start + packed.task[t, DURATION]
        if after < 0:
            k = row[t, SHIFT]
            return change + end_change(packed, state, k, free, penalty) if packed.timed[k] else change
        arrival = free + packed.travel[packed.task[t, PLACE], packed.task[after, PLACE]]
        t = after


@inlined
def guess(packed: Packed, state: State, scratch: Scratch, penalty: int) -> int:
    """About how many points the times of the move will add, hardly ever more than they really do."""
    count = scratch.tally
    sort_queue(packed, state, scratch)
    count[WORSE] = 0
    count[SPARED] = 0
    change = 0
    for i in range(count[QUEUED]):
        g = scratch.queue[i]
        for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
            if scratch.seen[t] != count[MOVE] and state.task[t, SHIFT] >= 0:
                before = state.task[t, PREV]
                if before < 0 or scratch.queued[packed.task[before, GROUP]] == 0:
                    change += walk(packed, state, scratch, t, penalty)
    for i in range(count[DIRTY_SHIFTS]):
        k = scratch.dirty[i]
        tail = state.shift[k, TAIL]
        if tail < 0 or scratch.seen[tail] != count[MOVE]:
            if tail < 0:
                change -= state.shift[k, OVERTIME] + penalty * state.shift[k, MISS]
            else:
                free = state.task[tail, START] + packed.task[tail, DURATION]
                change += end_change(packed, state, k, free, penalty)
    return change + packed.weight[WORST] * (count[WORSE] - count[SPARED])
