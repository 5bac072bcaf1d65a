"""Moves of whole ends of routes. Each changes the links and returns True, or returns False with nothing
changed."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.draws import some_neighbour, some_shift, some_task
from scheduler.solve.anneal.layout import (
    GROUP,
    GROUP_MODE,
    HEAD,
    MODE_APART,
    MODE_TASKS,
    MODE_TASKS_END,
    NEXT,
    NONE,
    NURSE,
    PREV,
    SHIFT,
    Packed,
    Scratch,
    State,
)
from scheduler.solve.anneal.links import link, unlink
from scheduler.solve.anneal.queue import enqueue


@inlined
def exchange_tails(packed: Packed, state: State, scratch: Scratch, v: int) -> bool:
    """Two shifts change what they do after some time: task u comes to follow task t."""
    t = some_task(packed, scratch, state.mode[v])
    u = some_neighbour(packed, state, scratch, t)
    if u < 0 or state.key[u] <= state.key[t]:
        return False
    k, other = state.task[t, SHIFT], state.task[u, SHIFT]
    after, before = state.task[t, NEXT], state.task[u, PREV]
    if k == other:
        return False
    if after >= 0 and before >= 0 and state.key[after] <= state.key[before]:
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
