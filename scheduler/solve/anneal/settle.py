"""Times and cost after a move, found by touching only what the move touches.

Groups of tasks tied by lags are timed in the order of their keys, mostly each once: a stop starts when its
nurse can be there, its window is open, and its lags allow. A lag may reach back to a stop before the one that
had to wait; then what follows is timed again, until nothing moves. Those are the earliest times for the
given orders and first windows (FLOOR), so the best ones as far as lateness, promises and overtime go. What
waiting costs, where it does, is found by delaying stops as far as that is free (effort.py).
"""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.arrivals import arrival_with_rest, begin_of, lateness, rests_after, start_price
from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.course import EXCESS_STOP, reckon_courses, short_units
from scheduler.solve.anneal.effort import price_of_effort, reckon_effort
from scheduler.solve.anneal.hold import wake_held
from scheduler.solve.anneal.journal import save_effort, save_shift, save_task
from scheduler.solve.anneal.layout import (
    COUNT,
    DIRTY_SHIFTS,
    DROPPED,
    DURATION,
    EFFORT,
    EFFORT_COUNTS,
    FINISH,
    GOAL,
    GROUP,
    GROUP_KIN,
    GROUP_KIN_END,
    GROUP_TASKS,
    GROUP_TASKS_END,
    LATE,
    LATENESS,
    LATER_RIVALS,
    LATEST_FINISH,
    LEAVES_AT_START,
    MISS,
    MISSED,
    MOST_STOPS,
    MOVE,
    NEXT,
    NO_REST,
    NONE,
    OVERTIME,
    OVERTIME_COST,
    OVERTIME_PRICE,
    PLACE,
    PREFERENCE,
    QUEUED,
    RESCAN,
    REST,
    REST_DURATION,
    REST_EARLIEST,
    REST_LATEST_END,
    REST_MISS_PRICE,
    RESTED,
    RIVALS_END,
    SHIFT,
    SHIFT_END,
    SHIFT_START,
    SKIP,
    START,
    TAIL,
    TRAVEL,
    WORST,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.queue import (
    CLEAN,
    CLOSED,
    DIRTY,
    enqueue,
    forget_queue,
    mark_shift,
    next_group,
    wake_rivals,
)
from scheduler.solve.anneal.timing import time_group

PATIENCE = 8
"""Timings of one group in one move after which visits are taken to wait for each other in a circle."""


@inlined
def store_start(packed: Packed, state: State, scratch: Scratch, t: int) -> None:
    """Give task t its new start and reckon its lateness; what comes after it has to be timed, too."""
    save_task(state, scratch, t)
    row, total = state.task, state.total
    g = packed.task[t, GROUP]
    if packed.group[g, GROUP_KIN] < packed.group[g, GROUP_KIN_END]:
        wake_held(packed, state, scratch, t, scratch.start[t])
    total[OVERTIME_COST] += start_price(packed, t, scratch.start[t]) - start_price(packed, t, row[t, START])
    row[t, START], row[t, REST] = scratch.start[t], scratch.rest[t]
    old, new = row[t, LATE], lateness(packed, t, scratch.start[t])
    if old != new:
        row[t, LATE] = new
        total[LATENESS] += max(new, 0) - max(old, 0)
        total[MISSED] += max(-new, 0) - max(-old, 0)
        if new > 0 and new >= total[WORST]:
            total[WORST] = new
        elif old > 0 and old == total[WORST]:
            scratch.tally[RESCAN] = 1
    after = row[t, NEXT]
    if after >= 0:
        enqueue(scratch, packed.task[after, GROUP])
    if after < 0 or packed.effort[EFFORT_COUNTS]:
        mark_shift(packed, scratch, row[t, SHIFT])


@inlined
def once_more(scratch: Scratch, g: int) -> bool:
    """Count that group g is timed in this move; False: so often that it must be waiting for itself."""
    since = scratch.times[g] - PATIENCE * scratch.tally[MOVE]
    scratch.times[g] = PATIENCE * scratch.tally[MOVE] + (1 if since <= 0 else since + 1)
    return since < PATIENCE - 1


@inlined
def settle(packed: Packed, state: State, scratch: Scratch) -> bool:
    """Time everything in the queue and all that follows from it. False, with the queue empty, where visits
    wait for each other in a circle: such a move must be undone."""
    count = scratch.tally
    if not time_queue(packed, state, scratch):
        return False
    while close_shifts(packed, state, scratch):
        if not time_queue(packed, state, scratch):
            return False
    for i in range(count[DIRTY_SHIFTS]):
        scratch.is_dirty[scratch.dirty[i]] = CLEAN
    if packed.effort[EFFORT_COUNTS]:
        state.total[EFFORT] = price_of_effort(packed, state)
    if count[RESCAN] and packed.weight[WORST]:
        worst = 0
        for t in range(len(state.task)):
            worst = max(worst, state.task[t, LATE])
        state.total[WORST] = worst
    reckon_courses(packed, state, scratch, True)
    return True


@inlined
def time_queue(packed: Packed, state: State, scratch: Scratch) -> bool:
    """Time the groups in the queue until it is empty. False where they wait for each other in a circle."""
    count = scratch.tally
    while count[QUEUED] > 0:
        g = next_group(packed, state, scratch)
        if state.task[packed.group[g, GROUP_TASKS], SHIFT] < 0:
            continue  # it was to follow another task, and then left its route itself
        if not once_more(scratch, g) or not time_group(packed, state, scratch, g):
            forget_queue(scratch)
            return False
        for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
            if scratch.start[t] != state.task[t, START] or scratch.rest[t] != state.task[t, REST]:
                store_start(packed, state, scratch, t)
    return True


@inlined
def close_shifts(packed: Packed, state: State, scratch: Scratch) -> bool:
    """Reckon the ends of the shifts that need it. True where later shifts have to be looked at because of
    them."""
    dirty, more = scratch.is_dirty, False
    for i in range(scratch.tally[DIRTY_SHIFTS]):
        k = scratch.dirty[i]
        if dirty[k] != CLOSED:
            if dirty[k] == DIRTY and packed.effort[EFFORT_COUNTS]:
                save_effort(state, scratch, k)
            dirty[k] = CLOSED
            close_shift(packed, state, scratch, k)
            wake_rivals(packed, state, scratch, k)
            more |= packed.shift[k, LATER_RIVALS] < packed.shift[k, RIVALS_END]
    return more


@inlined
def close_shift(packed: Packed, state: State, scratch: Scratch, k: int) -> None:
    """Reckon the finish of shift k, its overtime, whether it misses its break, and by how much it breaks its
    limits."""
    finish, overtime, miss, rest_missed = NONE, 0, 0, 0
    shift, tail = packed.shift, state.shift[k, TAIL]
    if tail >= 0:
        free = state.task[tail, START] + packed.task[tail, DURATION]
        drive = packed.travel[packed.task[tail, PLACE], shift[k, GOAL]]
        finish = free + drive
        if state.task[tail, REST] != RESTED and not rests_after(packed, k, finish):
            rested = arrival_with_rest(packed, k, free, drive)
            if rested >= 0:
                finish = rested
            elif shift[k, REST_MISS_PRICE] >= 0:
                rest_missed = 1
            else:
                begin_at = max(free, shift[k, REST_EARLIEST])
                miss += begin_at + shift[k, REST_DURATION] - shift[k, REST_LATEST_END]
                finish += shift[k, REST_DURATION]
        if state.shift[k, SKIP] == NO_REST:
            rest_missed = 1
        overtime = max(0, finish - shift[k, SHIFT_END]) * shift[k, OVERTIME_PRICE]
        overtime += rest_missed * shift[k, REST_MISS_PRICE]
        miss += max(0, finish - shift[k, LATEST_FINISH])
        miss += EXCESS_STOP * max(0, state.shift[k, COUNT] - shift[k, MOST_STOPS])
        if shift[k, LEAVES_AT_START]:
            miss += begin_of(packed, state, k) - shift[k, SHIFT_START]
        miss += EXCESS_STOP * short_units(packed, state, k)
    if (
        overtime != state.shift[k, OVERTIME]
        or miss != state.shift[k, MISS]
        or finish != state.shift[k, FINISH]
    ):
        save_shift(state, scratch, k)
        state.total[OVERTIME_COST] += overtime - state.shift[k, OVERTIME]
        state.total[MISSED] += miss - state.shift[k, MISS]
        state.shift[k, OVERTIME], state.shift[k, MISS], state.shift[k, FINISH] = overtime, miss, finish
    if packed.effort[EFFORT_COUNTS]:
        reckon_effort(packed, state, scratch.start, k, rest_missed)


@inlined
def cost(packed: Packed, state: State) -> int:
    """The plan's price in points, rules missed not counted."""
    value = 0
    for i in range(MISSED):
        value += packed.weight[i] * state.total[i]
    return value


@inlined
def fixed_cost(packed: Packed, state: State) -> int:
    """The part of the price that is known before anything is timed; the whole price is never less."""
    weight, total = packed.weight, state.total
    return weight[TRAVEL] * total[TRAVEL] + total[PREFERENCE] + total[DROPPED]
