"""Moves that serve a visit, leave it out, or serve it in another mode. Each returns False with nothing
changed where it cannot be made."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.draws import (
    choose_shift,
    chosen_apart,
    is_within,
    key_on,
    set_keys,
    some_mode,
    some_task,
)
from scheduler.solve.anneal.layout import (
    GROUP_TASKS,
    MODE_GROUPS,
    MODE_GROUPS_END,
    MODE_TASKS,
    MODE_TASKS_END,
    NONE,
    SHIFT,
    UNSERVED,
    VISIT_DROP,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.links import lift, place, set_mode
from scheduler.solve.anneal.randoms import below


@inlined
def enter(packed: Packed, state: State, scratch: Scratch, v: int, m: int, key: float) -> None:
    """Serve visit v, which is left out, in mode m on the shifts of `scratch.choice`; groups after the
    first get keys in their windows."""
    set_mode(packed, state, scratch, v, m)
    first = packed.mode[m, MODE_GROUPS]
    for g in range(first, packed.mode[m, MODE_GROUPS_END]):
        begin = packed.group[g, GROUP_TASKS]
        here = key if g == first else key_on(packed, scratch, begin, scratch.choice[begin])
        set_keys(packed, state, scratch, begin, here)
        place(packed, state, scratch, g)


@inlined
def leave(packed: Packed, state: State, scratch: Scratch, v: int) -> None:
    """Take visit v off its routes."""
    m = state.mode[v]
    for g in range(packed.mode[m, MODE_GROUPS], packed.mode[m, MODE_GROUPS_END]):
        lift(packed, state, scratch, g)
    set_mode(packed, state, scratch, v, NONE)


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
    first = packed.mode[m, MODE_TASKS]
    enter(packed, state, scratch, v, m, key_on(packed, scratch, first, scratch.choice[first]))
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
    key = state.key[was]
    k = scratch.choice[first]
    if below(scratch.random, 2) == 0 or not is_within(packed, first, k, key):
        key = key_on(packed, scratch, first, k)
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
    key = state.key[was]
    leave(packed, state, scratch, v)
    enter(packed, state, scratch, w, n, key)
    return True
