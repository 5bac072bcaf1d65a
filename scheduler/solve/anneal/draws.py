"""What a move draws by chance: a task, a shift, a neighbour, a key; and whether they may go together."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.journal import set_key
from scheduler.solve.anneal.layout import (
    DURATION,
    EARLIEST,
    GROUP,
    GROUP_MODE,
    GROUP_TASKS,
    GROUP_TASKS_END,
    HEAD,
    LATEST_FINISH,
    MODE_APART,
    MODE_TASKS,
    MODE_TASKS_END,
    NEXT,
    NONE,
    NURSE,
    SHIFT,
    SHIFT_START,
    VISIT_MODES,
    VISIT_MODES_END,
    WINDOW_DUE,
    WINDOW_EARLIEST,
    WINDOW_LATEST,
    WINDOWS_BEGIN,
    WINDOWS_END,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.randoms import below, fraction

SLACK = 1800.0
"""Seconds by which the keys of tasks tied by lags may differ more or less than the lags demand."""


@inlined
def some_task(packed: Packed, scratch: Scratch, mode: int) -> int:
    """A task of the mode, by chance."""
    first = packed.mode[mode, MODE_TASKS]
    n = packed.mode[mode, MODE_TASKS_END] - first
    return first if n == 1 else first + below(scratch.random, n)


@inlined
def some_shift(packed: Packed, scratch: Scratch, t: int) -> int:
    """A shift that may do task t, by chance."""
    first = packed.able_begin[t]
    return packed.able[first + below(scratch.random, packed.able_begin[t + 1] - first)]


@inlined
def some_neighbour(packed: Packed, state: State, scratch: Scratch, t: int) -> int:
    """A task that goes well beside task t and stands on a route; NONE: not this time."""
    u = packed.near[t, below(scratch.random, packed.near.shape[1])]
    return u if state.task[u, SHIFT] >= 0 and u != t else NONE


@inlined
def some_mode(packed: Packed, scratch: Scratch, v: int) -> int:
    """A mode of visit v, by chance; NONE: it has none that can be."""
    first = packed.visit[v, VISIT_MODES]
    n = packed.visit[v, VISIT_MODES_END] - first
    return NONE if n == 0 else first + below(scratch.random, n)


@inlined
def may_take(packed: Packed, state: State, t: int, k: int) -> bool:
    """Whether shift k may do task t while the other tasks of its mode stay where they are."""
    if packed.price[t, k] < 0:
        return False
    m = packed.group[packed.task[t, GROUP], GROUP_MODE]
    if packed.mode[m, MODE_APART]:
        for other in range(packed.mode[m, MODE_TASKS], packed.mode[m, MODE_TASKS_END]):
            if other != t and packed.shift[state.task[other, SHIFT], NURSE] == packed.shift[k, NURSE]:
                return False
    return True


@inlined
def chosen_apart(packed: Packed, scratch: Scratch, m: int) -> bool:
    """Whether the shifts in `scratch.choice` give mode m distinct nurses, where it wants them."""
    if packed.mode[m, MODE_APART]:
        for t in range(packed.mode[m, MODE_TASKS], packed.mode[m, MODE_TASKS_END]):
            nurse = packed.shift[scratch.choice[t], NURSE]
            for other in range(packed.mode[m, MODE_TASKS], t):
                if packed.shift[scratch.choice[other], NURSE] == nurse:
                    return False
    return True


@inlined
def keep_shifts(packed: Packed, state: State, scratch: Scratch, g: int) -> None:
    """Choose for every task of group g the shift it is on."""
    for t in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        scratch.choice[t] = state.task[t, SHIFT]


@inlined
def choose_shift(packed: Packed, state: State, scratch: Scratch, t: int) -> int:
    """A shift for task t: that of a neighbour, or any that may do it."""
    if below(scratch.random, 4) > 0:
        u = some_neighbour(packed, state, scratch, t)
        if u >= 0 and packed.price[t, state.task[u, SHIFT]] >= 0:
            return state.task[u, SHIFT]
    return some_shift(packed, scratch, t)


@inlined
def key_after(packed: Packed, state: State, scratch: Scratch, t: int, k: int, before: int) -> float:
    """A key for task t between task `before` and what follows it on shift k."""
    after = state.task[before, NEXT] if before >= 0 else state.shift[k, HEAD]
    if before < 0 and after < 0:
        return float(packed.task[t, EARLIEST])
    if after < 0:
        low = state.key[before]
        return low + 1.0 + packed.task[before, DURATION] * fraction(scratch.random)
    high = state.key[after]
    if before < 0:
        return high - 1.0 - packed.task[t, DURATION] * fraction(scratch.random)
    low = state.key[before]
    return low + (high - low) * fraction(scratch.random)


@inlined
def key_in_window(packed: Packed, scratch: Scratch, t: int) -> float:
    """A key at a second of one of task t's windows."""
    first = packed.task[t, WINDOWS_BEGIN]
    w = first + below(scratch.random, packed.task[t, WINDOWS_END] - first)
    earliest = packed.window[w, WINDOW_EARLIEST]
    due = min(packed.window[w, WINDOW_DUE], packed.window[w, WINDOW_LATEST])
    return earliest + (max(due - earliest, 0) + 1) * fraction(scratch.random)


@inlined
def key_on(packed: Packed, scratch: Scratch, t: int, k: int) -> float:
    """A key at a second of one of task t's windows, of those in which shift k is at work if there are any."""
    first, n, found = packed.task[t, WINDOWS_BEGIN], 0, NONE
    if packed.task[t, WINDOWS_END] - first == 1:
        return key_in_window(packed, scratch, t)
    begin, end = packed.shift[k, SHIFT_START], packed.shift[k, LATEST_FINISH]
    for w in range(first, packed.task[t, WINDOWS_END]):
        if packed.window[w, WINDOW_EARLIEST] <= end and packed.window[w, WINDOW_LATEST] >= begin:
            n += 1
            if n == 1 or below(scratch.random, n) == 0:
                found = w
    if found < 0:
        return key_in_window(packed, scratch, t)
    low = max(begin, packed.window[found, WINDOW_EARLIEST])
    high = min(end, min(packed.window[found, WINDOW_DUE], packed.window[found, WINDOW_LATEST]))
    return low + (max(high - low, 0) + 1) * fraction(scratch.random)


@inlined
def is_within(packed: Packed, t: int, k: int, key: float) -> bool:
    """Whether a key of task t, which may have windows on several days, is a time at which shift k is at
    work."""
    if packed.task[t, WINDOWS_END] - packed.task[t, WINDOWS_BEGIN] == 1:
        return True
    return packed.shift[k, SHIFT_START] <= key <= packed.shift[k, LATEST_FINISH]


@inlined
def set_keys(packed: Packed, state: State, scratch: Scratch, t: int, key: float) -> None:
    """Give task t, whose group must be off its routes, a key, and its mates keys as much later as their lags
    demand, or by chance some more."""
    g = packed.task[t, GROUP]
    for mate in range(packed.group[g, GROUP_TASKS], packed.group[g, GROUP_TASKS_END]):
        later = packed.offset[mate] - packed.offset[t]
        if later != 0 and below(scratch.random, 2) == 0:
            key_of_mate = key + later + (2.0 * fraction(scratch.random) - 1.0) * SLACK
        else:
            key_of_mate = key + later
        set_key(state, scratch, mate, key_of_mate)
