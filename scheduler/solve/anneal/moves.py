"""Moves of one or two visits. Each changes the links and returns True, or returns False with nothing
changed."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.draws import (
    choose_shift,
    is_within,
    keep_shifts,
    key_after,
    key_on,
    may_take,
    set_keys,
    some_neighbour,
    some_shift,
    some_task,
)
from scheduler.solve.anneal.journal import save_shift, save_task
from scheduler.solve.anneal.layout import (
    FLOOR,
    GROUP,
    GROUP_MODE,
    HEAD,
    MODE_TASKS,
    MODE_TASKS_END,
    NEXT,
    NO_REST,
    NONE,
    PREV,
    REST_DURATION,
    REST_MISS_PRICE,
    SHIFT,
    SKIP,
    SKIP_ALL,
    WINDOWS_BEGIN,
    WINDOWS_END,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.links import lift, link, place, unlink, window_on
from scheduler.solve.anneal.queue import enqueue, mark_shift
from scheduler.solve.anneal.randoms import below, fraction

JITTER = 3600.0


@inlined
def relocate(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Put a task of visit v beside one that is near; the others of its group follow in time, not in nurse."""
    t = some_task(packed, scratch, state.mode[v])
    u = some_neighbour(packed, state, scratch, t)
    if u < 0 or packed.task[u, GROUP] == packed.task[t, GROUP]:
        return False
    k = state.task[u, SHIFT]
    if not may_take(packed, state, t, k):
        return False
    g = packed.task[t, GROUP]
    keep_shifts(packed, state, scratch, g)
    lift(packed, state, scratch, g)
    before = u if below(scratch.random, 2) == 0 else state.task[u, PREV]
    set_keys(packed, state, scratch, t, key_after(packed, state, scratch, t, k, before))
    link(packed, state, scratch, t, k, before)
    place(packed, state, scratch, g)
    return True


@inlined
def reassign(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Give a task of visit v to any shift that may do it, at about the same time."""
    t = some_task(packed, scratch, state.mode[v])
    k = some_shift(packed, scratch, t)
    same = k == state.task[t, SHIFT]
    if not same and not may_take(packed, state, t, k):
        return False
    keep = below(scratch.random, 2) == 0
    if same and keep:
        return False
    g = packed.task[t, GROUP]
    keep_shifts(packed, state, scratch, g)
    scratch.choice[t] = k
    lift(packed, state, scratch, g)
    if not is_within(packed, t, k, state.key[t]):
        set_keys(packed, state, scratch, t, key_on(packed, scratch, t, k))
    elif not keep:
        set_keys(packed, state, scratch, t, state.key[t] + (2.0 * fraction(scratch.random) - 1.0) * JITTER)
    place(packed, state, scratch, g)
    return True


@inlined
def swap(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """One task of each of two groups changes its shift, and mostly the groups change places in time."""
    t = some_task(packed, scratch, state.mode[v])
    if below(scratch.random, 2) == 0:
        u = some_neighbour(packed, state, scratch, t)
    else:
        u = below(scratch.random, len(packed.task))
        u = u if state.task[u, SHIFT] >= 0 else NONE
    if u < 0 or packed.task[u, GROUP] == packed.task[t, GROUP]:
        return False
    k, other = state.task[t, SHIFT], state.task[u, SHIFT]
    if k != other and not (may_take(packed, state, t, other) and may_take(packed, state, u, k)):
        return False
    g, h = packed.task[t, GROUP], packed.task[u, GROUP]
    if packed.group[g, GROUP_MODE] == packed.group[h, GROUP_MODE]:
        return False
    keep_shifts(packed, state, scratch, g)
    keep_shifts(packed, state, scratch, h)
    scratch.choice[t], scratch.choice[u] = other, k
    lift(packed, state, scratch, g)
    lift(packed, state, scratch, h)
    if below(scratch.random, 3) > 0:
        key = state.key[t]
        set_keys(packed, state, scratch, t, state.key[u])
        set_keys(packed, state, scratch, u, key)
    place(packed, state, scratch, g)
    place(packed, state, scratch, h)
    return True


@inlined
def exchange(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Two tasks of visit v change their shifts."""
    m = state.mode[v]
    first = packed.mode[m, MODE_TASKS]
    n = packed.mode[m, MODE_TASKS_END] - first
    if n < 2:
        return False
    t = first + below(scratch.random, n)
    u = first + below(scratch.random, n)
    k, other = state.task[t, SHIFT], state.task[u, SHIFT]
    if k == other or packed.price[t, other] < 0 or packed.price[u, k] < 0:
        return False
    g, h = packed.task[t, GROUP], packed.task[u, GROUP]
    unlink(packed, state, scratch, t)
    unlink(packed, state, scratch, u)
    scratch.choice[t], scratch.choice[u] = other, k
    place(packed, state, scratch, g)
    if h != g:
        place(packed, state, scratch, h)
    return True


@inlined
def bump(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """A task of visit v takes the place of a near one, which goes to a third shift."""
    t = some_task(packed, scratch, state.mode[v])
    u = some_neighbour(packed, state, scratch, t)
    if u < 0 or state.task[t, SHIFT] == state.task[u, SHIFT]:
        return False
    g, h = packed.task[t, GROUP], packed.task[u, GROUP]
    k, third = state.task[u, SHIFT], choose_shift(packed, state, scratch, u)
    if third == k or packed.group[g, GROUP_MODE] == packed.group[h, GROUP_MODE]:
        return False
    if not may_take(packed, state, t, k) or not may_take(packed, state, u, third):
        return False
    keep_shifts(packed, state, scratch, g)
    keep_shifts(packed, state, scratch, h)
    scratch.choice[t], scratch.choice[u] = k, third
    lift(packed, state, scratch, g)
    lift(packed, state, scratch, h)
    if below(scratch.random, 2) == 0 or not is_within(packed, t, k, state.key[t]):
        set_keys(packed, state, scratch, t, state.key[u])
    if below(scratch.random, 2) == 0 or not is_within(packed, u, third, state.key[u]):
        set_keys(packed, state, scratch, u, key_on(packed, scratch, u, third))
    place(packed, state, scratch, g)
    place(packed, state, scratch, h)
    return True


@inlined
def next_window(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Let a task with several windows begin in another one at the earliest."""
    t = some_task(packed, scratch, state.mode[v])
    n = packed.task[t, WINDOWS_END] - packed.task[t, WINDOWS_BEGIN]
    if n < 2:
        return False
    floor = below(scratch.random, n)
    if not window_on(packed, packed.task[t, WINDOWS_BEGIN] + floor, state.task[t, SHIFT]):
        return False
    save_task(state, scratch, t)
    state.task[t, FLOOR] = floor
    enqueue(scratch, packed.task[t, GROUP])
    return True


@inlined
def shift_rest(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Let the break on the shift of one of visit v's tasks come earlier or later, or, if it may, not at
    all."""
    k = state.task[some_task(packed, scratch, state.mode[v]), SHIFT]
    if packed.shift[k, REST_DURATION] == 0:
        return False
    save_shift(state, scratch, k)
    chance = below(scratch.random, 5 if packed.shift[k, REST_MISS_PRICE] >= 0 else 4)
    state.shift[k, SKIP] = chance if chance < 3 else SKIP_ALL if chance == 3 else NO_REST
    mark_shift(packed, scratch, k)
    t = state.shift[k, HEAD]
    while t >= 0:
        enqueue(scratch, packed.task[t, GROUP])
        t = state.task[t, NEXT]
    return True
