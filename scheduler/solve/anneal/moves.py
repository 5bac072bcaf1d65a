"""The moves of the annealing. Each changes the links and returns True, or returns False with nothing
changed."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.kernel import (
    enqueue,
    lift,
    link,
    place,
    save_shift,
    save_task,
    set_key,
    set_mode,
    unlink,
)
from scheduler.solve.anneal.layout import (
    DURATION,
    EARLIEST,
    FLOOR,
    GROUP,
    GROUP_MODE,
    GROUP_TASKS,
    GROUP_TASKS_END,
    HEAD,
    MODE_APART,
    MODE_GROUPS,
    MODE_GROUPS_END,
    MODE_TASKS,
    MODE_TASKS_END,
    NEXT,
    NONE,
    NURSE,
    PREV,
    REST_DURATION,
    SHIFT,
    SKIP,
    UNSERVED,
    VISIT_DROP,
    VISIT_MODES,
    VISIT_MODES_END,
    WINDOWS_BEGIN,
    WINDOWS_END,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.randoms import below, fraction

JITTER = 3600.0
SKIP_ALL = 1000


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
def key_after(packed: Packed, state: State, scratch: Scratch, t: int, k: int, before: int) -> float:
    """A key for task t's group between task `before` and what follows it on shift k."""
    after = state.task[before, NEXT] if before >= 0 else state.shift[k, HEAD]
    if before < 0 and after < 0:
        return float(packed.task[t, EARLIEST])
    if after < 0:
        low = state.key[packed.task[before, GROUP]]
        return low + 1.0 + packed.task[before, DURATION] * fraction(scratch.random)
    high = state.key[packed.task[after, GROUP]]
    if before < 0:
        return high - 1.0 - packed.task[t, DURATION] * fraction(scratch.random)
    low = state.key[packed.task[before, GROUP]]
    return low + (high - low) * fraction(scratch.random)


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
    set_key(state, scratch, g, key_after(packed, state, scratch, t, k, before))
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
    if not keep:
        set_key(state, scratch, g, state.key[g] + (2.0 * fraction(scratch.random) - 1.0) * JITTER)
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
        key = state.key[g]
        set_key(state, scratch, g, state.key[h])
        set_key(state, scratch, h, key)
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
def choose_shift(packed: Packed, state: State, scratch: Scratch, t: int) -> int:
    """A shift for task t: that of a neighbour, or any that may do it."""
    if below(scratch.random, 4) > 0:
        u = some_neighbour(packed, state, scratch, t)
        if u >= 0 and packed.price[t, state.task[u, SHIFT]] >= 0:
            return state.task[u, SHIFT]
    return some_shift(packed, scratch, t)


@inlined
def key_in_window(packed: Packed, scratch: Scratch, t: int) -> float:
    """A key at a second of one of task t's windows."""
    first = packed.task[t, WINDOWS_BEGIN]
    w = first + below(scratch.random, packed.task[t, WINDOWS_END] - first)
    earliest, due = packed.window[w, 0], packed.window[w, 1]
    return earliest + (max(due - earliest, 0) + 1) * fraction(scratch.random)


@inlined
def enter(packed: Packed, state: State, scratch: Scratch, v: int, m: int, key: float) -> None:
    """Serve visit v, which is left out, in mode m on the shifts of `scratch.choice`; groups after the
    first get keys in their windows."""
    set_mode(packed, state, scratch, v, m)
    first = packed.mode[m, MODE_GROUPS]
    for g in range(first, packed.mode[m, MODE_GROUPS_END]):
        here = key if g == first else key_in_window(packed, scratch, packed.group[g, GROUP_TASKS])
        set_key(state, scratch, g, here)
        place(packed, state, scratch, g)


@inlined
def leave(packed: Packed, state: State, scratch: Scratch, v: int) -> None:
    """Take visit v off its routes."""
    m = state.mode[v]
    for g in range(packed.mode[m, MODE_GROUPS], packed.mode[m, MODE_GROUPS_END]):
        lift(packed, state, scratch, g)
    set_mode(packed, state, scratch, v, NONE)


@inlined
def some_mode(packed: Packed, scratch: Scratch, v: int) -> int:
    """A mode of visit v, by chance; NONE: it has none that can be."""
    first = packed.visit[v, VISIT_MODES]
    n = packed.visit[v, VISIT_MODES_END] - first
    return NONE if n == 0 else first + below(scratch.random, n)


@inlined
def insert(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Serve visit v, which is left out, somewhere."""
    m = some_mode(packed, scratch, v)
    if m < 0:
        return False
    for t in range(packed.mode[m, MODE_TASKS], packed.mode[m, MODE_TASKS_END]):
        scratch.choice[t] = choose_shift(packed, state, scratch, t)
    if not chosen_apart(packed, scratch, m):
        return False
    enter(packed, state, scratch, v, m, key_in_window(packed, scratch, packed.mode[m, MODE_TASKS]))
    return True


@inlined
def remodel(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Serve visit v anew: in any of its modes, its first task often on the shift it was on, or beside a
    neighbour."""
    old, m = state.mode[v], some_mode(packed, scratch, v)
    first, was = packed.mode[m, MODE_TASKS], packed.mode[old, MODE_TASKS]
    for t in range(first, packed.mode[m, MODE_TASKS_END]):
        scratch.choice[t] = choose_shift(packed, state, scratch, t)
    k = state.task[was, SHIFT]
    if m != old and packed.price[first, k] >= 0 and below(scratch.random, 2) == 0:
        scratch.choice[first] = k
    if not chosen_apart(packed, scratch, m):
        return False
    key = state.key[packed.task[was, GROUP]]
    if below(scratch.random, 2) == 0:
        key = key_in_window(packed, scratch, first)
    leave(packed, state, scratch, v)
    enter(packed, state, scratch, v, m, key)
    return True


@inlined
def drop(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Leave visit v out, if it may be."""
    if packed.visit[v, VISIT_DROP] == 0:
        return False
    leave(packed, state, scratch, v)
    return True


@inlined
def replace(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Leave visit v out and serve one that was left out on one of its shifts."""
    m = state.mode[v]
    if state.total[UNSERVED] == 0:
        return False
    w = below(scratch.random, len(state.mode))
    for _ in range(len(state.mode)):
        if state.mode[w] < 0:
            break
        w = w + 1 if w + 1 < len(state.mode) else 0
    n = some_mode(packed, scratch, w)
    if n < 0:
        return False
    first, was = packed.mode[n, MODE_TASKS], some_task(packed, scratch, m)
    for t in range(first, packed.mode[n, MODE_TASKS_END]):
        scratch.choice[t] = choose_shift(packed, state, scratch, t)
    if packed.price[first, state.task[was, SHIFT]] < 0:
        return False
    scratch.choice[first] = state.task[was, SHIFT]
    if not chosen_apart(packed, scratch, n):
        return False
    key = state.key[packed.task[was, GROUP]]
    leave(packed, state, scratch, v)
    enter(packed, state, scratch, w, n, key)
    return True


@inlined
def next_window(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Let a task with several windows begin in another one at the earliest."""
    t = some_task(packed, scratch, state.mode[v])
    n = packed.task[t, WINDOWS_END] - packed.task[t, WINDOWS_BEGIN]
    if n < 2:
        return False
    save_task(state, scratch, t)
    state.task[t, FLOOR] = below(scratch.random, n)
    enqueue(scratch, packed.task[t, GROUP])
    return True


@inlined
def shift_rest(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Let the break on the shift of one of visit v's tasks come earlier or later."""
    k = state.task[some_task(packed, scratch, state.mode[v]), SHIFT]
    if packed.shift[k, REST_DURATION] == 0:
        return False
    save_shift(state, scratch, k)
    chance = below(scratch.random, 4)
    state.shift[k, SKIP] = SKIP_ALL if chance == 3 else chance
    t = state.shift[k, HEAD]
    while t >= 0:
        enqueue(scratch, packed.task[t, GROUP])
        t = state.task[t, NEXT]
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
    if below(scratch.random, 2) == 0:
        set_key(state, scratch, g, state.key[h])
    if below(scratch.random, 2) == 0:
        set_key(state, scratch, h, key_in_window(packed, scratch, u))
    place(packed, state, scratch, g)
    place(packed, state, scratch, h)
    return True


@inlined
def exchange_tails(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Two shifts change what they do after some time: task u comes to follow task t."""
    t = some_task(packed, scratch, state.mode[v])
    u = some_neighbour(packed, state, scratch, t)
    if u < 0 or state.key[packed.task[u, GROUP]] <= state.key[packed.task[t, GROUP]]:
        return False
    k, other = state.task[t, SHIFT], state.task[u, SHIFT]
    after, before = state.task[t, NEXT], state.task[u, PREV]
    if k == other:
        return False
    if (
        after >= 0
        and before >= 0
        and state.key[packed.task[after, GROUP]] <= state.key[packed.task[before, GROUP]]
    ):
        return False
    if not tail_may(packed, state, after, other) or not tail_may(packed, state, u, k):
        return False
    trade(packed, state, scratch, t, before, after, u, k, other)
    return True


@inlined
def exchange_routes(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Two shifts, one of them perhaps idle, change all they do."""
    t = some_task(packed, scratch, state.mode[v])
    k, other = state.task[t, SHIFT], some_shift(packed, scratch, t)
    first, second = state.shift[k, HEAD], state.shift[other, HEAD]
    if k == other or not tail_may(packed, state, first, other) or not tail_may(packed, state, second, k):
        return False
    trade(packed, state, scratch, NONE, NONE, first, second, k, other)
    return True


@inlined
def trade(
    packed: Packed,
    state: State,
    scratch: Scratch,
    end: int,
    end_other: int,
    first: int,
    second: int,
    k: int,
    other: int,
) -> None:
    """Move what starts with task `second` on shift `other` behind task `end` of shift k, and what starts
    with task `first` there behind task `end_other` of shift `other`."""
    t = first
    while t >= 0:
        follower = state.task[t, NEXT]
        unlink(packed, state, scratch, t)
        scratch.choice[t] = follower
        t = follower
    t = second
    while t >= 0:
        follower = state.task[t, NEXT]
        unlink(packed, state, scratch, t)
        link(packed, state, scratch, t, k, end)
        enqueue(scratch, packed.task[t, GROUP])
        end, t = t, follower
    t = first
    while t >= 0:
        follower = scratch.choice[t]
        link(packed, state, scratch, t, other, end_other)
        enqueue(scratch, packed.task[t, GROUP])
        end_other, t = t, follower


@inlined
def tail_may(packed: Packed, state: State, t: int, other: int) -> bool:
    """Whether shift `other` may do task t and all that follows it."""
    while t >= 0:
        if packed.price[t, other] < 0:
            return False
        m = packed.group[packed.task[t, GROUP], GROUP_MODE]
        if packed.mode[m, MODE_APART]:
            for mate in range(packed.mode[m, MODE_TASKS], packed.mode[m, MODE_TASKS_END]):
                if mate != t and packed.shift[state.task[mate, SHIFT], NURSE] == packed.shift[other, NURSE]:
                    return False
        t = state.task[t, NEXT]
    return True
