"""What has to be timed anew once the links of a move are made: groups, and the ends of shifts."""

# An element of an array is Any to mypy.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from scheduler.solve.anneal.compiled import inlined
from scheduler.solve.anneal.layout import (
    DIRTY_SHIFTS,
    GROUP_TASKS,
    QUEUED,
    RIVALS,
    RIVALS_END,
    Packed,
    Scratch,
    State,
)


@inlined
def forget_queue(scratch: Scratch) -> None:
    """Drop what waits to be timed: the move is given up before that."""
    count = scratch.tally
    for i in range(count[QUEUED]):
        scratch.queued[scratch.queue[i]] = 0
    for i in range(count[DIRTY_SHIFTS]):
        scratch.is_dirty[scratch.dirty[i]] = 0


@inlined
def enqueue(scratch: Scratch, g: int) -> None:
    """Group g has to be timed anew."""
    if scratch.queued[g] == 0:
        scratch.queued[g] = 1
        scratch.queue[scratch.tally[QUEUED]] = g
        scratch.tally[QUEUED] += 1


@inlined
def mark_shift(packed: Packed, scratch: Scratch, k: int) -> None:
    """Shift k's end has to be reckoned anew."""
    if packed.timed[k] and scratch.is_dirty[k] == 0:
        scratch.is_dirty[k] = 1
        scratch.dirty[scratch.tally[DIRTY_SHIFTS]] = k
        scratch.tally[DIRTY_SHIFTS] += 1


@inlined
def mark_count(packed: Packed, scratch: Scratch, k: int) -> None:
    """Shift k has another number of stops; its nurse's other shifts at the same time have to know."""
    mark_shift(packed, scratch, k)
    for i in range(packed.shift[k, RIVALS], packed.shift[k, RIVALS_END]):
        mark_shift(packed, scratch, packed.rival[i])


@inlined
def group_key(packed: Packed, state: State, g: int) -> float:
    """Where group g comes in the order of timing: the key of its first task."""
    return state.key[packed.group[g, GROUP_TASKS]]


@inlined
def next_group(packed: Packed, state: State, scratch: Scratch) -> int:
    """Take the group with the smallest key from the queue."""
    queue, n = scratch.queue, scratch.tally[QUEUED]
    best, least = 0, group_key(packed, state, queue[0])
    for i in range(1, n):
        key = group_key(packed, state, queue[i])
        if key < least:
            best, least = i, key
    g = queue[best]
    queue[best] = queue[n - 1]
    scratch.tally[QUEUED] = n - 1
    scratch.queued[g] = 0
    return g
