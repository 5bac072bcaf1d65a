"""The starts of one group of tasks tied by lags: the earliest that its routes, windows and lags allow.

Of two tied tasks the first waits where the maximum lag demands it.
"""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.arrivals import arrival_with_rest, drive_to, fit, free_from, rest_before
from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.hold import held_until
from scheduler.solve.anneal.layout import (
    DURATION,
    FLOOR,
    GROUP_KIN,
    GROUP_KIN_END,
    GROUP_MODE,
    GROUP_TASKS,
    GROUP_TASKS_END,
    GROUP_TIES,
    GROUP_TIES_END,
    MODE_APART,
    PREV,
    REST_DURATION,
    REST_EARLIEST,
    REST_LATEST_END,
    RESTED,
    SHIFT,
    SKIP,
    TIE_DELTA,
    TIE_FIRST,
    TIE_THEN,
    Packed,
    Scratch,
    State,
)

PATIENCE = 8
"""Rounds per task after which times that still move are taken never to settle."""


@inlined
def push_ties(packed: Packed, state: State, scratch: Scratch, g: int) -> bool:
    """Push the starts of group g's tasks in `scratch.start` until its lags hold; False: they never will,
    as one nurse would have to be at two tasks at once."""
    start, group = scratch.start, packed.group
    rounds = PATIENCE * (group[g, GROUP_TASKS_END] - group[g, GROUP_TASKS])
    for _ in range(rounds):
        moved = False
        for i in range(group[g, GROUP_TIES], group[g, GROUP_TIES_END]):
            then = packed.tie[i, TIE_THEN]
            lower = start[packed.tie[i, TIE_FIRST]] + packed.tie[i, TIE_DELTA]
            if start[then] < lower:
                start[then] = fit(packed, then, lower, state.task[then, FLOOR])
                moved = True
        if not moved:
            return True
        if not packed.mode[group[g, GROUP_MODE], MODE_APART]:
            push_followers(packed, state, scratch, g)
    return False


@inlined
def push_followers(packed: Packed, state: State, scratch: Scratch, g: int) -> None:
    """Where one nurse does several tasks of group g, push those that come after a task that has moved."""
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        free, drive = free_from(packed, state, scratch, t), drive_to(packed, state, t)
        lower = free + drive
        if scratch.rest[t] == RESTED and rest_before(packed, state, scratch, t) != RESTED:
            lower = max(lower, arrival_with_rest(packed, state.task[t, SHIFT], free, drive))
        if scratch.start[t] < lower:
            scratch.start[t] = fit(packed, t, lower, state.task[t, FLOOR])


@inlined
def take_rests(packed: Packed, state: State, scratch: Scratch, g: int) -> bool:
    """Decide for the tasks of group g whether the break comes before them; True where a start had to move.

    The break is taken where it costs no time, else at the last chance, or earlier where column SKIP says so.
    """
    moved = False
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        rest = rest_before(packed, state, scratch, t)
        scratch.rest[t] = rest
        if rest == RESTED:
            continue
        k = state.task[t, SHIFT]
        shift = packed.shift
        arrival = arrival_with_rest(
            packed, k, free_from(packed, state, scratch, t), drive_to(packed, state, t)
        )
        if arrival < 0:
            continue
        if arrival <= scratch.start[t]:
            scratch.rest[t] = RESTED
            continue
        later = max(scratch.start[t] + packed.task[t, DURATION], shift[k, REST_EARLIEST])
        last_chance = later + shift[k, REST_DURATION] > shift[k, REST_LATEST_END]
        if last_chance or rest >= state.shift[k, SKIP]:
            scratch.start[t] = fit(packed, t, arrival, state.task[t, FLOOR])
            scratch.rest[t] = RESTED
            moved = True
        else:
            scratch.rest[t] = rest + 1
    return moved


@inlined
def rests_fit(packed: Packed, state: State, scratch: Scratch, g: int) -> bool:
    """Whether the breaks taken before tasks of group g still end in time, now that starts have moved."""
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        if scratch.rest[t] == RESTED and rest_before(packed, state, scratch, t) != RESTED:
            free, drive = free_from(packed, state, scratch, t), drive_to(packed, state, t)
            arrival = arrival_with_rest(packed, state.task[t, SHIFT], free, drive)
            if arrival < 0 or arrival > scratch.start[t]:
                return False
    return True


@inlined
def in_order(state: State, first: int, end: int) -> bool:
    """Whether a nurse who does several tasks of a group one after the other does them in the mode's order, in
    which they are timed."""
    for t in range(first, end):  # noqa: SIM110 (numba knows no generators)
        if t < state.task[t, PREV] < end:
            return False
    return True


@inlined
def time_group(packed: Packed, state: State, scratch: Scratch, g: int) -> bool:
    """Find the starts of group g's tasks from what stands before them, into `scratch.start` and
    `scratch.rest`.

    False: its lags cannot be kept on these shifts."""
    first, end = packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]
    owed = False
    if end - first > 1 and not in_order(state, first, end):
        return False
    for t in range(first, end):
        arrival = free_from(packed, state, scratch, t) + drive_to(packed, state, t)
        scratch.start[t] = fit(packed, t, arrival, state.task[t, FLOOR])
        scratch.rest[t] = rest_before(packed, state, scratch, t)
        owed |= scratch.rest[t] != RESTED
    if packed.group[g, GROUP_KIN] < packed.group[g, GROUP_KIN_END]:
        lower = held_until(packed, state, scratch, g)
        if scratch.start[first] < lower:
            scratch.start[first] = fit(packed, first, lower, state.task[first, FLOOR])
    if end - first > 1 and not push_ties(packed, state, scratch, g):
        return False
    if owed and take_rests(packed, state, scratch, g) and end - first > 1:
        push_followers(packed, state, scratch, g)
        return push_ties(packed, state, scratch, g) and rests_fit(packed, state, scratch, g)
    return True
